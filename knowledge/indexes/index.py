"""The seam behind which vectors are searched, and its plainest filling: matrices in memory."""

import hashlib
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Protocol

from errors import KnowledgeError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Matrix = NDArray[np.float32]
    Vector = NDArray[np.float32]


# A passage that lies so near (as a cosine) stands for another one: yearly versions of a text are as good as each other, and a
# graph finds but one of many. Different passages lie at 0.75 to 0.9 with E5, farther apart with other embeddings.
TWIN_FROM = 0.95


class Index(Protocol):
    """Holds the vectors of partitions that are filled from SQL and may be thrown away at any time. All calls block."""

    @property
    def name(self) -> str:
        """What kind it is, as the status shows it."""
        ...

    def hold(self, partition: str, ids: Sequence[str], vectors: "Matrix") -> None:
        """Make the partition hold exactly these. Raises KnowledgeError where it cannot be written."""
        ...

    def keep_only(self, partitions: Iterable[str]) -> None:
        """Drop every other partition."""
        ...

    def search(self, partition: str, vector: "Vector", limit: int) -> list[tuple[str, float]]:
        """Return ids and cosines, nearest first. Raises KnowledgeError where the partition is not there or cannot be read."""
        ...

    def digest(self, partition: str) -> str:
        """Return the digest of the ids held, "" where the partition is not there."""
        ...

    def close(self) -> None:
        """Give back the folder or the memory."""
        ...


def digest_of(ids: Iterable[str]) -> str:
    """Return what two holders of the same passages agree on."""
    return hashlib.sha256("\n".join(sorted(ids)).encode()).hexdigest()


def nearest(ids: Sequence[str], vectors: "Matrix", vector: "Vector", limit: int) -> list[tuple[str, float]]:
    """Return the ids whose vectors lie nearest, with their cosines, nearest first."""
    import numpy

    cosines = vectors @ vector
    count = min(limit, len(ids))
    best: list[int] = numpy.argpartition(-cosines, count - 1)[:count].tolist() if count else []
    return sorted(((ids[row], float(cosines[row])) for row in best), key=lambda hit: (-hit[1], hit[0]))


class MemoryIndex:
    """Matrices in memory: the terminal's index, and the fastest one up to some 20,000 passages a partition."""

    name = "memory"

    def __init__(self) -> None:
        self._parts: dict[str, tuple[Sequence[str], Matrix]] = {}

    def hold(self, partition: str, ids: Sequence[str], vectors: "Matrix") -> None:
        """Take the matrix as it is, without a copy."""
        self._parts[partition] = (ids, vectors)

    def keep_only(self, partitions: Iterable[str]) -> None:
        """Drop every other partition."""
        wanted = set(partitions)
        self._parts = {name: part for name, part in self._parts.items() if name in wanted}

    def search(self, partition: str, vector: "Vector", limit: int) -> list[tuple[str, float]]:
        """Return ids and cosines, nearest first. Raises KnowledgeError where the partition is not there."""
        if partition not in self._parts:
            raise KnowledgeError("The index is being filled.", "索引正在建立。")
        return nearest(*self._parts[partition], vector, limit)

    def digest(self, partition: str) -> str:
        """Return the digest of the ids held."""
        return digest_of(self._parts[partition][0]) if partition in self._parts else ""

    def close(self) -> None:
        """Let go of the matrices."""
        self._parts.clear()
