"""A small house for each test: a copy of one that was prepared once."""

from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.doubles.small_house import SmallHouse, copied, opened, run_aside


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a house with its pack taken in; made in a thread, since a test's loop may be running in this one."""
    folder = tmp_path_factory.mktemp("house")
    with ThreadPoolExecutor(1) as thread:
        thread.submit(run_aside, folder).result()
    return folder


@pytest.fixture
async def house(prepared: Path, tmp_path: Path) -> AsyncIterator[SmallHouse]:
    """A house of the test's own."""
    async with opened(copied(prepared, tmp_path / "house")) as house:
        yield house
