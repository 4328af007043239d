"""Limits on both databases: so many within so many seconds, for all replicas together."""

import asyncio

import pytest

from records.database import Database
from records.limits import Limit, Limits, Taken


class Clock:
    """A clock that stands still until it is moved."""

    def __init__(self) -> None:
        self.now = 1_800_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def limits(database: Database, clock: Clock) -> Limits:
    return Limits(database, clock)


async def test_so_many_are_allowed_at_once_and_the_next_is_told_when(limits: Limits) -> None:
    assert [(await limits.take("ana", 3, 60)).allowed for _ in range(3)] == [True] * 3
    refused = await limits.take("ana", 3, 60)
    assert not refused.allowed
    assert refused.retry_after == pytest.approx(20, abs=0.01)


async def test_what_was_refused_is_allowed_after_the_time_that_was_told(limits: Limits, clock: Clock) -> None:
    for _ in range(3):
        await limits.take("ana", 3, 60)
    clock.now += (await limits.take("ana", 3, 60)).retry_after
    assert (await limits.take("ana", 3, 60)).allowed
    assert not (await limits.take("ana", 3, 60)).allowed


async def test_a_limit_that_was_left_alone_allows_no_more_than_before(limits: Limits, clock: Clock) -> None:
    await limits.take("ana", 2, 60)
    clock.now += 10_000
    assert [(await limits.take("ana", 2, 60)).allowed for _ in range(3)] == [True, True, False]


async def test_one_person_is_not_held_to_what_another_did(limits: Limits) -> None:
    await limits.take("ana", 1, 60)
    assert await limits.take("ben", 1, 60) == Taken(allowed=True)


async def test_of_two_limits_none_is_used_up_where_one_refuses(limits: Limits) -> None:
    minute, hour = Limit("minute", 5, 60), Limit("hour", 1, 3600)
    assert (await limits.take_all(minute, hour)).allowed
    refused = await limits.take_all(minute, hour)
    assert not refused.allowed
    assert refused.retry_after == pytest.approx(3600, abs=0.01)
    assert [(await limits.take("minute", 5, 60)).allowed for _ in range(5)] == [True] * 4 + [False]


async def test_two_replicas_that_ask_at_once_are_allowed_no_more_than_one(database: Database, clock: Clock) -> None:
    other = Database(database.url)
    both = (Limits(database, clock), Limits(other, clock))
    taken = await asyncio.gather(*(both[number % 2].take("ana", 5, 60) for number in range(20)))
    await other.close()
    assert sum(one.allowed for one in taken) == 5


async def test_what_nothing_is_held_against_any_more_is_swept(limits: Limits, clock: Clock) -> None:
    await limits.take("old", 1, 60)
    clock.now += 61
    await limits.take("new", 1, 60)
    assert await limits.sweep() == 1
    assert not (await limits.take("new", 1, 60)).allowed


async def test_old_limits_are_swept_without_anybody_asking(database: Database, clock: Clock) -> None:
    limits = Limits(database, clock, sweep_every=3)
    await limits.take("old", 1, 60)
    clock.now += 61
    for _ in range(2):
        await limits.take("new", 10, 60)
    assert await limits.sweep() == 0


@pytest.mark.parametrize(("most", "seconds"), [(0, 60), (1, 0)])
async def test_a_limit_that_allows_nothing_is_a_mistake(limits: Limits, most: int, seconds: float) -> None:
    with pytest.raises(ValueError, match="allows nothing"):
        await limits.take("ana", most, seconds)
