"""The door over a real database, with Slack on loopback."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from records.database import Database, sqlite_url
from records.migrate import migrate
from tests.doubles.fake_slack import FakeSlack
from tests.doubles.scripted_assistant import ScriptedAssistant
from tests.doubles.slack_served import Served, ana_signs_in, opened


@pytest.fixture
async def slack() -> AsyncIterator[FakeSlack]:
    async with FakeSlack() as fake:
        fake.person("UANA", email="Ana@bank.example")
        fake.person("UBEN", email="ben@bank.example", locale="zh-CN")
        fake.person("UEVE", email="eve@elsewhere.example")
        yield fake


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    database = Database(sqlite_url(tmp_path))
    await migrate(database)
    await ana_signs_in(database)
    yield database
    await database.close()


@pytest.fixture
async def served(database: Database, slack: FakeSlack) -> AsyncIterator[Served]:
    """The door over the assistant by script."""
    async with opened(database, slack, ScriptedAssistant(pace=0.005)) as found:
        yield found
