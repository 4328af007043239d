"""The fields of a body as a tree, so that code can be written for each object in it."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from formats.api.model import Field
from formats.api.paths import ANY, ITEM, completed, property_name, steps_of


@dataclass
class Place:
    """One place of a body, with the places below it by name."""

    own: Field
    below: "dict[str, Place]" = field(default_factory=dict)
    item: "Place | None" = None
    is_map: bool = False

    @property
    def type(self) -> str:
        """The first type that is not null; `object` and `array` also where only what lies below says so."""
        if self.item is not None:
            return "array"
        if self.below or self.is_map:
            return "object"
        return next((kind for kind in self.own.type.split("/") if kind != "null"), "")

    @property
    def is_nullable(self) -> bool:
        """Whether null is allowed."""
        return "null" in self.own.type.split("/")


def body_tree(fields: Sequence[Field]) -> Place:
    """Return the root of a body; a path that cannot be read is left out."""
    whole = completed(fields)
    root = Place(next((each for each in whole if not each.path), Field("", type="object")))
    for each in whole:
        steps = steps_of(each.path)
        if steps:
            _grow(root, list(steps), each)
    return root


def _grow(root: Place, steps: list[str], own: Field) -> None:
    node = root
    for number, step in enumerate(steps):
        known = Field("", type="object") if number < len(steps) - 1 else own
        if step == ITEM:
            node.item = _put(node.item, known, last=number == len(steps) - 1)
            node = node.item
        elif step == ANY:
            node.is_map = True
            return
        else:
            name = property_name(step)
            node.below[name] = _put(node.below.get(name), known, last=number == len(steps) - 1)
            node = node.below[name]


def _put(held: Place | None, own: Field, *, last: bool) -> Place:
    if held is None:
        return Place(own)
    if last:
        held.own = own
    return held
