"""Tells everything behind it who asks: finds the person of a request once, and vouches for them to the chat framework.

Chainlit knows people by a token of its own, signed with one secret. It never leaves this process: whatever a browser sends under its
name is thrown away, and a token made here takes its place. What a browser holds is our own session, which can be revoked.
"""

import time
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

import jwt
from starlette.datastructures import MutableHeaders
from starlette.requests import HTTPConnection, cookie_parser
from starlette.types import ASGIApp, Receive, Scope, Send

from chains.events import Person
from channels.people import note_person

CHAT_COOKIE = "access_token"
_VOUCHED_SECONDS = 60
# Doors of their own read the header of a key; the chat framework must not.
_KEYED = ("/v1/", "/api/", "/mcp", "/slack/", "/widget/")

Find = Callable[[HTTPConnection], Awaitable[Person | None]]


class Identity:
    """ASGI middleware; `find` says who is behind a request, `secret` signs what the chat framework is told."""

    def __init__(self, app: ASGIApp, find: Find, secret: str) -> None:
        self._app = app
        self._find = find
        self._secret = secret

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Note who asks, and pass on."""
        if scope["type"] in ("http", "websocket"):
            person = await self._find(HTTPConnection(scope))
            note_person(scope, person)
            self._vouch(scope, person)
        await self._app(scope, receive, send)

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
        if "authorization" in headers and not scope["path"].startswith(_KEYED):
            del headers["authorization"]

    def _token(self, person: Person) -> str:
        claims = {"identifier": person.id, "display_name": person.name, "metadata": {}, "exp": time.time() + _VOUCHED_SECONDS}
        return jwt.encode(claims, self._secret, algorithm="HS256")


def _is_claim(name: str) -> bool:
    """Whether a cookie would be read as a token of the chat framework, whole or in chunks."""
    return name.startswith(CHAT_COOKIE)
