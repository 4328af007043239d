"""The settings as a list for people and for scripts; no secret leaves it."""

import json
import re
import textwrap
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import SecretStr

if TYPE_CHECKING:
    from settings import Settings

_WIDTH = 96
_HIDDEN = "(hidden)"
# What stands between `//` and `@` of an address is a name and a password.
_CREDENTIALS = re.compile(r"(?<=//)[^/@\s]+(?=@)")


@dataclass(frozen=True)
class Row:
    """One setting; `value` is None where nothing is set, or where the settings could not be read."""

    name: str
    value: Any
    default: Any
    description: str


def rows(present: "Settings | None") -> list[Row]:
    """Return every setting in reading order."""
    house = import_module("settings")
    found: list[Row] = []
    for name, (description, default) in house.names().items():
        value = _value(present, name.removeprefix(house.PREFIX).lower().split("__")) if present is not None else None
        found.append(Row(name, _shown(value), _shown(default), description))
    return found


def rows_json(found: Sequence[Row]) -> str:
    """Return the settings as a JSON list."""
    return json.dumps([asdict(row) for row in found], ensure_ascii=False, indent=2)


def rows_text(found: Sequence[Row], *, known: bool) -> str:
    """Return the settings as a person reads them: what each is set to, where that is known, and the default where it differs."""
    return "\n\n".join(_row_text(row, known=known) for row in found)


def _row_text(row: Row, *, known: bool) -> str:
    value = f" = {_written(row.value)}" if known else ""
    default = "" if known and row.value == row.default else f"   (default: {_written(row.default)})"
    about = textwrap.wrap(row.description, _WIDTH - 4)
    return "\n".join([f"{row.name}{value}{default}", *(f"    {line}" for line in about)])


def _value(present: Any, path: Sequence[str]) -> Any:
    for name in path:
        present = getattr(present, name)
    return present


def _shown(value: Any) -> Any:
    """Return a value as JSON holds it, its secrets hidden."""
    if isinstance(value, SecretStr):
        return _HIDDEN
    if isinstance(value, str | Path):
        return _CREDENTIALS.sub(_HIDDEN, str(value))
    return list(value) if isinstance(value, tuple) else value


def _written(value: Any) -> str:
    return "not set" if value is None else value if isinstance(value, str) else json.dumps(value)
