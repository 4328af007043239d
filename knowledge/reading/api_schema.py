"""Tells the fields of an API's schemas: references followed inside the document only, loops named, inheritance merged."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote

from knowledge.reading.prose import code, listed, mapping, one_line, some

# Schemas inside schemas: deeper ones are named, and get a section of their own.
_NESTED_NAMES, _LONGEST_REFERENCE, _CHAIN, _VALUES = 4, 1000, 20, 40
# What one schema may take in from others: a field beyond finds no room.
_PARTS = 100
_PROPERTIES = 1000
_LIMITS = {
    "minimum": "min",
    "maximum": "max",
    "exclusiveMinimum": "above",
    "exclusiveMaximum": "below",
    "minLength": "min length",
    "maxLength": "max length",
    "minItems": "min items",
    "maxItems": "max items",
    "pattern": "pattern",
    "default": "default",
}
_MARKS = {"nullable": "may be null", "readOnly": "read only", "writeOnly": "write only", "deprecated": "deprecated"}


@dataclass
class Room:
    """How many more fields may be told in one place, and the names of the schemas whose fields stand there already."""

    left: int
    unfolded: set[str] = field(default_factory=set)

    def take(self) -> bool:
        """Claim room for one more."""
        self.left -= 1
        return self.left >= 0


@dataclass(frozen=True)
class Shape:
    """A schema with its reference followed and its `allOf` merged; `name` is "" where it stands in place."""

    name: str
    pointers: frozenset[str]
    keys: dict[str, Any]
    properties: dict[str, Any]
    required: frozenset[str]
    alternatives: tuple[str, list[Any]] = ("", [])


@dataclass
class Schemas:
    """The schemas of one document. `broken` names references that lead nowhere; `told` the pointers whose fields were told."""

    document: dict[str, Any]
    broken: dict[str, None] = field(default_factory=dict)
    told: set[str] = field(default_factory=set)
    # By reference, or by identity and holding the schema, so that no other takes its identity.
    _shapes: dict[str | int, tuple[Any, Shape]] = field(default_factory=dict)
    _led: dict[str, tuple[dict[str, Any], str]] = field(default_factory=dict)
    _said: dict[str | int, tuple[Any, tuple[str, str, str]]] = field(default_factory=dict)

    def followed(self, node: Any) -> tuple[dict[str, Any], str]:
        """Return what a node stands for, and the pointer that led there ("" where it stands in place).

        A broken, foreign or circular reference is noted, and leads to an empty node whose description says so.
        """
        reference = node.get("$ref") if isinstance(node, dict) else None
        if not isinstance(reference, str):
            return mapping(node), ""
        if reference not in self._led:
            self._led[reference] = self._end_of(reference)
        return self._led[reference]

    def _end_of(self, reference: str) -> tuple[dict[str, Any], str]:
        """Follow a reference, and the references it leads to."""
        node: Any = {"$ref": reference}
        seen: set[str] = set()
        while isinstance(node, dict) and isinstance(node.get("$ref"), str):
            pointer = node["$ref"]
            node = None if pointer in seen or len(seen) > _CHAIN else self._at(pointer)
            seen.add(pointer)
        if isinstance(node, dict):
            return node, pointer
        self.broken[one_line(reference, 200)] = None
        return {"description": f"(reference {code(reference, 200)} leads nowhere in this file)"}, ""

    def shape(self, schema: Any) -> Shape:
        """Return the schema's shape; made once, since thousands of operations may share it."""
        if not isinstance(schema, dict):
            return Shape("", frozenset(), {}, {}, frozenset())
        found = self._shapes.get(_key(schema))
        if found is None:
            found = self._shapes[_key(schema)] = (schema, self._merged(schema))
        return found[1]

    def kind(self, schema: Any, depth: int = 0) -> str:
        """Return the type in words: `string`, `array of Order`, `Order`, `one of Card, Cash`."""
        shape = self.shape(schema)
        word, others = shape.alternatives
        if others and depth and shape.name:
            return shape.name
        if others and depth < 4:
            return f"{word} {some((self.kind(other, depth + 1) for other in others), 12, len(others))}"
        written = shape.keys.get("type")
        types = [one_line(each, 40) for each in (written if isinstance(written, list) else [written]) if each]
        if "array" in types and depth < 4 and isinstance(shape.keys.get("items"), dict):
            return f"array of {self.kind(shape.keys['items'], depth + 1)}"
        if shape.name and (shape.properties or types in ([], ["object"])):
            return shape.name
        return " or ".join(types[:6]) or ("object" if shape.properties else shape.name or "any")

    def details(self, schema: Any) -> list[str]:
        """Return what else is asked of a value: format, the values allowed, limits, marks."""
        keys = self.shape(schema).keys
        items = keys.get("items")
        inner = self.shape(items).keys if isinstance(items, dict) else {}
        found = [one_line(each["format"], 40) for each in (keys, inner) if each.get("format")]
        for each in (keys, inner):
            values = [each["const"]] if "const" in each else listed(each.get("enum"))
            if values:
                found.append(f"one of {some((code(value, 60) for value in values), _VALUES, len(values))}")
        found += [f"{word} {one_line(keys[key], 60)}" for key, word in _LIMITS.items() if one_line(keys.get(key), 60)]
        return found + [word for key, word in _MARKS.items() if keys.get(key) is True]

    def fields(self, schema: Any, room: Room, path: str = "", depth: int = 0) -> Iterator[str]:
        """Yield a line for each field, dotted names, `[]` for what repeats, until there is no more room.

        A schema is unfolded once: where it repeats, or contains itself, it is named.
        """
        shape = self.shape(schema)
        if shape.name:
            depth += 1
            if shape.name in room.unfolded or depth > _NESTED_NAMES:
                return
            if shape.properties:
                room.unfolded.add(shape.name)
        items = shape.keys.get("items")
        if isinstance(items, dict) and path.count("[]") < _NESTED_NAMES:
            yield from self.fields(items, room, f"{path}[]", depth)
        for name, inner in shape.properties.items():
            if not room.take():
                yield f"- … (more fields of {shape.name or 'it'} are left out)"
                return
            dotted = f"{path}.{one_line(name, 80)}".removeprefix(".")
            yield self._line(dotted, inner, room, required=name in shape.required)
            yield from self.fields(inner, room, dotted, depth)
            if room.left < 0:
                return
        yield from self._open_ended(shape, room, path, depth)
        self.told |= shape.pointers

    def _open_ended(self, shape: Shape, room: Room, path: str, depth: int) -> Iterator[str]:
        """Yield the fields of a map's values, and of alternatives that have no name to be found under."""
        values = shape.keys.get("additionalProperties")
        if isinstance(values, dict) and values and path.count("*") < _NESTED_NAMES and room.take():
            dotted = f"{path}.*".removeprefix(".")
            yield self._line(dotted, values, room, required=False)
            yield from self.fields(values, room, dotted, depth)
        for other in shape.alternatives[1]:
            if isinstance(other, dict) and not self.shape(other).name and room.left > 0:
                yield from self.fields(other, room, path, depth)

    def _line(self, dotted: str, schema: Any, room: Room, *, required: bool) -> str:
        """Write one field."""
        kind, details, about = self._told_of(schema)
        again = ", as above" if kind.removeprefix("array of ") in room.unfolded else ""
        return f"- {code(dotted, 200)} ({kind}{', required' if required else ''}{details}{again}){about}"

    def _told_of(self, schema: Any) -> tuple[str, str, str]:
        """Return type, details and description of a field as they are written; made once."""
        found = self._said.get(_key(schema))
        if found is None:
            details = "".join(f", {detail}" for detail in self.details(schema))
            about = one_line(mapping(schema).get("description") or self.shape(schema).keys.get("description"), 200)
            found = self._said[_key(schema)] = schema, (self.kind(schema), details, f": {about}" if about else "")
        return found[1]

    def _at(self, pointer: str) -> Any:
        """Return what a pointer inside this document points at; None for any other."""
        if not pointer.startswith("#/") or len(pointer) > _LONGEST_REFERENCE:
            return None
        node: Any = self.document
        for step in map(_unescaped, pointer[2:].split("/")):
            if isinstance(node, list) and step.isdecimal() and int(step) < len(node):
                node = node[int(step)]
            else:
                node = mapping(node).get(step)
        return node

    def _merged(self, schema: dict[str, Any]) -> Shape:
        """Follow the reference and take in every `allOf` once; what stands nearer wins."""
        first, pointer = self.followed(schema)
        pointers, seen, waiting = {pointer} - {""}, {id(first)}, [first]
        keys: dict[str, Any] = {}
        properties: dict[str, Any] = {}
        required: set[str] = set()
        alternatives: tuple[str, list[Any]] = ("", [])
        while waiting:
            node = waiting.pop()
            _take_in(node, keys, {"allOf", "properties", "required"})
            _take_in(mapping(node.get("properties")), properties, set())
            required |= {each for each in listed(node.get("required"))[:_PROPERTIES] if isinstance(each, str)}
            alternatives = alternatives if alternatives[1] else _alternatives(node)
            for part in reversed(listed(node.get("allOf"))[: _PARTS - len(seen)]):
                inner, led = self.followed(part)
                if id(inner) not in seen:
                    pointers |= {led} - {""}
                    seen.add(id(inner))
                    waiting.append(inner)
        return Shape(_name(schema, first, pointer), frozenset(pointers), keys, properties, frozenset(required), alternatives)


def _key(schema: Any) -> str | int:
    """Return what a schema is known by: all bare references to one are the same."""
    reference = mapping(schema).get("$ref")
    return reference if isinstance(reference, str) and len(schema) == 1 else id(schema)


def _take_in(given: dict[Any, Any], held: dict[str, Any], apart: set[str]) -> None:
    """Add what is not held yet, names as text (YAML reads `200` and `yes` as something else), up to a limit."""
    for key, value in zip(given, given.values(), strict=True):
        if len(held) >= _PROPERTIES:
            return
        if key not in apart:
            held.setdefault(str(key), value)


def _alternatives(node: dict[str, Any]) -> tuple[str, list[Any]]:
    """Return the ways in which a value may be had, in words."""
    for key, word in (("oneOf", "one of"), ("anyOf", "any of")):
        if listed(node.get(key)):
            return word, node[key]
    return "", []


def _name(schema: dict[str, Any], first: dict[str, Any], pointer: str) -> str:
    """Return the name a schema goes by; one that only wraps a reference to describe it goes by that one's."""
    parts = listed(first.get("allOf"))
    if not pointer and len(parts) == 1 and "properties" not in first:
        pointer = one_line(mapping(parts[0]).get("$ref"), _LONGEST_REFERENCE)
    return one_line(_unescaped(pointer.rpartition("/")[2]) or mapping(schema).get("title"), 80)


def _unescaped(step: str) -> str:
    return unquote(step).replace("~1", "/").replace("~0", "~")
