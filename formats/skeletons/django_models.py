"""The resources of an API as Django models: one for each plural noun that a path ends with and that is shown."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

import inflection

from formats.api.model import Api, Operation
from formats.skeletons.body_tree import Place, body_tree
from formats.skeletons.python_names import class_name, identifier, literal

_LONGEST_TEXT = 255
_BY_FORMAT = {
    "date": "models.DateField(null=True, blank=True)",
    "date-time": "models.DateTimeField(null=True, blank=True)",
    "uuid": "models.UUIDField(null=True, blank=True)",
    "decimal": "models.DecimalField(max_digits=20, decimal_places=4, null=True, blank=True)",
    "email": "models.EmailField(blank=True)",
}
_BY_TYPE = {
    "integer": "models.BigIntegerField(null=True, blank=True)",
    "number": "models.FloatField(null=True, blank=True)",
    "boolean": "models.BooleanField(null=True, blank=True)",
    "object": "models.JSONField(null=True, blank=True)",
    "array": "models.JSONField(null=True, blank=True)",
}


@dataclass(frozen=True)
class Model:
    """One model; `fields` are names and the code of each field, `told` says where it comes from."""

    name: str
    fields: tuple[tuple[str, str], ...]
    told: str


def read_models(api: Api) -> list[Model]:
    """Return the models: what a resource's answers show, and the ids of what it belongs to."""
    shown: dict[str, dict[str, Place]] = {}
    owners: dict[str, dict[str, None]] = {}
    for operation in api.operations:
        resource, parents = _resource(operation.path)
        places = _shown(operation)
        if resource and places:
            shown.setdefault(resource, {}).update({name: place for name, place in places.items() if name != "id"})
            owners.setdefault(resource, {}).update(dict.fromkeys(parents))
    found: list[Model] = []
    for resource, places in shown.items():
        name = class_name(inflection.camelize(inflection.singularize(resource).replace("-", "_")), [one.name for one in found])
        found.append(Model(name, tuple(_fields(places, owners[resource])), f"What /{resource} shows."))
    return found


def _resource(path: str) -> tuple[str, tuple[str, ...]]:
    """Return the last noun of a path and the parameters of what it belongs to."""
    parts = [part for part in path.split("/") if part]
    nouns = [place for place, part in enumerate(parts) if "{" not in part]
    if not nouns:
        return "", ()
    before = parts[: nouns[-1]]
    return parts[nouns[-1]], tuple(name for part in before for name in re.findall(r"\{([^{}]+)\}", part))


def _shown(operation: Operation) -> dict[str, Place]:
    """Return the places of one thing that an answer shows: of a page, those of its items."""
    success = next((one for one in operation.responses if not one.is_error and one.fields), None)
    if success is None:
        return {}
    root = body_tree(success.fields)
    listed = [root.item, *(place.item for name, place in root.below.items() if name in ("items", "data", "content", "results"))]
    return next((place.below for place in listed if place is not None and place.below), root.below)


def _fields(places: dict[str, Place], owners: dict[str, None]) -> Iterator[tuple[str, str]]:
    taken: list[str] = []
    for name in owners:
        taken.append(identifier(name, taken))
        yield taken[-1], "models.CharField(max_length=64, db_index=True)"
    for name, place in places.items():
        # Django refuses a double underscore, and two names that fall together.
        taken.append(identifier(name, taken))
        yield taken[-1], _field(place)


def _field(place: Place) -> str:
    """Return the code of a field."""
    own = place.own
    if own.enum and all(isinstance(value, str) for value in own.enum):
        values = [str(value) for value in own.enum]
        longest = max(_LONGEST_TEXT, *(len(value) for value in values))
        return f"models.CharField(max_length={longest}, blank=True, choices={literal([(value, value) for value in values])})"
    if place.type in _BY_TYPE:
        return _BY_TYPE[place.type]
    return _BY_FORMAT.get(own.format, f"models.CharField(max_length={_LONGEST_TEXT}, blank=True)")
