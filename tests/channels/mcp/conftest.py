"""The door over a small house whose endpoint answers by script, and clients of the real protocol, each with a key of its own."""

from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path

import httpx
import pytest
from mcp.client.session import ClientSession
from mcp.client.streamable_http import streamable_http_client

from chains.endpoint.asking import Ask
from tests.doubles.scripted_endpoint import Said, ScriptedEndpoint
from tests.doubles.scripted_replies import criteria, stories
from tests.doubles.small_house import ANA, SmallHouse, copied, opened, run_aside
from tests.doubles.tool_doors import Doors, doors_of

Client = Callable[..., AbstractAsyncContextManager[ClientSession]]


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


def answer(ask: Ask) -> Said:
    """Answer both stages of the tests."""
    return criteria("S1", "S2", "S3", "S4") if ask.schema_name == "acceptance_criteria" else stories(source="P1")


@pytest.fixture
def endpoint() -> ScriptedEndpoint:
    return ScriptedEndpoint(answer)


@pytest.fixture
async def doors(house: SmallHouse, endpoint: ScriptedEndpoint) -> AsyncIterator[Doors]:
    """The doors of that house."""
    async with doors_of(house, endpoint) as doors:
        yield doors


@asynccontextmanager
async def session_at(address: str, key: str, **headers: str) -> AsyncIterator[ClientSession]:
    """Open a session at a server with a key."""
    sent = {"Authorization": f"Bearer {key}", **headers}
    async with (
        httpx.AsyncClient(headers=sent, timeout=30, trust_env=False) as http,
        streamable_http_client(f"{address}/mcp", http_client=http) as (read, write, _session),
        ClientSession(read, write) as session,
    ):
        await session.initialize()
        yield session


@pytest.fixture
async def key(doors: Doors) -> str:
    """A key of Ana's that opens this door; its workspace is `cards`."""
    return await doors.key(ANA, "mcp", workspace="cards")


@pytest.fixture
def client(doors: Doors, key: str) -> Client:
    """Return what opens a session with Ana's key, with headers beside it."""

    def opened(**headers: str) -> AbstractAsyncContextManager[ClientSession]:
        return session_at(doors.address, key, **headers)

    return opened
