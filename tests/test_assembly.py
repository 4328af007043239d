"""The whole house put together: started, asked over HTTP, stopped without a trace; one server to an index folder."""

import asyncio
import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from assembly import House, assemble, embedded_options, embedding_choice, endpoint_of
from chains.endpoint.embedded import EmbeddedEndpoint
from chains.endpoint.private import OpenAIEndpoint
from chains.events import AnswerFailed, ArtifactReady, Request, TurnEnded
from errors import ConfigurationError, KnowledgeError
from knowledge.embeddings.endpoint import EmbeddingServer
from records.database import Database, sqlite_url
from records.ledger import Ledger
from settings import EndpointSettings, KnowledgeSettings, Settings
from tests.doubles.embedding_server import EmbeddingDouble
from tests.doubles.misbehaving_server import MisbehavingServer
from tests.doubles.scripted_replies import EN, stories
from tests.doubles.small_house import ANA, write_bank


def settings(folder: Path, base_url: str | None, **knowledge: Any) -> Settings:
    pack = folder / "pack"
    if not pack.exists():
        write_bank(pack)
    endpoint = EndpointSettings(base_url=base_url, model="scripted", structured="schema", context_tokens=16_384)
    known = KnowledgeSettings(pack=pack, **{"embedding": "none"} | knowledge)
    return Settings(data_dir=folder / "data", endpoint=endpoint, knowledge=known)


def children() -> set[str]:
    """The processes that this one has started and that still run."""
    return {child for task in Path("/proc/self/task").iterdir() for child in (task / "children").read_text().split()}


async def settled(house: House) -> None:
    """Wait until the pack is taken in."""
    assert house.knowledge is not None
    async with asyncio.timeout(20):
        while not house.knowledge.status().passages or house.knowledge.status().waiting:
            await asyncio.sleep(0.02)


@pytest.mark.parametrize("index", ["chroma", "memory"])
async def test_a_house_is_started_answers_and_leaves_nothing_behind(tmp_path: Path, index: Any) -> None:
    before, processes = asyncio.all_tasks(), children()
    async with MisbehavingServer([stories(source="P1")]) as server:
        house = assemble(settings(tmp_path, server.base_url), index=index)
        assistant = await house.start()
        await settled(house)
        told = [event async for event in assistant.answer(Request("user_stories", EN, ANA))]
        (ready,) = (event for event in told if isinstance(event, ArtifactReady))
        assert len(ready.body["stories"]) == 4
        assert not {finding.severity for finding in ready.findings} & {"error", "warning"}
        assert (await assistant.card(ready.artifact_id, ANA)).title == EN
        assert isinstance(told[-1], TurnEnded)
        assert told[-1].tokens["prompt"] == 40
        sent = server.requests[-1]
        assert sent["response_format"]["json_schema"]["name"] == "user_stories"
        assert EN in sent["messages"][-1]["content"]
        await house.stop()
    assert asyncio.all_tasks() - before == set()
    assert children() == processes
    assert (tmp_path / "data").stat().st_mode & 0o777 == 0o700
    reader = Database(sqlite_url(tmp_path / "data"))
    turn = await Ledger(reader).turn(told[-1].turn_id, owner="ana")
    await reader.close()
    assert turn is not None
    assert (turn.outcome, turn.artifact) == ("answered", ready.artifact_id)


async def test_what_was_written_is_there_after_the_next_start(tmp_path: Path) -> None:
    async with MisbehavingServer([stories()]) as server:
        chosen = settings(tmp_path, server.base_url)
        house = assemble(chosen, index="memory")
        told = [event async for event in (await house.start()).answer(Request("user_stories", EN, ANA))]
        await house.stop()
        again = assemble(chosen, index="memory")
        assistant = await again.start()
        (ready,) = (event for event in told if isinstance(event, ArtifactReady))
        assert json.loads((await assistant.export(ready.artifact_id, ANA, "json")).content) == ready.body
        await again.stop()


@pytest.mark.slow
async def test_the_second_server_on_an_index_folder_is_refused_and_a_terminal_works_beside_it(tmp_path: Path) -> None:
    async with MisbehavingServer([stories()]) as server:
        chosen = settings(tmp_path, server.base_url, embedding="embedded")
        first, second, terminal = (assemble(chosen, index=index) for index in ("chroma", "chroma", "memory"))
        await first.start()
        try:
            await settled(first)
            with pytest.raises(KnowledgeError, match="Another process uses the index folder") as refused:
                await second.start()
            assert "索引文件夹" in refused.value.sentence("zh")
            await second.stop()
            assistant = await terminal.start()
            told = [event async for event in assistant.answer(Request("user_stories", EN, ANA))]
            assert any(isinstance(event, ArtifactReady) for event in told)
            await terminal.stop()
        finally:
            await first.stop()
        third = assemble(chosen)
        await third.start()
        await third.stop()


async def test_an_endpoint_that_does_not_answer_does_not_keep_the_house_from_starting(tmp_path: Path) -> None:
    house = assemble(settings(tmp_path, "http://127.0.0.1:9/v1"))
    try:
        assistant = await house.start()
        await settled(house)
        told = [event async for event in assistant.answer(Request("user_stories", EN, ANA))]
        assert "cannot be reached" in next(event.sentence for event in told if isinstance(event, AnswerFailed))
        assert isinstance(told[-1], TurnEnded)
        assert told[-1].outcome == "failed"
        assert assistant.stages("en")
    finally:
        await house.stop()


async def test_a_pack_that_is_gone_is_told_in_the_log_and_the_house_stands(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    chosen = settings(tmp_path, "http://127.0.0.1:9/v1")
    shutil.rmtree(tmp_path / "pack")
    house = assemble(chosen)
    try:
        assistant = await house.start()
        async with asyncio.timeout(10):
            while "the pack could not be taken in" not in caplog.text:
                await asyncio.sleep(0.02)
        assert assistant.stages("en")
    finally:
        await house.stop()


async def test_a_bug_behind_the_scenes_is_told_in_the_log(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    async def broken() -> None:
        raise RuntimeError("a bug behind the scenes")

    house = assemble(settings(tmp_path, "http://127.0.0.1:9/v1"))
    house._behind(broken())
    await asyncio.sleep(0.01)
    await house.stop()
    assert "a bug behind the scenes" in caplog.text


async def test_a_house_that_was_never_started_can_be_stopped(tmp_path: Path) -> None:
    await assemble(settings(tmp_path, "http://127.0.0.1:9/v1")).stop()


def test_without_an_address_the_embedded_model_answers(tmp_path: Path) -> None:
    chosen = settings(tmp_path, None)
    assert isinstance(endpoint_of(chosen), EmbeddedEndpoint)
    assert embedded_options(chosen).data_dir == (tmp_path / "data").absolute()
    assert isinstance(endpoint_of(settings(tmp_path, "http://127.0.0.1:9/v1")), OpenAIEndpoint)


async def test_vectors_by_the_private_server_come_when_it_is_back_and_the_house_stands_without(tmp_path: Path) -> None:
    with EmbeddingDouble() as double:
        double.end()
        chosen = settings(
            tmp_path, "http://127.0.0.1:9/v1", embedding="endpoint", embedding_base_url=double.base_url, embedding_model="bge"
        )
        house = assemble(chosen, index="memory")
        try:
            await house.start()
            await settled(house)
            assert house.knowledge is not None
            assert "cannot be reached" in str(house.knowledge.status().notices[0])
            assert await house.knowledge.search("transfer limits", groups=frozenset())
        finally:
            await house.stop()
        double.begin()
        house = assemble(chosen, index="memory")
        try:
            await house.start()
            assert house.knowledge is not None
            await house.knowledge.sync_pack()
            status = house.knowledge.status()
            assert (status.embedding, status.waiting, status.notices) == ("endpoint:bge:64", 0, ())
            double.end()
            assert await house.knowledge.search("Which transfer needs approval?", groups=frozenset())
            assert "words alone" in str(house.knowledge.status().notices[0])
        finally:
            await house.stop()


def test_the_server_that_embeds_is_the_endpoint_unless_it_has_an_address_of_its_own(tmp_path: Path) -> None:
    chosen = embedding_choice(
        settings(tmp_path, "http://models.bank.example/v1", embedding="endpoint", embedding_model="bge", query_prefix="q: ")
    )
    assert chosen.server == EmbeddingServer("http://models.bank.example/v1", "bge", None, "q: ")
    own = embedding_choice(
        settings(
            tmp_path,
            "http://models.bank.example/v1",
            embedding="endpoint",
            embedding_model="bge",
            embedding_base_url="http://vectors.bank.example/v1",
            embedding_api_key="sk-2",
        )
    )
    assert own.server == EmbeddingServer("http://vectors.bank.example/v1", "bge", "sk-2")


async def test_vectors_in_postgresql_need_the_records_there(tmp_path: Path) -> None:
    house = assemble(settings(tmp_path, "http://127.0.0.1:9/v1", embedding="embedded", index="pgvector"))
    with pytest.raises(ConfigurationError, match="pgvector"):
        await house.start()
    await house.stop()
