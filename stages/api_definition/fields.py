"""The fields of bodies: the attributes of a class where one is in hand, common fields otherwise."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from formats.language import has_han
from stages.api_definition.deriving import Derived
from stages.api_definition.naming import camel, chunk_names, kebab, known_names, singular, vocabulary
from stages.material import Material, UpstreamItem

Json = dict[str, Any]
MOST_OFFERED = 10
MONEY = ("amount", "money", "金额")
# What a type is called in models of classes, and what it is in JSON; the first that fits holds.
_TYPES: tuple[tuple[str, str, str], ...] = (
    (r"date.?time|timestamp|instant|时间", "string", "date-time"),
    (r"date|日期", "string", "date"),
    (r"bool|flag|是否|布尔", "boolean", ""),
    (r"\bint|integer|long|count|整数|数量", "integer", ""),
    (r"decimal", "string", "decimal"),
    (r"float|double|number|percent|rate|ratio|数值|比例", "number", ""),
    (r"uuid|guid", "string", "uuid"),
    (r"e-?mail", "string", "email"),
)


def offered_fields(derived: Derived, material: Material) -> dict[str, tuple[Json, ...]]:
    """Return the fields that a body may have, by name, each with the places that it takes in the body."""
    # What an action is told with is seldom what the class has that it is done to: freezing a card sends a reason, no limit.
    attributes = {} if derived.kind == "act" and not derived.own_class else class_fields(derived.classes[:1], material)
    if attributes:
        return dict(list(attributes.items())[:MOST_OFFERED])
    said = vocabulary()["fields"]
    names = (*derived.fields, *vocabulary()["offered"].get(derived.kind, "").split())
    return {name: _common(name, said[name]) for name in list(dict.fromkeys(names))[:MOST_OFFERED]}


def class_fields(classes: Sequence[str], material: Material) -> dict[str, tuple[Json, ...]]:
    """Return the fields of these classes' attributes; one without an English name is left out."""
    known = known_names(material)
    found: dict[str, tuple[Json, ...]] = {}
    for item in (item for item in material.upstream_of("domain_model") if item.id in classes):
        for attribute in _attributes(item):
            said = str(attribute.get("name") or "")
            name = _field_name(said, known)
            if name and name not in found and name != "id":
                found[name] = _typed(name, attribute)
    return found


def _attributes(item: UpstreamItem) -> Iterable[Mapping[str, Any]]:
    told = item.body.get("attributes") or ()
    return [one if isinstance(one, Mapping) else {"name": str(one)} for one in told]


def _field_name(said: str, known: Any) -> str:
    """Return the camel case name of an attribute; a Chinese one by the common fields and words."""
    if not has_han(said):
        return camel(kebab(said))
    for name, told in vocabulary()["fields"].items():
        if said in told["zh"]:
            return str(name)
    named = chunk_names(said, known)
    return camel("-".join(singular(resource.name) for _, resource in named)) if named else ""


def _typed(name: str, attribute: Mapping[str, Any]) -> tuple[Json, ...]:
    """Return the field of an attribute by what its type is called; a list of values becomes an enumeration."""
    told = str(attribute.get("type") or "").lower()
    required = bool(attribute.get("required"))
    if told == "list":
        return ({"path": name, "type": "array", "required": required}, {"path": f"{name}[]", "type": "string"})
    values = attribute.get("values") or attribute.get("enum") or ()
    if any(word in told for word in MONEY):
        return money(name, required=required)
    base: Json = {"path": name, "required": required}
    if values:
        return (base | {"type": "string", "enum": [constant(str(value)) for value in values]},)
    kind, form = next(((kind, form) for pattern, kind, form in _TYPES if re.search(pattern, told)), ("string", ""))
    return (base | {"type": kind, "format": form},)


def _common(name: str, told: Mapping[str, Any]) -> tuple[Json, ...]:
    """Return a common field with its places."""
    if told["type"] == "money":
        return money(name)
    if told["type"] == "strings":
        return ({"path": name, "type": "array"}, {"path": f"{name}[]", "type": "string"})
    return ({"path": name, "type": told["type"], "format": told.get("format", "")},)


def money(name: str, *, required: bool = False) -> tuple[Json, ...]:
    """Return an amount as the standard has it: a decimal string with its currency."""
    return (
        {"path": name, "type": "object", "required": required},
        {"path": f"{name}.value", "type": "string", "format": "decimal", "required": True},
        {"path": f"{name}.currency", "type": "string", "required": True},
    )


def constant(value: str) -> str:
    """Return a value of an enumeration in upper case with underscores; one without Latin letters as it stands."""
    return kebab(value).replace("-", "_").upper() or value


def within(fields: Iterable[Json], place: str) -> list[Json]:
    """Return fields set below a place: `items[].amount`."""
    return [field | {"path": f"{place}.{field['path']}"} for field in fields]
