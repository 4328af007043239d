"""Work in the records alone, for commands that need no model and no knowledge."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from records.database import Database
    from settings import Settings

_Found = TypeVar("_Found")


def in_records(settings: "Settings", work: "Callable[[Database], Awaitable[_Found]]") -> _Found:
    """Open the records, do the work in them, close them. Raises RecordsError where they cannot be opened."""
    return asyncio.run(_opened(settings, work))


async def _opened(settings: "Settings", work: "Callable[[Database], Awaitable[_Found]]") -> _Found:
    from records.database import Database, sqlite_url
    from records.migrate import migrate

    settings.data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    url = settings.records.database_url
    database = Database(url.get_secret_value() if url else sqlite_url(settings.data_dir.absolute()))
    try:
        await migrate(database)
        return await work(database)
    finally:
        await database.close()
