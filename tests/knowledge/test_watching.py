"""A server looks after its knowledge by itself: what fails rests and is tried again, and a bug is told in the log."""

import asyncio
import time
from pathlib import Path

import pytest

from errors import EndpointUnreachable
from knowledge import watching
from knowledge.knowledge import Knowledge
from records.database import Database
from records.knowledge import KnowledgeRecords
from tests.doubles.hashed_embedding import HashedEmbedding
from tests.knowledge.test_knowledge import until


class Failing:
    """Work that fails as often as it is told."""

    def __init__(self, error: Exception, times: int) -> None:
        self.error, self.left, self.done = error, times, 0

    async def work(self) -> None:
        self.done += 1
        if self.left:
            self.left -= 1
            raise self.error


@pytest.mark.parametrize("error", [EndpointUnreachable("It is away.", "它不在。"), RuntimeError("a bug")])
async def test_what_failed_rests_and_is_tried_again(
    error: Exception, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watching, "_FIRST_PAUSE", 0.2)
    failing = Failing(error, 1)
    duty = watching._Duty(failing.work, "the work")
    begun = time.monotonic()
    while failing.done < 2:
        duty.begin()
        await asyncio.sleep(0.01)
    assert 0.2 <= time.monotonic() - begun < 2
    assert "the work" in caplog.text
    assert str(error) in caplog.text
    await duty.stop()


async def test_work_is_not_begun_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    going = asyncio.Event()
    duty = watching._Duty(going.wait, "the work")
    assert duty.begin()
    assert not duty.begin()
    await duty.stop()


async def test_vectors_that_nobody_makes_any_more_are_made_by_the_server(
    database: Database, records: KnowledgeRecords, pack: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # As long as somebody seems to make them, the server waits: on a busy machine the other one needs its time.
    monkeypatch.setattr(watching, "_STILL_SECONDS", 60)
    server = await Knowledge.open(database, tmp_path, pack, HashedEmbedding(), watch=True, every=0.05)
    stopped = await Knowledge.open(database, tmp_path, pack, HashedEmbedding(fail_after=0))
    with pytest.raises(RuntimeError):
        await stopped.sync_pack()
    await stopped.close()
    assert await records.missing_vectors("hashed-words")
    monkeypatch.setattr(watching, "_STILL_SECONDS", 0.3)
    await until(lambda: server.status().passages > 0 and not server.status().waiting, 10)
    assert not await records.missing_vectors("hashed-words")
    await server.close()
