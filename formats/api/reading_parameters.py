"""A parameter of an OpenAPI 3.1 document as the model's, and as OpenAPI again."""

from collections.abc import Mapping
from typing import Any, cast

from formats.api.loose import filled, listed, mapping, rest, text
from formats.api.merging import Whole
from formats.api.model import Parameter, Place

_PARTS = ("name", "in", "required", "description", "schema")
_LEVEL = ".items"


def parameter(raw: Mapping[str, Any], document: Mapping[str, Any]) -> Parameter:
    """Return the parameter; the items of an array are told by `[]`, and what its schemas say besides stays beyond."""
    content = mapping(raw.get("content"))
    schema = raw.get("schema") if not content else mapping(next(iter(content.values()))).get("schema")
    whole, depth = Whole(document, schema), 0
    left: dict[str, Any] = {}
    while whole.types == ["array"] and isinstance(whole.values.get("items"), dict) and whole.values["items"] and depth < 8:
        left |= filled(**{"schema" + _LEVEL * depth: rest(whole.values, "type", "items")})
        whole, depth = Whole(document, whole.values["items"]), depth + 1
    enum = listed(whole.values.get("enum"))
    shown = all(each is None or isinstance(each, str | int | float) for each in enum)
    left |= filled(**{"schema" + _LEVEL * depth: rest(whole.values, "type", "format", *["enum"] * shown)})
    place = cast("Place", text(raw.get("in")))
    return Parameter(
        name=text(raw.get("name")),
        place=place,
        type="/".join(whole.types) + "[]" * depth,
        format=text(whole.values.get("format")),
        required=place == "path" or raw.get("required") is True,
        enum=tuple(enum) if shown else (),
        description=text(raw.get("description")),
        beyond=rest(dict(raw), *_PARTS) | ({} if content else left),
    )


def written(given: Parameter) -> dict[str, Any]:
    """Return the parameter as OpenAPI writes it."""
    kept = dict(given.beyond)
    required = given.required or given.place == "path"
    head = {"name": given.name, "in": given.place} | filled(required=required, description=given.description)
    levels = {key: mapping(kept.pop(key)) for key in list(kept) if key.split(".")[0] == "schema"}
    if "content" in kept:
        return head | kept
    depth = given.type.count("[]")
    types = given.type.replace("[]", "").split("/")
    schema = filled(type=types if len(types) > 1 else types[0], format=given.format, enum=list(given.enum))
    schema |= levels.get("schema" + _LEVEL * depth, {})
    for level in reversed(range(depth)):
        schema = {"type": "array", "items": schema} | levels.get("schema" + _LEVEL * level, {})
    return head | {"schema": schema} | kept
