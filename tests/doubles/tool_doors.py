"""The doors for tools, really served on loopback over a small house, with keys for its people."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any, cast

import uvicorn
from fastapi import FastAPI
from starlette.routing import Route

from chains.assistant import Assistant
from chains.events import Person
from channels import house
from channels.api.app import api
from channels.api.options import ApiOptions
from channels.api.v1 import v1
from channels.curation import Curation
from channels.mcp.door import McpDoor
from channels.web.hardening import Hardening
from records.database import Database
from records.keys import SCOPES, Key, Keys, Scope
from tests.doubles.small_house import ANA, BEN, SmallHouse

CARA = Person("cara", "Cara", groups=frozenset({"everyone", "board"}), roles=frozenset({"analyst", "admin"}))
PEOPLE = {person.id: person for person in (ANA, BEN, CARA)}


@dataclass
class Doors:
    """Where they are; `people` may come in, and whoever is taken out of it may not any more."""

    address: str
    database: Database
    people: dict[str, Person]

    async def key(self, person: Person, *scopes: Scope, workspace: str = "default") -> str:
        """Return a new key of a person's."""
        return (await self.made(person, *scopes, workspace=workspace))[0]

    async def made(self, person: Person, *scopes: Scope, workspace: str = "default") -> tuple[str, Key]:
        """Return a new key of a person's, and what is kept of it."""
        return await Keys(self.database).create(person.id, "test", scopes or SCOPES, workspace)


@contextlib.asynccontextmanager
async def served_doors(
    assistant: Any, database: Database, *, knowledge: Any = None, options: ApiOptions | None = None
) -> AsyncIterator[Doors]:
    """Serve the doors until the block ends."""
    people = dict(PEOPLE)

    async def person_of(person_id: str) -> Person | None:
        return people.get(person_id)

    curation = Curation(knowledge, cast(Any, None), cast(Any, None), cast(Any, None)) if knowledge is not None else None
    house.set_up(
        house.Opened(
            cast(Assistant, assistant),
            database,
            20_000,
            curation,
            person_of=person_of,
            api=options or ApiOptions(calls_a_minute=10_000),
        )
    )
    application = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    application.mount("/v1", v1())
    application.mount("/api", api())
    tools = McpDoor()
    application.router.routes.append(Route("/mcp", tools))
    application.add_middleware(Hardening)
    server = uvicorn.Server(uvicorn.Config(application, host="127.0.0.1", port=0, log_level="error", timeout_graceful_shutdown=2))
    # Its handlers of signals are the test runner's.
    serving = asyncio.create_task(server._serve())
    while not server.started:
        await asyncio.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    try:
        async with tools.open():
            yield Doors(f"http://127.0.0.1:{port}", database, people)
    finally:
        server.should_exit = True
        await serving


@contextlib.asynccontextmanager
async def doors_of(small: SmallHouse, endpoint: Any, options: ApiOptions | None = None) -> AsyncIterator[Doors]:
    """Serve the doors of a small house whose endpoint answers by script."""
    async with served_doors(small.assistant(endpoint), small.database, knowledge=small.knowledge, options=options) as doors:
        yield doors
