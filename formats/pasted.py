"""What people paste, taken apart before a notation is looked for: fences, headings, points of lists, tables in Markdown."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

_FENCE = re.compile(r"^ {0,3}(`{3,}|~{3,})\s*([\w+-]*)[^\n]*\n(.*?)(?:^ {0,3}\1[`~]*\s*$|\Z)", re.MULTILINE | re.DOTALL)
_POINT = re.compile(r"^\s*(?:[-*+•·]|\[[ xX]\]|[(（]?\d{1,3}[.、)）]|[①-⑳])\s+|^\s*[①-⑳]|^\s*\d{1,3}[、．]")
_HEADING = re.compile(r"^ {0,3}(#{1,6})\s+(.*?)\s*#*\s*$")
_RULE = re.compile(r"^\s*\|?\s*:?-{1,}:?\s*(?:\|\s*:?-{1,}:?\s*)*\|?\s*$")
_CELL = re.compile(r"(?<!\\)\|")
_EMPHASIS = re.compile(r"(?<![\w\\])(\*\*|__|\*|_)(?=\S)(.{1,300}?)(?<=[^\s\\])\1(?!\w)")
_NESTED = 3
_ESCAPED = re.compile(r"\\([\\`*_{}\[\]()#+\-.!|<>~&@:=])")


@dataclass(frozen=True)
class PastedTable:
    """A table in Markdown: its columns, its rows, each as wide as the columns, and the line that it begins in, counted from 0."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    line: int
    lines: int


def fenced(text: str, *notations: str) -> tuple[str, ...]:
    """Return what stands in fences of these notations (`gherkin`), in order."""
    return tuple(found[3] for found in _FENCE.finditer(text) if found[2].lower() in notations)


def heading(line: str) -> str | None:
    """Return the text of a heading; None where the line is none."""
    found = _HEADING.match(line)
    return plain(found[2]) if found else None


def point(line: str) -> str | None:
    """Return the text of a point of a list; None where the line is none."""
    found = _POINT.match(line)
    return line[found.end() :].strip() if found else None


def plain(text: str) -> str:
    """Return a text without emphasis, and with what was escaped as it was written."""
    for _ in range(_NESTED):
        text = _EMPHASIS.sub(r"\2", text)
    return _ESCAPED.sub(r"\1", text).strip()


def tables(text: str) -> tuple[PastedTable, ...]:
    """Return the tables of a text, each by its heading and the rule below it."""
    lines = text.splitlines()
    found: list[PastedTable] = []
    at = 0
    while at + 1 < len(lines):
        if "|" not in lines[at] or not _RULE.match(lines[at + 1]) or "|" not in lines[at + 1]:
            at += 1
            continue
        columns = _cells(lines[at])
        end = at + 2
        while end < len(lines) and "|" in lines[end]:
            end += 1
        rows = tuple(_as_wide(_cells(line), len(columns)) for line in lines[at + 2 : end])
        found.append(PastedTable(columns, rows, at, end - at))
        at = end
    return tuple(found)


def _cells(line: str) -> tuple[str, ...]:
    """Return the cells of a row; an escaped pipe stays in its cell."""
    inner = re.sub(r"(?<!\\)\|\s*$", "", line.strip().removeprefix("|"))
    return tuple(plain(re.sub(r"<br\s*/?>", " ", cell)) for cell in _CELL.split(inner))


def _as_wide(cells: Sequence[str], width: int) -> tuple[str, ...]:
    """Return a row as wide as its table; what is too much stands in the last cell, so that nothing of it is lost."""
    if len(cells) > width:
        return (*cells[: width - 1], " | ".join(cells[width - 1 :]))
    return (*cells, *[""] * (width - len(cells)))
