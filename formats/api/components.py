"""The fields of bodies as JSON Schema, named schemas as components: each written once and referred to where it means the same."""

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from formats.api.loose import SCHEMAS, filled, mapping, rest, words
from formats.api.merging import BESIDE
from formats.api.model import Field
from formats.api.paths import ANY, ITEM, Steps, completed, property_name, steps_of


class Components:
    """The named schemas of a document that is being written."""

    def __init__(self) -> None:
        self.schemas: dict[str, Any] = {}

    def schema(self, fields: Sequence[Field], name: str = "") -> dict[str, Any]:
        """Return the schema of a body's fields; what has a name goes to the components."""
        whole = completed(fields)
        root = next((each for each in whole if not each.path), Field("", type="object"))
        tree = _Node(replace(root, name=name))
        for each in whole:
            tree.grow(steps_of(each.path) or (), each)
        return self._written(tree)

    def _written(self, node: "_Node") -> dict[str, Any]:
        """Return a place's schema, or the reference to it."""
        own = node.field
        if "$ref" in own.beyond and not node.below:
            return dict(own.beyond) | filled(description=own.description)
        if not own.name:
            return self._plain(node)
        beside = mapping(own.beyond.get(BESIDE)) | filled(description=own.description)
        nullable = own.type.endswith("/null")
        bare = replace(own, type=own.type.removesuffix("/null"), description="", beyond=rest(dict(own.beyond), BESIDE))
        if nullable:
            bare = replace(bare, enum=tuple(each for each in own.enum if each is not None))
        schema = self._plain(replace(node, field=bare))
        if self.schemas.setdefault(own.name, schema) != schema:
            return self._plain(node)
        reference: dict[str, Any] = {"$ref": SCHEMAS + own.name}
        return ({"anyOf": [reference, {"type": "null"}]} if nullable else reference) | beside

    def _plain(self, node: "_Node") -> dict[str, Any]:
        own = node.field
        types = own.type.split("/")
        schema = filled(type=types if len(types) > 1 else own.type, format=own.format)
        schema |= filled(enum=list(own.enum), description=own.description)
        properties = {step: each for step, each in node.below.items() if step not in (ITEM, ANY)}
        needed = [property_name(step) for step, each in properties.items() if each.field.required]
        schema |= filled(properties={property_name(step): self._written(each) for step, each in properties.items()})
        schema |= filled(required=[*needed, *words(own.beyond.get("required"))])
        if ITEM in node.below:
            schema["items"] = self._written(node.below[ITEM])
        if ANY in node.below:
            schema["additionalProperties"] = self._written(node.below[ANY])
        return schema | rest(dict(own.beyond), "required", BESIDE, "$ref") | mapping(own.beyond.get(BESIDE))


@dataclass
class _Node:
    """A place and the places below it."""

    field: Field
    below: "dict[str, _Node]" = dataclasses.field(default_factory=dict)

    def grow(self, steps: Steps, place: Field) -> None:
        """Put a field at its place."""
        node = self
        for step in steps[:-1]:
            node = node.below.setdefault(step, _Node(Field("", type="object")))
        if steps:
            node.below[steps[-1]] = _Node(place)
