"""The bodies of an API as serializers of the Django REST framework, one for each object in them."""

from collections.abc import Sequence
from dataclasses import dataclass

from formats.api.model import Field
from formats.skeletons.body_tree import Place, body_tree
from formats.skeletons.python_names import class_name, is_plain, literal

_BY_FORMAT = {
    "date": "DateField",
    "date-time": "DateTimeField",
    "uuid": "UUIDField",
    "email": "EmailField",
    "uri": "URLField",
}
_BY_TYPE = {"integer": "IntegerField", "number": "FloatField", "boolean": "BooleanField", "string": "CharField"}


@dataclass(frozen=True)
class Serializer:
    """One class: fields that may be attributes, and those whose names Python or the framework keeps."""

    name: str
    plain: tuple[tuple[str, str], ...]
    odd: tuple[tuple[str, str], ...]


class Serializers:
    """The serializers written so far, in the order in which one needs another."""

    def __init__(self) -> None:
        self.classes: list[Serializer] = []

    def of(self, name: str, fields: Sequence[Field]) -> str:
        """Write the serializer of a body and return its name; empty where the body is no object."""
        root = body_tree(fields)
        return self._object(name, root) if root.below else ""

    def _object(self, name: str, place: Place) -> str:
        told = [(key, self._field(f"{name} {key}", below)) for key, below in place.below.items()]
        plain = tuple((key, code) for key, code in told if is_plain(key))
        odd = tuple((key, code) for key, code in told if not is_plain(key))
        written = class_name(name, [one.name for one in self.classes], "Body")
        self.classes.append(Serializer(written, plain, odd))
        return written

    def _field(self, name: str, place: Place) -> str:
        """Return the code of a field."""
        options = [f"required={place.own.required}"]
        if place.is_nullable:
            options.append("allow_null=True")
        if place.own.description:
            options.append(f"help_text={literal(place.own.description)}")
        told = ", ".join(options)
        if place.type == "array":
            return self._list(name, place, told)
        if place.type == "object" and place.below:
            return f"{self._object(name, place)}({told})"
        return f"serializers.{_scalar(place, told)}"

    def _list(self, name: str, place: Place, told: str) -> str:
        if place.item is not None and place.item.below:
            return f"{self._object(f'{name} item', place.item)}(many=True, {told})"
        if place.item is None or place.item.type in ("array", "object", ""):
            return f"serializers.ListField({told})"
        return f"serializers.ListField(child=serializers.{_scalar(place.item, '')}, {told})"


def _scalar(place: Place, told: str) -> str:
    """Return the code of a field that holds one value."""
    own = place.own
    values = [value for value in own.enum if value is not None]
    if values:
        return f"ChoiceField(choices={literal(values)}, {told})".replace(", )", ")")
    if place.type == "string" and own.format == "decimal":
        return f"DecimalField(max_digits=20, decimal_places=4, {told})".replace(", )", ")")
    kind = _BY_TYPE.get(place.type, "JSONField")
    return f"{_BY_FORMAT.get(own.format, kind) if place.type == 'string' else kind}({told})"
