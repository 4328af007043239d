"""How far work on the knowledge is, and who is told."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Progress:
    """How far an ingest is."""

    doing: Literal["reading", "embedding"]
    done: int
    total: int


Watcher = Callable[[Progress], None]


def unwatched(_progress: Progress) -> None:
    """Watch nothing."""
