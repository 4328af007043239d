"""A JSON Schema (2020-12, as OpenAPI 3.1 holds it) unfolded into the fields of a body."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from formats.api.loose import filled, listed, mapping, rest, text, words
from formats.api.merging import BESIDE, MOST_LEVELS, Whole, is_schema
from formats.api.model import Field, Scalar
from formats.api.paths import ANY, ITEM, Steps, joined, property_name, property_step

MOST_FIELDS: Final = 600

_SHOWN = ("type", "format", "enum", "description", "properties", "required", "items", "additionalProperties")


def fields_of(schema: Any, document: Mapping[str, Any]) -> tuple[str, tuple[Field, ...]]:
    """Return the name and the fields of a schema; the place '' is left out where it is a plain object and nothing more."""
    unfolding = _Unfolding(document)
    unfolding.take(schema)
    root, *others = unfolding.fields
    plain = replace(root, name="")
    return root.name, tuple(others) if plain == Field("", type="object") else (plain, *others)


class _Unfolding:
    """The fields of one schema; local references are followed, and cut where a schema would come to lie in itself."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        self._document = document
        self.fields: list[Field] = []

    def take(self, schema: Any, steps: Steps = (), above: tuple[str, ...] = (), *, required: bool = False) -> None:
        """Add the place itself and every place below it."""
        whole = Whole(self._document, schema, above)
        place = Field(
            joined(steps),
            type="/".join(whole.types),
            format=text(whole.values.get("format")),
            required=required,
            description=text(whole.values.get("description")),
            name=whole.own_name,
        )
        below = _below(whole.values)
        if whole.cut or (below and self._must_end(whole, steps)):
            self.fields.append(replace(place, beyond=whole.as_cut()))
            return
        enum, left = _enum(whole)
        self.fields.append(replace(place, enum=enum, beyond=left))
        needed = words(whole.values.get("required"))
        inside = (*above, whole.name) if whole.name else above
        for step, each in below:
            is_property = step not in (ITEM, ANY)
            self.take(each, (*steps, step), inside, required=is_property and property_name(step) in needed)

    def _must_end(self, whole: Whole, steps: Steps) -> bool:
        return bool(whole.reference) and (len(steps) > MOST_LEVELS or len(self.fields) > MOST_FIELDS)


def _enum(whole: Whole) -> tuple[tuple[Scalar, ...], dict[str, Any]]:
    """Return the values of an enumeration, and what the columns cannot say."""
    values, notes = whole.values, whole.notes()
    left = rest(values, *_SHOWN, *notes)
    extra = values.get("additionalProperties")
    if "additionalProperties" in values and not is_schema(extra):
        left["additionalProperties"] = extra
    if "items" in values and not isinstance(values["items"], dict | bool):
        left["prefixItems"] = listed(values["items"])
    properties = mapping(values.get("properties"))
    left |= filled(required=[each for each in words(values.get("required")) if each not in properties])
    left |= filled(**{BESIDE: notes})
    enum = values.get("enum")
    if isinstance(enum, list) and enum and all(each is None or isinstance(each, str | int | float) for each in enum):
        return tuple(dict.fromkeys(enum)) if _are_texts(enum) else tuple(enum), left
    return (), left | filled(enum=enum)


def _are_texts(values: list[Any]) -> bool:
    return all(each is None or isinstance(each, str) for each in values)


def _below(values: dict[str, Any]) -> list[tuple[str, Any]]:
    """Return the steps that lead below a place, each with its schema."""
    found = [(property_step(name), each) for name, each in mapping(values.get("properties")).items()]
    if isinstance(values.get("items"), dict | bool):
        found.append((ITEM, values["items"]))
    if is_schema(values.get("additionalProperties")):
        found.append((ANY, values["additionalProperties"]))
    return found
