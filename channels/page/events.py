"""Puts our reading of what a browser sends over the websocket in front of Chainlit's, which trusts all of it.

Chainlit takes the author and the kind of a message from the browser, keeps any setting under any name, names a folder on disk
after the browser's session id, edits messages although editing is off, and cancels only the newest answer on Stop.
"""

import asyncio
from typing import Any

from chainlit import socket
from chainlit.server import sio
from chainlit.session import WebsocketSession

from channels.page.desks import desk_of
from channels.page.from_browser import known_settings, sound_handshake, typed_message
from channels.page.session import note_visitor, visitor_of
from channels.people import person_in_scope

_OFF = ("edit_message", "chat_settings_edit", "message_favorite", "window_message", "audio_start", "audio_chunk", "audio_end")


def guard_events() -> None:
    """Replace Chainlit's handlers of the events that a browser may send."""
    sio.on("connect", _connect)
    sio.on("client_message", _client_message)
    sio.on("stop", _stop)
    sio.on("chat_settings_change", _settings_change)
    for event in _OFF:
        sio.on(event, _ignored)


async def _connect(sid: str, environ: dict[str, Any], auth: Any) -> Any:
    who = person_in_scope(environ["asgi.scope"])
    if who is None:
        raise ConnectionRefusedError("Sign in first.")
    connected = await socket.connect(sid, environ, sound_handshake(auth))
    note_visitor(WebsocketSession.require(sid), who)
    return connected


async def _client_message(sid: str, payload: Any) -> None:
    session = WebsocketSession.require(sid)
    message = typed_message(payload, visitor_of(session).name)
    if message is not None:
        session.current_task = asyncio.create_task(socket.process_message(session, message))


async def _stop(sid: str) -> None:
    """Cancel what runs and what waits; the card says that it was stopped."""
    if session := WebsocketSession.get(sid):
        desk_of(session).stop()


async def _settings_change(sid: str, settings: Any) -> None:
    await socket.change_settings(sid, known_settings(settings))


async def _ignored(*_anything: Any) -> None:
    """Do nothing: the feature is off."""
