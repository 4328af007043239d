"""How the knowledge stands, for the page and the operator."""

from dataclasses import dataclass
from typing import Literal

from knowledge.following import Following
from knowledge.indexes.choice import is_broken
from knowledge.intake.pack import Problem
from knowledge.intake.progress import Progress
from knowledge.notices import Notice


@dataclass(frozen=True)
class KnowledgeStatus:
    """How the knowledge stands: counts, what searches, what a person should know, and how far an ingest is.

    `next_embedding` takes the place of `embedding` when it has made `next_total` vectors; `refused` files cannot be read.
    """

    passages: int
    waiting: int
    terms: int
    embedding: str | None
    index: str
    notices: tuple[Notice, ...]
    progress: Progress | None
    problems: tuple[Problem, ...]
    next_embedding: str | None
    next_done: int
    next_total: int
    refused: int


IndexState = Literal["in step", "behind", "filling", "memory answers", "words alone"]


@dataclass(frozen=True)
class IndexStanding:
    """How search stands to what SQL holds: `held` and `committed` are generations of (content, vectors)."""

    state: IndexState
    held: tuple[int, int]
    committed: tuple[int, int]
    waiting: int


async def index_standing(following: Following) -> IndexStanding:
    """Compare what is searched with what is committed. Raises KnowledgeError, RecordsError."""
    stand = following.stand
    committed = await following.committed()
    return IndexStanding(
        _state(following, committed), following.generation, committed, stand.holdings.waiting if stand.embedding else 0
    )


def _state(following: Following, committed: tuple[int, int]) -> IndexState:
    stand = following.stand
    if following.generation != committed:
        return "behind"
    if stand.embedding is None:
        return "words alone"
    if is_broken(stand.index) or not {"index", "filling"}.isdisjoint(following.notices):
        return "memory answers"
    return "in step" if following.is_filled and not stand.holdings.waiting else "filling"
