import io
import zipfile
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import cast

import httpx
import pytest
from fastapi import FastAPI
from openpyxl import load_workbook

from chains.assistant import Assistant
from chains.changing.workshop import Export
from chains.events import Person, Request
from channels.people import LOCAL_ANALYST
from channels.web.routes import routes
from errors import EndpointUnreachable
from records.artifacts import NewArtifact
from stages.catalog import catalog
from stages.material import Source
from tests.doubles.scripted_assistant import ScriptedAssistant
from tests.doubles.scripted_endpoint import ScriptedEndpoint
from tests.doubles.small_house import ANA, BEN, SmallHouse, copied, opened, run_aside


class TroubledAssistant(ScriptedAssistant):
    async def passage(self, artifact_id: str, key: str, person: Person) -> Source:
        raise EndpointUnreachable(
            "The model service cannot be reached.", "无法连接模型服务。", detail="http://10.0.0.7 key=secret"
        )

    async def prompt_sent(self, turn_id: str, person: Person) -> str:
        raise RuntimeError("secret-key-123")

    async def export(self, artifact_id: str, person: Person, notation: str, version: int | None = None) -> Export:
        return Export('冻结 "借记卡"\r\nX-Evil: 1.md', "text/markdown", b"x")


async def client_of(assistant: ScriptedAssistant) -> httpx.AsyncClient:
    async for _event in assistant.answer(Request("user_stories", "freeze a card", LOCAL_ANALYST)):
        pass
    application = FastAPI()
    application.include_router(routes(lambda: cast(Assistant, assistant), lambda _request: LOCAL_ANALYST))
    return httpx.AsyncClient(
        transport=httpx.ASGITransport(application, raise_app_exceptions=False), base_url="http://127.0.0.1:8000"
    )


@pytest.fixture
async def client() -> AsyncIterator[httpx.AsyncClient]:
    async with await client_of(ScriptedAssistant(pace=0)) as client:
        yield client


@pytest.fixture
async def troubled() -> AsyncIterator[httpx.AsyncClient]:
    async with await client_of(TroubledAssistant(pace=0)) as client:
        yield client


async def test_an_artifact_is_downloaded_as_a_file(client: httpx.AsyncClient) -> None:
    answer = await client.get("/artifacts/a1/export/md?version=1")
    assert answer.status_code == 200
    assert answer.headers["content-disposition"].startswith("attachment; filename=")
    assert "Freeze a debit card" in answer.text


async def test_a_passage_and_the_prompt_are_sent(client: httpx.AsyncClient) -> None:
    assert (await client.get("/artifacts/a1/passages/P1")).json()["title"] == "Lost card replacement rules"
    prompt = await client.get("/turns/t1/prompt")
    assert prompt.headers["content-type"].startswith("text/plain")
    assert "freeze a card" in prompt.text


@pytest.mark.parametrize("path", ["/artifacts/a9/export/md", "/artifacts/a1/export/exe", "/artifacts/a1/passages/P9"])
async def test_what_there_is_not_is_said_in_the_readers_language(client: httpx.AsyncClient, path: str) -> None:
    answer = await client.get(path, headers={"accept-language": "zh-CN"})
    assert answer.status_code == 404
    assert answer.json()["error"].startswith("没有")


@pytest.mark.parametrize(
    "path",
    ["/artifacts/..%2Fx/export/md", "/artifacts/a%00/passages/P1", "/turns/' OR 1=1/prompt", "/artifacts/a1/export/md?version=0"],
)
async def test_an_unsound_address_never_reaches_the_assistant(client: httpx.AsyncClient, path: str) -> None:
    assert (await client.get(path)).status_code in (404, 422)


async def test_an_operators_detail_is_not_shown(troubled: httpx.AsyncClient) -> None:
    answer = await troubled.get("/artifacts/a1/passages/P1")
    assert answer.status_code == 503
    assert answer.json() == {"error": "The model service cannot be reached."}


async def test_a_bug_is_told_by_its_number_alone(troubled: httpx.AsyncClient, caplog: pytest.LogCaptureFixture) -> None:
    answer = await troubled.get("/turns/t1/prompt")
    assert answer.status_code == 500
    assert "secret" not in answer.text
    number = answer.json()["error"].rstrip(".").split()[-1]
    assert caplog.text.count(f"failure {number}") == 1


async def test_a_file_name_cannot_add_a_header(troubled: httpx.AsyncClient) -> None:
    headers = (await troubled.get("/artifacts/a1/export/md")).headers
    assert "x-evil" not in headers
    assert "filename*=UTF-8''%E5%86%BB" in headers["content-disposition"]


Clients = tuple[str, httpx.AsyncClient, httpx.AsyncClient]


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("house")
    with ThreadPoolExecutor(1) as thread:
        thread.submit(run_aside, folder).result()
    return folder


@pytest.fixture
async def house(prepared: Path, tmp_path: Path) -> AsyncIterator[SmallHouse]:
    async with opened(copied(prepared, tmp_path / "house")) as house:
        yield house


@pytest.fixture
async def ana_and_ben(house: SmallHouse) -> AsyncIterator[Clients]:
    """A domain model of Ana's on record, and a client of hers and of Ben's."""
    stage = catalog().stage("domain_model")
    example = next(one for one in stage.examples.whole if one.language == "en")
    body = stage.stage.artifact.model_validate(example.artifact).model_dump()
    workspace = await house.workspaces.open("cards & loans", ANA.id)
    kept = NewArtifact(workspace.id, "domain_model", "A model", "en", body, "assistant")
    artifact_id = (await house.workspaces.add_artifact(kept, owner=ANA.id)).artifact.id
    assistant = house.assistant(ScriptedEndpoint())
    async with client_for(assistant, ANA) as ana, client_for(assistant, BEN) as ben:
        yield artifact_id, ana, ben


def client_for(assistant: Assistant, person: Person) -> httpx.AsyncClient:
    application = FastAPI()
    application.include_router(routes(lambda: assistant, lambda _request: person))
    return httpx.AsyncClient(transport=httpx.ASGITransport(application), base_url="http://127.0.0.1:8000")


async def test_a_diagram_is_a_picture_that_may_neither_run_nor_fetch_anything(ana_and_ben: Clients) -> None:
    artifact_id, ana, _ben = ana_and_ben
    answer = await ana.get(f"/artifacts/{artifact_id}/diagrams/classes?version=1")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "image/svg+xml"
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert "sandbox" in answer.headers["content-security-policy"]
    assert b"<svg" in answer.content
    missing = await ana.get(f"/artifacts/{artifact_id}/diagrams/nosuch", headers={"accept-language": "zh"})
    assert (missing.status_code, missing.json()) == (404, {"error": "这里没有图 nosuch。"})


async def test_the_trace_and_the_whole_workspace_are_downloaded_by_its_name(ana_and_ben: Clients) -> None:
    _artifact_id, ana, _ben = ana_and_ben
    trace = await ana.get("/workspace/trace.xlsx", params={"name": "cards & loans"})
    assert trace.headers["content-disposition"].startswith("attachment; filename=")
    sheet = load_workbook(io.BytesIO(trace.content)).active
    assert sheet is not None
    assert "C1" in str(list(sheet.values))
    archive = await ana.get("/workspace/export.zip", params={"name": "cards & loans"})
    assert "trace.xlsx" in zipfile.ZipFile(io.BytesIO(archive.content)).namelist()


@pytest.mark.parametrize(
    "path",
    [
        "/artifacts/{id}/diagrams/classes",
        "/artifacts/{id}/export/json",
        "/workspace/trace.xlsx?name=cards+%26+loans",
        "/workspace/export.zip?name=cards+%26+loans",
    ],
)
async def test_what_is_anothers_is_not_there(ana_and_ben: Clients, path: str) -> None:
    artifact_id, _ana, ben = ana_and_ben
    answer = await ben.get(path.format(id=artifact_id))
    assert answer.status_code == 404
    assert set(answer.json()) == {"error"}
