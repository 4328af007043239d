"""Our embedding for benchmarks: the real model, whose vectors are kept between runs."""

from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.peers_env.vectors import KeptVectors
from knowledge.embeddings.embedding import EmbeddedE5

if TYPE_CHECKING:
    from knowledge.embeddings.embedding import Matrix


class KeptE5:
    """Multilingual E5 that embeds no text twice, over all runs on a data folder."""

    name, dimensions = EmbeddedE5.name, EmbeddedE5.dimensions

    def __init__(self, data: Path) -> None:
        model = EmbeddedE5()
        self._passages = KeptVectors(vectors_in(data), "e5-passages", model.passages)
        self._queries = KeptVectors(vectors_in(data), "e5-queries", model.queries)

    def passages(self, texts: list[str]) -> "Matrix":
        """Return the vectors of texts that are to be found."""
        return self._passages.of(texts)

    def queries(self, texts: list[str]) -> "Matrix":
        """Return the vectors of texts that ask."""
        return self._queries.of(texts)


def vectors_in(data: Path) -> Path:
    """Return the folder of the vectors that are kept, ours and the peers'."""
    return data / "vectors"
