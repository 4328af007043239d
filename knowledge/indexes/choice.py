"""Chooses where vectors are searched, and lets one index take the place of another."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from errors import ConfigurationError
from knowledge.embeddings.embedding import Embedding
from knowledge.indexes.chroma import ChromaIndex
from knowledge.indexes.index import Index, MemoryIndex

IndexKind = Literal["chroma", "memory", "pgvector"]


@dataclass(frozen=True)
class Indexes:
    """Makes indexes of one kind: below `folder` (Chroma), in memory, or in the database at `url` (pgvector)."""

    kind: IndexKind
    folder: Path
    url: str

    def opened(self, embedding: Embedding) -> Index:
        """Open the index of an embedding.

        Raises KnowledgeError where another process has the folder, ConfigurationError for pgvector beside SQLite.
        """
        if self.kind == "chroma":
            return ChromaIndex(self.folder, embedding.name)
        return self._made(embedding)

    def beside(self, former: Index, embedding: Embedding, *, same: bool) -> Index:
        """Return an empty index that is filled while the former one answers; `same` tells that the embedding stays."""
        if isinstance(former, ChromaIndex):
            return former.beside(embedding.name)
        if same:
            # Its rows are named by the embedding: memory answers while they are written anew.
            former.keep_only([])
            return former
        return self.opened(embedding)

    def take_over(self, fresh: Index, former: Index) -> None:
        """Let a filled index take the place of the former one, which is closed. Raises KnowledgeError."""
        if isinstance(fresh, ChromaIndex) and isinstance(former, ChromaIndex):
            fresh.take_over(former)
        elif fresh is not former:
            former.keep_only([])
            former.close()

    def discard(self, fresh: Index, former: Index) -> None:
        """Give up an index that could not be filled."""
        if isinstance(fresh, ChromaIndex):
            fresh.discard()
        elif fresh is not former:
            fresh.close()

    def _made(self, embedding: Embedding) -> Index:
        if self.kind == "memory":
            return MemoryIndex()
        if self.url.startswith("sqlite"):
            raise ConfigurationError(
                "The index 'pgvector' needs the records in PostgreSQL: name the database in STAGECRAFT_RECORDS__DATABASE_URL, or choose 'chroma'.",
                "索引 pgvector 需要将记录存放在 PostgreSQL 中：请设置 STAGECRAFT_RECORDS__DATABASE_URL，或改用 chroma。",
            )
        from knowledge.indexes.pgvector import PgVectorIndex  # late: its driver is wanted only where it was chosen

        return PgVectorIndex(self.url, embedding.name, embedding.dimensions)


def is_broken(index: Index) -> bool:
    """Tell whether an index failed at a search, so that it is to be rebuilt."""
    return isinstance(index, ChromaIndex) and index.broken
