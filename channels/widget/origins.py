"""Which other pages may read what we answer: the portals by their exact origins, and nobody else."""

from collections.abc import Collection

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

# Doors that answer to a key are for programs, not for pages.
_FOR_PROGRAMS = ("/v1/", "/api/", "/mcp/", "/slack/", "/widget/session/")
_METHODS = "GET, POST, PUT, DELETE"
_HEADERS = "Content-Type"
_KEPT_SECONDS = "600"


class PortalOrigins:
    """ASGI middleware in front of all: says to browsers which origins may read an answer, whatever the parts behind it say."""

    def __init__(self, app: ASGIApp, origins: Collection[str]) -> None:
        self._app = app
        self._origins = frozenset(origins)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a preflight, and mark every other answer."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        origin = headers.get("origin", "")
        may = origin in self._origins and not f"{scope['path']}/".startswith(_FOR_PROGRAMS)
        marked = _marked(send, origin if may else "", is_shared=bool(self._origins))
        if scope["method"] == "OPTIONS" and "access-control-request-method" in headers:
            await _preflight(may)(scope, receive, marked)
        else:
            await self._app(scope, receive, marked)


def _preflight(may: bool) -> Response:  # noqa: FBT001 - the one thing that is decided
    if not may:
        return JSONResponse({"error": "Another site may not use Stagecraft in your name."}, 403)
    allowed = {"Access-Control-Allow-Methods": _METHODS, "Access-Control-Allow-Headers": _HEADERS}
    return Response(status_code=204, headers={**allowed, "Access-Control-Max-Age": _KEPT_SECONDS})


def _marked(send: Send, origin: str, *, is_shared: bool) -> Send:
    """Return a `send` that lets pages of `origin` read the answer, or none where it is empty."""

    async def marked(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            _forget_foreign(headers, keep=bool(origin))
            if origin:
                headers["Access-Control-Allow-Origin"] = origin
                headers["Access-Control-Allow-Credentials"] = "true"
            if is_shared:
                headers.add_vary_header("Origin")
                # The widget shows pictures of ours on a page of the same site; on another site its session would not come along anyway.
                headers.setdefault("Cross-Origin-Resource-Policy", "same-site")
        await send(message)

    return marked


def _forget_foreign(headers: MutableHeaders, *, keep: bool) -> None:
    """Leave out what the parts behind say of who may read: one place decides. What was said to a portal's preflight stays."""
    for name in [name for name in headers if name.lower().startswith("access-control-")]:
        is_decided_here = name.lower() in ("access-control-allow-origin", "access-control-allow-credentials")
        if name in headers and (is_decided_here or not keep):
            del headers[name]
