"""Lines of requests hold patterns instead of ids, and the open pages are counted."""

import json
import logging
from typing import Any

import httpx
import pytest
from fastapi import APIRouter, FastAPI
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Mount, Route
from starlette.types import Message, Receive, Scope, Send

from channels.people import LOCAL_ANALYST, note_person
from channels.watching.access import Access
from channels.watching.lines import Lines, LogOptions
from channels.watching.metrics import Metrics
from channels.watching.turns import PersonMarks
from channels.watching.watch import Watch

MARKS = PersonMarks("a key")


async def artifact(request: Request) -> PlainTextResponse:
    if request.path_params["artifact_id"] == "bug":
        raise RuntimeError("a bug")
    return PlainTextResponse("well")


def application() -> FastAPI:
    """Routes of our own, one application mounted below, and Chainlit's kind of mount that takes everything else."""
    router = APIRouter()
    router.add_api_route("/artifacts/{artifact_id}/export/{notation}", artifact, response_model=None)
    router.add_api_route("/health", artifact, response_model=None)
    whole = FastAPI()
    whole.include_router(router)
    whole.mount("/v1", FastAPI(routes=[Route("/models/{name}", PlainTextResponse("a model"))]))
    whole.router.routes.append(Mount("/", FastAPI(routes=[Route("/{full_path:path}", PlainTextResponse("the page"))])))
    return whole


class Behind:
    def __init__(self) -> None:
        self._app = application()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        note_person(scope, LOCAL_ANALYST)
        if scope["path"] == "/refused":
            await PlainTextResponse("no", 403)(scope, receive, send)
        else:
            await self._app(scope, receive, send)


async def told(path: str, caplog: pytest.LogCaptureFixture) -> list[dict[str, Any]]:
    """The lines that a request leaves."""
    transport = httpx.ASGITransport(Access(Behind(), lambda: None, MARKS), raise_app_exceptions=False)
    with caplog.at_level(logging.INFO, "stagecraft.access"):
        async with httpx.AsyncClient(transport=transport, base_url="http://here") as client:
            await client.get(path)
    return [
        json.loads(Lines(LogOptions("json")).format(record)) for record in caplog.records if record.name == "stagecraft.access"
    ]


@pytest.mark.parametrize(
    ("path", "route", "status"),
    [
        ("/artifacts/secret-id/export/md?key=secret", "/artifacts/{artifact_id}/export/{notation}", 200),
        ("/artifacts/bug/export/md", "/artifacts/{artifact_id}/export/{notation}", 500),
        ("/v1/models/secret-id", "/v1/models/{name}", 200),
        ("/thread/secret-id", "/{full_path}", 200),
        ("/refused", "(none)", 403),
    ],
)
async def test_a_request_is_a_line_with_the_pattern_of_its_address(
    caplog: pytest.LogCaptureFixture, path: str, route: str, status: int
) -> None:
    (line,) = await told(path, caplog)
    assert (line["method"], line["route"], line["status"]) == ("GET", route, status)
    assert line["person"] == MARKS(LOCAL_ANALYST.id)
    assert line["seconds"] >= 0
    assert "secret" not in json.dumps(line)


async def test_who_looks_whether_all_is_well_fills_no_log(caplog: pytest.LogCaptureFixture) -> None:
    assert await told("/health", caplog) == []


@pytest.mark.parametrize("accepted", [True, False])
async def test_a_page_counts_as_open_from_its_websocket_to_its_end(accepted: bool) -> None:
    metrics = Metrics()
    watch = Watch(metrics, readiness=None)  # type: ignore[arg-type]
    counted: list[float] = []

    async def page(scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "websocket.accept" if accepted else "websocket.close"})
        counted.append(open_pages(metrics))
        raise ConnectionError("gone")

    async def gone() -> Message:
        return {"type": "websocket.disconnect"}

    async def unheard(_message: Message) -> None:
        """Nobody listens."""

    with pytest.raises(ConnectionError):
        await Access(page, lambda: watch, MARKS)({"type": "websocket", "path": "/ws"}, gone, unheard)
    assert counted == [1.0 if accepted else 0.0]
    assert open_pages(metrics) == 0.0


def open_pages(metrics: Metrics) -> float:
    (row,) = [row for row in metrics.text().decode().splitlines() if row.startswith("stagecraft_open_pages ")]
    return float(row.split()[1])
