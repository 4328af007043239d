"""OpenAPI 3.0 in the words of 3.1: schemas as JSON Schema 2020-12, and component names that OpenAPI allows."""

from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import unquote

from formats.api.loose import component_name, listed, mapping, pointed, text

_EXAMPLES = ("example", "examples", "value", "default", "enum", "const")
_MAPS = ("properties", "patternProperties", "$defs", "definitions", "dependentSchemas")
_LISTS = ("allOf", "anyOf", "oneOf", "prefixItems")
_LIMITS = (("exclusiveMinimum", "minimum"), ("exclusiveMaximum", "maximum"))


def as_31(document: Mapping[str, Any]) -> dict[str, Any]:
    """Return an OpenAPI 3 document with its schemas as 3.1 writes them; what is none stays as it is."""
    fit = _with_fit_names(dict(document))
    return {key: value if key.startswith("x-") else _upgraded(value, key) for key, value in fit.items()}


def schema_31(schema: Any) -> Any:
    """Return a schema of Swagger 2 or OpenAPI 3.0 as JSON Schema 2020-12."""
    if not isinstance(schema, dict):
        return schema
    upgraded = {key: _keyword(key, value) for key, value in mapping(schema).items()}
    for exclusive, limit in _LIMITS:
        if isinstance(upgraded.get(exclusive), bool):
            is_exclusive = upgraded.pop(exclusive)
            if is_exclusive and limit in upgraded:
                upgraded[exclusive] = upgraded.pop(limit)
    if "example" in upgraded:
        example = upgraded.pop("example")
        upgraded.setdefault("examples", [example])
    if upgraded.get("type") == "file":
        upgraded |= {"type": "string", "format": "binary"}
    nullable = [upgraded.pop(key) for key in ("nullable", "x-nullable") if isinstance(upgraded.get(key), bool)]
    return _with_null(upgraded) if any(nullable) else upgraded


def mapped_references(value: Any, change: Callable[[str], str]) -> Any:
    """Return plain data with every `$ref` changed."""
    if isinstance(value, list):
        return [mapped_references(each, change) for each in value]
    if not isinstance(value, dict):
        return value
    return {
        key: change(each) if key == "$ref" and isinstance(each, str) else mapped_references(each, change)
        for key, each in value.items()
    }


def fit_names(names: list[str]) -> dict[str, str]:
    """Return for each name the component name that it gets; two names never fall together."""
    given: dict[str, str] = {}
    taken = set(names)
    for name in names:
        fit = component_name(name)
        number = 2
        while fit != name and fit in taken:
            fit, number = f"{component_name(name)}_{number}", number + 1
        given[name] = fit
        taken.add(fit)
    return given


def _keyword(key: str, value: Any) -> Any:
    if key in _EXAMPLES or key.startswith("x-"):
        return value
    if key in _MAPS:
        return {name: schema_31(each) for name, each in mapping(value).items()}
    if key in _LISTS:
        return [schema_31(each) for each in listed(value)]
    return schema_31(value) if isinstance(value, dict) else value


def _with_null(schema: dict[str, Any]) -> dict[str, Any]:
    types = schema.get("type")
    if types:
        given = [text(types)] if isinstance(types, str) else listed(types)
        schema["type"] = [*(each for each in given if each != "null"), "null"]
        if isinstance(schema.get("enum"), list) and None not in schema["enum"]:
            schema["enum"] = [*schema["enum"], None]
        return schema
    notes: dict[str, Any] = {
        key: schema.pop(key) for key in ("description", "readOnly", "writeOnly", "deprecated", "title") if key in schema
    }
    parts = listed(schema.get("allOf"))
    inner = parts[0] if set(schema) == {"allOf"} and len(parts) == 1 else schema
    return {"anyOf": [inner, {"type": "null"}], **notes} if inner else notes


def _upgraded(value: Any, key: str) -> Any:
    """Upgrade the schemas inside a part of a document."""
    if key == "schema":
        return schema_31(value)
    if key in _EXAMPLES or key.startswith("x-"):
        return value
    if key == "schemas" and isinstance(value, dict):
        return {name: schema_31(each) for name, each in value.items()}
    if isinstance(value, list):
        return [_upgraded(each, "") for each in value]
    return {name: _upgraded(each, name) for name, each in mapping(value).items()} if isinstance(value, dict) else value


def _with_fit_names(document: dict[str, Any]) -> dict[str, Any]:
    """Return the document with every component named as OpenAPI allows, and every reference to it, percent signs resolved."""
    renamed: dict[str, str] = {}
    components: dict[str, Any] = {}
    for section, parts in mapping(document.get("components")).items():
        if not isinstance(parts, dict) or section.startswith("x-"):
            components[section] = parts
            continue
        names = fit_names(list(mapping(parts)))
        components[section] = {names[name]: each for name, each in mapping(parts).items()}
        for name, fit in names.items():
            escaped = name.replace("~", "~0").replace("/", "~1")
            renamed |= {f"#/components/{section}/{escaped}": f"#/components/{section}/{fit}"}

    def change(reference: str) -> str:
        if reference in renamed or pointed(document, reference) is not None:
            return renamed.get(reference, reference)
        return renamed.get(unquote(reference), reference)

    whole = {**document, "components": components} if components else document
    return dict(mapped_references(whole, change))
