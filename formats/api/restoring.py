"""What six columns cannot hold, given back to an API that was read from its table: each part takes it from the part it was."""

import re
from collections.abc import Sequence
from dataclasses import replace

from formats.api.model import Api, Body, Field, Operation, Parameter, Response
from formats.api.paths import completed

_BRACES = re.compile(r"\{[^{}]*\}")
# What holds for any type that a field is changed to.
_LASTING = ("readOnly", "writeOnly", "deprecated", "title", "externalDocs")


def restored(read: Api, kept: Api) -> Api:
    """Return the read API with what only the kept one knows; rows that are gone take with them what they held."""
    by_key = {each.key: each for each in kept.operations}
    by_shape = {(each.method, _BRACES.sub("{}", each.path)): each for each in reversed(kept.operations)}
    operations = []
    for each in read.operations:
        was = by_key.get(each.key) or by_shape.get((each.method, _BRACES.sub("{}", each.path)))
        operations.append(_operation(each, was) if was else each)
    return replace(
        read,
        title=kept.title,
        version=kept.version,
        description=kept.description,
        operations=tuple(operations),
        beyond=kept.beyond,
    )


def _operation(read: Operation, was: Operation) -> Operation:
    parameters = {(each.name, each.place): each for each in was.parameters}
    responses = {each.status: each for each in was.responses}
    same = _text(read) == _text(was)
    answers = [_response(each, responses.get(each.status)) for each in read.responses]
    return replace(
        read,
        id=was.id,
        tags=was.tags,
        summary=was.summary if same else read.summary,
        description=was.description if same else read.description,
        parameters=_as_before(
            [_parameter(each, parameters.get((each.name, each.place))) for each in read.parameters], list(parameters)
        ),
        request=_body(read.request, was.request) if read.request and was.request else read.request,
        responses=tuple(sorted(answers, key=lambda each: _position(each.status, list(responses)))),
        beyond={**was.beyond, **read.beyond},
    )


def _text(operation: Operation) -> str:
    return " ".join(f"{operation.summary}\n{operation.description}".split())


def _as_before(parameters: Sequence[Parameter], order: list[tuple[str, str]]) -> tuple[Parameter, ...]:
    """Return parameters in the order that they had; the cell holds them place by place."""
    return tuple(sorted(parameters, key=lambda each: _position((each.name, each.place), order)))


def _position(key: object, order: Sequence[object]) -> int:
    return order.index(key) if key in order else len(order)


def _parameter(read: Parameter, was: Parameter | None) -> Parameter:
    if was is None:
        return read
    same = read.type == was.type
    beyond = was.beyond if same else {key: value for key, value in was.beyond.items() if not key.startswith("schema")}
    return replace(read, description=was.description, beyond=beyond)


def _body(read: Body, was: Body) -> Body:
    fields = _fields(read.fields, was.fields)
    return replace(read, fields=fields, description=was.description, beyond=was.beyond)


def _response(read: Response, was: Response | None) -> Response:
    if was is None:
        return read
    told = was.description if " ".join(was.description.split()) == " ".join(read.description.split()) else read.description
    fields = _fields(read.fields, was.fields) if read.media else read.fields
    return replace(read, description=told, fields=fields, beyond=was.beyond)


def _fields(read: Sequence[Field], was: Sequence[Field]) -> tuple[Field, ...]:
    """Return the fields with what their places knew; the body's own place comes back where it knew something."""
    before = {each.path: each for each in was}
    whole = completed(read)
    root = before.get("")
    if (
        root
        and root.type == "object"
        and all(each.path for each in whole)
        and not any(each.path.startswith("[") for each in whole)
    ):
        whole = (Field("", type="object"), *whole)
    paths = {each.path for each in whole}
    return tuple(_field(each, before[each.path], paths) if each.path in before else each for each in whole)


def _field(read: Field, was: Field, paths: set[str]) -> Field:
    if read.type != was.type:
        return replace(read, description=was.description, beyond={key: was.beyond[key] for key in _LASTING if key in was.beyond})
    if "$ref" in was.beyond and any(each.startswith((f"{was.path}.", f"{was.path}[")) for each in paths):
        return replace(read, description=was.description)  # it stood for another schema, and is one of its own now
    return replace(read, description=was.description, name=was.name, beyond=was.beyond)
