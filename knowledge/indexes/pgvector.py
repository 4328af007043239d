"""The index in PostgreSQL with pgvector: one cache for many machines, filled from SQL by whichever comes first."""

import hashlib
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from errors import KnowledgeError
from knowledge.indexes.index import digest_of
from knowledge.indexes.pgvector_server import EF_SEARCH, SCHEMA, Server
from knowledge.indexes.pgvector_table import Filling, Shape

if TYPE_CHECKING:
    from knowledge.indexes.index import Matrix, Vector

_MOST_EF = 1000
# A search waits no longer than this: memory answers in its place.
_SEARCH_SECONDS = 3.0
# Another process may want what this one does not yet know of, or has not loaded for a while with a former embedding.
_UNWANTED_AFTER, _FORGOTTEN_AFTER = "10 minutes", "30 days"


class PgVectorIndex:
    """One table a partition and embedding, in a schema of its own; what one process fills, all of them search."""

    name = "pgvector"

    def __init__(self, url: str, embedding: str, dimensions: int) -> None:
        """Connect for the vectors of one embedding. `url` is a SQLAlchemy URL of PostgreSQL.

        Raises ConfigurationError where the extension or a right is missing, saying who must do what; KnowledgeError
        where the server cannot be reached.
        """
        self._embedding, self._shape = embedding, Shape(dimensions)
        self._held: set[str] = set()
        self._anew: set[str] = set()
        self._server = Server(url)

    def hold(self, partition: str, ids: Sequence[str], vectors: "Matrix") -> None:
        """Make the partition hold exactly these. Raises KnowledgeError where it cannot be written.

        All in one transaction under a lock of the partition: of several processes the first one writes, the others find
        it done, and a search never meets a half of it. The first call of a process verifies what the table holds; a
        partition that was let go is written anew.
        """

        async def follow(connection: Any) -> None:
            async with connection.transaction():
                filling = Filling(connection, self._shape, self._table(partition))
                if partition in self._anew:
                    await filling.rebuild(ids, vectors)
                else:
                    await filling.follow(ids, vectors, verified=partition in self._held)
                await self._keep(connection, partition, digest_of(ids))

        try:
            self._server.run(follow)
        except KnowledgeError:
            # Whatever came in between, the next call verifies it.
            self._held.discard(partition)
            raise
        self._held.add(partition)
        self._anew.discard(partition)

    def keep_only(self, partitions: Iterable[str]) -> None:
        """Let go of every other partition; drop what no process has wanted for ten minutes, and old embeddings after a month."""
        wanted = list(partitions)
        self._anew |= self._held - set(wanted)
        self._held &= set(wanted)

        async def drop(connection: Any) -> None:
            async with connection.transaction():
                gone = await connection.fetch(
                    f"SELECT name FROM {SCHEMA}.parts WHERE embedding = $1 AND partition <> ALL ($2)"  # noqa: S608  a constant
                    f" AND wanted_at < now() - interval '{_UNWANTED_AFTER}'"
                    f" OR embedding <> $1 AND wanted_at < now() - interval '{_FORGOTTEN_AFTER}'",
                    self._embedding,
                    wanted,
                )
                for (name,) in gone:
                    await Filling(connection, self._shape, name).drop()

        self._server.run(drop)

    def search(self, partition: str, vector: "Vector", limit: int) -> list[tuple[str, float]]:
        """Return ids and cosines, nearest first. Raises KnowledgeError where the partition is not there or cannot be read."""
        if partition not in self._held:
            raise KnowledgeError("The index is being filled.", "索引正在建立。")
        # The limit stands in the text: as a parameter the planner would guess a tenth of the table and leave the graph.
        asked = (
            f"SELECT passage, 1 - (embedding <=> $1) FROM {SCHEMA}.{self._table(partition)}"  # noqa: S608  a digest of ours
            f" ORDER BY {self._shape.near} LIMIT {int(limit)}"
        )

        async def nearest(connection: Any) -> list[Any]:
            if limit <= EF_SEARCH:
                found: list[Any] = await connection.fetch(asked, vector, timeout=_SEARCH_SECONDS)
                return found
            async with connection.transaction():
                await connection.execute(f"SET LOCAL hnsw.ef_search = {min(limit, _MOST_EF)}")
                return list(await connection.fetch(asked, vector, timeout=_SEARCH_SECONDS))

        hits = [(str(row[0]), float(row[1])) for row in self._server.run(nearest)]
        return sorted(hits, key=lambda hit: (-hit[1], hit[0]))

    def digest(self, partition: str) -> str:
        """Return the digest of the ids that the table really holds, "" where the partition is not there."""
        if partition not in self._held:
            return ""

        async def ids(connection: Any) -> list[str]:
            return await Filling(connection, self._shape, self._table(partition)).ids()

        return digest_of(self._server.run(ids))

    def close(self) -> None:
        """Give the connections back; the tables stay for the next process."""
        self._held.clear()
        self._server.close()

    def _table(self, partition: str) -> str:
        """Return the table's name; groups may have any name, tables may not."""
        return f"p_{hashlib.sha256(f'{self._embedding}/{self._shape.dimensions}/{partition}'.encode()).hexdigest()[:40]}"

    async def _keep(self, connection: Any, partition: str, digest: str) -> None:
        """Keep what the table holds now, and that it is wanted."""
        await connection.execute(
            f"INSERT INTO {SCHEMA}.parts VALUES ($1, $2, $3, $4) ON CONFLICT (name)"  # noqa: S608  a constant
            " DO UPDATE SET digest = excluded.digest, wanted_at = now()",
            self._table(partition),
            self._embedding,
            partition,
            digest,
        )
