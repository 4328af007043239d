"""`stagecraft mcp`, started by the protocol's own client as an IDE starts it."""

import asyncio
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from mcp.client.session import ClientSession
from mcp.client.stdio import StdioServerParameters, stdio_client
from mcp.types import TextContent

from channels.people import LOCAL_ANALYST
from records.database import Database, sqlite_url
from records.ledger import Ledger
from records.workspaces import Workspaces
from tests.doubles.line_replies import line, line_reply
from tests.doubles.misbehaving_server import MisbehavingServer
from tests.doubles.server_aside import server_aside
from tests.doubles.small_house import write_bank
from tests.journeys.served import CHECKOUT, environment

pytestmark = pytest.mark.slow
BRIEF = line("en")["user_stories"]["brief"]


@pytest.fixture
def model() -> Iterator[MisbehavingServer]:
    with server_aside([line_reply]) as server:
        yield server


def variables(model: MisbehavingServer, folder: Path, name: str) -> dict[str, str]:
    endpoint = {"BASE_URL": model.base_url, "MODEL": name, "STRUCTURED": "schema", "CONTEXT_TOKENS": "32768"}
    pack = {"KNOWLEDGE__PACK": str(write_bank(folder / "pack"))}
    return environment(folder / "data", **pack, **{f"ENDPOINT__{key}": value for key, value in endpoint.items()})


@asynccontextmanager
async def ide(model: MisbehavingServer, folder: Path, name: str = "scripted") -> AsyncIterator[ClientSession]:
    """Start the command and open a session with it; its standard error goes to a file."""
    command = StdioServerParameters(
        command=sys.executable, args=["-m", "channels.terminal.cli", "mcp"], env=variables(model, folder, name), cwd=CHECKOUT
    )
    with (folder / "errors.log").open("w") as errors:
        async with stdio_client(command, errlog=errors) as (read, write), ClientSession(read, write) as session:
            await session.initialize()
            yield session


async def test_an_ide_of_this_machine_asks_without_a_key_and_reads_what_came(model: MisbehavingServer, tmp_path: Path) -> None:
    async with ide(model, tmp_path) as session:
        assert len((await session.list_tools()).tools) == 7
        answered = await session.call_tool("ask_stage", {"stage": "user_stories", "brief": BRIEF})
        data: Any = answered.structuredContent
        read = await session.call_tool("read_artifact", {"artifact": data["artifact"]})
        found = await session.call_tool("search_knowledge", {"query": "income records"})
        missing = await session.call_tool("read_artifact", {"artifact": "nosuch"})
    assert data["outcome"] == "answered"
    assert isinstance(read.content[0], TextContent)
    assert read.content[0].text.startswith("# User stories")
    assert found.structuredContent is not None
    assert found.structuredContent["passages"]
    assert missing.isError
    # What is no message of the protocol would have broken the client, which reads standard output line by line.
    assert "Traceback" not in (tmp_path / "errors.log").read_text()


async def test_an_ide_that_goes_ends_the_turn(model: MisbehavingServer, tmp_path: Path) -> None:
    async with ide(model, tmp_path, "stall") as session:
        call = asyncio.create_task(session.call_tool("ask_stage", {"stage": "user_stories", "brief": BRIEF}))
        async with asyncio.timeout(10):
            while not model.requests:
                await asyncio.sleep(0.02)
        call.cancel()
    database = Database(sqlite_url(tmp_path / "data"))
    try:
        opened = await Workspaces(database).open("default", LOCAL_ANALYST.id)
        (turn,) = await Ledger(database).turns(opened.id, owner=LOCAL_ANALYST.id)
    finally:
        await database.close()
    assert turn.outcome in ("cancelled", "interrupted")
    assert turn.channel == "mcp"
