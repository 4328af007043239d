"""What search holds in memory: for each language, every passage that somebody may find, with its words and its vector."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from errors import Language
from knowledge.asset_types import BY_LIKENESS, STANDING
from knowledge.search.word_index import WordIndex

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


@dataclass(frozen=True)
class Half:
    """The passages of one language that somebody may find, sorted by partition; row n of everything is the same passage.

    `texts` are the names under which the vectors are kept.
    """

    language: Language
    ids: tuple[str, ...]
    texts: tuple[str, ...]
    shelves: tuple[str, ...]
    types: tuple[str, ...]
    assets: tuple[str, ...]
    rows: Mapping[str, int]
    parts: tuple[Part, ...]
    word_index: WordIndex
    vectors: "Floats"
    embedded: "Flags"
    mean: "Floats"

    @cached_property
    def standing(self) -> "Mapping[str, NDArray[np.intp]]":
        """The rows of the assets that a stage always considers, by shelf."""
        import numpy

        rows: dict[str, list[int]] = {}
        for row, kind in enumerate(self.types):
            if kind in STANDING:
                rows.setdefault(self.shelves[row], []).append(row)
        return {shelf: numpy.array(lying) for shelf, lying in rows.items()}

    @cached_property
    def by_likeness(self) -> "Flags":
        """Which rows are found by what they are like alone."""
        import numpy

        return numpy.fromiter((kind in BY_LIKENESS for kind in self.types), dtype=numpy.bool_, count=len(self.types))


@dataclass(frozen=True)
class Holdings:
    """Both halves, and how many passages wait for their vector."""

    halves: tuple[Half, ...]
    waiting: int

    def half(self, language: Language) -> Half | None:
        """Return the passages of one language, None where there are none."""
        return next((half for half in self.halves if half.language == language), None)

    @property
    def passages(self) -> int:
        """How many passages can be found."""
        return sum(len(half.ids) for half in self.halves)
