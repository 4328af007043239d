"""The page as one web application: our routes first, the chat mounted last, the hardening around both."""

import contextlib
import os
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse
from starlette.requests import HTTPConnection

from chains.events import Person
from channels import house
from channels.page.desks import stop_all
from channels.people import LOCAL_ANALYST, NotSignedIn, person_in
from channels.web import page_files
from channels.web.hardening import Hardening
from channels.web.identity import Identity
from channels.web.routes import routes

if TYPE_CHECKING:
    from channels.house import Opened


def application(
    start: "Callable[[], Awaitable[Opened]]",
    stop: Callable[[], Awaitable[None]],
    *,
    data_dir: Path,
    allowed_origins: Sequence[str] = (),
) -> FastAPI:
    """Return the application; `start` (which gives what the doors work with) and `stop` frame its life, since Chainlit's own hooks
    do not run when it is mounted.
    """

    @contextlib.asynccontextmanager
    async def lifespan(_application: FastAPI) -> AsyncIterator[None]:
        house.set_up(await start())
        try:
            yield
        finally:
            await stop_all()
            await stop()

    application = FastAPI(lifespan=lifespan, docs_url=None, redoc_url=None, openapi_url=None)
    application.add_exception_handler(NotSignedIn, _not_signed_in)
    application.include_router(routes(lambda: house.opened().assistant, person_in))
    secret = secrets.token_urlsafe(32)
    # The last one added stands in front.
    application.add_middleware(Identity, find=_local, secret=secret)
    application.add_middleware(Hardening, allowed_origins=tuple(allowed_origins))
    _mount_chat(application, page_files.prepare(data_dir, allowed_origins), secret)
    return application


async def _local(_connection: HTTPConnection) -> Person | None:
    """Return the local analyst, whoever calls: the hardening lets nobody in but this machine."""
    return LOCAL_ANALYST


async def _not_signed_in(_request: Request, _error: Exception) -> JSONResponse:
    return JSONResponse({"error": "Sign in first."}, 401)


def _mount_chat(application: FastAPI, root: Path, secret: str) -> None:
    """Mount Chainlit, which reads from the environment, once, at its import, where its files lie and who vouches for people."""
    os.environ["CHAINLIT_APP_ROOT"] = str(root)  # noqa: TID251
    os.environ["CHAINLIT_CUSTOM_AUTH"] = "true"  # noqa: TID251
    os.environ["CHAINLIT_AUTH_SECRET"] = secret  # noqa: TID251
    from chainlit.utils import mount_chainlit

    mount_chainlit(app=application, target=str(page_files.SHIPPED / "chat.py"), path="/")
