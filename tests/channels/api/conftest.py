"""The doors over a small bank whose endpoint answers by script."""

from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.doubles.scripted_endpoint import ScriptedEndpoint
from tests.doubles.scripted_replies import stories
from tests.doubles.small_house import SmallHouse, copied, opened, run_aside
from tests.doubles.tool_doors import Doors, doors_of


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


@pytest.fixture
def endpoint() -> ScriptedEndpoint:
    """Answers with four stories, each with a source."""
    return ScriptedEndpoint([stories(source="P1")])


@pytest.fixture
async def doors(house: SmallHouse, endpoint: ScriptedEndpoint) -> AsyncIterator[Doors]:
    """The doors of that house."""
    async with doors_of(house, endpoint) as doors:
        yield doors
