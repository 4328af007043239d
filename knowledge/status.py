"""How the knowledge stands, for the page and the operator."""

from dataclasses import dataclass

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
