"""Two APIs compared by what the six columns hold: paths, methods, parameters, body fields, required, enumerations, formats, statuses."""

from collections.abc import Iterator
from typing import Final

from formats.api.model import Api, Operation, Parameter, bodies
from formats.api.paths import completed

KINDS: Final = ("path", "method", "parameter", "body field", "required", "enum", "format", "status")
Facts = dict[str, set[str]]


def facts(api: Api) -> Facts:
    """Return what an API says, by kind, each as a line of text that names its place."""
    found: Facts = {kind: set() for kind in KINDS}
    for operation in api.operations:
        found["path"].add(operation.path)
        found["method"].add(" ".join(operation.key))
        for kind, fact in _facts(operation):
            found[kind].add(f"{' '.join(operation.key)} {fact}")
    return found


def differences(one: Api, other: Api) -> dict[str, list[str]]:
    """Return by kind what only one of two APIs says: "- " before what the other lacks, "+ " before what it adds."""
    before, after = facts(one), facts(other)
    return {
        kind: [f"- {each}" for each in sorted(before[kind] - after[kind])]
        + [f"+ {each}" for each in sorted(after[kind] - before[kind])]
        for kind in KINDS
    }


def _facts(operation: Operation) -> Iterator[tuple[str, str]]:
    for each in operation.parameters:
        yield from _parameter(each)
    for body in bodies(operation):
        place = getattr(body, "status", "request")
        if place != "request":
            yield "status", place
        yield "body field", f"{place} {body.media}"
        if getattr(body, "required", False):
            yield "required", f"{place} body"
        for field in completed(body.fields):
            where = f"{place} {field.path or 'body'}"
            if field.path or field.type != "object":
                yield "body field", f"{where}: {field.type}"
            yield from _said(where, field.format, repr(field.enum) if field.enum else "", required=field.required)


def _parameter(parameter: Parameter) -> Iterator[tuple[str, str]]:
    where = f"{parameter.place} {parameter.name}"
    yield "parameter", f"{where}: {parameter.type}"
    yield from _said(where, parameter.format, repr(parameter.enum) if parameter.enum else "", required=parameter.required)


def _said(where: str, form: str, enum: str, *, required: bool) -> Iterator[tuple[str, str]]:
    if form:
        yield "format", f"{where}: {form}"
    if enum:
        yield "enum", f"{where}: {enum}"
    if required:
        yield "required", where
