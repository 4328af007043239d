"""Which embedding answers, and who asked for a rebuilt index."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert as postgres_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from records.database import now
from records.knowledge_access import REBUILD, KnowledgeAccess, move
from records.knowledge_tables import index_state, serving

_SEARCH = "search"


@dataclass(frozen=True)
class Serving:
    """The embedding that search uses; `origin` tells how it is made again after the settings name another one."""

    embedding: str
    origin: Mapping[str, Any]


class ServingRecords(KnowledgeAccess):
    """Reads and writes what the programs of the house tell each other about search."""

    async def serving(self) -> Serving | None:
        """Return the embedding that search uses, None before the first one."""
        query = sa.select(serving.c.embedding, serving.c.origin).where(serving.c.role == _SEARCH)
        async with self._reading() as connection:
            row = (await connection.execute(query)).one_or_none()
        return Serving(row[0], row[1]) if row is not None else None

    async def put_serving(self, embedding: str, origin: Mapping[str, Any]) -> None:
        """Commit that search uses this embedding from now on."""
        insert = sqlite_insert if self.database.is_sqlite else postgres_insert
        changed = {"embedding": embedding, "origin": dict(origin), "since": now()}
        row = insert(serving).values(role=_SEARCH, **changed)
        async with self._writing() as connection:
            await connection.execute(row.on_conflict_do_update(index_elements=["role"], set_=changed))

    async def ask_rebuild(self) -> None:
        """Ask whoever keeps an index to rebuild it."""
        async with self._writing() as connection:
            await move(connection, REBUILD, "")

    async def rebuilds_asked(self) -> int:
        """Return how often that was asked for."""
        query = sa.select(index_state.c.generation).where(index_state.c.partition == REBUILD, index_state.c.embedding == "")
        async with self._reading() as connection:
            return (await connection.execute(query)).scalar_one_or_none() or 0
