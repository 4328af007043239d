"""Work in the records of a page that another process serves: people are put there, sessions are ended."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TypeVar

from records.database import Database, sqlite_url
from records.migrate import migrate
from records.passwords import Passwords
from records.people import Identity, People

_Done = TypeVar("_Done")
SECRET = "four words and more"


async def in_records(folder: Path, work: Callable[[Database], Awaitable[_Done]]) -> _Done:
    """Open the records that lie in a folder, do the work, close them."""
    database = Database(sqlite_url(folder))
    try:
        await migrate(database)
        return await work(database)
    finally:
        await database.close()


def add_people(folder: Path, **names: str) -> dict[str, str]:
    """Put people into the directory, each with the same password (`ana="Ana Lim"` is ana@bank.test); return their ids."""

    async def add(database: Database) -> dict[str, str]:
        ids = {}
        for key, name in names.items():
            email = f"{key}@bank.test"
            identity = Identity("password", email, name, email, email_verified=True)
            ids[key] = (await People(database).sign_in(identity)).id
            await Passwords(database).set(ids[key], SECRET)
        return ids

    return asyncio.run(in_records(folder, add))
