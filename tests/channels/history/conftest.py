"""A real database of each test's own."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from records.database import Database, sqlite_url
from records.migrate import migrate
from tests.doubles.chainlit_aside import import_aside

import_aside()


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    database = Database(sqlite_url(tmp_path))
    await migrate(database)
    yield database
    await database.close()
