"""Real databases for tests: a PostgreSQL database made for one session and dropped after it."""

import asyncio
import os
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from uuid import uuid4

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import create_async_engine

# URL of any database of a server on which databases may be made; without it the usual local ones are tried.
GIVEN = os.environ.get("STAGECRAFT_TEST_POSTGRES")
USUAL = ("postgresql+asyncpg://root@127.0.0.1:5432/postgres", "postgresql+asyncpg://postgres@127.0.0.1:5432/postgres")


class NoPostgres(Exception):
    """No PostgreSQL server can be reached; says which were tried."""


@contextmanager
def fresh_postgres() -> Iterator[str]:
    """Yield the URL of an empty database, dropped at the end. Raises NoPostgres where no server is reached."""
    server = _reachable()
    name = f"stagecraft_test_{uuid4().hex[:12]}"
    # What a test proves of durability it proves by processes, not by pulling the plug: the server need not wait for the disk.
    _execute(server, f'CREATE DATABASE "{name}"', f'ALTER DATABASE "{name}" SET synchronous_commit = off')
    try:
        yield sa.make_url(server).set(database=name).render_as_string(hide_password=False)
    finally:
        _execute(server, f'DROP DATABASE "{name}" WITH (FORCE)')


def drop_tables(url: str) -> None:
    """Drop everything that a test before has left."""
    _execute(url, "DROP SCHEMA public CASCADE", "CREATE SCHEMA public")


def delete_rows(url: str, tables: Iterable[sa.Table]) -> None:
    """Delete every row that a test before has left; `tables` as they depend on each other, the first on none."""
    _execute(url, *(f'DELETE FROM "{table.name}"' for table in reversed(list(tables))))


def _reachable() -> str:
    reasons = []
    for url in (GIVEN,) if GIVEN else USUAL:
        try:
            _execute(url, "SELECT 1")
        except (OSError, sa.exc.DBAPIError) as error:
            reasons.append(f"{sa.make_url(url)}: {error}")
        else:
            return url
    raise NoPostgres("; ".join(reasons))


def _execute(url: str, *statements: str) -> None:
    """Execute from wherever a fixture runs: in a thread, since the test's own loop may be running in this one."""
    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, _run(url, statements)).result()


async def _run(url: str, statements: tuple[str, ...]) -> None:
    engine = create_async_engine(url, isolation_level="AUTOCOMMIT")
    try:
        async with engine.connect() as connection:
            for statement in statements:
                await connection.execute(sa.text(statement))
    finally:
        await engine.dispose()
