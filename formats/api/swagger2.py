"""Swagger 2 in the words of OpenAPI 3.1: body and formData as a request body, produces as media types, definitions as components."""

from collections.abc import Mapping
from typing import Any

from formats.api.loose import filled, listed, mapping, pointed, rest, text, words
from formats.api.upgrading import as_31, mapped_references

_METHODS = ("get", "put", "post", "delete", "options", "head", "patch")
_OWN = ("description", "name", "in", "required", "allowEmptyValue", "collectionFormat")
_FORM, _MULTIPART = "application/x-www-form-urlencoded", "multipart/form-data"
_JSON = "application/json"
_STYLES: dict[str, dict[str, Any]] = {
    "csv": {"explode": False},
    "ssv": {"style": "spaceDelimited", "explode": False},
    "pipes": {"style": "pipeDelimited", "explode": False},
    "multi": {"explode": True},
}
_FLOWS = {"accessCode": "authorizationCode", "application": "clientCredentials"}


def from_swagger2(document: Mapping[str, Any]) -> dict[str, Any]:
    """Return a Swagger 2 document as OpenAPI 3.1; what OpenAPI does not know stays under the name it had."""
    known = ("swagger", "paths", "definitions", "parameters", "responses", "securityDefinitions", "host", "basePath", "schemes")
    components = filled(
        schemas=document.get("definitions"),
        responses={
            name: _response(each, words(document.get("produces"))) for name, each in mapping(document.get("responses")).items()
        },
        securitySchemes={name: _scheme(mapping(each)) for name, each in mapping(document.get("securityDefinitions")).items()},
    )
    converted = {
        "openapi": "3.0.3",
        **rest(mapping(document), *known, "consumes", "produces"),
        "paths": {path: _path_item(mapping(item), document) for path, item in mapping(document.get("paths")).items()},
    }
    converted |= filled(servers=_servers(document), components=components)
    moved = mapped_references(converted, _moved)
    return as_31(moved)


def _moved(reference: str) -> str:
    for old in ("definitions", "responses"):
        if reference.startswith(f"#/{old}/"):
            return f"#/components/{'schemas' if old == 'definitions' else old}/{reference.removeprefix(f'#/{old}/')}"
    return reference


def _servers(document: Mapping[str, Any]) -> list[dict[str, Any]]:
    host, base = text(document.get("host")), text(document.get("basePath"))
    if not host:
        return [{"url": base}] if base and base != "/" else []
    return [{"url": f"{scheme}://{host}{base}".rstrip("/")} for scheme in words(document.get("schemes")) or ("https",)]


def _path_item(item: dict[str, Any], document: Mapping[str, Any]) -> dict[str, Any]:
    shared = _parameters(item.get("parameters"), document)
    converted = {key: value for key, value in item.items() if key not in (*_METHODS, "parameters")}
    for method in _METHODS:
        if isinstance(item.get(method), dict):
            converted[method] = _operation(mapping(item[method]), shared, document)
    return converted


def _operation(operation: dict[str, Any], shared: list[dict[str, Any]], document: Mapping[str, Any]) -> dict[str, Any]:
    own = _parameters(operation.get("parameters"), document)
    said = {(each.get("name"), each.get("in")) for each in own}
    given = [*own, *(each for each in shared if (each.get("name"), each.get("in")) not in said)]
    produces = words(operation.get("produces", document.get("produces")))
    consumes = words(operation.get("consumes", document.get("consumes")))
    plain = [_parameter(each) for each in given if each.get("in") not in ("body", "formData")]
    converted = rest(operation, "parameters", "consumes", "produces", "responses", "schemes")
    converted |= filled(parameters=plain, requestBody=_request(given, consumes))
    converted["responses"] = {
        status: _response(each, produces) if not status.startswith("x-") else each
        for status, each in mapping(operation.get("responses")).items()
    }
    return converted


def _parameters(value: Any, document: Mapping[str, Any]) -> list[dict[str, Any]]:
    found = []
    for each in map(mapping, listed(value)):
        reference = each.get("$ref")
        target = pointed(document, reference) if isinstance(reference, str) else each
        found.append(mapping(target) or each)
    return found


def _parameter(given: dict[str, Any]) -> dict[str, Any]:
    if "$ref" in given:
        return given
    notes = {key: value for key, value in given.items() if key.startswith("x-") and key != "x-nullable"}
    converted = {key: given[key] for key in _OWN[:-1] if key in given} | notes
    converted["schema"] = _value_schema(rest(given, *notes))
    style = _STYLES.get(text(given.get("collectionFormat")) or "csv")
    if given.get("type") == "array" and style and (given.get("in") == "query" or "style" not in style):
        converted |= style
    return converted


def _value_schema(given: dict[str, Any]) -> dict[str, Any]:
    """Return the schema of a parameter that is no body; a `schema` there, which Swagger 2 forbids, is taken at its word."""
    schema = rest(given, *_OWN, "schema")
    return schema or mapping(given.get("schema"))


def _request(given: list[dict[str, Any]], consumes: tuple[str, ...]) -> dict[str, Any]:
    carried = [each for each in given if each.get("in") == "body"]
    form = [each for each in given if each.get("in") == "formData"]
    if len(carried) == 1 and not form:
        body = carried[0]
        content = {each: {"schema": body.get("schema", {})} for each in consumes or (_JSON,)}
        return filled(description=body.get("description"), required=body.get("required") is True) | {"content": content}
    if not form and not carried:
        return {}
    # Several bodies, or a body beside a form, are against Swagger 2: they are taken for the parts of one form.
    properties = {text(each.get("name")): _form_schema(each) for each in [*form, *carried]}
    required = [text(each.get("name")) for each in [*form, *carried] if each.get("required") is True]
    schema = {"type": "object", "properties": properties} | filled(required=required)
    has_file = any(each.get("type") == "file" for each in form)
    fit = [each for each in consumes if each in (_FORM, _MULTIPART)]
    return {"content": {each: {"schema": schema} for each in fit or ([_MULTIPART] if has_file else [_FORM])}}


def _form_schema(given: dict[str, Any]) -> dict[str, Any]:
    return (mapping(given.get("schema")) if "schema" in given else _value_schema(given)) | filled(
        description=given.get("description")
    )


def _response(given: Any, produces: tuple[str, ...]) -> Any:
    response = mapping(given)
    if "$ref" in response:
        return response
    examples = mapping(response.get("examples"))
    converted = rest(response, "schema", "examples", "headers")
    converted |= filled(headers={name: _header(mapping(each)) for name, each in mapping(response.get("headers")).items()})
    if "schema" in response or examples:
        content = {
            media: filled(schema=response.get("schema")) | filled(example=examples.get(media))
            for media in dict.fromkeys([*(produces or (() if examples else (_JSON,))), *examples])
        }
        converted["content"] = content
    return converted


def _header(given: dict[str, Any]) -> dict[str, Any]:
    return filled(description=given.get("description")) | {"schema": rest(given, "description", "collectionFormat")}


def _scheme(given: dict[str, Any]) -> dict[str, Any]:
    if given.get("type") == "basic":
        return {"type": "http", "scheme": "basic"} | rest(given, "type")
    if given.get("type") != "oauth2":
        return given
    flow = text(given.get("flow"))
    urls = filled(authorizationUrl=given.get("authorizationUrl"), tokenUrl=given.get("tokenUrl"))
    flows = {_FLOWS.get(flow, flow or "implicit"): urls | {"scopes": mapping(given.get("scopes"))}}
    return {"type": "oauth2", "flows": flows} | rest(given, "type", "flow", "authorizationUrl", "tokenUrl", "scopes")
