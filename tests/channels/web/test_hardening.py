from collections.abc import Mapping
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from channels.web.body_limit import FILE_LIMIT, JSON_LIMIT, MEGABYTE, limit_of
from channels.web.hardening import FILE_POLICY, PAGE_POLICY, Hardening

OURS = {"host": "127.0.0.1:8000"}


async def echo(request: Request) -> PlainTextResponse:
    return PlainTextResponse(str(len(await request.body())))


APP = Starlette(routes=[Route("/{path:path}", echo, methods=["GET", "POST", "PUT", "DELETE"])])


class Answer:
    def __init__(self, messages: list[Any]) -> None:
        start = next((m for m in messages if m["type"] == "http.response.start"), None)
        self.messages = messages
        self.status = start["status"] if start else None
        self.headers = {k.decode(): v.decode() for k, v in start["headers"]} if start else {}
        self.text = b"".join(m.get("body", b"") for m in messages).decode()


async def ask(
    path: str = "/",
    headers: Mapping[str, str] = OURS,
    method: str = "GET",
    *,
    parts: tuple[bytes, ...] = (b"",),
    kind: str = "http",
    server: tuple[str, int] = ("127.0.0.1", 8000),
    allowed: tuple[str, ...] = (),
) -> Answer:
    """Send one request through the hardening, its body in these parts, and return what came back."""
    scope = {
        "type": kind,
        "method": method,
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "scheme": "ws" if kind == "websocket" else "http",
        "server": server,
        "client": ("127.0.0.1", 50000),
        "headers": [(name.lower().encode(), value.encode()) for name, value in headers.items()],
    }
    waiting = [{"type": "http.request", "body": part, "more_body": at < len(parts) - 1} for at, part in enumerate(parts)]
    if kind == "websocket":
        waiting = [{"type": "websocket.connect"}]
    sent: list[Any] = []

    async def receive() -> Any:
        return waiting.pop(0) if waiting else {"type": "http.disconnect"}

    async def send(message: Any) -> None:
        sent.append(message)

    async def inner(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "websocket":
            await send({"type": "websocket.accept"})
        else:
            await APP(scope, receive, send)

    await Hardening(inner, allowed)(scope, receive, send)
    return Answer(sent)


@pytest.mark.parametrize("host", ["127.0.0.1:8000", "localhost:8000", "LOCALHOST:8000", "[::1]:8000"])
async def test_this_machines_own_names_may_enter(host: str) -> None:
    assert (await ask(headers={"host": host})).status == 200


@pytest.mark.parametrize(
    "host", ["evil.test:8000", "127.0.0.1:9000", "127.0.0.1", "localhost.evil.test:8000", "", "[::1]", "127.0.0.1:8000:8000"]
)
async def test_a_host_name_that_was_rebound_is_refused_with_a_sentence(host: str) -> None:
    answer = await ask(headers={"host": host})
    assert answer.status == 403
    assert "own address" in answer.text


@pytest.mark.parametrize("name", ["forwarded", "x-forwarded-for", "X-Forwarded-Host", "x-forwarded-proto", "x-forwarded-user"])
async def test_a_proxy_is_refused(name: str) -> None:
    answer = await ask(headers={**OURS, name: "x"})
    assert answer.status == 403
    assert "proxy" in answer.text


async def test_a_connection_from_another_machine_is_refused() -> None:
    assert (await ask(headers={"host": "127.0.0.1:8000"}, server=("192.168.1.5", 8000))).status == 403


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
@pytest.mark.parametrize("origin", ["https://evil.test", "http://127.0.0.1:9000", "https://127.0.0.1:8000", "null"])
async def test_another_sites_changes_are_refused(method: str, origin: str) -> None:
    assert (await ask("/project/action", {**OURS, "origin": origin}, method)).status == 403


async def test_the_pages_own_changes_and_callers_that_are_no_page_pass() -> None:
    assert (await ask("/x", {**OURS, "origin": "http://127.0.0.1:8000"}, "POST")).status == 200
    assert (await ask("/x", OURS, "POST")).status == 200
    assert (await ask("/x", {**OURS, "sec-fetch-site": "cross-site"}, "POST")).status == 403


@pytest.mark.parametrize(
    ("origin", "opened"), [("http://127.0.0.1:8000", True), ("https://portal.test", True), ("https://evil.test", False)]
)
async def test_a_websocket_opens_for_the_page_and_allowed_origins_only(origin: str, opened: bool) -> None:
    headers = {**OURS, "origin": origin}
    answer = await ask("/ws/socket.io/", headers, kind="websocket", allowed=("https://portal.test",))
    assert answer.messages[0]["type"] == ("websocket.accept" if opened else "websocket.close")


async def test_polling_is_held_to_the_websockets_rule() -> None:
    assert (await ask("/ws/socket.io/", {**OURS, "origin": "https://evil.test"})).status == 403


@pytest.mark.parametrize(
    "path",
    [
        "/docs",
        "/docs/",
        "/redoc",
        "/openapi.json",
        "/project/thread/share",
        "/project/share/abc",
        "/project/element",
        "/login/callback",
        "/auth/jwt",
    ],
)
async def test_routes_that_nothing_guards_are_closed(path: str) -> None:
    for method in ("GET", "PUT", "DELETE"):
        assert (await ask(path, OURS, method)).status == 404


async def test_every_answer_keeps_the_browser_to_this_host() -> None:
    headers = (await ask("/")).headers
    assert headers["content-security-policy"] == PAGE_POLICY
    assert "http" not in PAGE_POLICY
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"
    assert headers["x-frame-options"] == "DENY"


@pytest.mark.parametrize("path", ["/project/file/abc", "/artifacts/a1/export/md"])
async def test_files_are_attachments_that_run_nothing(path: str) -> None:
    headers = (await ask(path)).headers
    assert headers["content-disposition"] == "attachment"
    assert headers["content-security-policy"] == FILE_POLICY


async def test_a_body_that_announces_too_much_is_refused_before_it_is_read() -> None:
    headers = {**OURS, "content-type": "application/json", "content-length": str(2 * MEGABYTE)}
    answer = await ask("/project/action", headers, "POST")
    assert answer.status == 413
    assert "1 MB" in answer.text


async def test_a_body_is_counted_when_its_length_is_not_announced() -> None:
    headers = {**OURS, "content-type": "application/json; charset=utf-8"}
    answer = await ask("/project/action", headers, "POST", parts=(b"x" * MEGABYTE, b"x", b"x"))
    assert answer.status == 413


async def test_a_body_within_its_limit_passes() -> None:
    headers = {**OURS, "content-type": "application/json"}
    assert (await ask("/project/action", headers, "POST", parts=(b"x" * MEGABYTE,))).text == str(MEGABYTE)


def test_limits_follow_what_is_sent() -> None:
    assert limit_of("/project/file", "multipart/form-data; boundary=x") is FILE_LIMIT
    assert limit_of("/ws/socket.io/", "text/plain") is JSON_LIMIT
    assert limit_of("/signin/password", "application/x-www-form-urlencoded") is JSON_LIMIT
    assert limit_of("/import", "multipart/form-data").size == 110 * MEGABYTE
