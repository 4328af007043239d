"""Ends the visits of who may not go on: a websocket stays open by itself when its session is revoked or over."""

import asyncio
import logging
from typing import Any

from chainlit.server import sio

from channels.page.desks import desk_of
from channels.page.session import open_pages, visitor_now, visitor_of
from errors import failure_id_of

_log = logging.getLogger("stagecraft.page")
# Nobody goes on for longer after their session ended, even on a page that only listens.
_LOOK_SECONDS = 15.0


async def watch_visits() -> None:
    """End visits that are over, again and again, until cancelled."""
    while True:
        await asyncio.sleep(_LOOK_SECONDS)
        try:
            await end_visits()
        except Exception as error:  # noqa: BLE001 - the watch has to go on
            _log.exception("failure %s in the watch over open pages", failure_id_of(error))


async def end_visits(person_id: str | None = None) -> None:
    """End the visits of one person, or of all, whose session does not go on."""
    for session in open_pages():
        if person_id in (None, visitor_of(session).id) and await visitor_now(session) is None:
            await end_visit(session)


async def end_visit(session: Any) -> None:
    """Stop what a page has under way and close its websocket; the page loads anew and finds the sign-in."""
    desk_of(session).stop()
    session.to_clear = True
    # In a portal it is the portal's page that would load anew.
    if session.client_type == "webapp":
        await sio.emit("reload", to=session.socket_id)
    await sio.disconnect(session.socket_id)
