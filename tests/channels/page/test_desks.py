import asyncio

import pytest

from channels.page import desks
from channels.page.desks import Desk, DeskFull, desk_of, stop_all


class Session:
    pass


async def wait(lock: asyncio.Lock) -> None:
    await lock.acquire()


async def work(desk: Desk, name: str, told: list[str], until: asyncio.Event) -> None:
    try:
        async with desk.turn(wait):
            told.append(f"{name} begins")
            await until.wait()
            told.append(f"{name} ends")
    except asyncio.CancelledError:
        told.append(f"{name} stopped")
        raise


async def test_briefs_are_worked_on_one_after_the_other() -> None:
    desk, told, until = Desk(), list[str](), asyncio.Event()
    tasks = [asyncio.create_task(work(desk, name, told, until)) for name in "ab"]
    await asyncio.sleep(0.01)
    assert told == ["a begins"]
    until.set()
    await asyncio.gather(*tasks)
    assert told == ["a begins", "a ends", "b begins", "b ends"]
    assert desk.tasks == set()


async def test_stop_reaches_the_answer_and_what_waits_and_leaves_the_desk_free() -> None:
    desk, told, until = Desk(), list[str](), asyncio.Event()
    tasks = [asyncio.create_task(work(desk, name, told, until)) for name in "ab"]
    await asyncio.sleep(0.01)
    desk.stop()
    await asyncio.gather(*tasks, return_exceptions=True)
    assert sorted(told) == ["a begins", "a stopped", "b stopped"]
    assert not desk.lock.locked()


async def test_a_desk_takes_five_waiting_briefs_and_no_more() -> None:
    desk, told, until = Desk(), list[str](), asyncio.Event()
    tasks = [asyncio.create_task(work(desk, str(name), told, until)) for name in range(6)]
    await asyncio.sleep(0.01)
    with pytest.raises(DeskFull):
        await work(desk, "late", told, until)
    desk.stop()
    await asyncio.gather(*tasks, return_exceptions=True)


async def test_every_answer_is_told_to_end_before_the_records_close() -> None:
    sessions, told, until = [Session(), Session()], list[str](), asyncio.Event()
    tasks = [asyncio.create_task(work(desk_of(session), str(at), told, until)) for at, session in enumerate(sessions)]
    await asyncio.sleep(0.01)
    await stop_all()
    assert [task.cancelled() for task in tasks] == [True, True]
    assert {"0 stopped", "1 stopped"} <= set(told)


async def test_a_desk_goes_with_its_session() -> None:
    session = Session()
    assert desk_of(session) is desk_of(session)
    before = len(desks._desks)
    del session
    assert len(desks._desks) == before - 1
