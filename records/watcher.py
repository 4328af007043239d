"""Who is told of what was put on record: counts, log lines and traces come of it, and of nothing else."""

from typing import Protocol

from records.turns import Adoption, TurnEnd, TurnStart


class Watcher(Protocol):
    """Told right after each commit, in the loop: it must neither wait nor raise."""

    def began(self, turn_id: str, start: TurnStart) -> None:
        """A turn was begun."""
        ...

    def ended(self, turn_id: str, end: TurnEnd) -> None:
        """A turn has ended; told once a turn."""
        ...

    def adopted(self, stage: str, adoption: Adoption) -> None:
        """A person took, edited or refused something of a stage."""
        ...


class Unwatched:
    """Nobody is told."""

    def began(self, turn_id: str, start: TurnStart) -> None:
        """Do nothing."""

    def ended(self, turn_id: str, end: TurnEnd) -> None:
        """Do nothing."""

    def adopted(self, stage: str, adoption: Adoption) -> None:
        """Do nothing."""
