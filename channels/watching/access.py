"""Watches every request from outside: a line for each with the pattern of its address, never its ids, and the count of open pages."""

import logging
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from channels.people import person_in_scope
from channels.watching.lines import ACCESS
from channels.watching.turns import PersonMarks

if TYPE_CHECKING:
    from channels.watching.watch import Watch

_log = logging.getLogger(ACCESS)
_UNMATCHED = "(none)"
# Whoever looks every few seconds whether all is well would fill the log.
_UNTOLD = frozenset({"/health", "/ready", "/metrics"})


class Access:
    """ASGI middleware that stands in front of all others; `watch` is asked at each request."""

    def __init__(self, app: ASGIApp, watch: "Callable[[], Watch | None]", marks: PersonMarks) -> None:
        self._app = app
        self._watch = watch
        self._marks = marks

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass everything on, and tell of it."""
        if scope["type"] == "http":
            await self._told(scope, receive, send)
        elif scope["type"] == "websocket":
            await self._counted(scope, receive, send)
        else:
            await self._app(scope, receive, send)

    async def _told(self, scope: Scope, receive: Receive, send: Send) -> None:
        since, status = time.perf_counter(), 500

        async def noted(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._app(scope, receive, noted)
        finally:
            if _log.isEnabledFor(logging.INFO) and (route := _pattern(scope)) not in _UNTOLD:
                person = person_in_scope(scope)
                told = {
                    "method": scope["method"],
                    "route": route,
                    "status": status,
                    "person": self._marks(person.id if person else ""),
                }
                _log.info("request", extra={**told, "seconds": round(time.perf_counter() - since, 3)})

    async def _counted(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Count a page from the moment that its websocket is accepted until it closes."""
        watch = self._watch()
        is_open = False

        async def noted(message: Message) -> None:
            nonlocal is_open
            if message["type"] == "websocket.accept" and watch is not None:
                is_open = True
                watch.metrics.open_pages.inc()
            await send(message)

        try:
            await self._app(scope, receive, noted)
        finally:
            if is_open and watch is not None:
                watch.metrics.open_pages.dec()


def _pattern(scope: Scope) -> str:
    """Return the pattern of the route that took the request; what no route took was refused before, or is not there."""
    route: Any = scope.get("route")
    if route is not None:
        return f"{scope.get('root_path', '')}{route.path}"
    if "endpoint" not in scope:
        return _UNMATCHED
    # A plain route leaves no more behind than what it read from the address.
    path = str(scope["path"])
    for name, value in scope.get("path_params", {}).items():
        if value:
            before, _, after = path.rpartition(str(value))
            path = f"{before}{{{name}}}{after}"
    return path
