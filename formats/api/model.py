"""One API as the stage, the six-column table and OpenAPI share it: operations with their parameters, bodies and responses.

What the six columns cannot say (oneOf, limits, headers, callbacks, security …) stays in the `beyond` of the part that it belongs to, in the words
of OpenAPI 3.1, and comes back when the API is written as OpenAPI.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal, cast

Scalar = str | int | float | bool | None
Place = Literal["path", "query", "header", "cookie"]
Beyond = Mapping[str, Any]

PLACES: tuple[Place, ...] = ("path", "query", "header", "cookie")
METHODS = ("GET", "PUT", "POST", "DELETE", "OPTIONS", "HEAD", "PATCH", "TRACE")
OTHER_METHODS = ("x-additionalOperations", "additionalOperations")  # where a path keeps others: ours in 3.1, and 3.2's own
JSON = "application/json"


@dataclass(frozen=True)
class Field:
    """One place of a body: `a.b[].c`, with `*` for any key of a map and '' for the body itself.

    `type` joins several types by `/` ("string/null"; '' is any type); `name` is the schema that the place is an instance of.
    """

    path: str
    type: str = "string"
    format: str = ""
    required: bool = False
    enum: tuple[Scalar, ...] = ()
    description: str = ""
    name: str = ""
    beyond: Beyond = field(default_factory=dict)


@dataclass(frozen=True)
class Parameter:
    """A value outside the body; an array says the type of its items (`string[]`), to which format and enum then belong."""

    name: str
    place: Place
    type: str = "string"
    format: str = ""
    required: bool = False
    enum: tuple[Scalar, ...] = ()
    description: str = ""
    beyond: Beyond = field(default_factory=dict)


@dataclass(frozen=True)
class Body:
    """What a request carries; a body that is no plain object says so in a field whose path is ''."""

    media: str = JSON
    fields: tuple[Field, ...] = ()
    name: str = ""
    required: bool = False
    description: str = ""
    beyond: Beyond = field(default_factory=dict)


@dataclass(frozen=True)
class Response:
    """What comes back under a status ('200', '4XX', 'default'); `media` is '' where nothing but the status comes back."""

    status: str
    description: str = ""
    media: str = ""
    fields: tuple[Field, ...] = ()
    name: str = ""
    beyond: Beyond = field(default_factory=dict)

    @property
    def is_error(self) -> bool:
        """Whether it belongs into the column of errors."""
        return self.status[:1] in ("4", "5") or self.status == "default"


@dataclass(frozen=True)
class Operation:
    """One method (upper case) on one path; `id` is OpenAPI's operationId and may be empty."""

    method: str
    path: str
    id: str = ""
    summary: str = ""
    description: str = ""
    parameters: tuple[Parameter, ...] = ()
    request: Body | None = None
    responses: tuple[Response, ...] = ()
    tags: tuple[str, ...] = ()
    beyond: Beyond = field(default_factory=dict)

    @property
    def key(self) -> tuple[str, str]:
        """What tells it from every other operation."""
        return self.method, self.path


@dataclass(frozen=True)
class Api:
    """A whole API; `beyond` holds the document's other parts (servers, security, tags, components that no body names …)."""

    title: str = "API"
    version: str = "1.0.0"
    description: str = ""
    operations: tuple[Operation, ...] = ()
    beyond: Beyond = field(default_factory=dict)


# Words beside the matter, for which no row is marked.
_UNMARKED = ("title",)


def bodies(operation: Operation) -> Iterator[Body | Response]:
    """Yield what carries fields: the request, then each response."""
    if operation.request:
        yield operation.request
    yield from operation.responses


def beyond_columns(operation: Operation) -> tuple[str, ...]:
    """Name, in OpenAPI's words, what the operation's row cannot show: it is marked there and kept here."""
    found: dict[str, None] = {}
    parts: list[Beyond] = [operation.beyond, *(each.beyond for each in operation.parameters)]
    for body in bodies(operation):
        parts += [body.beyond, *(each.beyond for each in body.fields)]
    for part in parts:
        found |= dict.fromkeys(part)
    return tuple(each for each in found if each not in _UNMARKED)


def as_json(api: Api) -> dict[str, Any]:
    """Return the API as plain JSON values; what holds its default is left out."""
    return cast("dict[str, Any]", _adapter().dump_python(api, mode="json", exclude_defaults=True))


def from_json(values: Mapping[str, Any]) -> Api:
    """Return the API from what `as_json` gave. Raises ValueError on anything else."""
    return cast("Api", _adapter().validate_python(values))


def with_operations(api: Api, operations: tuple[Operation, ...]) -> Api:
    """Return the API with other operations."""
    return replace(api, operations=operations)


def _adapter() -> Any:
    from pydantic import TypeAdapter

    return TypeAdapter(Api)
