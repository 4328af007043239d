"""What search holds in memory: for each language, every approved passage with its words and its vector."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from errors import Language
from formats.language import words
from records.knowledge import Asset, Passage, embedded_text

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float32]
    Flags = NDArray[np.bool_]

EVERYONE = "everyone"


@dataclass(frozen=True)
class Part:
    """A stretch of rows that the same groups may read; `name` is its partition in the index."""

    name: str
    groups: frozenset[str]
    start: int
    stop: int

    def open_to(self, groups: frozenset[str]) -> bool:
        """Tell whether a person of these groups may read it."""
        return EVERYONE in self.groups or not self.groups.isdisjoint(groups)


class WordIndex:
    """BM25 over the words of passages, in the order of the rows."""

    def __init__(self, texts: Sequence[list[str]]) -> None:
        import bm25s

        self._size = len(texts)
        # A text without a single word still is a row.
        self._bm25: Any = bm25s.BM25(method="lucene")
        self._bm25.index([list(text) or [""] for text in texts], show_progress=False)
        seen: dict[str, int] = {}
        for text in texts:
            for word in set(text):
                seen[word] = seen.get(word, 0) + 1
        self._seen = seen

    def scores(self, asked: list[str]) -> "Floats":
        """Return the BM25 score of every row."""
        import numpy

        known = [word for word in asked if word in self._seen]
        found: Floats = self._bm25.get_scores(known) if known else numpy.zeros(self._size, dtype=numpy.float32)
        return found

    def weight(self, asked: list[str]) -> float:
        """Return the total idf of the asked words: the score of a row that says everything that was asked."""
        import math

        return sum(math.log(1 + (self._size + 0.5) / (self._seen.get(word, 0) + 0.5)) for word in set(asked))


@dataclass(frozen=True)
class Half:
    """The approved passages of one language, sorted by partition; row n of everything is the same passage."""

    language: Language
    ids: tuple[str, ...]
    shelves: tuple[str, ...]
    rows: Mapping[str, int]
    parts: tuple[Part, ...]
    word_index: WordIndex
    vectors: "Floats"
    embedded: "Flags"
    mean: "Floats"


@dataclass(frozen=True)
class Holdings:
    """Both halves, and how many passages wait for their vector."""

    halves: tuple[Half, ...]
    waiting: int

    @property
    def passages(self) -> int:
        """How many passages can be found."""
        return sum(len(half.ids) for half in self.halves)


def held(
    rows: Sequence[tuple[Passage, Asset]], vectors: Mapping[str, bytes], dimensions: int, former: Holdings | None = None
) -> Holdings:
    """Return the holdings of what is committed; a word index whose passages stayed is taken over from the former ones."""
    known = {half.ids: half.word_index for half in former.halves} if former else {}
    halves = []
    for language in ("en", "zh"):
        mine = [(piece, asset) for piece, asset in rows if asset.language == language and asset.status == "approved"]
        if mine:
            mine.sort(key=lambda row: row[1].partition)
            halves.append(_half(language, mine, vectors, dimensions, known))
    return Holdings(tuple(halves), sum(int((~half.embedded).sum()) for half in halves))


def _half(
    language: Language,
    mine: list[tuple[Passage, Asset]],
    vectors: Mapping[str, bytes],
    dimensions: int,
    known: Mapping[tuple[str, ...], WordIndex],
) -> Half:
    """Put one language together."""
    import numpy

    ids = tuple(piece.id for piece, _ in mine)
    matrix = numpy.zeros((len(mine), dimensions), dtype=numpy.float32)
    embedded = numpy.zeros(len(mine), dtype=numpy.bool_)
    for row, (piece, _) in enumerate(mine):
        raw = vectors.get(piece.text_hash)
        if raw is not None and len(raw) == dimensions * 4:
            matrix[row], embedded[row] = numpy.frombuffer(raw, dtype="<f4"), True
    mean = matrix[embedded].mean(axis=0) if embedded.any() else numpy.zeros(dimensions, dtype=numpy.float32)
    word_index = known.get(ids) or WordIndex([words(embedded_text(piece.breadcrumb, piece.text)) for piece, _ in mine])
    return Half(
        language=language,
        ids=ids,
        shelves=tuple(asset.shelf for _, asset in mine),
        rows={passage: row for row, passage in enumerate(ids)},
        parts=_parts([asset for _, asset in mine]),
        word_index=word_index,
        vectors=matrix,
        embedded=embedded,
        mean=mean,
    )


def _parts(assets: list[Asset]) -> tuple[Part, ...]:
    """Return the stretches of one partition each."""
    parts: list[Part] = []
    for row, asset in enumerate(assets):
        if parts and parts[-1].name == asset.partition:
            parts[-1] = Part(asset.partition, parts[-1].groups, parts[-1].start, row + 1)
        else:
            parts.append(Part(asset.partition, frozenset(asset.groups), row, row + 1))
    return tuple(parts)
