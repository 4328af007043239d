"""What a page has to write is written in its order, and kept while the records are in trouble."""

import asyncio

import pytest

from channels.history.outbox import Outbox, Write
from errors import BriefError, RecordsError

TROUBLE = RecordsError("no", "否")


class Records:
    """Takes down what is written; `refuses` is what stands in the way."""

    def __init__(self) -> None:
        self.written: list[str] = []
        self.refuses: Exception | None = None

    def write(self, text: str, pause: float = 0.0) -> Write:
        async def write() -> None:
            await asyncio.sleep(pause)
            if self.refuses is not None:
                raise self.refuses
            self.written.append(text)

        return write


@pytest.fixture
def records() -> Records:
    return Records()


async def test_writes_that_are_started_at_once_keep_their_order(records: Records) -> None:
    box = Outbox()
    await asyncio.gather(*(box.put(records.write(str(at), pause=0.01 * (3 - at))) for at in range(3)))
    assert records.written == ["0", "1", "2"]


async def test_what_the_records_refuse_is_told_and_written_when_they_can_again(records: Records) -> None:
    box = Outbox(pause=0.01)
    records.refuses = TROUBLE
    for text in "ab":
        with pytest.raises(RecordsError):
            await box.put(records.write(text))
    assert box.is_in_trouble
    assert box.waiting == 2
    records.refuses = None
    async with asyncio.timeout(5):
        while box.is_in_trouble:
            await asyncio.sleep(0.01)
    assert records.written == ["a", "b"]


async def test_a_write_that_may_not_be_is_given_up_and_does_not_hold_up_the_next(records: Records) -> None:
    box = Outbox()
    records.refuses = BriefError("not yours", "不属于您")
    with pytest.raises(BriefError):
        await box.put(records.write("foreign"))
    records.refuses = None
    await box.put(records.write("own"))
    assert records.written == ["own"]


async def test_a_write_that_is_cancelled_half_way_is_done_with_the_next(records: Records) -> None:
    box = Outbox()
    task = asyncio.create_task(box.put(records.write("a", pause=1)))
    await asyncio.sleep(0)
    task.cancel()
    await asyncio.wait({task})
    box._waiting[0] = records.write("a")
    await box.put(records.write("b"))
    assert records.written == ["a", "b"]


async def test_what_is_held_goes_before_the_first_that_is_put(records: Records) -> None:
    box = Outbox()
    box.hold(records.write("held"))
    assert records.written == []
    await box.put(records.write("put"))
    assert records.written == ["held", "put"]


async def test_closing_tries_a_last_time_and_counts_what_is_lost(records: Records) -> None:
    box = Outbox(pause=100)
    records.refuses = TROUBLE
    with pytest.raises(RecordsError):
        await box.put(records.write("a"))
    assert await box.close() == 1
    records.refuses = None
    assert await box.close() == 0
    assert records.written == ["a"]
