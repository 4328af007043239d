"""What every door works with, set once at the start: Chainlit loads its target file by path and hands it no arguments."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from chains.events import Person
from channels.api.options import ApiOptions
from channels.people import local_person

if TYPE_CHECKING:
    from chains.assistant import Assistant
    from channels.curation import Curation
    from channels.watching.watch import Watch
    from records.database import Database


@dataclass(frozen=True)
class Opened:
    """The assistant that answers, where people and chats are on record, the longest brief in characters, and what curators work with."""

    assistant: "Assistant"
    database: "Database"
    brief_characters: int
    curation: "Curation | None" = None
    # Who a person is by their id, as long as they may come in: what a key, or another door's own proof, is judged by.
    person_of: Callable[[str], Awaitable[Person | None]] = local_person
    api: ApiOptions = field(default_factory=ApiOptions)
    # What an operator's machines are told.
    watch: "Watch | None" = None
    # The stages whose examples a person finds in the widget.
    widget_starters: tuple[str, ...] = ()


_opened: list[Opened] = []


def set_up(opened: Opened) -> None:
    """Open the doors with these; a later call replaces an earlier one."""
    _opened[:] = [opened]


def opened() -> Opened:
    """Return what the doors were opened with."""
    return _opened[0]
