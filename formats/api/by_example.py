"""A JSON Schema guessed from an example: what stands in it is taken for the kind that it looks like, and nothing for required."""

import re
from typing import Any, Final

_FORMATS: Final = {
    "uuid": re.compile(r"[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}"),
    "date-time": re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)"),
    "date": re.compile(r"\d{4}-\d\d-\d\d"),
}
_LIKE: Final = 50  # entries of a list that are looked at


def schema_by_example(value: Any) -> dict[str, Any]:
    """Return the schema of a value; null may be anything."""
    if isinstance(value, dict):
        return {"type": "object", "properties": {str(key): schema_by_example(each) for key, each in value.items()}}
    if isinstance(value, list):
        items: dict[str, Any] = {}
        for each in value[:_LIKE]:
            items = both(items, schema_by_example(each))
        return {"type": "array", "items": items} if items else {"type": "array"}
    if isinstance(value, bool):
        return {"type": "boolean"}
    if isinstance(value, int | float):
        return {"type": "integer" if isinstance(value, int) else "number"}
    return _of_text(value) if isinstance(value, str) else {}


def both(one: dict[str, Any], other: dict[str, Any]) -> dict[str, Any]:
    """Return a schema that two examples keep."""
    if not one or not other or one == other:
        return one or other
    if one.get("type") != other.get("type"):
        types = {one.get("type"), other.get("type")}
        return {"type": "number"} if types == {"integer", "number"} else {}
    if one["type"] == "object":
        properties = dict(one["properties"])
        for name, each in other["properties"].items():
            properties[name] = both(properties.get(name, {}), each)
        return {"type": "object", "properties": properties}
    if one["type"] == "array":
        items = both(one.get("items", {}), other.get("items", {}))
        return {"type": "array", "items": items} if items else {"type": "array"}
    return {"type": one["type"]}


def _of_text(value: str) -> dict[str, Any]:
    known = next((name for name, pattern in _FORMATS.items() if pattern.fullmatch(value)), "")
    return {"type": "string", "format": known} if known else {"type": "string"}
