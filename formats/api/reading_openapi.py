"""An OpenAPI 3.1 document as the model: references followed, what cannot be followed named, what no column says kept beyond."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from formats.api.faults import Fault
from formats.api.loose import filled, listed, mapping, pointed, references, rest, text, words
from formats.api.model import JSON, METHODS, OTHER_METHODS, PLACES, Api, Body, Operation, Parameter, Response, bodies
from formats.api.reading_parameters import parameter
from formats.api.unfolding import fields_of

_PARTS = ("operationId", "summary", "description", "parameters", "requestBody", "responses", "tags")
_ROOT = ("openapi", "info", "paths", "components")
_METHOD_KEYS = tuple(each.lower() for each in METHODS)


@dataclass(frozen=True)
class Reading:
    """What was read, and what is held against the text."""

    api: Api
    faults: tuple[Fault, ...] = ()


@dataclass
class _Source:
    """The document being read, and the faults found on the way."""

    document: Mapping[str, Any]
    faults: list[Fault] = field(default_factory=list)

    def followed(self, value: Any, place: str) -> dict[str, Any]:
        """Return what a part says, its reference followed; {} where that leads nowhere."""
        part = mapping(value)
        for _ in range(8):
            reference = part.get("$ref")
            if not isinstance(reference, str):
                return part
            target = pointed(self.document, reference) if reference.startswith("#") else None
            if not isinstance(target, dict):
                self.faults.append(Fault("dangling-reference", place, {"reference": reference}))
                return rest(part, "$ref")
            part = {**mapping(target), **rest(part, "$ref")}
        self.faults.append(Fault("dangling-reference", place, {"reference": text(part.get("$ref"))}))
        return rest(part, "$ref")


def read_openapi(document: Mapping[str, Any]) -> Reading:
    """Read a document whose schemas are those of 3.1 (`as_31`)."""
    source = _Source(document)
    operations: list[Operation] = []
    kept_paths: dict[str, Any] = {}
    for path, item in mapping(document.get("paths")).items():
        if path.startswith("x-"):
            kept_paths[path] = item
            continue
        whole = source.followed(item, path)
        operations += _operations(path, whole, source)
        kept_paths |= filled(**{path: rest(whole, *_METHOD_KEYS, *OTHER_METHODS, "parameters")})
    info = mapping(document.get("info"))
    beyond = rest(mapping(document), *_ROOT) | filled(info=rest(info, "title", "version", "description"), paths=kept_paths)
    api = Api(
        title=text(info.get("title")) or "API",
        version=text(info.get("version")) or "1.0.0",
        description=text(info.get("description")),
        operations=tuple(operations),
        beyond=beyond,
    )
    told = {each.values.get("reference") for each in source.faults}
    source.faults += (each for each in _dangling(api, document) if each.values["reference"] not in told)
    return Reading(replace(api, beyond=beyond | filled(components=_components(api, document))), tuple(source.faults))


def _operations(path: str, item: dict[str, Any], source: _Source) -> Iterator[Operation]:
    for method, given in _by_method(item):
        raw, place = mapping(given), f"{method} {path}"
        yield Operation(
            method=method,
            path=path,
            id=text(raw.get("operationId")),
            summary=text(raw.get("summary")),
            description=text(raw.get("description")),
            parameters=tuple(_parameters(item, raw, place, source)),
            request=_request(raw.get("requestBody"), place, source),
            responses=tuple(
                _response(status, each, place, source)
                for status, each in mapping(raw.get("responses")).items()
                if not status.startswith("x-")
            ),
            tags=words(raw.get("tags")),
            beyond=rest(raw, *_PARTS),
        )


def _by_method(item: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    """Yield a path's methods in upper case with their operations, those that OpenAPI 3.1 does not know last."""
    yield from ((each.upper(), item[each]) for each in _METHOD_KEYS if isinstance(item.get(each), dict))
    for extra in OTHER_METHODS:
        yield from ((name.upper(), each) for name, each in mapping(item.get(extra)).items() if isinstance(each, dict))


def _parameters(item: dict[str, Any], raw: dict[str, Any], place: str, source: _Source) -> Iterator[Parameter]:
    """Yield the operation's parameters, then the path's that it does not say anew."""
    said: set[tuple[str, str]] = set()
    for given in [*listed(raw.get("parameters")), *listed(item.get("parameters"))]:
        each = source.followed(given, place)
        key = (text(each.get("name")), text(each.get("in")))
        if key in said:
            continue
        said.add(key)
        if not key[0] or key[1] not in PLACES:
            source.faults.append(Fault("parameter-not-understood", place, {"name": key[0], "in": key[1]}))
            continue
        if key[1] == "path" and each.get("required") is not True:
            source.faults.append(Fault("path-parameter-optional", place, {"name": key[0]}))
        yield parameter(each, source.document)


def _request(value: Any, place: str, source: _Source) -> Body | None:
    raw = source.followed(value, place)
    if not raw:
        return None
    media, fields, name, beyond = _content(raw, source.document)
    return Body(
        media=media,
        fields=fields,
        name=name,
        required=raw.get("required") is True,
        description=text(raw.get("description")),
        beyond=rest(raw, "content", "required", "description") | beyond,
    )


def _response(status: str, value: Any, place: str, source: _Source) -> Response:
    raw = source.followed(value, f"{place} {status}")
    media, fields, name, beyond = _content(raw, source.document)
    known = status.upper() if status != "default" else status
    if known != "default" and not (len(known) == 3 and known[0] in "12345" and (known[1:] == "XX" or known[1:].isdecimal())):
        source.faults.append(Fault("status-unknown", place, {"status": status}))
    return Response(
        status=known,
        description=text(raw.get("description")),
        media=media,
        fields=fields,
        name=name,
        beyond=rest(raw, "content", "description") | beyond,
    )


def _content(raw: dict[str, Any], document: Mapping[str, Any]) -> tuple[str, tuple[Any, ...], str, dict[str, Any]]:
    """Return the media type that the columns show, its fields, its schema's name, and the rest: JSON goes before others."""
    content = {media: mapping(each) for media, each in mapping(raw.get("content")).items()}
    if not content:
        return "", (), "", {}
    media = min(content, key=lambda each: (each != JSON, "json" not in each))
    shown = content.pop(media)
    alike = [other for other, each in content.items() if each == filled(schema=shown.get("schema"))]
    others = {other: each for other, each in content.items() if other not in alike}
    name, fields = fields_of(shown.get("schema"), document)
    return media, fields, name, rest(shown, "schema") | filled(media=alike, content=others)


def _components(api: Api, document: Mapping[str, Any]) -> dict[str, Any]:
    """Return the components that come back only from here: what no body names, and what is referred to from beyond the columns."""
    components = mapping(document.get("components"))
    expanded = {name for operation in api.operations for name in _names(operation)}
    used_anywhere = set(references(document))
    kept: dict[str, dict[str, Any]] = {section: each for section, each in components.items() if section.startswith("x-")}
    waiting = [api.beyond, *(_beyonds(api))]
    for section, parts in components.items():
        for name, part in mapping(parts).items():
            is_new = section == "securitySchemes" or f"#/components/{section}/{name}" not in used_anywhere
            if section not in kept and is_new and name not in expanded:
                waiting.append({"$ref": f"#/components/{section}/{name}", "was": part})
    reached: set[str] = set()
    while waiting:
        for reference in set(references(waiting.pop())) - reached:
            reached.add(reference)
            steps = reference.removeprefix("#/components/").split("/")
            part = pointed(document, "/".join(["#", "components", *steps[:2]])) if len(steps) > 1 else None
            if part is None or (steps[0] == "schemas" and steps[1] in expanded):
                continue
            kept.setdefault(steps[0], {})[steps[1]] = part
            waiting.append(part)
    return kept


def _names(operation: Operation) -> Iterator[str]:
    """Yield the names of the schemas that are unfolded in an operation."""
    for body in bodies(operation):
        yield body.name
        yield from (each.name for each in body.fields if "$ref" not in each.beyond)


def _beyonds(api: Api) -> Iterator[Mapping[str, Any]]:
    for operation in api.operations:
        yield operation.beyond
        yield from (each.beyond for each in operation.parameters)
        for body in bodies(operation):
            yield body.beyond
            yield from (each.beyond for each in body.fields)


def _dangling(api: Api, document: Mapping[str, Any]) -> Iterator[Fault]:
    """Yield the references of schemas that lead nowhere."""
    for reference in dict.fromkeys(references(document)):
        if not reference.startswith("#") or pointed(document, reference) is None:
            yield Fault("dangling-reference", api.title, {"reference": reference})
