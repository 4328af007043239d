"""One place's JSON Schema made whole: its reference followed, its allOf taken in, null told from what may be null."""

from collections.abc import Mapping
from typing import Any, Final

from formats.api.loose import SCHEMAS, component_name, listed, mapping, pointed, rest, text, words

DANGLING: Final = "x-dangling"
BESIDE: Final = "$beside"
MOST_LEVELS: Final = 24

_NOTES = {"description", "readOnly", "writeOnly", "deprecated", "title", "default", "examples", "externalDocs", "xml"}
_COMBINED = ("allOf", "anyOf", "oneOf")
_SHAPES = {"type", "format", "enum", "properties", "required", "items", "additionalProperties", "not", *_COMBINED}
_MOST_PARTS = 500


class Whole:
    """A schema made whole; `name` is the component that it is, `cut` says that it lies in itself."""

    def __init__(self, document: Mapping[str, Any], schema: Any, above: tuple[str, ...] = ()) -> None:
        self._document = document
        self._parts = 0
        self._above = above
        self._start()
        values, null = self._followed(as_mapping(schema))
        self.values = _joined(self.beside, self._merged(values, (self.reference,)))
        self.types = _types(self.values)
        if null and not self.types:  # nothing that null could be added to
            self._start()
            self.values = as_mapping(schema)
        elif null:
            self._add_null()
        self._order_null()
        self.own_name = "" if set(self.beside) & _SHAPES else self.name

    def as_cut(self) -> dict[str, Any]:
        """Return what stands for a schema that is not unfolded at its place."""
        return {"$ref": SCHEMAS + self.name if self.name else self.reference, **rest(self.beside, "description")}

    def notes(self) -> dict[str, Any]:
        """Return what is said of a named schema at this place alone."""
        return rest(self.beside, "description") if self.own_name else {}

    def _start(self) -> None:
        self.name = self.reference = ""
        self.cut = False
        self.beside: dict[str, Any] = {}

    def _followed(self, values: dict[str, Any]) -> tuple[dict[str, Any], bool]:
        """Return the schema that references lead to, and whether null was added on the way."""
        null = False
        for _ in range(MOST_LEVELS):
            values, says_null = _alone(values)
            null = null or says_null
            reference = values.get("$ref")
            if not isinstance(reference, str):
                return values, null
            self.beside = {**rest(values, "$ref"), **self.beside}
            target = pointed(self._document, reference) if reference.startswith("#") else None
            if not isinstance(target, dict | bool):
                return {DANGLING: reference}, null
            name = component_name(reference.removeprefix(SCHEMAS)) if reference.startswith(SCHEMAS) else ""
            self.name, self.reference = self.name or name, self.reference or reference
            self.cut = self.cut or (bool(name) and name in self._above)
            values = as_mapping(target)
        return {DANGLING: self.reference}, null

    def _merged(self, values: dict[str, Any], trail: tuple[str, ...]) -> dict[str, Any]:
        """Return the schema with the parts of its allOf; what says something else on the same matter stays in allOf."""
        merged = rest(values, "allOf")
        left: list[Any] = []
        for part in listed(values.get("allOf")):
            taken, path = self._part(part, trail)
            other = part if taken is None else _take_in(merged, self._merged(taken, path))
            if other:
                left.append(other)
        return {**merged, "allOf": left} if left else merged

    def _part(self, part: Any, trail: tuple[str, ...]) -> tuple[dict[str, Any] | None, tuple[str, ...]]:
        """Return one part of an allOf with its reference followed; None where that has no end."""
        self._parts += 1
        reference = mapping(part).get("$ref")
        if not isinstance(reference, str):
            return (mapping(part) if isinstance(part, dict) else None), trail
        target = pointed(self._document, reference)
        if reference in trail or not isinstance(target, dict) or len(trail) > MOST_LEVELS or self._parts > _MOST_PARTS:
            return None, trail
        return {**mapping(target), **rest(mapping(part), "$ref")}, (*trail, reference)

    def _add_null(self) -> None:
        self.types = [*(each for each in self.types if each != "null"), "null"]
        enum = self.values.get("enum")
        if isinstance(enum, list) and None not in enum:
            self.values["enum"] = [*enum, None]

    def _order_null(self) -> None:
        """Let null stand last among the values; where it is none of them, it is no type either."""
        enum = self.values.get("enum")
        if not isinstance(enum, list) or "null" not in self.types:
            return
        if None in enum:
            self.values["enum"] = [*(each for each in enum if each is not None), None]
        elif len(self.types) > 1:
            self.types = [each for each in self.types if each != "null"]


def as_mapping(schema: Any) -> dict[str, Any]:
    """Return a schema as a mapping; `false` allows nothing."""
    return {"not": {}} if schema is False else mapping(schema)


def is_schema(value: Any) -> bool:
    """Whether it is a schema that says something."""
    return isinstance(value, dict) and bool(value)


def _alone(values: dict[str, Any]) -> tuple[dict[str, Any], bool]:
    """Return a schema without the wrapping that adds only notes or null to one other, and whether null was added."""
    for keyword in _COMBINED:
        parts = listed(values.get(keyword))
        others = [each for each in parts if mapping(each).get("type") != "null"]
        around = rest(values, keyword, "type")
        if len(others) != 1 or not set(around) <= _NOTES or (keyword == "allOf" and len(parts) > 1):
            continue
        one = mapping(others[0])
        simple = len(parts) > 1 and not set(one) & {"const", "not", *_COMBINED}
        if "$ref" in one or simple:
            return {**one, **around}, len(parts) > 1 or "null" in listed(values.get("type"))
    return values, False


def _joined(beside: dict[str, Any], merged: dict[str, Any]) -> dict[str, Any]:
    joined = dict(beside)
    other = _take_in(joined, merged)
    return {**joined, "allOf": [other]} if other and "allOf" not in other else joined | other


def _take_in(merged: dict[str, Any], part: dict[str, Any]) -> dict[str, Any]:
    """Take a part's keywords into a schema; return those on which the two do not agree."""
    other: dict[str, Any] = {}
    for key, value in part.items():
        if key == "properties":
            merged[key] = {**mapping(value), **mapping(merged.get(key))}
        elif key == "required":
            merged[key] = list(dict.fromkeys([*words(merged.get(key)), *words(value)]))
        elif key == "allOf":
            other[key] = value
        elif key not in merged:
            merged[key] = value
        elif merged[key] != value and key not in _NOTES:
            other[key] = value
    return other


def _types(values: dict[str, Any]) -> list[str]:
    given = values.get("type")
    types = list(words(given)) or [text(given)] * bool(text(given))
    if not types and ("properties" in values or is_schema(values.get("additionalProperties"))):
        return ["object"]
    if not types and "items" in values:
        return ["array"]
    return types
