"""The vectors of the passages, by text and embedding."""

from collections.abc import Collection, Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert as postgres_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from records.assets import embedded_text
from records.knowledge_access import CONTENT, FINDABLE, KnowledgeAccess, move, slices
from records.knowledge_tables import assets, index_state, passages, vectors

UNUSED_VECTORS = sa.delete(vectors).where(~sa.exists().where(passages.c.text_hash == vectors.c.text_hash))


class VectorRecords(KnowledgeAccess):
    """Reads and writes vectors."""

    async def drop_unused_vectors(self) -> None:
        """Remove the vectors of texts that no passage holds any more."""
        async with self._writing() as connection:
            await connection.execute(UNUSED_VECTORS)

    async def missing_vectors(self, embedding: str) -> int:
        """Return how many texts this embedding has not read yet."""
        async with self._reading() as connection:
            count = sa.select(sa.func.count(passages.c.text_hash.distinct()))
            return int((await connection.execute(_lacking(count, embedding))).scalar_one())

    async def texts_without_vector(self, embedding: str, limit: int | None = None) -> list[tuple[str, str]]:
        """Return (text hash, text to embed) of passages that somebody may find and that this embedding has not read yet."""
        columns = sa.select(passages.c.text_hash, passages.c.breadcrumb, passages.c.text)
        query = _lacking(columns, embedding).order_by(assets.c.pack, assets.c.path, passages.c.place).limit(limit)
        async with self._reading() as connection:
            rows = (await connection.execute(query)).all()
        return list({row[0]: (row[0], embedded_text(row[1], row[2])) for row in rows}.values())

    async def put_vectors(self, embedding: str, found: Mapping[str, bytes]) -> None:
        """Commit a batch of vectors (little-endian float32); those already there stay as they are."""
        insert = sqlite_insert if self.database.is_sqlite else postgres_insert
        rows = [{"text_hash": name, "embedding": embedding, "vector": vector} for name, vector in found.items()]
        async with self._writing() as connection:
            await connection.execute(insert(vectors).on_conflict_do_nothing(), rows)
            await move(connection, CONTENT, embedding)

    async def vectors(self, embedding: str, of: Collection[str] | None = None) -> dict[str, bytes]:
        """Return this embedding's vectors by text hash, of the named texts or of all."""
        query = sa.select(vectors.c.text_hash, vectors.c.vector).where(vectors.c.embedding == embedding)
        queries = [query] if of is None else [query.where(vectors.c.text_hash.in_(some)) for some in slices(list(of))]
        async with self._reading() as connection:
            return {row[0]: bytes(row[1]) for one in queries for row in await connection.execute(one)}

    async def embeddings(self) -> frozenset[str]:
        """Return the names of the embeddings that have made vectors."""
        query = sa.select(index_state.c.embedding).where(index_state.c.partition == CONTENT, index_state.c.embedding != "")
        async with self._reading() as connection:
            return frozenset((await connection.execute(query)).scalars())

    async def keep_vectors_of(self, embeddings: Collection[str]) -> None:
        """Remove the vectors of every other embedding."""
        async with self._writing() as connection:
            await connection.execute(sa.delete(vectors).where(vectors.c.embedding.not_in(embeddings)))
            others = index_state.c.embedding.not_in(["", *embeddings])
            await connection.execute(sa.delete(index_state).where(others))


def _lacking(query: sa.Select[Any], embedding: str) -> sa.Select[Any]:
    """Confine a query to passages that somebody may find and that have no vector of this embedding."""
    known = sa.exists().where(vectors.c.text_hash == passages.c.text_hash, vectors.c.embedding == embedding)
    return query.join_from(passages, assets, passages.c.asset == assets.c.id).where(FINDABLE, ~known)
