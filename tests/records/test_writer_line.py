"""Writers of one database: one at a time, in order, the patient last."""

import asyncio

from records.writer_line import WriterLine


async def test_writers_come_in_order_and_the_patient_after_the_others() -> None:
    line, order = WriterLine(), list[str]()

    async def write(name: str, *, patient: bool = False) -> None:
        async with line.turn(patient=patient):
            order.append(name)
            await asyncio.sleep(0.01)

    tasks = [write("first"), write("patient", patient=True), write("second"), write("third")]
    await asyncio.gather(*tasks)
    assert order == ["first", "second", "third", "patient"]


async def test_a_writer_that_is_cancelled_while_it_waits_holds_nobody_up() -> None:
    line, order = WriterLine(), list[str]()

    async def write(name: str) -> None:
        async with line.turn():
            order.append(name)
            await asyncio.sleep(0.01)

    first, gone, last = (asyncio.create_task(write(name)) for name in ("first", "gone", "last"))
    await asyncio.sleep(0)
    gone.cancel()
    await asyncio.wait_for(asyncio.gather(first, last), 5)
    assert order == ["first", "last"]


async def test_a_writer_that_is_cancelled_at_the_moment_of_its_turn_passes_it_on() -> None:
    line = WriterLine()

    async def write() -> None:
        async with line.turn():
            pass

    async with line.turn():
        gone, last = asyncio.create_task(write()), asyncio.create_task(write())
        await asyncio.sleep(0)
    gone.cancel()
    await asyncio.wait_for(last, 5)
    await asyncio.wait_for(asyncio.create_task(write()), 5)


async def test_a_writer_that_fails_passes_its_turn_on() -> None:
    line = WriterLine()
    for _ in range(2):
        try:
            async with line.turn():
                raise ValueError
        except ValueError:
            continue
    async with line.turn():
        pass
