"""Markdown and plain text: the headings outside fenced code are the trail, front matter is kept as it is written."""

import re
from collections.abc import Iterator
from pathlib import PurePath

from knowledge.reading.limits import safe_yaml
from knowledge.reading.section import Reading, Section

FENCE = re.compile(r"^\s*(```|~~~)")

_FRONT_MATTER = re.compile(r"\A---[ \t]*\n(.*?)\n---[ \t]*(?:\n|\Z)", re.DOTALL)
_HEADING = re.compile(r"^(#{1,6})\s+(.+?)\s*#*$")
_LANGUAGE_SUFFIX = re.compile(r"\.(en|zh)$")


def read_markdown(text: str, name: str) -> Reading:
    """Read Markdown or plain text; the title is the first heading of the first level, or the file's name.

    Raises CannotRead where the front matter is unsound or passes a limit.
    """
    match = _FRONT_MATTER.match(text)
    front = match.group(1) if match else ""
    if front:
        safe_yaml(front)
    sections = tuple(sections_of(text[match.end() :] if match else text))
    return Reading(_first_title(sections) or title_of(name), sections, front=front)


def title_of(name: str) -> str:
    """Return what a file is called, without its ending and its mark of language."""
    return _LANGUAGE_SUFFIX.sub("", PurePath(name).stem)


def sections_of(body: str) -> Iterator[Section]:
    """Walk the headings outside fenced code, and yield the text below each, also where there is none."""
    trail: list[tuple[int, str]] = []
    lines: list[str] = []
    fenced = False
    for line in body.splitlines():
        fenced ^= bool(FENCE.match(line))
        heading = None if fenced else _HEADING.match(line)
        if heading is None:
            lines.append(line)
            continue
        yield _section(trail, lines)
        level, lines = len(heading.group(1)), []
        trail = [(above, title) for above, title in trail if above < level] + [(level, heading.group(2))]
    yield _section(trail, lines)


def _section(trail: list[tuple[int, str]], lines: list[str]) -> Section:
    return Section(tuple(title for _, title in trail), "\n".join(lines).strip("\n"))


def _first_title(sections: tuple[Section, ...]) -> str:
    return next((section.trail[0] for section in sections if section.trail), "")
