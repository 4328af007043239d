"""Reads the changes of a version for `stagecraft ask`: a range of a git repository, and a ticket export."""

import re
from pathlib import Path

from channels.terminal.texts import refused
from formats.changes import Changes, read_changes
from formats.changes_told import tell_changes
from formats.encodings import decoded
from knowledge.intake.git_source import commits

_MOST_BYTES = 16 * 1024 * 1024
_RANGE = re.compile(r"(?P<first>[^\s.]\S*?)?\.\.(?P<last>[^\s.]\S*)?")


def with_changes(brief: str, git: Path | None, commit_range: str | None, tickets: Path | None, most: int) -> str:
    """Return the brief with the commits of a range and the tickets of a file below it.

    What would make it longer than `most` characters is told in short: ids, types, titles and what breaks.
    Raises BriefError where a range, a repository or a file cannot be read or holds no change; KnowledgeError as git refuses.
    """
    if brief == "-":
        raise refused("cli_changes_alone")
    parts = [brief.strip()] if brief.strip() else []
    found: list[Changes] = []
    for text in _texts(git, commit_range, tickets):
        parts.append(text)
        found.append(read_changes(text))
    if commit_range and (version := re.search(r"\.\.[^\s]*?v?(\d+\.\d+[\w.+-]*)$", commit_range)):
        parts.insert(0, f"Version: {version[1]}")
    told = "\n\n".join(parts)
    if len(told) <= most:
        return told
    return "\n\n".join([*parts[: len(parts) - len(found)], *(tell_changes(one.changes) for one in found)])


def _texts(git: Path | None, commit_range: str | None, tickets: Path | None) -> list[str]:
    """Return the log and the export, as far as they were asked for."""
    texts = []
    if git is not None or commit_range is not None:
        texts.append(_log(git or Path(), commit_range or ""))
    if tickets is not None:
        texts.append(_export(tickets))
    return texts


def _log(repository: Path, commit_range: str) -> str:
    found = _RANGE.fullmatch(commit_range.strip())
    if found is None:
        raise refused("cli_range", range=commit_range[:80])
    if not repository.is_dir():
        raise refused("cli_no_repository", path=str(repository)[:200])
    try:
        raw = commits(repository, found["first"] or "", found["last"] or "HEAD")
    except ValueError as error:
        raise refused("cli_revision", name=str(error)[:80], path=str(repository)[:200]) from error
    if not raw.strip():
        raise refused("cli_range_empty", range=commit_range[:80])
    return raw.decode("utf-8", "replace").strip()


def _export(path: Path) -> str:
    try:
        if path.stat().st_size > _MOST_BYTES:
            raise refused("cli_tickets_long", path=str(path)[:200], megabytes=_MOST_BYTES // 1024**2)
        raw = path.read_bytes()
    except OSError as error:
        raise refused("cli_tickets_closed", path=str(path)[:200], reason=error.strerror or "") from error
    text = decoded(raw)
    if text is None or not read_changes(text).changes:
        raise refused("cli_tickets_none", path=str(path)[:200])
    return text.strip()
