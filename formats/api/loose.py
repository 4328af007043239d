"""Parts of a document that may hold anything, taken as the kind that is expected there or as nothing."""

import re
from collections.abc import Iterator
from typing import Any

SCHEMAS = "#/components/schemas/"
_UNFIT = re.compile(r"[^A-Za-z0-9._-]+")


def mapping(value: Any) -> dict[str, Any]:
    """Return a mapping's text keys and their values; {} for anything else."""
    return {key: each for key, each in value.items() if isinstance(key, str)} if isinstance(value, dict) else {}


def listed(value: Any) -> list[Any]:
    """Return a list, or [] for anything else."""
    return value if isinstance(value, list) else []


def text(value: Any) -> str:
    """Return text, a number as it is written, and '' for anything else."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    return str(value)


def words(value: Any) -> tuple[str, ...]:
    """Return the texts of a list, each once."""
    return tuple(dict.fromkeys(each for each in map(text, listed(value)) if each))


def rest(values: dict[str, Any], *known: str) -> dict[str, Any]:
    """Return what is left of a mapping without the keys that are known."""
    return {key: value for key, value in values.items() if key not in known}


def filled(**values: Any) -> dict[str, Any]:
    """Return the values that are not empty."""
    return {key: value for key, value in values.items() if value not in ("", (), [], {}, None)}


def component_name(name: str) -> str:
    """Return a name that OpenAPI 3 allows for a component ("List«Item»" is "List_Item")."""
    return _UNFIT.sub("_", name).strip("_") or "Schema"


def references(value: Any) -> Iterator[str]:
    """Yield every `$ref` inside plain data."""
    waiting = [value]
    while waiting:
        each = waiting.pop()
        if isinstance(each, dict):
            if isinstance(each.get("$ref"), str):
                yield each["$ref"]
            waiting += each.values()
        elif isinstance(each, list | tuple):
            waiting += each


def pointed(document: Any, reference: str) -> Any:
    """Return what a local reference (`#/a/b`) points at, or None."""
    place = document
    for step in reference.removeprefix("#/").split("/"):
        key = step.replace("~1", "/").replace("~0", "~")
        if isinstance(place, dict):
            place = place.get(key)
        elif isinstance(place, list) and key.isdecimal() and int(key) < len(place):
            place = place[int(key)]
        else:
            return None
    return place
