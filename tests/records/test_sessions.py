"""Sessions: opaque, short, and gone at once when they are revoked."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from errors import BriefError
from records.database import Database, now
from records.people import Identity, People
from records.people_tables import sessions as table
from records.sessions import LONGEST_SECONDS, Sessions


@pytest.fixture
def sessions(database: Database) -> Sessions:
    return Sessions(database)


@pytest.fixture
async def ana(database: Database) -> str:
    return (await People(database).sign_in(Identity("a", "1", "Ana"))).id


async def test_a_session_is_found_by_its_token_alone(sessions: Sessions, ana: str) -> None:
    token = await sessions.begin(ana, "widget")
    found = await sessions.find(token)
    assert found is not None
    assert (found.person_id, found.person.name, found.door) == (ana, "Ana", "widget")
    assert timedelta(hours=7, minutes=59) < found.ends - now() <= timedelta(hours=8)
    for wrong in ("", token[:-1], token + "x", token.swapcase(), "\ud800"):
        assert await sessions.find(wrong) is None


async def test_what_the_table_holds_opens_nothing(sessions: Sessions, ana: str, database: Database) -> None:
    token = await sessions.begin(ana, "page")
    async with database.read() as connection:
        (row,) = (await connection.execute(table.select())).mappings().all()
    assert token not in str(dict(row))
    assert await sessions.find(row["token_hash"]) is None
    assert len(token) >= 43


async def test_no_session_is_longer_than_a_working_day(sessions: Sessions, ana: str) -> None:
    for seconds in (0, -1, LONGEST_SECONDS + 1):
        with pytest.raises(ValueError, match="seconds"):
            await sessions.begin(ana, "page", seconds)


async def test_a_session_ends_at_its_time_and_its_row_goes(sessions: Sessions, ana: str, database: Database) -> None:
    token = await sessions.begin(ana, "page", 60)
    async with database.begin() as connection:
        await connection.execute(table.update().values(ends=now() - timedelta(seconds=1)))
    assert await sessions.find(token) is None
    await sessions.begin(ana, "page")
    async with database.read() as connection:
        assert (await connection.execute(sa.select(sa.func.count()).select_from(table))).scalar_one() == 1


async def test_revoking_ends_one_session_or_all_of_a_person(sessions: Sessions, ana: str, database: Database) -> None:
    ben = (await People(database).sign_in(Identity("a", "2", "Ben"))).id
    first, second, bens = [await sessions.begin(person, "page") for person in (ana, ana, ben)]
    await sessions.revoke(first)
    await sessions.revoke("no such token")
    assert await sessions.find(first) is None
    assert await sessions.find(second) is not None
    assert await sessions.revoke_all(ana) == 1
    assert await sessions.find(second) is None
    assert await sessions.find(bens) is not None


async def test_nobody_begins_a_session_for_who_is_not_there_or_deactivated(
    sessions: Sessions, ana: str, database: Database
) -> None:
    await People(database).deactivate(ana)
    for person in (ana, "nobody"):
        with pytest.raises(BriefError, match="closed"):
            await sessions.begin(person, "page")
