"""Says on standard error what a house is doing that takes long to open: its first pack is being taken in."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import click

from channels.terminal.texts import TerminalTexts
from errors import Language

if TYPE_CHECKING:
    from assembly import House

# A house with its pack in place opens before this.
_PATIENCE_SECONDS = 3.0
_TELL_SECONDS = 5.0


@asynccontextmanager
async def told_while_opening(house: "House", language: Language) -> AsyncIterator[None]:
    """Tell how far the house is, now and then, until it is open."""
    telling = asyncio.create_task(_tell(house, TerminalTexts(language)))
    try:
        yield
    finally:
        telling.cancel()


async def _tell(house: "House", texts: TerminalTexts) -> None:
    await asyncio.sleep(_PATIENCE_SECONDS)
    while True:
        progress = house.knowledge.status().progress if house.knowledge is not None else None
        if progress is not None:
            doing = texts(f"cli_{progress.doing}")
            click.echo(texts("cli_taking_in", done=progress.done, total=progress.total, doing=doing), err=True)
        await asyncio.sleep(_TELL_SECONDS)
