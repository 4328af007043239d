"""The sign-in in front of a page that only says who is there: the real gate, hardening, identity and routes, without the chat."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, cast

import httpx
from fastapi import FastAPI, Request

from channels import house
from channels.house import Opened
from channels.people import again_in_scope, person_in
from channels.signin.finding import finder
from channels.signin.options import SignIn
from channels.signin.routes import signin_routes
from channels.web.gates import gate_of
from channels.web.hardening import Hardening
from channels.web.identity import Identity
from records.database import Database, sqlite_url
from records.migrate import migrate

HTML = {"accept": "text/html"}


class SignInPage:
    """The page; `ended` holds who signed out, `again` asks once more who the last caller was."""

    def __init__(self, signin: SignIn, database: Database) -> None:
        self.database = database
        self.ended: list[Request] = []
        self.again: Any = None
        self.app = FastAPI()
        self.app.include_router(signin_routes(signin, self._end))
        self.app.add_api_route("/{path:path}", self._who, methods=["GET", "POST", "OPTIONS"], response_model=None)
        self.app.add_middleware(Identity, find=finder(signin), secret="x" * 32)
        self.app.add_middleware(Hardening, gate=gate_of(signin))

    def browser(self, url: str = "http://127.0.0.1:8000", client: str = "127.0.0.1", **headers: str) -> httpx.AsyncClient:
        """Return a browser that calls from an address; it follows nothing by itself."""
        transport = httpx.ASGITransport(self.app, client=(client, 50000))
        return httpx.AsyncClient(transport=transport, base_url=url, headers=headers)

    async def _who(self, request: Request) -> dict[str, Any]:
        if request.method == "OPTIONS" or request.url.path.startswith(("/v1", "/public")):
            return {"open": True}
        self.again = again_in_scope(request.scope)
        person = person_in(request)
        return {"id": person.id, "name": person.name, "groups": sorted(person.groups), "roles": sorted(person.roles)}

    async def _end(self, request: Request) -> None:
        self.ended.append(request)


@asynccontextmanager
async def signin_page(signin: SignIn, folder: Path) -> AsyncIterator[SignInPage]:
    """Open the page over a real SQLite file; one that lies in the folder already is taken as it is."""
    database = Database(sqlite_url(folder))
    if not (folder / "stagecraft.db").exists():
        await migrate(database)
    house.set_up(Opened(cast(Any, None), database, brief_characters=1000))
    try:
        yield SignInPage(signin, database)
    finally:
        await database.close()
