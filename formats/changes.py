"""Changes as one list, whatever tells of them: a git log, a ticket export, or a mixture pasted together."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from formats.changes_git import read_log
from formats.changes_model import Change, shortened
from formats.changes_tickets import take_json, take_tables

MOST_CHANGES = 2000


@dataclass(frozen=True)
class Changes:
    """The changes of a text, each once, tickets before commits; `unread` are the lines and rows that tell of none, shortened."""

    changes: tuple[Change, ...] = ()
    unread: tuple[str, ...] = ()

    def of(self, change_id: str) -> Change | None:
        """Return the change of this id; a sha may be written shorter or longer than it stands here."""
        return next((change for change in self.changes if same_id(change.id, change_id)), None)


def read_changes(text: str) -> Changes:
    """Return the changes that a text tells of: git logs, tables and JSON of tickets, lists of subjects, in any mixture."""
    plain = text.replace("\r\n", "\n").replace("\r", "\n").replace("\ufeff", "").replace("\x00", "")
    plain, from_json, no_issues = take_json(plain)
    plain, from_tables, no_rows = take_tables(plain)
    from_log, no_lines = read_log(plain)
    found = _once([*from_json, *from_tables, *from_log])[:MOST_CHANGES]
    ordered = sorted(found, key=lambda change: change.kind == "commit")
    return Changes(tuple(_tied(ordered)), shortened([*no_issues, *no_rows, *no_lines]))


def same_id(one: str, other: str) -> bool:
    """Tell whether two ids are one: letter case aside, and a sha may be shortened to seven digits."""
    left, right = one.lower().lstrip("#"), other.lower().lstrip("#")
    if left == right:
        return True
    short, whole = sorted((left, right), key=len)
    return bool(len(short) >= 7 and re.fullmatch("[0-9a-f]+", whole) and whole.startswith(short))


def _once(changes: Iterable[Change]) -> list[Change]:
    """Return each change once: of two with the same id the one that says more."""
    kept: list[Change] = []
    # Where the changes are that could be the same: those whose ids begin alike.
    places: dict[str, list[int]] = {}
    for change in changes:
        near = places.setdefault(change.id.lower().lstrip("#")[:7], [])
        place = next((place for place in near if same_id(kept[place].id, change.id)), None)
        if place is None:
            near.append(len(kept))
            kept.append(change)
        elif len(change.text) > len(kept[place].text):
            kept[place] = change
    return kept


def _tied(changes: Sequence[Change]) -> list[Change]:
    """Return the changes with each commit tied to the tickets that its message names."""
    tickets: Mapping[str, str] = {change.id.lower().lstrip("#"): change.id for change in changes if change.kind == "ticket"}
    # A bare number names a ticket only where a # stands before it.
    names = [rf"#{re.escape(name)}" if name.isdecimal() else re.escape(name) for name in tickets]
    pattern = (
        re.compile(rf"(?<![\w-])(?:{'|'.join(sorted(names, key=len, reverse=True))})(?![\w]|-\w)", re.IGNORECASE)
        if names
        else None
    )
    tied = []
    for change in changes:
        subject = change.tickets[0] if change.tickets else ""
        told = pattern.findall(f"{subject}\n{change.body}") if pattern and change.kind == "commit" else []
        named = dict.fromkeys(tickets[name.lower().lstrip("#")] for name in told)
        tied.append(replace(change, tickets=tuple(named)))
    return tied
