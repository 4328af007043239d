"""The page as one web application: our routes first, the chat mounted last, the hardening around both."""

import asyncio
import contextlib
import os
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse
from starlette.routing import Route

from channels import house
from channels.api.account import account_routes
from channels.api.app import api
from channels.api.v1 import v1
from channels.history.routes import history_routes
from channels.mcp.door import McpDoor
from channels.page.desks import stop_all
from channels.people import NotSignedIn, person_in, person_in_scope
from channels.signin.finding import finder
from channels.signin.options import WITHOUT_SIGN_IN, SignIn
from channels.signin.routes import signin_routes
from channels.slack.life import SlackLife
from channels.slack.options import SlackOptions
from channels.slack.routes import slack_routes
from channels.watching.access import Access
from channels.watching.lines import LogOptions, on_standard_error
from channels.watching.routes import watching_routes
from channels.watching.turns import PersonMarks
from channels.web import page_files
from channels.web.gates import gate_of
from channels.web.hardening import Hardening
from channels.web.identity import Identity
from channels.web.routes import routes
from channels.widget.options import WITHOUT_WIDGET, WidgetOptions
from channels.widget.origins import PortalOrigins
from channels.widget.routes import widget_routes
from channels.widget.visitors import with_widget

if TYPE_CHECKING:
    from channels.house import Opened


def application(
    start: "Callable[[], Awaitable[Opened]]",
    stop: Callable[[], Awaitable[None]],
    *,
    data_dir: Path,
    allowed_origins: Sequence[str] = (),
    logs: LogOptions | None = None,
    signin: SignIn = WITHOUT_SIGN_IN,
    widget: WidgetOptions = WITHOUT_WIDGET,
    slack: SlackOptions | None = None,
) -> FastAPI:
    """Return the application; `start` (which gives what the doors work with) and `stop` frame its life, since Chainlit's own hooks
    do not run when it is mounted. `logs` says how lines on standard error read; without it nothing is written there.
    """
    tools, slack_door = McpDoor(), SlackLife(slack)
    marks = PersonMarks(logs.person_key if logs is not None else None)
    origins = (*allowed_origins, *widget.origins)

    @contextlib.asynccontextmanager
    async def lifespan(_application: FastAPI) -> AsyncIterator[None]:
        with on_standard_error(logs) if logs is not None else contextlib.nullcontext():
            house.set_up(await start())
            try:
                async with _watched_visits(), _swept(), tools.open(), slack_door.open():
                    yield
            finally:
                await _end_answers()
                await stop()

    application = FastAPI(lifespan=lifespan, docs_url=None, redoc_url=None, openapi_url=None)
    application.add_exception_handler(NotSignedIn, _not_signed_in)
    application.include_router(watching_routes(lambda: house.opened().watch))
    application.include_router(signin_routes(signin, _end_visits))
    application.include_router(widget_routes(widget, signin))
    application.include_router(routes(lambda: house.opened().assistant, person_in))
    application.include_router(history_routes(lambda: house.opened().database, person_in))
    application.include_router(slack_routes(slack_door.door))
    for path in ("/mcp", "/mcp/"):
        application.router.routes.append(Route(path, tools))
    application.include_router(account_routes())
    application.mount("/v1", v1())
    application.mount("/api", api())
    secret = secrets.token_urlsafe(32)
    # The last one added stands in front.
    application.add_middleware(Identity, find=with_widget(finder(signin), widget), secret=secret)
    application.add_middleware(Hardening, allowed_origins=origins, gate=gate_of(signin))
    application.add_middleware(PortalOrigins, origins=origins)
    application.add_middleware(Access, watch=lambda: house.opened().watch, marks=marks)
    _mount_chat(application, page_files.prepare(data_dir, allowed_origins), secret)
    return application


@contextlib.asynccontextmanager
async def _watched_visits() -> AsyncIterator[None]:
    """Watch that no page stays open longer than its session; imported here, since Chainlit has to be set up first."""
    from channels.page.visits import watch_visits

    watching = asyncio.create_task(watch_visits())
    try:
        yield
    finally:
        watching.cancel()


@contextlib.asynccontextmanager
async def _swept() -> AsyncIterator[None]:
    """Free what the chat framework keeps of pages that are gone."""
    from channels.history.sweeping import keep_swept

    sweeping = asyncio.create_task(keep_swept())
    try:
        yield
    finally:
        sweeping.cancel()


async def _end_answers() -> None:
    """Have every answer say that it was interrupted, and put on record what the chats still hold."""
    from channels.page.recording import HISTORY

    house.opened().assistant.leave()
    await stop_all()
    await HISTORY.close()


async def _end_visits(request: Request) -> None:
    """Close the pages that a person left open who signs out."""
    from channels.page.visits import end_visits

    person = person_in_scope(request.scope)
    if person is not None:
        await end_visits(person.id)


async def _not_signed_in(_request: Request, _error: Exception) -> JSONResponse:
    return JSONResponse({"error": "Sign in first."}, 401)


def _mount_chat(application: FastAPI, root: Path, secret: str) -> None:
    """Mount Chainlit, which reads from the environment, once, at its import, where its files lie and who vouches for people."""
    os.environ["CHAINLIT_APP_ROOT"] = str(root)  # noqa: TID251
    os.environ["CHAINLIT_CUSTOM_AUTH"] = "true"  # noqa: TID251
    os.environ["CHAINLIT_AUTH_SECRET"] = secret  # noqa: TID251
    from chainlit.utils import mount_chainlit

    mount_chainlit(app=application, target=str(page_files.SHIPPED / "chat.py"), path="/")
