"""A Postman collection (2.1, and the older 2.0 where it says the same) in the words of OpenAPI 3.1; bodies are read by example."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from formats.api.by_example import both
from formats.api.loose import filled, listed, mapping, rest, text
from formats.api.model import METHODS, OTHER_METHODS
from formats.api.postman_parts import (
    address,
    authorization,
    body,
    described,
    header_rows,
    parameter_row,
    query_rows,
    response,
)

_PATH_VARIABLE = re.compile(r"\{([^{}/]+)\}")
_NO_PARAMETERS = ("content-type", "accept", "authorization")


def from_postman(collection: Mapping[str, Any]) -> dict[str, Any]:
    """Return a collection as an OpenAPI 3.1 document; two requests to one place become one operation."""
    info = mapping(collection.get("info"))
    variables = map(mapping, listed(collection.get("variable")))
    values = {text(each.get("key") or each.get("id")): text(each.get("value")) for each in variables}
    paths: dict[str, Any] = {}
    servers: dict[str, None] = {}
    schemes: dict[str, Any] = {}
    for item, folders in _requests(collection):
        server, path = address(mapping(item["request"]).get("url", item["request"]), values)
        operation = _operation(item, path, folders)
        kind = authorization(mapping(item["request"]).get("auth", collection.get("auth")))
        if kind:
            schemes |= kind
            operation["security"] = [{name: [] for name in kind}]
        servers |= dict.fromkeys([server] if server else [])
        _put(paths, path, text(mapping(item["request"]).get("method")).upper() or "GET", operation)
    return {
        "openapi": "3.1.0",
        "info": {"title": text(info.get("name")) or "API", "version": text(info.get("version")) or "1.0.0"}
        | filled(description=described(info.get("description"))),
        "paths": paths,
    } | filled(servers=[{"url": each} for each in servers], components=filled(securitySchemes=schemes))


def _requests(collection: Mapping[str, Any]) -> Iterator[tuple[dict[str, Any], tuple[str, ...]]]:
    """Yield each request with the folders that it lies in, in reading order."""
    waiting: list[tuple[Any, tuple[str, ...]]] = [(each, ()) for each in reversed(listed(collection.get("item")))]
    while waiting:
        given, folders = waiting.pop()
        item = mapping(given)
        if isinstance(item.get("item"), list):
            inside = (*folders, text(item.get("name")))
            waiting += [(each, inside) for each in reversed(item["item"])]
        elif isinstance(item.get("request"), dict | str):
            yield item, folders


def _operation(item: dict[str, Any], path: str, folders: tuple[str, ...]) -> dict[str, Any]:
    request = mapping(item["request"])
    url = request.get("url", item["request"])
    told = {text(each.get("key") or each.get("id")): each for each in map(mapping, listed(mapping(url).get("variable")))}
    parameters = [
        {**parameter_row({"key": name} | told.get(name, {}), "path"), "name": name, "required": True}
        for name in dict.fromkeys(_PATH_VARIABLE.findall(path))
    ]
    parameters += [parameter_row(each, "query") for each in query_rows(url)]
    headers = [each for each in header_rows(request.get("header")) if text(each.get("key")).lower() not in _NO_PARAMETERS]
    parameters += [parameter_row(each, "header") for each in headers if each.get("key")]
    answers: dict[str, Any] = {}
    for saved in map(mapping, listed(item.get("response"))):
        status, answer = response(saved)
        if status:
            answers[status] = _one_content(answers.get(status, {}), answer)
    return filled(
        tags=[each for each in folders[-1:] if each],
        summary=text(item.get("name")),
        description=described(request.get("description") or item.get("description")),
        parameters=_each_once(parameters),
        requestBody=body(mapping(request.get("body") or request.get("data"))),
        responses=answers,
    )


def _each_once(parameters: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return list({(each["name"], each["in"]): each for each in reversed(parameters)}.values())[::-1]


def _put(paths: dict[str, Any], path: str, method: str, operation: dict[str, Any]) -> None:
    """Put an operation at its place; what stands there already is joined with it."""
    item = paths.setdefault(path, {})
    place, key = (item, method.lower()) if method in METHODS else (item.setdefault(OTHER_METHODS[0], {}), method)
    place[key] = _joined(place[key], operation) if key in place else operation


def _joined(one: dict[str, Any], other: dict[str, Any]) -> dict[str, Any]:
    """Return one operation that both requests are calls of; the first tells what it is."""
    answers = dict(mapping(one.get("responses")))
    for status, answer in mapping(other.get("responses")).items():
        answers[status] = _one_content(answers.get(status, {}), answer)
    request = _one_content(mapping(one.get("requestBody")), mapping(other.get("requestBody")))
    parameters = _each_once([*listed(one.get("parameters")), *listed(other.get("parameters"))])
    return {**other, **one} | filled(parameters=parameters, requestBody=request, responses=answers)


def _one_content(one: dict[str, Any], other: dict[str, Any]) -> dict[str, Any]:
    """Return a body or an answer whose content keeps both examples."""
    content = dict(mapping(one.get("content")))
    for media, each in mapping(other.get("content")).items():
        schema = both(mapping(mapping(content.get(media)).get("schema")), mapping(mapping(each).get("schema")))
        content[media] = filled(schema=schema)
    return {**rest(other, "content"), **rest(one, "content")} | filled(content=content)
