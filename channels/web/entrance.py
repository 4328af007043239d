"""Who gets past the entrance: what is open to everybody, what proves itself, and where all others are sent."""

from starlette.datastructures import Headers
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.types import Receive, Scope, Send

from channels.signin.returning import signin_for

# Doors of their own: a caller brings a key, a token or a signature, which they check themselves.
KEYED = ("/v1/", "/api/", "/mcp/", "/slack/", "/widget/", "/metrics/")
_STATIC = ("/public/", "/assets/", "/copilot/")
_STATIC_FILES = frozenset({"/favicon", "/logo", "/widget.js"})
_OPEN = frozenset({"/health", "/ready", "/signin", "/login", "/logout"})


def is_static(path: str) -> bool:
    """Tell whether a path is one of the page's files, which are the same for everybody."""
    return path.startswith(_STATIC) or path in _STATIC_FILES


def is_keyed(path: str) -> bool:
    """Tell whether a path belongs to a door that checks its callers itself."""
    return f"{path}/".startswith(KEYED)


def is_open(scope: Scope) -> bool:
    """Tell whether a request needs nobody behind it. A preflight has no cookie, and changes nothing."""
    path = scope["path"]
    open_path = path in _OPEN or path.startswith("/signin/") or is_static(path) or is_keyed(path)
    return scope["type"] == "http" and (open_path or scope["method"] == "OPTIONS")


async def turn_away(scope: Scope, receive: Receive, send: Send) -> None:
    """Send a person to the sign-in page, and refuse everything else that nobody is behind."""
    if scope["type"] == "websocket":
        await receive()
        await send({"type": "websocket.close", "code": 1008, "reason": "Sign in first."})
        return
    await _answer(scope)(scope, receive, send)


async def turn_away_for_now(scope: Scope, receive: Receive, send: Send, sentence: str) -> None:
    """Refuse while it cannot be found out who asks."""
    if scope["type"] == "websocket":
        await receive()
        await send({"type": "websocket.close", "code": 1013, "reason": "Try again."})
        return
    await JSONResponse({"error": sentence}, 503, headers={"Retry-After": "5"})(scope, receive, send)


def _answer(scope: Scope) -> Response:
    headers = Headers(scope=scope)
    opens_page = scope["method"] == "GET" and "text/html" in headers.get("accept", "")
    if opens_page and headers.get("sec-fetch-dest", "document") in ("document", ""):
        where = signin_for(scope["path"], scope["query_string"].decode("latin-1"))
        return RedirectResponse(where, 303, headers={"Cache-Control": "no-store"})
    return JSONResponse({"error": "Sign in first."}, 401, headers={"Cache-Control": "no-store"})
