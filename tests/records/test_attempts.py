"""After a few failures, each further attempt has to wait longer."""

import asyncio
from datetime import timedelta

import pytest

from records.attempts import Attempts
from records.database import Database, now
from records.people_tables import sign_in_attempts as table


@pytest.fixture
def attempts(database: Database) -> Attempts:
    return Attempts(database)


async def pass_time(database: Database, passed: timedelta) -> None:
    async with database.begin() as connection:
        for row in (await connection.execute(table.select())).mappings().all():
            values = {"until": row["until"] - passed, "last": row["last"] - passed}
            await connection.execute(table.update().where(table.c.who == row["who"]).values(values))


async def test_the_first_attempts_are_free_and_then_a_name_waits(attempts: Attempts) -> None:
    for _ in range(3):
        assert await attempts.reserve("ana", free=3) is None
    wait = await attempts.reserve("ana", free=3)
    assert wait is not None
    assert timedelta(seconds=10) < wait <= timedelta(seconds=15)
    assert await attempts.reserve("ben", free=3) is None


async def test_the_wait_grows_up_to_a_quarter_of_an_hour(attempts: Attempts, database: Database) -> None:
    waits = []
    for _ in range(12):
        await pass_time(database, timedelta(minutes=16))
        assert await attempts.reserve("ana", free=1) is None
        wait = await attempts.reserve("ana", free=1)
        assert wait is not None
        waits.append(round(wait.total_seconds()))
    assert waits[:7] == [15, 30, 60, 120, 240, 480, 900]
    assert set(waits[7:]) == {900}


async def test_many_attempts_at_the_same_moment_are_held_to_the_limit(attempts: Attempts) -> None:
    granted = await asyncio.gather(*(attempts.reserve("ana", free=5) for _ in range(20)))
    assert granted.count(None) <= 5


async def test_a_success_forgets_and_a_forgiven_attempt_does_not_count(attempts: Attempts) -> None:
    for _ in range(10):
        assert await attempts.reserve("address", free=2) is None
        await attempts.forgive("address")
    assert await attempts.reserve("ana", free=1) is None
    await attempts.forget("ana")
    assert await attempts.reserve("ana", free=1) is None


async def test_failures_are_forgotten_after_a_day_and_no_name_is_kept(attempts: Attempts, database: Database) -> None:
    await attempts.reserve("ana@bank.test", free=1)
    async with database.read() as connection:
        assert "ana" not in str((await connection.execute(table.select())).mappings().one())
    await pass_time(database, timedelta(hours=25))
    assert await attempts.reserve("ana@bank.test", free=1) is None
    async with database.read() as connection:
        row = (await connection.execute(table.select())).mappings().one()
    assert row["failures"] == 1
    assert row["last"] <= now()
