"""Leases on both databases: so many at a time for all replicas, and those of a killed one come back."""

import asyncio

import pytest

from records.database import Database
from records.leases import Leases
from tests.records.test_limits import Clock


@pytest.fixture
def clock() -> Clock:
    return Clock()


async def test_so_many_are_held_at_a_time_and_one_given_back_is_somebody_elses(database: Database, clock: Clock) -> None:
    leases = Leases(database, "endpoint", 2, clock=clock)
    first, second = await leases.take(), await leases.take()
    assert first is not None
    assert second is not None
    assert {first.number, second.number} == {0, 1}
    assert await leases.take() is None
    await leases.give_back(first)
    third = await leases.take()
    assert third is not None
    assert third.number == first.number


async def test_the_lease_of_a_replica_that_was_killed_comes_back_when_it_expires(database: Database, clock: Clock) -> None:
    killed, alive = (Leases(database, "endpoint", 1, 30, clock) for _ in range(2))
    lost = await killed.take()
    clock.now += 29
    assert await alive.take() is None
    clock.now += 2
    taken = await alive.take()
    assert taken is not None
    # The first was only slow: what it gives back is not its own any more.
    assert lost is not None
    await killed.give_back(lost)
    assert await alive.take() is None


async def test_a_lease_that_is_renewed_does_not_expire(database: Database, clock: Clock) -> None:
    leases = Leases(database, "endpoint", 1, 30, clock)
    held = await leases.take()
    assert held is not None
    clock.now += 20
    await leases.renew([held])
    clock.now += 20
    assert await leases.take() is None


async def test_pools_do_not_share_and_a_smaller_pool_gives_out_fewer(database: Database, clock: Clock) -> None:
    assert [await Leases(database, "a", 3, clock=clock).take() for _ in range(2)] != [None, None]
    assert await Leases(database, "b", 1, clock=clock).take() is not None
    assert await Leases(database, "a", 2, clock=clock).take() is None


async def test_replicas_that_ask_at_once_hold_no_more_than_there_are(database: Database, clock: Clock) -> None:
    other = Database(database.url)
    both = (Leases(database, "endpoint", 5, clock=clock), Leases(other, "endpoint", 5, clock=clock))
    held: list[int] = []

    async def take(leases: Leases) -> None:
        # On PostgreSQL one that is just being taken is passed by; whoever gets none asks again.
        for _ in range(10):
            lease = await leases.take()
            if lease is not None:
                held.append(lease.number)
                return

    await asyncio.gather(*(take(both[number % 2]) for number in range(8)))
    await other.close()
    assert sorted(held) == [0, 1, 2, 3, 4]
