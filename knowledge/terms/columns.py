"""Tells which column of a term list holds what, by its headings in English and Chinese or as a person says."""

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import yaml

from errors import KnowledgeError

# Above the headings a sheet may have its title and a date.
_HEADINGS_WITHIN = 10
_NAMES = frozenset({"name", "en", "zh"})


@dataclass(frozen=True)
class Columns:
    """Where each field stands: the columns, counted from 0, that hold it; `first` is the row below the headings, from 0."""

    first: int
    places: Mapping[str, tuple[int, ...]]

    def values(self, row: Sequence[str], field: str) -> list[str]:
        """Return what a row says of a field, one text a column, empty ones left out."""
        found = (_plain(row[place]) for place in self.places.get(field, ()) if place < len(row))
        return [text for text in found if text]


def fields() -> tuple[str, ...]:
    """Return the names of all fields that a column may hold."""
    return tuple(_known())


def columns_of(rows: Sequence[Sequence[str]], mapping: Mapping[str, str]) -> Columns:
    """Return where the fields stand; `mapping` names a heading for a field and goes before what is recognised.

    Raises KnowledgeError where a field or a heading of the mapping does not exist, or no column holds names.
    """
    for field in mapping:
        if field not in _known():
            told = ", ".join(fields())
            raise KnowledgeError(
                f"“{field}” is nothing that a column may hold. Choose from: {told}.", f"列不能对应“{field}”。可选：{told}。"
            )
    best = max(range(min(len(rows), _HEADINGS_WITHIN)), key=lambda at: (_worth(rows[at], mapping), -at), default=None)
    if best is None:
        raise KnowledgeError("The file has no rows.", "文件中没有任何行。")
    places = _places(rows[best], mapping)
    if not _NAMES & places.keys():
        told = ", ".join(text for cell in rows[best] if (text := _plain(cell)))[:300]
        raise KnowledgeError(
            f"No column of names was recognised; the first row says: {told}. Say which it is, such as `--column en=HEADING`.",
            f"没有识别出名称列；首行为：{told}。请指明，例如 `--column zh=列标题`。",
        )
    return Columns(best + 1, places)


def _worth(row: Sequence[str], mapping: Mapping[str, str]) -> int:
    """Return how many fields a row of headings would tell; none where what the mapping asks for is missing."""
    try:
        return len(_places(row, mapping))
    except KnowledgeError:
        return 0


def _places(headings: Sequence[str], mapping: Mapping[str, str]) -> dict[str, tuple[int, ...]]:
    """Return the columns of each field. Raises KnowledgeError where a heading of the mapping is not there."""
    plain = [_heading(cell) for cell in headings]
    places: dict[str, list[int]] = {}
    for field, heading in mapping.items():
        wanted = _heading(heading)
        if wanted not in plain:
            there = ", ".join(text for cell in headings if (text := _plain(cell)))[:300]
            raise KnowledgeError(
                f"There is no column “{heading}”. There are: {there}.", f"没有名为“{heading}”的列。现有：{there}。"
            )
        places[field] = [at for at, one in enumerate(plain) if one == wanted]
    said = {at for columns in places.values() for at in columns}
    for at, heading in enumerate(plain):
        known = _by_heading().get(heading)
        if known is not None and at not in said and known not in mapping:
            places.setdefault(known, []).append(at)
    return {field: tuple(columns) for field, columns in places.items()}


def _plain(cell: str) -> str:
    """Return a cell's text without the marks and blanks around it."""
    return cell.replace("\0", "").strip("\ufeff \t\r\n\u3000")


def _heading(cell: str) -> str:
    """Return a heading as headings are compared: letters, digits and Han characters alone."""
    return "".join(character for character in unicodedata.normalize("NFKC", cell).casefold() if character.isalnum())


@cache
def _known() -> dict[str, list[str]]:
    known: dict[str, list[str]] = yaml.safe_load(files("knowledge.terms").joinpath("columns.yaml").read_text("utf-8"))
    return known


@cache
def _by_heading() -> dict[str, str]:
    return {heading: field for field, headings in _known().items() for heading in headings}
