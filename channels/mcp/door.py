"""The door over HTTP, at `/mcp`: each request brings its key and stands for itself, so that any of several servers may answer it.

A session's id is no more than the name under which a client that changes its mind finds the call it made: a call is ended by
its own connection, or by a notification that comes to the server which answers it.
"""

import asyncio
import contextlib
import json
import secrets
from collections.abc import AsyncIterator
from typing import TYPE_CHECKING, Any

from starlette.datastructures import MutableHeaders
from starlette.requests import HTTPConnection, Request
from starlette.responses import JSONResponse, Response
from starlette.types import Message, Receive, Scope, Send

from channels import house
from channels.api.callers import key_caller, language_of
from channels.api.links import card_link
from channels.api.refusals import refusal_for
from channels.mcp.asker import Asker, Served
from channels.people import note_person
from errors import BriefError

if TYPE_CHECKING:
    from mcp.server.lowlevel import Server
    from mcp.server.streamable_http_manager import StreamableHTTPSessionManager

SESSION = "mcp-session-id"
_ASKER = "stagecraft.mcp"
_LONGEST_BODY = 1024 * 1024
_LONGEST_NAME = 128
_Call = tuple[str, str, str]


class McpDoor:
    """ASGI application; to be opened before it is asked."""

    def __init__(self) -> None:
        self._manager: StreamableHTTPSessionManager | None = None
        self._calls: dict[_Call, asyncio.Event] = {}

    @contextlib.asynccontextmanager
    async def open(self) -> AsyncIterator[None]:
        """Answer until the block ends; calls under way end with it."""
        from mcp.server.streamable_http_manager import StreamableHTTPSessionManager

        from channels.mcp.server import mcp_server

        # Who may call from where, by host and origin, was judged in front of all doors.
        manager = StreamableHTTPSessionManager(mcp_server(_who, _served), stateless=True, max_request_body_size=_LONGEST_BODY)
        opened, closing = asyncio.Event(), asyncio.Event()
        running = asyncio.create_task(self._run(manager, opened, closing))
        await opened.wait()
        try:
            yield
        finally:
            closing.set()
            await running

    async def _run(self, manager: "StreamableHTTPSessionManager", opened: asyncio.Event, closing: asyncio.Event) -> None:
        """Keep the vendor's server open until the door closes; in a task of its own, since it wants to end in the one it began in."""
        async with manager.run():
            self._manager = manager
            opened.set()
            await closing.wait()
            self._manager = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request of a person's tool."""
        request = Request(scope, receive)
        try:
            caller = await key_caller(request, "mcp")
        except Exception as error:  # noqa: BLE001 - the boundary of this door; behind it stands the server's own
            await _refused(error, request)(scope, receive, send)
            return
        note_person(scope, caller.person)
        scope[_ASKER] = Asker(caller.person, language_of(request), caller.key.workspace, card_link(request))
        kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        if request.method == "POST" and kind != "application/json":
            # Before its body is read, which may be long.
            await Response(status_code=415)(scope, receive, send)
        elif request.method == "POST":
            await self._posted(request, caller.person.id, send)
        elif request.method == "DELETE":
            self._end_session(caller.person.id, request.headers.get(SESSION, ""))
            await Response(status_code=204)(scope, receive, send)
        else:
            await Response(status_code=405, headers={"Allow": "POST, DELETE"})(scope, receive, send)

    async def _posted(self, request: Request, person: str, send: Send) -> None:
        """Pass a message on to the server, and end it where its client wants that."""
        manager = self._manager
        if manager is None:
            await Response(status_code=503, headers={"Retry-After": "5"})(request.scope, request.receive, send)
            return
        body = await request.body()
        message = _message(body)
        session = request.headers.get(SESSION, "")[:_LONGEST_NAME]
        # Without the name of its session a number could be that of a call of another tool of the same person's.
        if session and message.get("method") == "notifications/cancelled":
            self._cancel((person, session, _name_of(message.get("params"), "requestId")))
        call = (person, session, _name_of(message, "id"))
        ended = self._calls[call] = asyncio.Event()
        answer = _Answer(send, names=message.get("method") == "initialize")
        try:
            await manager.handle_request(request.scope, _replayed(body, request.receive, ended), answer.send)
        finally:
            if self._calls.get(call) is ended:
                del self._calls[call]
        if ended.is_set():
            await answer.finish()

    def _cancel(self, call: _Call) -> None:
        """End a call as if its client had gone; one that is not there has ended already."""
        ended = self._calls.get(call)
        if ended is not None:
            ended.set()

    def _end_session(self, person: str, session: str) -> None:
        for call in [call for call in self._calls if session and call[:2] == (person, session)]:
            self._cancel(call)


def _who(server: "Server[Any, Any]") -> Asker:
    """Return who is behind the request that is being served; without one this fails, so that nobody is taken for anybody."""
    request: HTTPConnection | None = server.request_context.request
    asker = request.scope[_ASKER] if request is not None else None
    assert isinstance(asker, Asker)
    return asker


def _served() -> Served:
    opened = house.opened()
    if opened.curation is None:
        raise BriefError("The knowledge is not open here.", "此处未打开知识库。")
    return Served(opened.assistant, opened.curation.knowledge, opened.brief_characters)


def _refused(error: Exception, connection: HTTPConnection) -> Response:
    """Return the answer of the protocol that tells why nothing is answered."""
    refusal = refusal_for(error, language_of(connection), "/mcp")
    body = {"jsonrpc": "2.0", "id": None, "error": {"code": -32000, "message": refusal.sentence}}
    return JSONResponse(body, refusal.status, headers={"Cache-Control": "no-store", **refusal.headers})


def _message(body: bytes) -> dict[str, Any]:
    """Return the one message of a body; the server itself refuses what is none."""
    try:
        message = json.loads(body)
    except ValueError:
        return {}
    return message if isinstance(message, dict) else {}


def _name_of(part: object, field: str) -> str:
    return str(part.get(field, ""))[:_LONGEST_NAME] if isinstance(part, dict) else ""


def _replayed(body: bytes, receive: Receive, ended: asyncio.Event) -> Receive:
    """Return a `receive` that gives the body once more, and then tells that the client has gone, once it has or the call is ended."""
    waiting = [{"type": "http.request", "body": body, "more_body": False}]

    async def replayed() -> Message:
        if waiting:
            return waiting.pop()
        left, done = asyncio.ensure_future(receive()), asyncio.ensure_future(ended.wait())
        try:
            await asyncio.wait({left, done}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            left.cancel()
            done.cancel()
        return {"type": "http.disconnect"}

    return replayed


class _Answer:
    """The answer to one message: names the session of a client that begins, and is closed in good order where we end the call."""

    def __init__(self, send: Send, *, names: bool) -> None:
        self._send = send
        self._names = names
        self._begun = self._whole = False

    async def send(self, message: Message) -> None:
        """Pass on, noting how far the answer is."""
        if message["type"] == "http.response.start":
            self._begun = True
            if self._names and message["status"] == 200:
                MutableHeaders(scope=message)[SESSION] = secrets.token_hex(16)
        elif message["type"] == "http.response.body":
            self._whole = not message.get("more_body", False)
        await self._send(message)

    async def finish(self) -> None:
        """End an answer that was broken off: its client still listens."""
        if not self._begun:
            await self.send({"type": "http.response.start", "status": 202, "headers": []})
        if not self._whole:
            await self.send({"type": "http.response.body", "body": b"", "more_body": False})
