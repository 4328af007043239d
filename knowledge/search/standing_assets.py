"""Finds, for a stage's shelves, the best passage of each asset that is always considered: standards, templates, checklists."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from knowledge.search.holdings import Half, Part

if TYPE_CHECKING:
    from knowledge.search.holdings import Floats

# Passages read for one question, 2 ms in a large store. Shelves with more are cut to those that share most of its words.
_READ = 600
# Assets of one language that stay candidates; a search keeps no more than a third of its places for them.
_ASSETS = 8


def standing_rows(
    half: Half, parts: Sequence[Part], shelves: Iterable[str], vector: "Floats | None", by_words: "Floats"
) -> list[int]:
    """Return one row an asset, the nearest first; by words alone where there is no vector."""
    import numpy

    lying = [half.standing[shelf] for shelf in sorted(shelves) if shelf in half.standing]
    if not lying:
        return []
    rows = numpy.concatenate(lying)
    rows = rows[numpy.any([(rows >= part.start) & (rows < part.stop) for part in parts], axis=0)]
    if len(rows) > _READ:
        rows = rows[numpy.argpartition(-by_words[rows], _READ - 1)[:_READ]]
    near = by_words[rows] if vector is None else half.vectors[rows] @ vector
    best: dict[str, int] = {}
    for row in rows[numpy.argsort(-near, kind="stable")].tolist():
        best.setdefault(half.assets[row], row)
        if len(best) == _ASSETS:
            break
    return list(best.values())
