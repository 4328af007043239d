"""What the page works with, set once at the start: Chainlit loads its target file by path and hands it no arguments."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from chains.events import Person

if TYPE_CHECKING:
    from chains.assistant import Assistant
    from channels.curation import Curation


@dataclass(frozen=True)
class Opened:
    """The assistant that answers, who is asking, the longest brief in characters, and what curators work with."""

    assistant: "Assistant"
    person_of: Callable[[object], Person]
    brief_characters: int
    curation: "Curation | None" = None


_opened: list[Opened] = []


def set_up(opened: Opened) -> None:
    """Open the page with these; a later call replaces an earlier one."""
    _opened[:] = [opened]


def opened() -> Opened:
    """Return what the page was opened with."""
    return _opened[0]
