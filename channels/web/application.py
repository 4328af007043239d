"""The page as one web application: our routes first, the chat mounted last, the hardening around both."""

import contextlib
import os
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from fastapi import FastAPI

from channels import people
from channels.page import house
from channels.page.desks import stop_all
from channels.web import page_files
from channels.web.hardening import Hardening
from channels.web.routes import routes

if TYPE_CHECKING:
    from chains.assistant import Assistant
    from channels.curation import Curation


def application(
    start: "Callable[[], Awaitable[Assistant]]",
    stop: Callable[[], Awaitable[None]],
    *,
    data_dir: Path,
    brief_characters: int,
    allowed_origins: Sequence[str] = (),
    curation: "Callable[[], Curation] | None" = None,
) -> FastAPI:
    """Return the application; `start` (which gives the assistant) and `stop` frame its life, since Chainlit's own hooks do not run
    when it is mounted. `curation` is asked after the start; without it the page has no desks.
    """

    @contextlib.asynccontextmanager
    async def lifespan(_application: FastAPI) -> AsyncIterator[None]:
        assistant = await start()
        house.set_up(house.Opened(assistant, people.local_analyst, brief_characters, curation() if curation else None))
        try:
            yield
        finally:
            await stop_all()
            await stop()

    application = FastAPI(lifespan=lifespan, docs_url=None, redoc_url=None, openapi_url=None)
    application.include_router(routes(lambda: house.opened().assistant, people.local_analyst))
    application.add_middleware(Hardening, allowed_origins=tuple(allowed_origins))
    _mount_chat(application, page_files.prepare(data_dir, allowed_origins))
    return application


def _mount_chat(application: FastAPI, root: Path) -> None:
    """Mount Chainlit, which reads where its files lie from the environment, once, at its import."""
    os.environ["CHAINLIT_APP_ROOT"] = str(root)  # noqa: TID251
    from chainlit.utils import mount_chainlit

    mount_chainlit(app=application, target=str(page_files.SHIPPED / "chat.py"), path="/")
