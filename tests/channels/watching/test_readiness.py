"""Readiness where parts of a house are really in trouble: a locked database, a broken index, an endpoint that rests."""

import asyncio
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from chains.endpoint.options import EndpointOptions
from chains.endpoint.private import OpenAIEndpoint
from channels.watching import readiness
from channels.watching.house import QueueStanding, WatchedHouse
from channels.watching.readiness import Readiness
from errors import EndpointError
from knowledge.knowledge import Knowledge
from records.database import Database, sqlite_url
from tests.doubles.hashed_embedding import HashedEmbedding
from tests.doubles.small_house import SmallHouse, copied
from tests.journeys.served import free_port

PARTS = {"database": "writes", "index": "in step", "endpoint": "closed", "queue": "free"}


def watched(house: SmallHouse, breaker: Callable[[], str] = lambda: "closed", queue: QueueStanding | None = None) -> Readiness:
    found = queue or QueueStanding()
    return Readiness(WatchedHouse(house.database, house.knowledge, breaker, lambda: found))  # type: ignore[arg-type]


async def filled(knowledge: Knowledge) -> None:
    async with asyncio.timeout(10):
        while (await knowledge.index_standing()).state == "filling":
            await asyncio.sleep(0.01)


async def test_a_house_in_which_all_is_well_is_ready(house: SmallHouse) -> None:
    await filled(house.knowledge)
    standing = await watched(house).standing()
    assert (standing.state, dict(standing.parts)) == ("ready", PARTS)
    assert standing.figures["index"]["held"] == standing.figures["index"]["committed"]


async def test_a_locked_database_makes_it_unready_within_seconds_and_its_end_ready_again(house: SmallHouse) -> None:
    await filled(house.knowledge)
    looked = watched(house)
    path = str(house.database.engine.url.database)
    locking = sqlite3.connect(path, isolation_level=None)
    locking.execute("BEGIN IMMEDIATE")
    try:
        async with asyncio.timeout(4):
            standing = await looked.standing()
        assert (standing.state, standing.parts["database"]) == ("unready", "waits")
    finally:
        locking.execute("ROLLBACK")
        locking.close()
    async with asyncio.timeout(10):
        while (standing := await looked.standing()).state != "ready":
            await asyncio.sleep(0.1)
    assert dict(standing.parts) == PARTS


async def test_a_database_out_of_reach_makes_it_unready_and_the_operator_reads_why(
    house: SmallHouse, caplog: pytest.LogCaptureFixture
) -> None:
    away = Database(f"postgresql+asyncpg://nobody@127.0.0.1:{free_port()}/nothing")
    standing = await Readiness(WatchedHouse(away, house.knowledge, lambda: "closed")).standing()
    await away.close()
    assert (standing.state, standing.parts["database"]) == ("unready", "fails")
    assert "the database takes no writes" in caplog.text


async def test_what_another_program_took_in_is_behind_until_it_is_loaded(house: SmallHouse) -> None:
    await filled(house.knowledge)
    await house.knowledge.records.put_terms("another", [])
    behind = await watched(house).standing()
    assert (behind.state, behind.parts["index"]) == ("degraded", "behind")
    await house.knowledge.reload()
    assert (await watched(house).standing()).parts["index"] == "in step"


async def test_a_broken_index_degrades_it_while_memory_answers(prepared: Path, tmp_path: Path) -> None:
    folder = copied(prepared, tmp_path / "house")
    database = Database(sqlite_url(folder))
    knowledge = await Knowledge.open(database, folder, folder / "pack", HashedEmbedding(256), "chroma")
    try:
        await filled(knowledge)
        looked = Readiness(WatchedHouse(database, knowledge, lambda: "closed"))
        assert (await looked.standing()).state == "ready"
        knowledge._following.stand.exact_to = 0  # as if the parts were too large to be searched exactly
        index = knowledge._following.stand.index
        for collection in index._collections.values():  # type: ignore[attr-defined]
            index._client.delete_collection(collection.name)  # type: ignore[attr-defined]
        assert await knowledge.search("Who may delete an income record?", groups=frozenset({"everyone"}))
        broken = await Readiness(WatchedHouse(database, knowledge, lambda: "closed")).standing()
        assert (broken.state, broken.parts["index"]) == ("degraded", "memory answers")
    finally:
        await knowledge.close()
        await database.close()


async def test_an_endpoint_that_rests_degrades_it_and_half_opens_by_itself(house: SmallHouse) -> None:
    await filled(house.knowledge)
    options = EndpointOptions(f"http://127.0.0.1:{free_port()}/v1", failures_until_rest=1, rest_seconds=0.3)
    endpoint = OpenAIEndpoint(options)
    states = [endpoint.breaker_state]
    with pytest.raises(EndpointError):
        await endpoint.abilities()
    standing = await watched(house, lambda: endpoint.breaker_state).standing()
    assert (standing.state, standing.parts["endpoint"]) == ("degraded", "open")
    await asyncio.sleep(0.4)
    states.append(endpoint.breaker_state)
    await endpoint.close()
    assert states == ["closed", "half"]


@pytest.mark.parametrize(("waiting", "word"), [(9, "free"), (10, "full")])
async def test_a_full_queue_is_said(house: SmallHouse, waiting: int, word: str) -> None:
    standing = await watched(house, queue=QueueStanding(4, waiting, 10, 3)).standing()
    assert standing.parts["queue"] == word
    assert standing.figures["queue"] == {"running": 4, "waiting": waiting, "most_waiting": 10, "shed": 3}


async def test_whoever_asks_within_a_second_gets_the_same_answer(house: SmallHouse, monkeypatch: pytest.MonkeyPatch) -> None:
    looked = watched(house)
    first, second = await asyncio.gather(looked.standing(), looked.standing())
    assert first is second
    monkeypatch.setattr(readiness, "_FRESH_SECONDS", 0.0)
    assert await looked.standing() is not first
