"""The widget's door in front of a page that only says who is there: the real origins, gate, hardening, identity and routes."""

import secrets
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from types import MappingProxyType
from typing import Any, cast

import httpx
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse, Response

from channels import house
from channels.house import Opened
from channels.people import again_in_scope, person_in, person_in_scope
from channels.signin.finding import finder
from channels.signin.options import SignIn
from channels.signin.routes import signin_routes
from channels.web.gates import gate_of
from channels.web.hardening import Hardening
from channels.web.identity import Identity
from channels.widget.options import WidgetOptions, portal_keys
from channels.widget.origins import PortalOrigins
from channels.widget.routes import widget_routes
from channels.widget.visitors import with_widget
from records.assertions import challenge_of
from records.database import Database, sqlite_url
from records.migrate import migrate
from tests.doubles.portal_keys import ASSISTANT, PORTAL, assertion, key_pair

BEHIND_PROXY = {"x-forwarded-proto": "https"}
SIGN_IN = SignIn("password", ASSISTANT, ("10.0.0.7",))
WIDGET = WidgetOptions((PORTAL,), portal_keys({PORTAL: key_pair()[1]}), groups=frozenset({"cards-team"}))


class WidgetPage:
    """The page, as the portal's server (`portal`) and a person's browser (`browser`) reach it."""

    def __init__(self, widget: WidgetOptions, signin: SignIn, database: Database) -> None:
        self.database = database
        self.again: Any = None
        self.app = FastAPI()
        self.app.include_router(signin_routes(signin, self._end))
        self.app.include_router(widget_routes(widget, signin))
        self.app.add_api_route("/{path:path}", self._who, methods=["GET", "POST"], response_model=None)
        self.app.add_middleware(Identity, find=with_widget(finder(signin), widget), secret="x" * 32)
        self.app.add_middleware(Hardening, allowed_origins=widget.origins, gate=gate_of(signin))
        self.app.add_middleware(PortalOrigins, origins=widget.origins)

    def portal(self) -> httpx.AsyncClient:
        """Return the portal's server."""
        return self._client({})

    def browser(
        self, held: Mapping[str, str] = MappingProxyType({}), headers: Mapping[str, str] = MappingProxyType({})
    ) -> httpx.AsyncClient:
        """Return a browser that shows a page of the portal; an empty header is not sent."""
        said = {"origin": PORTAL, "sec-fetch-site": "same-site", **headers}
        return self._client({name: value for name, value in said.items() if value}, held)

    def _client(self, headers: dict[str, str], held: Mapping[str, str] = MappingProxyType({})) -> httpx.AsyncClient:
        transport = httpx.ASGITransport(self.app, client=("10.0.0.7", 50000))
        return httpx.AsyncClient(transport=transport, base_url=ASSISTANT, headers=BEHIND_PROXY | headers, cookies=dict(held))

    async def ticket(self, secret: str, word: str | None = None) -> str:
        """Have the portal's server vouch for Ana to the browser that knows a secret, and return the ticket."""
        async with self.portal() as portal:
            answer = await portal.post(
                "/widget/session", json={"assertion": word or assertion(), "challenge": challenge_of(secret)}
            )
        assert answer.status_code == 200, answer.text
        return str(answer.json()["ticket"])

    async def enter(self, browser: httpx.AsyncClient, **said: Any) -> httpx.Response:
        """Have a browser come in as Ana, as the script does."""
        secret = secrets.token_urlsafe(32)
        body = {"ticket": await self.ticket(secret, said.pop("word", None)), "secret": secret}
        return await browser.post("/widget/enter", json=body | said)

    async def _who(self, request: Request) -> Response:
        if person_in_scope(request.scope) is None:
            return Response("open to everybody")
        self.again = again_in_scope(request.scope)
        person = person_in(request)
        spoken = request.headers.get("accept-language")
        told = {"id": person.id, "name": person.name, "groups": sorted(person.groups), "roles": sorted(person.roles)}
        return JSONResponse({**told, "language": spoken})

    async def _end(self, _request: Request) -> None:
        """Nothing is open."""


@asynccontextmanager
async def widget_page(folder: Path, widget: WidgetOptions = WIDGET, signin: SignIn = SIGN_IN) -> AsyncIterator[WidgetPage]:
    """Open the page over a real SQLite file."""
    database = Database(sqlite_url(folder))
    if not (folder / "stagecraft.db").exists():
        await migrate(database)
    house.set_up(Opened(cast(Any, None), database, brief_characters=1000))
    try:
        yield WidgetPage(widget, signin, database)
    finally:
        await database.close()
