"""The widget's door over a database with its tables and nothing in them, which is copied: making the tables takes a second."""

import asyncio
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from records.database import Database, sqlite_url
from records.migrate import migrate
from tests.doubles.widget_page import WidgetPage, widget_page


@pytest.fixture(scope="session")
def blank(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("blank")

    async def prepare() -> None:
        database = Database(sqlite_url(folder))
        await migrate(database)
        await database.close()

    asyncio.run(prepare())
    return folder / "stagecraft.db"


@pytest.fixture
def folder(blank: Path, tmp_path: Path) -> Path:
    shutil.copyfile(blank, tmp_path / blank.name)
    return tmp_path


@pytest.fixture
async def page(folder: Path) -> AsyncIterator[WidgetPage]:
    async with widget_page(folder) as page:
        yield page
