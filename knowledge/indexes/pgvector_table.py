"""One table of vectors in PostgreSQL: filled from SQL, compared with it, and rebuilt beside the old one where it differs."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from knowledge.indexes.index import digest_of
from knowledge.indexes.pgvector_server import SCHEMA

if TYPE_CHECKING:
    from knowledge.indexes.index import Matrix

# With more than a third changed, a new table and graph is cheaper than mending and leaves no dead rows behind.
_REBUILD_SHARE = 1 / 3
# Of a sample of passages every vector must be the one that SQL has, within what float32 loses.
_SAMPLE, _ALIKE_FROM = 40, 0.9999
# pgvector's graphs hold this many numbers as `vector`, and as `halfvec`; longer vectors are compared one by one.
_GRAPH_NUMBERS, _HALF_GRAPH_NUMBERS = 2000, 4000
_LINKS, _EF_CONSTRUCTION = 16, 64
# The graph is built ten times slower once it outgrows this memory: vectors and links, between these bounds of MiB.
_BUILD_MIB = (64, 2048)


@dataclass(frozen=True)
class Shape:
    """How vectors of one length are kept and compared."""

    dimensions: int

    @property
    def near(self) -> str:
        """Return the expression that the graph orders by."""
        if _GRAPH_NUMBERS < self.dimensions <= _HALF_GRAPH_NUMBERS:
            return f"embedding::halfvec({self.dimensions}) <=> $1::vector::halfvec({self.dimensions})"
        return "embedding <=> $1"

    @property
    def graph(self) -> str:
        """Return what the graph is built on, "" where there can be none."""
        if self.dimensions <= _GRAPH_NUMBERS:
            return "embedding vector_cosine_ops"
        return f"(embedding::halfvec({self.dimensions})) halfvec_cosine_ops" if self.dimensions <= _HALF_GRAPH_NUMBERS else ""

    def build_mib(self, rows: int) -> int:
        """Return the memory that a graph of so many rows wants, in MiB."""
        low, high = _BUILD_MIB
        return max(low, min(high, rows * (self.dimensions * 4 + 600) // 700_000))


class Filling:
    """One table brought up to what SQL holds, inside a transaction of the caller's."""

    def __init__(self, connection: Any, shape: Shape, table: str) -> None:
        self._connection, self._shape, self._name = connection, shape, table
        self._table = f"{SCHEMA}.{table}"

    async def follow(self, ids: Sequence[str], vectors: "Matrix", *, verified: bool) -> None:
        """Mend what differs, or rebuild; nothing where another process has done it."""
        await self._alone()
        kept = await self._connection.fetchval(
            f"SELECT digest FROM {SCHEMA}.parts WHERE name = $1 AND to_regclass($2) IS NOT NULL",  # noqa: S608
            self._name,
            self._table,
        )
        if kept is None:
            await self.rebuild(ids, vectors)
            return
        if verified and kept == digest_of(ids):
            return
        present, wanted = set(await self.ids()), set(ids)
        new = [row for row, held in enumerate(ids) if held not in present]
        gone = present - wanted
        much = len(new) + len(gone) > _REBUILD_SHARE * max(len(wanted), 1)
        if much or (not verified and not await self._alike(ids, vectors, present)):
            await self.rebuild(ids, vectors)
            return
        if gone:
            await self._connection.execute(f"DELETE FROM {self._table} WHERE passage = ANY ($1)", sorted(gone))  # noqa: S608
        if new:
            await self._copy(self._name, [ids[row] for row in new], vectors[new])

    async def drop(self) -> None:
        """Remove the table, unless another process is filling it at this moment."""
        if await self._connection.fetchval("SELECT pg_try_advisory_xact_lock(hashtextextended($1, 0))", self._table):
            await self._connection.execute(f"DELETE FROM {SCHEMA}.parts WHERE name = $1", self._name)  # noqa: S608
            await self._connection.execute(f"DROP TABLE IF EXISTS {self._table}")

    async def ids(self) -> list[str]:
        """Return what the table holds."""
        return [row[0] for row in await self._connection.fetch(f"SELECT passage FROM {self._table}")]  # noqa: S608

    async def _alone(self) -> None:
        """Wait for the table's lock, which the end of the transaction frees; it may be taken more than once."""
        await self._connection.execute("SELECT pg_advisory_xact_lock(hashtextextended($1, 0))", self._table)

    async def _alike(self, ids: Sequence[str], vectors: "Matrix", present: set[str]) -> bool:
        """Compare a sample of vectors: equal ids do not say that they mean the same."""
        shared = [row for row, held in enumerate(ids) if held in present]
        sample = {ids[row]: row for row in shared[:: max(1, len(shared) // _SAMPLE)]}
        rows = await self._connection.fetch(
            f"SELECT passage, embedding FROM {self._table} WHERE passage = ANY ($1)",  # noqa: S608
            list(sample),
        )
        return all(float(vector @ vectors[sample[passage]]) >= _ALIKE_FROM for passage, vector in rows)

    async def rebuild(self, ids: Sequence[str], vectors: "Matrix") -> None:
        """Fill a table beside the old one and let it take its place; the old one answers until the transaction ends."""
        await self._alone()
        fresh = f"{self._name}_new"
        await self._connection.execute(
            f"CREATE TABLE {SCHEMA}.{fresh} (passage text PRIMARY KEY, embedding vector({self._shape.dimensions}) NOT NULL)"
        )
        await self._copy(fresh, ids, vectors)
        if self._shape.graph:
            await self._connection.execute(f"SET LOCAL maintenance_work_mem = '{self._shape.build_mib(len(ids))}MB'")
            # Parallel workers share memory of which a container has 64 MiB: one worker always gets through.
            await self._connection.execute("SET LOCAL max_parallel_maintenance_workers = 0")
            await self._connection.execute(
                f"CREATE INDEX {fresh}_graph ON {SCHEMA}.{fresh} USING hnsw ({self._shape.graph})"
                f" WITH (m = {_LINKS}, ef_construction = {_EF_CONSTRUCTION})"
            )
        await self._connection.execute(f"ANALYZE {SCHEMA}.{fresh}")
        await self._connection.execute(f"DROP TABLE IF EXISTS {self._table}")
        await self._connection.execute(f"ALTER TABLE {SCHEMA}.{fresh} RENAME TO {self._name}")
        for former in (f"{fresh}_pkey", f"{fresh}_graph"):
            await self._connection.execute(f"ALTER INDEX IF EXISTS {SCHEMA}.{former} RENAME TO {former.replace('_new', '')}")

    async def _copy(self, table: str, ids: Sequence[str], vectors: "Matrix") -> None:
        await self._connection.copy_records_to_table(
            table, schema_name=SCHEMA, records=zip(ids, vectors, strict=True), columns=["passage", "embedding"]
        )
