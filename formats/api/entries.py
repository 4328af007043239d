"""The entries of a cell, `name: type(format){value, value}!`, written and read strictly as `docs/api-table.md` says."""

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from formats.api.model import Field, Parameter, Place, Scalar
from formats.api.paths import ITEM, completed, steps_of

ROOT = "."
ANY_TYPE = "any"

_WORD = re.compile(r"[\w@$-]+")
_TYPE = re.compile(r"[\w/-]+(?:\[\])*")
_FORMAT = re.compile(r"[\w./+:-]+")
_VALUE = re.compile(r"[^\W\d_][\w.:/+-]*(?: [\w.:/+-]+)*")
_QUOTED = re.compile(r'"(?:[^"\\]|\\.)*"')
_PATH = re.compile(r'(?:"(?:[^"\\]|\\.)*"|[\w@$*.\[\]-])+')
_NUMBER = re.compile(r"-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?")
_LITERALS = ("true", "false", "null")


class NotAnEntry(ValueError):
    """A cell that is not written as the grammar says; it names the place from which on it is not understood."""


@dataclass
class Cursor:
    """A text being read from left to right."""

    text: str
    at: int = 0

    def take(self, pattern: "re.Pattern[str] | str") -> str | None:
        """Return what stands next where it fits, with the space after it passed over; None where it does not."""
        if isinstance(pattern, str):
            found = pattern if self.text.startswith(pattern, self.at) else None
        else:
            match = pattern.match(self.text, self.at)
            found = match.group() if match else None
        if found is not None:
            self.at += len(found)
            while self.text.startswith(" ", self.at):
                self.at += 1
        return found

    def need(self, pattern: "re.Pattern[str] | str") -> str:
        """Return what stands next. Raises NotAnEntry where it does not fit."""
        found = self.take(pattern)
        if found is None:
            raise NotAnEntry(self.text[self.at :])
        return found

    @property
    def ended(self) -> bool:
        """Whether nothing is left."""
        return self.at >= len(self.text)


def quoted(text: str, pattern: re.Pattern[str] = _WORD) -> str:
    """Return text as it is where it fits a pattern, else in quotes."""
    return text if pattern.fullmatch(text) else json.dumps(text, ensure_ascii=False)


def unquoted(text: str) -> str:
    """Return what quotes hold, or the text itself. Raises NotAnEntry where the quotes are unsound."""
    if not text.startswith('"'):
        return text
    try:
        return str(json.loads(text, strict=False))
    except ValueError as error:
        raise NotAnEntry(text) from error


def written_fields(fields: Sequence[Field]) -> str:
    """Return a body's fields as entries; arrays and objects that the paths below them imply are left out."""
    whole = completed(fields)
    return ", ".join(_entry(each.path or ROOT, each) for each, following in _pairs(whole) if not _implied(each, following))


def written_parameters(parameters: Iterable[Parameter]) -> str:
    """Return parameters as entries."""
    return ", ".join(_entry(quoted(each.name), each) for each in parameters)


def read_fields(cursor: Cursor) -> tuple[Field, ...]:
    """Read entries to the end as a body's fields. Raises NotAnEntry."""
    found: list[Field] = []
    while not cursor.ended:
        if found:
            cursor.need(",")
        path = cursor.need(_PATH)
        if path != ROOT and steps_of(path) is None:
            raise NotAnEntry(path)
        known = _said(cursor)
        place = "" if path == ROOT else path
        while known["type"].endswith(ITEM):  # `tags: string[]` is short for `tags: array, tags[]: string`
            found.append(Field(place, type="array", required=known.pop("required", False)))
            place, known["type"] = place + ITEM, known["type"].removesuffix(ITEM)
        found.append(Field(place, **known))
    return completed(found)


def read_parameters(cursor: Cursor, place: Place) -> tuple[Parameter, ...]:
    """Read entries to the end as parameters of one place. Raises NotAnEntry."""
    found: list[Parameter] = []
    while not cursor.ended:
        if found:
            cursor.need(",")
        name = unquoted(cursor.take(_QUOTED) or cursor.need(_WORD))
        known = _said(cursor)
        found.append(replace(Parameter(name, place, **known), required=place == "path" or known["required"]))
    return tuple(found)


def _pairs(fields: Sequence[Field]) -> Iterable[tuple[Field, Field | None]]:
    return zip(fields, (*fields, None)[1:], strict=True)


def _implied(place: Field, following: Field | None) -> bool:
    """Whether the place that follows lies directly below and says that this one is there and what it is."""
    if following is None:
        return place == replace(place, type="object", path="", format="", enum=()) and not place.required
    above, below = steps_of(place.path) or (), steps_of(following.path) or ()
    if len(below) != len(above) + 1 or below[: len(above)] != above:
        return False
    implied = "array" if below[-1] == ITEM else "object"
    return place.type == implied and not (place.required or place.format or place.enum)


def _entry(name: str, said: Field | Parameter) -> str:
    form = f"({quoted(said.format, _FORMAT)})" if said.format else ""
    values = "{" + ", ".join(_value(each, said.type) for each in said.enum) + "}" if said.enum else ""
    kind = re.sub(r"^(?=\[|$)", ANY_TYPE, said.type)
    return f"{name}: {quoted(kind, _TYPE)}{form}{values}{'!' if said.required else ''}"


def _value(value: Scalar, type_: str) -> str:
    """Return a value of an enumeration; text that could be taken for something else stands in quotes."""
    if isinstance(value, str):
        plain = _VALUE.fullmatch(value) and value not in _LITERALS and "string" in type_
        return value if plain else json.dumps(value, ensure_ascii=False)
    return json.dumps(value)


def _said(cursor: Cursor) -> dict[str, Any]:
    """Read what stands after a name."""
    cursor.need(":")
    kind = unquoted(cursor.take(_QUOTED) or cursor.need(_TYPE))
    said: dict[str, Any] = {"type": re.sub(rf"^{ANY_TYPE}(?=\[|$)", "", kind), "format": "", "enum": ()}
    if cursor.take("("):
        said["format"] = unquoted(cursor.take(_QUOTED) or cursor.need(_FORMAT))
        cursor.need(")")
    if cursor.take("{"):
        said["enum"] = _values(cursor)
    said["required"] = cursor.take("!") is not None
    return said


def _values(cursor: Cursor) -> tuple[Scalar, ...]:
    found: list[Scalar] = []
    while not cursor.take("}"):
        if found:
            cursor.need(",")
        word = cursor.take(_QUOTED)
        found.append(unquoted(word) if word is not None else _scalar(cursor.need(re.compile(r"[^,{}\"]+")).strip()))
    return tuple(found)


def _scalar(word: str) -> Scalar:
    if word in _LITERALS or _NUMBER.fullmatch(word):
        value: Scalar = json.loads(word)
        return value
    return word
