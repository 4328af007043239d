"""A database with its tables and nothing in them, to be copied: making the tables takes a second."""

import asyncio
from pathlib import Path

import pytest

from records.database import Database, sqlite_url
from records.migrate import migrate


@pytest.fixture(scope="session")
def blank(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("blank")

    async def prepare() -> None:
        database = Database(sqlite_url(folder))
        await migrate(database)
        await database.close()

    asyncio.run(prepare())
    return folder / "stagecraft.db"
