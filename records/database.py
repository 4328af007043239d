"""The one engine of the house: SQLite by default, PostgreSQL by URL."""

import json
import sqlite3
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from errors import RecordsError
from records.columns import Json, Moment, Prose
from records.writer_line import WriterLine

__all__ = ["Database", "Json", "Moment", "Prose", "metadata", "now", "sqlite_url"]

metadata = sa.MetaData(
    naming_convention={
        "ix": "ix_%(column_0_label)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
    }
)

# A sharp end to the wait for a server that does not answer at all; asyncpg would wait a minute.
_CONNECT_SECONDS = 10
# Two seconds for other programs to make a new SQLite file theirs.
_TRIES, _PAUSE_SECONDS = 100, 0.02


def now() -> datetime:
    """Return the present moment in UTC."""
    return datetime.now(UTC)


def sqlite_url(folder: Path) -> str:
    """Return the URL of the default database inside the data folder."""
    return f"sqlite+aiosqlite:///{folder / 'stagecraft.db'}"


class Database:
    """An engine and its transactions; every read and write of the house goes through `begin` or `read`."""

    def __init__(self, url: str) -> None:
        sqlite = url.startswith("sqlite")
        self.engine: AsyncEngine = create_async_engine(
            url,
            pool_pre_ping=not sqlite,
            connect_args={} if sqlite else {"timeout": _CONNECT_SECONDS},
            json_serializer=_json_text,
            # The parameters of a statement are people's texts: they do not belong into an exception that gets logged.
            hide_parameters=True,
        )
        self.url = url
        self._writer = self.engine.execution_options(writes=True)
        self._writers = WriterLine()
        self._joined: ContextVar[AsyncConnection | None] = ContextVar("joined", default=None)
        if self.is_sqlite:
            sa.event.listen(self.engine.sync_engine, "connect", _prepare_sqlite)
            sa.event.listen(self.engine.sync_engine, "begin", _begin_sqlite)

    @property
    def is_sqlite(self) -> bool:
        """Tell whether the engine is SQLite."""
        return self.engine.dialect.name == "sqlite"

    @asynccontextmanager
    async def together(self) -> AsyncIterator[None]:
        """Make one transaction of all that this task begins within the block, after the writers that somebody waits for.

        Many small writes cost one commit then. Raises RecordsError like `begin`; then none of it was done.
        """
        async with self.begin(patient=True) as connection:
            joined = self._joined.set(connection)
            try:
                yield
            finally:
                self._joined.reset(joined)

    @asynccontextmanager
    async def begin(self, *, patient: bool = False) -> AsyncIterator[AsyncConnection]:
        """Open a transaction that commits at its end and rolls back on any exception.

        What is read inside it cannot be changed by another writer of SQLite before it ends; PostgreSQL's isolation is
        READ COMMITTED, so a decision must stand in the statement that writes. Raises RecordsError where the database is
        locked, full, damaged or cannot be reached.
        """
        joined = self._joined.get()
        if joined is not None:
            yield joined
            return
        with _vendor_errors("written"):
            async with AsyncExitStack() as stack:
                if self.is_sqlite:
                    await stack.enter_async_context(self._writers.turn(patient=patient))
                with _unreachable("written"):
                    connection = await stack.enter_async_context(self._writer.begin())
                yield connection

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncConnection]:
        """Open a connection for reading; raises RecordsError like `begin`."""
        with _vendor_errors("read"):
            async with AsyncExitStack() as stack:
                with _unreachable("read"):
                    connection = await stack.enter_async_context(self.engine.connect())
                yield connection

    async def close(self) -> None:
        """Give every connection back."""
        await self.engine.dispose()


def _json_text(value: Any) -> str:
    """Write JSON with its Chinese readable; NaN, which PostgreSQL refuses, is refused everywhere."""
    return json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    """Make each SQLite connection durable and patient (WAL, FULL, five seconds of waiting)."""
    # Python's own transaction control begins too late (at the first write), so that a check and its write could be parted.
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in ("busy_timeout=5000", "synchronous=FULL", "foreign_keys=ON"):
        cursor.execute(f"PRAGMA {pragma}")
    _write_ahead(cursor)
    cursor.close()


def _write_ahead(cursor: Any) -> None:
    """Change a new file to WAL; when several programs start at once, all but one are refused and try again.

    SQLite does not apply its busy timeout here. The loop stands still meanwhile, once in the life of a database.
    """
    for _ in range(_TRIES):
        try:
            cursor.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY:  # the kinds of busy differ above the low byte
                raise
            time.sleep(_PAUSE_SECONDS)
        else:
            return
    cursor.execute("PRAGMA journal_mode=WAL")


def _begin_sqlite(connection: sa.Connection) -> None:
    """Take the writer's lock at the start: a reader that turns writer is refused at once instead of waiting."""
    writes = connection.get_execution_options().get("writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


@contextmanager
def _vendor_errors(done: str) -> Iterator[None]:
    """Translate what an operator must mend; a wrong statement or a broken constraint stays the bug that it is."""
    try:
        yield
    except sa.exc.TimeoutError as error:
        raise _records_error(done, str(error)) from error
    except sa.exc.DBAPIError as error:
        if _is_mistake(error):
            raise
        raise _records_error(done, str(error.orig)) from error


@contextmanager
def _unreachable(done: str) -> Iterator[None]:
    """Translate what the network says, only while connecting: elsewhere an OSError is somebody else's."""
    try:
        yield
    except OSError as error:
        raise _records_error(done, str(error)) from error


def _is_mistake(error: sa.exc.DBAPIError) -> bool:
    """Tell a programming mistake from a database in trouble; SQLite calls both operational."""
    if isinstance(error, sa.exc.IntegrityError | sa.exc.ProgrammingError | sa.exc.DataError | sa.exc.NotSupportedError):
        return True
    return getattr(error.orig, "sqlite_errorcode", None) == sqlite3.SQLITE_ERROR


def _records_error(done: str, detail: str) -> RecordsError:
    """Return the sentence for a person, and the vendor's words for the operator's log."""
    zh = {"written": "写入", "read": "读取"}[done]
    # SQLite says "database or disk is full", PostgreSQL "No space left on device".
    if "disk is full" in detail or "No space left" in detail:
        return RecordsError(
            "The disk that holds the records is full; nothing that was saved is lost. Have your operator free some space, and try again.",
            "存放记录的磁盘已满；已保存的内容没有丢失。请联系运维人员清理空间后重试。",
            detail=detail,
        )
    return RecordsError(
        f"The records cannot be {done} just now; nothing of your text is lost. Try again in a moment.",
        f"目前无法{zh}记录；您的文字没有丢失，请稍后重试。",
        detail=detail,
    )
