"""Calls that replicas share out: leases are waited for, renewed while a call lasts, and given back."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from chains.endpoint.sharing import LeasedSlots
from records.database import Database, sqlite_url
from records.leases import Leases
from records.migrate import migrate


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    database = Database(sqlite_url(tmp_path))
    await migrate(database)
    yield database
    await database.close()


async def test_a_call_waits_until_another_replica_gives_its_lease_back(database: Database) -> None:
    here, there = (LeasedSlots(Leases(database, "endpoint", 1)) for _ in range(2))
    order: list[str] = []

    async def call() -> None:
        async with there.held():
            order.append("there")

    async with here.held():
        waiting = asyncio.create_task(call())
        await asyncio.sleep(0.3)
        order.append("here")
    await asyncio.wait_for(waiting, 5)
    assert order == ["here", "there"]
    await here.close()
    await there.close()


async def test_a_call_that_is_cancelled_gives_its_lease_back(database: Database) -> None:
    leases = Leases(database, "endpoint", 1)
    slots, is_held = LeasedSlots(leases), asyncio.Event()

    async def call() -> None:
        async with slots.held():
            is_held.set()
            await asyncio.Event().wait()

    calling = asyncio.create_task(call())
    await is_held.wait()
    assert await leases.take() is None
    calling.cancel()
    await asyncio.wait({calling})
    assert await leases.take() is not None
    await slots.close()


async def test_a_call_that_lasts_longer_than_a_lease_keeps_it(database: Database) -> None:
    leases = Leases(database, "endpoint", 1, seconds=0.3)
    slots = LeasedSlots(leases)
    async with slots.held():
        await asyncio.sleep(0.8)
        assert await leases.take() is None
    await slots.close()
