"""What stands before the page and its routes: who may call from where, how much they may send, what a browser may do with the answer.

Without sign-in everybody who reaches the page is the local analyst, so only this machine's own browser may reach it: a proxy, a
page of another site and a host name that was rebound to 127.0.0.1 are each turned away.
"""

import ipaddress
import re
from collections.abc import Collection, Mapping

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from channels.web.body_limit import LimitedBody, limit_of

_LOOPBACK_NAMES = frozenset({"localhost", "127.0.0.1", "[::1]"})
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

# Each of these is open to everybody in Chainlit 2.12: the API's description, feedback and elements of other people, threads
# shared although sharing is off, tool servers, and sign-in routes that nothing stands behind.
_CLOSED = re.compile(
    r"/(docs|redoc|openapi\.json|feedback|project/thread/share|project/share|project/element|mcp|login|auth/jwt|auth/header|auth/oauth)(/.*)?"
)
_FILE = re.compile(r"/(project/file/.+|artifacts/[^/]+/export/.+)")


class Hardening:
    """ASGI middleware of the page without sign-in; `allowed_origins` may open it besides the page itself."""

    def __init__(self, app: ASGIApp, allowed_origins: Collection[str] = ()) -> None:
        self._app = app
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
        if not _at_this_machine(scope):
            return 403, "Without sign-in, Stagecraft answers this machine only."
        if any(name == "forwarded" or name.startswith("x-forwarded-") for name in headers):
            return 403, "Without sign-in, Stagecraft does not answer through a proxy."
        if not _host_is_ours(scope, headers.get("host", "")):
            return 403, "Open Stagecraft by its own address, such as http://127.0.0.1:8000."
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
        return origin in self._allowed_origins or origin == f"{_web_scheme(scope)}://{headers.get('host', '')}"

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


def _at_this_machine(scope: Scope) -> bool:
    """Whether the connection arrived at a loopback address."""
    address = (scope.get("server") or ("", None))[0]
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return address == "localhost"


def _host_is_ours(scope: Scope, host: str) -> bool:
    """Whether the Host is a loopback name with the port that is listened on."""
    port = (scope.get("server") or ("", None))[1]
    name, colon, number = host.lower().rpartition(":") if not host.endswith("]") else (host.lower(), "", "")
    if not colon:
        name, number = host.lower(), "443" if _web_scheme(scope) == "https" else "80"
    return name in _LOOPBACK_NAMES and number == str(port)


def _web_scheme(scope: Scope) -> str:
    """Return http or https, also for a websocket."""
    return "https" if scope.get("scheme") in ("https", "wss") else "http"


async def _refuse(scope: Scope, receive: Receive, send: Send, status: int, sentence: str) -> None:
    """Turn the request away with a sentence; a websocket is closed before it opens."""
    if scope["type"] == "websocket":
        await receive()
        await send({"type": "websocket.close", "code": 1008, "reason": sentence})
        return
    await JSONResponse({"error": sentence}, status, headers={"Connection": "close"})(scope, receive, send)


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
