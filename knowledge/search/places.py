"""Deals the places of a search: to what was found, best first, and at the latest every third to an asset that is always considered."""

from collections.abc import Sequence
from dataclasses import dataclass

from knowledge.search.joining import fits, joined
from knowledge.search.ranking import Ranked
from records.assets import Asset, Passage

_MOST_OF_ONE_ASSET = 2
# One place in so many is kept for a standing asset of the stage's shelves, where none of them was found anyway. Not at the
# end, where the token plan cuts: a model of 2,048 tokens reads three pieces, and one of them tells how to write.
_KEPT_ONE_IN = 3


@dataclass(frozen=True)
class Candidate:
    """A ranked passage that the asker may read, with what SQL holds of it."""

    ranked: Ranked
    passage: Passage
    asset: Asset


@dataclass
class Piece:
    """What fills one place: the best passage, and its neighbours where they were found or make it readable.

    `kept` tells that it has its place for what it is, a standard, template or checklist of the stage, and was not found.
    """

    best: Candidate
    passages: tuple[Passage, ...]
    kept: bool


def dealt(candidates: Sequence[Candidate], limit: int, *, silent: bool) -> list[Piece]:
    """Return up to `limit` pieces, at most two of one asset; passages side by side share a place.

    A stage's template is useful even where the knowledge is silent about the brief: then the kept places alone are filled,
    and everything in them is marked `kept`, so that the answer still says that nothing was found.
    """
    standing = [candidate for candidate in candidates if candidate.ranked.standing]
    if silent:
        return [Piece(candidate, (candidate.passage,), kept=True) for candidate in standing[: limit // _KEPT_ONE_IN]]
    found = _found(candidates, limit)
    shown = {piece.best.asset.id for piece in found}
    kept = [Piece(candidate, (candidate.passage,), kept=True) for candidate in standing if candidate.asset.id not in shown]
    return _placed([*found, *kept], {candidate.asset.id for candidate in standing}, limit)


def _found(candidates: Sequence[Candidate], limit: int) -> list[Piece]:
    """Walk the candidates, best first: each joins the piece that it stands beside, or takes a place of its own."""
    pieces: list[Piece] = []
    for candidate in candidates:
        if len(pieces) == limit:
            break
        mine = [piece for piece in pieces if piece.best.asset.id == candidate.asset.id]
        beside = next((piece for piece in mine if fits(piece.passages, candidate.passage)), None)
        if beside is not None:
            beside.passages = joined(beside.passages, candidate.passage)
        elif len(mine) < _MOST_OF_ONE_ASSET:
            pieces.append(Piece(candidate, (candidate.passage,), kept=False))
    return pieces


def _placed(pieces: list[Piece], standing: set[str], limit: int) -> list[Piece]:
    """Return the pieces in their order, but for the standing ones that are due: one by the third place, two by the sixth."""
    placed: list[Piece] = []
    while pieces and len(placed) < limit:
        due = (len(placed) + 1) // _KEPT_ONE_IN > sum(piece.best.asset.id in standing for piece in placed)
        pull = next((piece for piece in pieces if piece.best.asset.id in standing), None) if due else None
        # What was found comes before what is kept, but for the places that are due.
        piece = pull or pieces[0]
        pieces.remove(piece)
        placed.append(piece)
    return placed
