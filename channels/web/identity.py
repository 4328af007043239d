"""Tells everything behind it who asks: finds the person of a request once, vouches for them to the chat framework, and stops nobodies.

Chainlit knows people by a token of its own, signed with one secret. It never leaves this process: whatever a browser sends under its
name is thrown away, and a token made here takes its place. What a browser holds is our own session, which can be revoked.
"""

import logging
import time
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

import jwt
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import HTTPConnection, cookie_parser
from starlette.types import ASGIApp, Receive, Scope, Send

from chains.events import Person
from channels.people import note_person
from channels.texts import language_of_reader
from channels.web.entrance import is_keyed, is_open, is_static, turn_away, turn_away_for_now
from errors import RecordsError

CHAT_COOKIE = "access_token"
_VOUCHED_SECONDS = 60

_log = logging.getLogger("stagecraft.signin")

Find = Callable[[HTTPConnection], Awaitable[Person | None]]


class Identity:
    """ASGI middleware; `find` says who is behind a request, `secret` signs what the chat framework is told."""

    def __init__(self, app: ASGIApp, find: Find, secret: str) -> None:
        self._app = app
        self._find = find
        self._secret = secret

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Note who asks, and pass on; where nobody does, only what is open to everybody."""
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        person, trouble = await self._found(HTTPConnection(scope))
        note_person(scope, person)
        self._vouch(scope, person)
        if person is not None or is_open(scope):
            await self._app(scope, receive, send)
        elif trouble is not None:
            language = language_of_reader(Headers(scope=scope).get("accept-language"))
            await turn_away_for_now(scope, receive, send, trouble.sentence(language))
        else:
            await turn_away(scope, receive, send)

    async def _found(self, connection: HTTPConnection) -> tuple[Person | None, RecordsError | None]:
        """Return who asks, or what keeps us from knowing it."""
        if is_static(connection.scope["path"]):
            return None, None
        try:
            return await self._find(connection), None
        except RecordsError as error:
            _log.warning("nobody can be recognised: %s (%s)", error, error.detail)
            return None, error

    def _vouch(self, scope: MutableMapping[str, Any], person: Person | None) -> None:
        """Put our word in the place of whatever the browser claims."""
        headers = MutableHeaders(scope=scope)
        cookies = {name: value for name, value in cookie_parser(headers.get("cookie", "")).items() if not _is_claim(name)}
        if person is not None:
            cookies[CHAT_COOKIE] = self._token(person)
        if cookies:
            headers["cookie"] = "; ".join(f"{name}={value}" for name, value in cookies.items())
        elif "cookie" in headers:
            del headers["cookie"]
        # Doors of their own read the header of a key; the chat framework must not.
        if "authorization" in headers and not is_keyed(scope["path"]):
            del headers["authorization"]

    def _token(self, person: Person) -> str:
        claims = {"identifier": person.id, "display_name": person.name, "metadata": {}, "exp": time.time() + _VOUCHED_SECONDS}
        return jwt.encode(claims, self._secret, algorithm="HS256")


def _is_claim(name: str) -> bool:
    """Whether a cookie would be read as a token of the chat framework, whole or in chunks."""
    return name.startswith(CHAT_COOKIE)
