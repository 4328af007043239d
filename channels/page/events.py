"""Puts our reading of what a browser sends over the websocket in front of Chainlit's, which trusts all of it.

Chainlit takes the author and the kind of a message from the browser, keeps any setting under any name, names a folder on disk
after the browser's session id, edits messages although editing is off, and cancels only the newest answer on Stop.
"""

import asyncio
import contextlib
import logging
import uuid
from typing import Any

from chainlit import socket
from chainlit.context import init_ws_context
from chainlit.server import sio
from chainlit.session import WebsocketSession

from channels.page.desks import desk_of
from channels.page.from_browser import known_settings, sound_handshake, typed_message
from channels.page.recording import HISTORY
from channels.page.session import note_visitor, open_pages, page_texts, visitor_now, visitor_of
from channels.page.visits import end_visit
from channels.people import again_in_scope, person_in_scope
from errors import AssistantError

_log = logging.getLogger("stagecraft.page")
_OFF = ("edit_message", "chat_settings_edit", "message_favorite", "window_message", "audio_start", "audio_chunk", "audio_end")


def guard_events() -> None:
    """Replace Chainlit's handlers of the events that a browser may send."""
    sio.on("connect", _connect)
    sio.on("connection_successful", _connection_successful)
    sio.on("client_message", _client_message)
    sio.on("stop", _stop)
    sio.on("chat_settings_change", _settings_change)
    for event in _OFF:
        sio.on(event, _ignored)


async def _connect(sid: str, environ: dict[str, Any], auth: Any) -> Any:
    who = person_in_scope(environ["asgi.scope"])
    if who is None:
        raise ConnectionRefusedError("Sign in first.")
    connected = await socket.connect(sid, environ, await _with_own_thread(sound_handshake(auth), who.id))
    note_visitor(WebsocketSession.require(sid), who, again_in_scope(environ["asgi.scope"]))
    return connected


async def _with_own_thread(handshake: dict[str, Any], owner: str) -> dict[str, Any]:
    """Return the handshake with another thread where the one it names is somebody else's: it opens as one that does not exist.

    Raises ConnectionRefusedError while the records cannot be read; the browser tries again by itself.
    """
    try:
        author = await HISTORY.get_thread_author(handshake["threadId"])
    except AssistantError as error:
        _log.warning("a page cannot be opened: %s (%s)", error, error.detail)
        raise ConnectionRefusedError(str(error)) from error
    return {**handshake, "threadId": str(uuid.uuid4())} if author not in ("", owner) else handshake


async def _connection_successful(sid: str) -> None:
    """Open the page's thread; where the records cannot be read the person is told, and nothing of it is lost."""
    try:
        await socket.connection_successful(sid)
    except AssistantError as error:
        _log.warning("a chat cannot be opened: %s (%s)", error, error.detail)
        await init_ws_context(sid).emitter.send_resume_thread_error(page_texts()("chat_unopened"))


async def _client_message(sid: str, payload: Any) -> None:
    session = WebsocketSession.require(sid)
    who = await visitor_now(session)
    if who is None:
        await end_visit(session)
        return
    message = typed_message(payload, who.name)
    if message is not None:
        session.current_task = asyncio.create_task(socket.process_message(session, message))


async def _stop(sid: str) -> None:
    """Cancel what runs and what waits; the card says that it was stopped.

    A page that was reloaded in the middle of an answer stops it too: the answer still comes on the page that it was before.
    """
    session = WebsocketSession.get(sid)
    if session is None:
        return
    for page in (session, *open_pages()):
        if page.thread_id == session.thread_id and visitor_of(page).id == visitor_of(session).id:
            desk_of(page).stop()


async def _settings_change(sid: str, settings: Any) -> None:
    await socket.change_settings(sid, known_settings(settings))
    session = WebsocketSession.require(sid)
    if session.has_first_interaction:
        with contextlib.suppress(AssistantError):
            await HISTORY.update_thread(session.thread_id, metadata=session.to_persistable())


async def _ignored(*_anything: Any) -> None:
    """Do nothing: the feature is off."""
