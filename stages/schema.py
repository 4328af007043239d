"""JSON Schemas as small models need them: closed, bounded, without references, and narrowed to what is in hand."""

import copy
from collections.abc import Sequence
from functools import cache
from typing import Any

from pydantic import BaseModel

Json = dict[str, Any]


def closed_schema(shape: type[BaseModel]) -> Json:
    """Return the shape's JSON Schema with references put in place, every property required and nothing else allowed; a copy of one's own."""
    return copy.deepcopy(_made(shape))


@cache
def _made(shape: type[BaseModel]) -> Json:
    """Make a shape's schema once: it takes 3 ms, and an answer asks for it with every item."""
    schema = shape.model_json_schema()
    definitions = schema.pop("$defs", {})
    return _closed(schema, definitions)


def narrowed(schema: Json, path: str, values: Sequence[str]) -> Json:
    """Return a copy in which the strings at `path` are an enumeration of `values`.

    A path names properties, `[]` the members of a list: `stories[].sources[]`. A list with nothing to choose from must be empty;
    a single string with nothing to choose from stays free.
    """
    narrow = copy.deepcopy(schema)
    node = narrow
    parent = narrow
    for part in path.replace("[]", ".[]").split("."):
        parent = node
        node = node["items"] if part == "[]" else node["properties"][part]
    if values:
        node.clear()
        node.update({"type": "string", "enum": list(dict.fromkeys(values))})
        if path.endswith("[]"):
            parent["maxItems"] = min(parent.get("maxItems", len(values)), len(values))
            parent["minItems"] = min(parent.get("minItems", 0), parent["maxItems"])
    elif path.endswith("[]"):
        parent["maxItems"] = 0
        parent["minItems"] = 0
    return narrow


def without(schema: Json, *names: str) -> Json:
    """Return a copy of an object's schema without these properties."""
    copied = copy.deepcopy(schema)
    for name in names:
        copied["properties"].pop(name, None)
    copied["required"] = list(copied["properties"])
    return copied


_KEPT = ("type", "enum", "const", "minLength", "maxLength", "minItems", "maxItems", "minimum", "maximum", "description")


def _closed(node: Json, definitions: Json) -> Json:
    """Close one node and all below it."""
    if "$ref" in node:
        return _closed(definitions[node["$ref"].rsplit("/", 1)[-1]], definitions)
    kept: Json = {key: node[key] for key in _KEPT if key in node}
    if "anyOf" in node:
        kept["anyOf"] = [_closed(option, definitions) for option in node["anyOf"]]
    if "properties" in node:
        # What is cited comes after what is said: a model writes in the order of the schema.
        names = sorted(node["properties"], key=lambda name: name == "sources")
        kept["properties"] = {name: _closed(node["properties"][name], definitions) for name in names}
        kept["required"] = names
        kept["additionalProperties"] = False
    if "items" in node:
        kept["items"] = _closed(node["items"], definitions)
    return kept
