"""How the knowledge's rows are reached: transactions whose failures are sentences, and the counters that announce a change."""

from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert as postgres_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection

from errors import KnowledgeError
from records.assets import Asset
from records.database import Database
from records.knowledge_tables import assets, index_state

# The row of `index_state` that moves with every change of assets, passages or terms, and, with an embedding's name, of vectors.
CONTENT = "*"
# The row that moves when somebody asks the server to rebuild its index.
REBUILD = "rebuild"
# What `Asset.readers` says, for the database: somebody may find it.
FINDABLE = (assets.c.status == "approved") | ((assets.c.status == "draft") & (assets.c.uploaded_by != ""))
# PostgreSQL's advisory locks are numbers; this one spells "knowledg".
_LOCK = int.from_bytes(b"knowledg", "big")
# Ids asked for in one statement: SQLite takes 32,766 variables, PostgreSQL's driver 32,767.
_IDS_AT_A_TIME = 10_000


class KnowledgeAccess:
    """Opens the transactions of the knowledge. Every method of what is built upon it may raise KnowledgeError."""

    def __init__(self, database: Database) -> None:
        self.database = database

    @asynccontextmanager
    async def _reading(self) -> AsyncIterator[AsyncConnection]:
        """Open a connection. Raises KnowledgeError where the database cannot be read."""
        try:
            async with self.database.read() as connection:
                yield connection
        except SQLAlchemyError as error:
            raise KnowledgeError("The knowledge cannot be read now.", "目前无法读取知识库。", detail=str(error)) from error

    @asynccontextmanager
    async def _writing(self) -> AsyncIterator[AsyncConnection]:
        """Open a transaction. Raises KnowledgeError where the database cannot be written; nothing is half written then."""
        try:
            async with self.database.begin() as connection:
                yield connection
        except SQLAlchemyError as error:
            raise KnowledgeError("The knowledge cannot be written now.", "目前无法写入知识库。", detail=str(error)) from error

    @asynccontextmanager
    async def _alone(self) -> AsyncIterator[AsyncConnection]:
        """Open a transaction beside which no other of these writes, on PostgreSQL as on SQLite. Raises KnowledgeError."""
        async with self._writing() as connection:
            if not self.database.is_sqlite:
                await connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_LOCK)))
            yield connection


async def move(connection: AsyncConnection, partition: str, embedding: str, digest: str = "") -> None:
    """Advance a row of the index state by one generation, in the transaction of the change that it announces."""
    insert = sqlite_insert if connection.dialect.name == "sqlite" else postgres_insert
    row = insert(index_state).values(partition=partition, embedding=embedding, generation=1, digest=digest)
    changed = {"generation": index_state.c.generation + 1, "digest": digest}
    await connection.execute(row.on_conflict_do_update(index_elements=["partition", "embedding"], set_=changed))


def asset_of(row: Any) -> Asset:
    """Read a row of `assets`."""
    return Asset(**{**row, "groups": tuple(row["groups"]), "settled": row["settled"] or {}})


def slices(ids: list[str]) -> Iterable[list[str]]:
    """Cut a list of ids into pieces that fit one statement."""
    return (ids[start : start + _IDS_AT_A_TIME] for start in range(0, len(ids), _IDS_AT_A_TIME))
