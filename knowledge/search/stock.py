"""What is kept of each asset between two loads, so that only what changed is read and cut into words again."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain, groupby
from typing import TYPE_CHECKING

from errors import Language
from formats.language import words
from knowledge.search.holdings import Half, Holdings, Part
from knowledge.search.word_index import WordIndex
from records.knowledge import Asset, Passage, embedded_text

if TYPE_CHECKING:
    from knowledge.search.holdings import Flags, Floats
    from knowledge.search.word_index import Numbers


@dataclass(frozen=True)
class Kept:
    """One asset: its passages' ids, the names of their vectors, and their words as numbers; the texts stay in SQL."""

    asset: Asset
    ids: tuple[str, ...]
    texts: tuple[str, ...]
    numbers: "Numbers"
    lengths: "Numbers"


@dataclass(frozen=True)
class Shelf:
    """The assets of one language in the order of their rows: by partition, pack and path."""

    language: Language
    kept: tuple[Kept, ...]

    @property
    def texts(self) -> tuple[str, ...]:
        """The names of the vectors, row by row."""
        return tuple(chain.from_iterable(one.texts for one in self.kept))


class _Vocabulary(dict[str, int]):
    """Gives every word a number, a new one the next."""

    def __missing__(self, word: str) -> int:
        number = self[word] = len(self)
        return number


class Stock:
    """The assets that somebody may find."""

    def __init__(self) -> None:
        self._kept: dict[str, Kept] = {}
        self._vocabulary = _Vocabulary()

    def differing(self, assets: Sequence[Asset]) -> list[Asset]:
        """Return the assets that are not kept in this version."""
        return [
            asset
            for asset in assets
            if (kept := self._kept.get(asset.id)) is None or kept.asset.content_hash != asset.content_hash
        ]

    def take(self, assets: Sequence[Asset], pieces: Sequence[Passage]) -> None:
        """Keep assets with their passages, which come in the order of their places."""
        import numpy

        owned: dict[str, list[Passage]] = {asset.id: [] for asset in assets}
        for piece in pieces:
            owned[piece.asset].append(piece)
        for asset in assets:
            mine = owned[asset.id]
            spoken = [words(embedded_text(piece.breadcrumb, piece.text)) for piece in mine]
            self._kept[asset.id] = Kept(
                asset,
                tuple(piece.id for piece in mine),
                tuple(piece.text_hash for piece in mine),
                numpy.fromiter(map(self._vocabulary.__getitem__, chain.from_iterable(spoken)), dtype=numpy.int32),
                numpy.fromiter(map(len, spoken), dtype=numpy.int32),
            )

    def keep_only(self, assets: Sequence[Asset]) -> None:
        """Drop every other asset; what changed about these without their text (shelf, readers) is taken over."""
        self._kept = {asset.id: replace(self._kept[asset.id], asset=asset) for asset in assets if asset.id in self._kept}

    def shelves(self) -> list[Shelf]:
        """Return the assets of either language in the order of their rows."""
        found = []
        for language in ("en", "zh"):
            mine = [kept for kept in self._kept.values() if kept.asset.language == language and kept.ids]
            if mine:
                found.append(Shelf(language, tuple(sorted(mine, key=lambda kept: kept.asset.partition))))
        return found

    def holdings(self, shelves: Sequence[Shelf], vectors: Mapping[Language, "Vectors"], former: Holdings) -> Holdings:
        """Put both languages together; a word index whose passages stayed is taken over from the former holdings."""
        halves = tuple(self._half(shelf, vectors[shelf.language], former.half(shelf.language)) for shelf in shelves)
        return Holdings(halves, sum(int((~half.embedded).sum()) for half in halves))

    def _half(self, shelf: Shelf, vectors: "Vectors", former: Half | None) -> Half:
        """Put one language together."""
        import numpy

        ids = tuple(chain.from_iterable(one.ids for one in shelf.kept))
        if former is not None and former.ids == ids:
            word_index = former.word_index
        else:
            numbers = numpy.concatenate([one.numbers for one in shelf.kept])
            word_index = WordIndex(self._vocabulary, numbers, numpy.concatenate([one.lengths for one in shelf.kept]))
        owners = [one.asset for one in shelf.kept for _ in one.ids]
        return Half(
            language=shelf.language,
            ids=ids,
            texts=shelf.texts,
            shelves=tuple(asset.shelf for asset in owners),
            types=tuple(asset.type for asset in owners),
            assets=tuple(asset.id for asset in owners),
            rows={passage: row for row, passage in enumerate(ids)},
            parts=_parts(owners),
            word_index=word_index,
            vectors=vectors.matrix,
            embedded=vectors.known,
            mean=vectors.mean(),
        )


class Vectors:
    """One row a text, float32; rows that a former half has are taken over, the others are put in."""

    def __init__(self, texts: tuple[str, ...], dimensions: int, former: Half | None) -> None:
        import numpy

        self._texts, self._dimensions = texts, dimensions
        self.matrix: Floats
        self.known: Flags
        self._shared = former is not None and former.texts == texts
        if former is not None and self._shared:
            self.matrix, self.known = former.vectors, former.embedded
        else:
            self.matrix = numpy.zeros((len(texts), dimensions), dtype=numpy.float32)
            self.known = numpy.zeros(len(texts), dtype=numpy.bool_)
            if former is not None and former.vectors.shape[1] == dimensions:
                self._take_over(former)
        self._rows: dict[str, list[int]] = {}
        for row in numpy.flatnonzero(~self.known).tolist():
            self._rows.setdefault(texts[row], []).append(row)

    @property
    def missing(self) -> list[str]:
        """The texts that have no vector here."""
        return list(self._rows)

    def put(self, found: Mapping[str, bytes]) -> None:
        """Put vectors in (little-endian float32); one of another length belongs to another model and is left out."""
        import numpy

        if found and self._shared:
            # Answers are searched in the former half meanwhile.
            self.matrix, self.known, self._shared = self.matrix.copy(), self.known.copy(), False
        for text, raw in found.items():
            if len(raw) == self._dimensions * 4:
                rows = self._rows.pop(text)
                self.matrix[rows], self.known[rows] = numpy.frombuffer(raw, dtype="<f4"), True

    def mean(self) -> "Floats":
        """Return the mean of the rows that are known."""
        import numpy

        # Rows that are not known are zeros, so that no copy of the others is needed.
        total = self.matrix.sum(axis=0, dtype=numpy.float64)
        found: Floats = (total / max(int(self.known.sum()), 1)).astype(numpy.float32)
        return found

    def _take_over(self, former: Half) -> None:
        import numpy

        place = {text: row for row, text in enumerate(former.texts) if former.embedded[row]}
        source = numpy.fromiter((place.get(text, -1) for text in self._texts), dtype=numpy.int64, count=len(self._texts))
        self.known |= source >= 0
        # Written in place: a second copy of all vectors would be 150 MB at a hundred thousand passages.
        numpy.take(former.vectors, source, axis=0, out=self.matrix, mode="clip")
        self.matrix[~self.known] = 0


def _parts(owners: Sequence[Asset]) -> tuple[Part, ...]:
    """Return the stretches of one partition each."""
    parts: list[Part] = []
    for name, rows in groupby(owners, key=lambda asset: asset.partition):
        mine = list(rows)
        start = parts[-1].stop if parts else 0
        parts.append(Part(name, mine[0].readers, start, start + len(mine)))
    return tuple(parts)
