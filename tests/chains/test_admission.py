"""Who may begin a turn: how often one person asks, counted in the database."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from chains.admission import Admission, Allowance, admission_of
from chains.endpoint.gate import GateOptions
from errors import AskedTooOften
from records.database import Database, sqlite_url
from records.migrate import migrate


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    database = Database(sqlite_url(tmp_path))
    await migrate(database)
    yield database
    await database.close()


async def test_a_person_who_asks_too_often_is_told_when_to_come_again_and_others_are_not_held_up(database: Database) -> None:
    admission = admission_of(database, GateOptions(), Allowance(turns_a_minute=2))
    await admission.count("ana")
    await admission.count("ana")
    with pytest.raises(AskedTooOften, match=r"Your brief is kept: try again in \d+ s") as told:
        await admission.count("ana")
    assert 25 <= told.value.retry_after <= 31
    assert "重试" in told.value.sentence("zh")
    await admission.count("ben")


async def test_a_restart_forgets_nothing_of_what_was_counted(database: Database) -> None:
    await admission_of(database, GateOptions(), Allowance(turns_an_hour=1)).count("ana")
    with pytest.raises(AskedTooOften):
        await admission_of(database, GateOptions(), Allowance(turns_an_hour=1)).count("ana")


async def test_without_an_allowance_nothing_is_counted() -> None:
    admission = Admission()
    for _ in range(100):
        await admission.count("ana")
    await admission.close()
