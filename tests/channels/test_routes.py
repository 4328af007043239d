from collections.abc import AsyncIterator
from typing import cast

import httpx
import pytest
from fastapi import FastAPI

from chains.assistant import Assistant, Status
from chains.events import Person, Request
from chains.workshop import Export
from channels.people import LOCAL_ANALYST, local_analyst
from channels.routes import routes
from errors import EndpointUnreachable, Language
from tests.doubles.scripted_assistant import ScriptedAssistant


class TroubledAssistant(ScriptedAssistant):
    async def status(self, language: Language) -> Status:
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
    application.include_router(routes(lambda: cast(Assistant, assistant), local_analyst))
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


async def test_the_process_is_healthy_and_says_what_is_ready(client: httpx.AsyncClient) -> None:
    assert (await client.get("/health")).json() == {"status": "ok"}
    ready = (await client.get("/ready")).json()
    assert (ready["status"], ready["demonstration"]) == ("ready", True)


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
    answer = await troubled.get("/ready")
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
