"""The page over a model that answers every stage like a capable one, and a tab of each test's own; a module may bring its own instead."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.doubles.line_replies import line_reply
from tests.doubles.misbehaving_server import MisbehavingServer
from tests.doubles.server_aside import server_aside
from tests.journeys.served import Visit, chromium, served_with


@pytest.fixture(scope="module")
def server() -> Iterator[MisbehavingServer]:
    with server_aside([line_reply]) as server:
        yield server


@pytest.fixture(scope="module")
def address(server: MisbehavingServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with served_with(server, tmp_path_factory.mktemp("workspace")) as address:
        yield address


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


@pytest.fixture
def visit(browser: Browser, address: str, request: pytest.FixtureRequest) -> Iterator[Visit]:
    """A tab that works in a workspace of its own."""
    visit = Visit(browser, address)
    visit.work_in(request.node.name.split("[")[0][5:60].replace("_", " ").strip())
    yield visit
    visit.close()
    assert visit.foreign == []
    assert visit.troubles == []
