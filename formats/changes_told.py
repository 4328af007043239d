"""Tells changes in short, so that many fit into one brief: a table of tickets, then a line a commit."""

import csv
import io
from collections.abc import Sequence

from formats.changes_model import Change

_COLUMNS = ("Key", "Type", "Summary", "Status", "Labels", "Fix version", "Date", "Breaking")


def tell_changes(changes: Sequence[Change]) -> str:
    """Return changes without their bodies; ids, types, titles, ties and what breaks come back when it is read."""
    tickets = [change for change in changes if change.kind == "ticket"]
    parts = [_table(tickets)] if tickets else []
    lines = [line for change in changes if change.kind == "commit" for line in _lines(change)]
    if lines:
        parts.append("\n".join(lines))
    return "\n\n".join(parts)


def _table(tickets: Sequence[Change]) -> str:
    """Return tickets as CSV, without the columns that none fills."""
    rows = [
        (one.id, one.type, one.title, one.status, " ".join(one.labels), one.version, one.date, "yes" if one.breaking else "")
        for one in tickets
    ]
    filled = [place for place in range(len(_COLUMNS)) if place in (0, 2) or any(row[place] for row in rows)]
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow([_COLUMNS[place] for place in filled])
    writer.writerows([row[place] for place in filled] for row in rows)
    return buffer.getvalue().strip()


def _lines(change: Change) -> list[str]:
    scope = f"({change.scope})" if change.scope else ""
    mark = "!" if change.breaking else ""
    lead = f"{change.type}{scope}{mark}: " if change.type and change.type not in ("merge", "revert") else ""
    tied = f" ({', '.join(change.tickets)})" if change.tickets else ""
    sha = "" if change.id.startswith("L") else f"{change.id[:12]} "
    lines = [f"{sha}{lead}{change.title}{tied}"]
    if change.note or (change.breaking and not lead):
        lines.append(f"BREAKING CHANGE: {change.note or change.title}")
    if change.reverts:
        lines.append(f"  This reverts commit {change.reverts}.")
    return lines
