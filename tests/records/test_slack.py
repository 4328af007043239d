"""What Slack sends is taken in once and dealt out once, in order, by however many replicas."""

import asyncio
from datetime import timedelta

import pytest

from records.database import Database, now
from records.instances import this_instance
from records.slack import Arrival, Kind, SlackInbox, Work
from records.slack_tables import slack_inbox

A, B = "host:1:a", "host:2:b"
PRESSES: tuple[Kind, ...] = ("press",)
ALL: tuple[Kind, ...] = ("message", "command", "press")


@pytest.fixture
def inbox(database: Database) -> SlackInbox:
    return SlackInbox(database)


def arrival(number: int, *, lane: str = "C1:1", event: str = "", post: str | None = None, starts: bool = False) -> Arrival:
    payload = {"event": {"ts": str(number), "text": "private words", "user": "U1"}}
    name = event or f"Ev{number}"
    return Arrival("T1", name, "message", lane, f"{number:09d}", "U1", "C1", payload, post or f"C1:{number}", "1", starts)


async def claimed(inbox: SlackInbox, program: str = A) -> Work:
    work = await inbox.claim(program, ALL)
    assert work is not None
    return work


async def test_an_event_is_taken_once_however_often_it_comes(inbox: SlackInbox) -> None:
    took = await asyncio.gather(*(inbox.take(arrival(1)) for _ in range(8)))
    assert sorted(took) == [False] * 7 + [True]
    assert not await inbox.take(arrival(2, event="Other", post="C1:1"))
    assert await inbox.take(arrival(1, event="Ev1b", post="C2:1"))


async def test_the_same_event_id_of_another_workspace_is_another_event(inbox: SlackInbox) -> None:
    one = arrival(1)
    assert await inbox.take(one)
    assert await inbox.take(Arrival(**{**vars(one), "team": "T2"}))


async def test_a_lane_is_worked_in_slacks_order_and_by_one_program_at_a_time(inbox: SlackInbox) -> None:
    for number in (3, 1, 2):
        await inbox.take(arrival(number))
    first = await claimed(inbox)
    assert first.position == "000000001"
    assert await inbox.claim(B, ALL) is None
    assert await inbox.end(first, A)
    assert (await claimed(inbox, B)).position == "000000002"


async def test_lanes_do_not_wait_for_each_other(inbox: SlackInbox) -> None:
    await inbox.take(arrival(1))
    await inbox.take(arrival(2, lane="C1:2"))
    assert {(await claimed(inbox)).lane, (await claimed(inbox, B)).lane} == {"C1:1", "C1:2"}


async def test_programs_that_reach_for_work_at_once_never_get_the_same(inbox: SlackInbox) -> None:
    for number in range(40):
        await inbox.take(arrival(number, lane=f"C1:{number % 4}"))
    done: list[str] = []

    async def work(program: str) -> None:
        while len(done) < 40:
            found = await inbox.claim(program, ALL)
            if found is None:
                await asyncio.sleep(0.005)
                continue
            done.append(found.position + found.lane)
            await inbox.end(found, program)

    async with asyncio.timeout(60):
        await asyncio.gather(*(work(f"host:{one}:x") for one in range(6)))
    assert len(done) == len(set(done)) == 40
    for lane in range(4):
        positions = [one for one in done if one.endswith(f"C1:{lane}")]
        assert positions == sorted(positions)


async def test_only_the_kinds_that_are_asked_for_are_dealt_out(inbox: SlackInbox) -> None:
    await inbox.take(arrival(1))
    assert await inbox.claim(A, PRESSES) is None


async def test_what_is_answered_keeps_no_words(inbox: SlackInbox, database: Database) -> None:
    await inbox.take(arrival(1))
    await inbox.end(await claimed(inbox), A)
    async with database.read() as connection:
        row = (await connection.execute(slack_inbox.select())).mappings().one()
    assert (row["state"], row["payload"]) == ("done", None)
    assert not await inbox.take(arrival(1))


async def test_who_has_lost_the_work_can_neither_end_nor_renew_it(inbox: SlackInbox) -> None:
    await inbox.take(arrival(1))
    work = await claimed(inbox)
    await inbox.give_back(work, A)
    again = await claimed(inbox, B)
    assert again.attempts == 2
    assert not await inbox.end(work, A)
    assert not await inbox.renew(work, A)
    assert await inbox.renew(again, B)


async def test_work_of_a_program_that_died_or_went_silent_goes_back_into_line(inbox: SlackInbox, database: Database) -> None:
    here = this_instance()
    host, pid, _ = here.rsplit(":", 2)
    await inbox.take(arrival(1))
    await claimed(inbox, f"{host}:{pid}:another-start")
    await inbox.take(arrival(2, lane="C1:2"))
    await claimed(inbox, "elsewhere:1:x")
    await inbox.take(arrival(3, lane="C1:3"))
    await claimed(inbox, here)
    assert await inbox.release_left(here) == 1
    async with database.begin() as connection:
        silent = slack_inbox.update().where(slack_inbox.c.instance == "elsewhere:1:x")
        await connection.execute(silent.values(lease=now() - timedelta(seconds=1)))
    assert await inbox.release_left(here) == 1
    assert (await claimed(inbox, B)).attempts == 2


async def test_the_artifact_of_an_attempt_is_known_to_the_next(inbox: SlackInbox) -> None:
    await inbox.take(arrival(1))
    work = await claimed(inbox)
    await inbox.note_artifact(work, A, "a1")
    await inbox.give_back(work, A)
    assert (await claimed(inbox, B)).artifact == "a1"


async def test_a_message_of_a_thread_that_nobody_started_is_held_without_its_words(inbox: SlackInbox, database: Database) -> None:
    await inbox.take_if_known(arrival(2))
    assert await inbox.claim(A, ALL) is None
    async with database.read() as connection:
        row = (await connection.execute(slack_inbox.select())).mappings().one()
    assert row["state"] == "held"
    assert "private words" not in str(row["payload"])


async def test_what_was_held_is_woken_by_the_start_of_its_thread_but_not_what_came_before(inbox: SlackInbox) -> None:
    for number in (1, 3):
        await inbox.take_if_known(arrival(number))
    await inbox.take(arrival(2, starts=True))
    for position in ("000000002", "000000003"):
        work = await claimed(inbox)
        assert work.position == position
        await inbox.end(work, A)
    assert await inbox.claim(A, ALL) is None


async def test_a_thread_that_is_known_needs_no_start(inbox: SlackInbox) -> None:
    await inbox.take(arrival(1, starts=True))
    assert await inbox.take_if_known(arrival(2))
    assert not await inbox.take_if_known(arrival(2))


async def test_starts_and_what_follows_may_come_in_any_order_at_once(inbox: SlackInbox) -> None:
    lanes = [f"C1:{number}" for number in range(10)]
    start = [Arrival(**{**vars(arrival(1, lane=one, event=f"s{one}", post=one, starts=True)), "thread": one}) for one in lanes]
    follow = [Arrival(**{**vars(arrival(2, lane=one, event=f"f{one}", post=f"{one}b")), "thread": one}) for one in lanes]
    await asyncio.gather(*(inbox.take(one) for one in start), *(inbox.take_if_known(one) for one in follow))
    count = 0
    while (work := await inbox.claim(A, ALL)) is not None:
        await inbox.end(work, A)
        count += 1
    assert count == 20


async def test_what_was_held_in_vain_and_what_is_long_done_is_forgotten(inbox: SlackInbox, database: Database) -> None:
    await inbox.take_if_known(arrival(1))
    await inbox.take(arrival(2, lane="C1:2"))
    await inbox.end(await claimed(inbox), A)
    await inbox.sweep()
    async with database.begin() as connection:
        assert len((await connection.execute(slack_inbox.select())).all()) == 2
        await connection.execute(slack_inbox.update().values(received=now() - timedelta(days=4)))
    await inbox.sweep()
    async with database.read() as connection:
        assert (await connection.execute(slack_inbox.select())).all() == []
