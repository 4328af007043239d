"""What every door works with, set once at the start: Chainlit loads its target file by path and hands it no arguments."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from chains.assistant import Assistant
    from channels.curation import Curation
    from records.database import Database


@dataclass(frozen=True)
class Opened:
    """The assistant that answers, where people and chats are on record, the longest brief in characters, and what curators work with."""

    assistant: "Assistant"
    database: "Database"
    brief_characters: int
    curation: "Curation | None" = None


_opened: list[Opened] = []


def set_up(opened: Opened) -> None:
    """Open the doors with these; a later call replaces an earlier one."""
    _opened[:] = [opened]


def opened() -> Opened:
    """Return what the doors were opened with."""
    return _opened[0]
