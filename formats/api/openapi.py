"""The model written as OpenAPI 3.1, as JSON and as YAML, in a stable order; named schemas are components."""

import json
import re
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

from formats.api.components import Components
from formats.api.loose import filled, listed, mapping, pointed, references, rest
from formats.api.merging import DANGLING
from formats.api.model import METHODS, OTHER_METHODS, Api, Body, Field, Operation, Response
from formats.api.reading_parameters import written as written_parameter

_MEDIA_PARTS = ("example", "examples", "encoding", "itemSchema")
_NUMBER = re.compile(r"[-+.]?[\d.]+(?:[eE][-+]?\d+)?")
_CONTENT = (*_MEDIA_PARTS, "media", "content")


def openapi(api: Api) -> dict[str, Any]:
    """Return the API as an OpenAPI 3.1 document of plain values."""
    components = Components()
    paths: dict[str, dict[str, Any]] = {}
    kept = dict(api.beyond)
    kept_paths, kept_components = mapping(kept.pop("paths", {})), mapping(kept.pop("components", {}))
    for operation in api.operations:
        item, method = paths.setdefault(operation.path, {}), operation.method.lower()
        if operation.method not in METHODS:
            item, method = item.setdefault(OTHER_METHODS[0], {}), operation.method
        item[method] = _operation(operation, components)
    for path, left in kept_paths.items():
        paths[path] = {**mapping(left), **paths.get(path, {})} if isinstance(left, dict) else left
    info = {"title": api.title} | filled(description=api.description) | {"version": api.version}
    document = {"openapi": "3.1.0", "info": info | mapping(kept.pop("info", {})), **kept, "paths": paths}
    schemas = {**mapping(kept_components.get("schemas")), **components.schemas}
    known = {**kept_components} | filled(schemas=dict(sorted(schemas.items())))
    document |= filled(components=known)
    return _sound(document)


def openapi_json(api: Api) -> str:
    """Return the document as JSON text."""
    return json.dumps(openapi(api), ensure_ascii=False, indent=2) + "\n"


def openapi_yaml(api: Api) -> str:
    """Return the document as YAML text; what a YAML 1.1 reader could take for a date or a yes stands in quotes."""
    import yaml  # late: few answers are asked for as YAML

    class Plain(yaml.SafeDumper):
        def ignore_aliases(self, data: Any) -> bool:  # noqa: ARG002  # the signature is the dumper's
            return True

    def quoted_number(dumper: Any, text: str) -> Any:
        # YAML 1.2 reads 1e5 as a number; the dumper, which knows YAML 1.1, would leave it bare.
        style = '"' if _NUMBER.fullmatch(text) else None
        return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)

    Plain.add_representer(str, quoted_number)
    return yaml.dump(openapi(api), Dumper=Plain, allow_unicode=True, sort_keys=False, width=120)


def _operation(operation: Operation, components: Components) -> dict[str, Any]:
    raw = filled(
        tags=list(operation.tags),
        summary=operation.summary,
        description=operation.description,
        operationId=operation.id,
        parameters=[written_parameter(each) for each in operation.parameters],
    )
    if operation.request:
        raw["requestBody"] = _request(operation.request, components)
    raw |= filled(responses={each.status: _response(each, components) for each in operation.responses})
    return raw | dict(operation.beyond)


def _request(body: Body, components: Components) -> dict[str, Any]:
    head = filled(description=body.description)
    content = _content(body.media, body.fields, body.name, body.beyond, components)
    return head | {"content": content} | filled(required=body.required) | rest(dict(body.beyond), *_CONTENT)


def _response(response: Response, components: Components) -> dict[str, Any]:
    raw: dict[str, Any] = {"description": response.description or _phrase(response.status)}
    content = _content(response.media, response.fields, response.name, response.beyond, components)
    return raw | filled(content=content) | rest(dict(response.beyond), *_CONTENT)


def _content(media: str, fields: Sequence[Field], name: str, beyond: Mapping[str, Any], components: Components) -> dict[str, Any]:
    if not media:
        return {}
    schema = components.schema(fields, name)
    shown = filled(schema=schema) | {key: beyond[key] for key in _MEDIA_PARTS if key in beyond}
    alike = {each: filled(schema=schema) for each in listed(beyond.get("media")) if isinstance(each, str)}
    return {media: shown, **alike, **mapping(beyond.get("content"))}


def _phrase(status: str) -> str:
    try:
        return HTTPStatus(int(status)).phrase
    except ValueError:
        return "Any other answer" if status == "default" else f"Any {status} answer"


def _sound(document: dict[str, Any]) -> dict[str, Any]:
    """Return the document with every reference that leads nowhere told as such, for no reader can follow it."""
    lost = {each for each in references(document) if not each.startswith("#") or pointed(document, each) is None}
    return _without(document, lost) if lost else document


def _without(value: Any, lost: set[str]) -> Any:
    if isinstance(value, list):
        return [_without(each, lost) for each in value]
    if not isinstance(value, dict):
        return value
    if isinstance(value.get("$ref"), str) and value["$ref"] in lost:
        return {DANGLING: value["$ref"], **rest(value, "$ref")}
    return {key: _without(each, lost) for key, each in value.items()}
