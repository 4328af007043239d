"""What stands before the page and its routes: who may call from where, how much they may send, what a browser may do with the answer."""

import re
from collections.abc import Collection, Mapping

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from channels.api.refusals import TOOL_DOORS, Refusal
from channels.web.body_limit import LimitedBody, limit_of
from channels.web.gates import Gate, ThisMachine, web_scheme

_SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})

# Chainlit evaluates custom elements in the page and starts with two inline scripts; everything else is this host's own.
PAGE_POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; worker-src 'self' blob:; object-src 'none'; "
    "base-uri 'self'; frame-ancestors 'none'; form-action 'self'"
)
FILE_POLICY = "sandbox; default-src 'none'"
_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
}

# Each of these is open to everybody in Chainlit 2.12: the API's description, elements of other people, threads
# shared although sharing is off, and sign-in routes that nothing stands behind.
_CLOSED = re.compile(
    r"/(docs|redoc|openapi\.json|project/thread/share|project/share|project/element|login/.+|auth/jwt|auth/header|auth/oauth)(/.*)?"
)
_FILE = re.compile(r"/(project/file/.+|chats/files/.+|artifacts/[^/]+/export/.+)")


class Hardening:
    """ASGI middleware in front of all; `gate` judges where a caller comes from, `allowed_origins` may open the page besides itself."""

    def __init__(self, app: ASGIApp, allowed_origins: Collection[str] = (), gate: Gate | None = None) -> None:
        self._app = app
        self._gate = gate or ThisMachine()
        self._allowed_origins = frozenset(allowed_origins)
        # A portal that shows the widget loads its script from here; nobody else embeds anything of ours.
        self._headers = _HEADERS if self._allowed_origins else {**_HEADERS, "Cross-Origin-Resource-Policy": "same-origin"}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse what may not pass, and pass the rest on with bounded bodies and guarded answers."""
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        refusal = self._refusal(scope, headers)
        guarded = _guarded(send, scope["path"], self._headers)
        if refusal is not None:
            await _refuse(scope, receive, guarded, *refusal)
        elif scope["type"] == "websocket":
            await self._app(scope, receive, send)
        else:
            await self._with_limit(scope, receive, guarded, headers)

    def _refusal(self, scope: Scope, headers: Headers) -> tuple[int, str] | None:
        """Return the status and the sentence by which a request is turned away."""
        refused = self._gate.refusal(scope)
        if refused is not None:
            return refused
        if not self._origin_may(scope, headers):
            return 403, "Another site may not use Stagecraft in your name."
        if _CLOSED.fullmatch(scope["path"].rstrip("/") or "/"):
            return 404, "There is nothing here."
        return None

    def _origin_may(self, scope: Scope, headers: Headers) -> bool:
        """Whether the page that sent this may: safe reads always, a websocket and a change only from here or an allowed origin.

        A caller without an Origin is no browser page, unless it says that it comes from another site.
        """
        live = scope["type"] == "websocket" or scope["path"].startswith("/ws/")
        if not live and scope["method"] in _SAFE_METHODS:
            return True
        origin = headers.get("origin")
        if origin is None:
            return headers.get("sec-fetch-site", "none") in ("none", "same-origin")
        return origin in self._allowed_origins or origin == f"{web_scheme(scope)}://{headers.get('host', '')}"

    async def _with_limit(self, scope: Scope, receive: Receive, send: Send, headers: Headers) -> None:
        """Pass the request on, its body counted; too long a body is answered with 413."""
        limit = limit_of(scope["path"], headers.get("content-type", ""))
        body = LimitedBody(limit, receive, send)
        announced = body.announced_too_long(headers.get("content-length"))
        try:
            if not announced:
                await self._app(scope, body.receive, body.send)
        except Exception:
            # Behind a cut body the application sees a caller that left; that is no failure of its own.
            if not body.must_refuse:
                raise
        if announced or body.must_refuse:
            await body.drain()
            await _refuse(scope, receive, send, 413, limit.sentence)


async def _refuse(scope: Scope, receive: Receive, send: Send, status: int, sentence: str) -> None:
    """Turn the request away with a sentence; a websocket is closed before it opens."""
    if scope["type"] == "websocket":
        await receive()
        await send({"type": "websocket.close", "code": 1008, "reason": sentence})
        return
    # Tools read refusals in the shape of their own doors.
    told = Refusal(status, "refused", sentence).body() if scope["path"].startswith(TOOL_DOORS) else {"error": sentence}
    await JSONResponse(told, status, headers={"Connection": "close"})(scope, receive, send)


def _guarded(send: Send, path: str, added: Mapping[str, str]) -> Send:
    """Return a `send` that adds the headers by which a browser keeps to this host."""
    is_file = bool(_FILE.fullmatch(path))

    async def guarded(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            headers.update(added)
            if is_file or "content-security-policy" not in headers:
                headers["Content-Security-Policy"] = FILE_POLICY if is_file else PAGE_POLICY
            if is_file and not headers.get("content-disposition", "").startswith("attachment"):
                headers["Content-Disposition"] = "attachment"
        await send(message)

    return guarded
