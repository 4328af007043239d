"""What an OpenAPI or Swagger file says, counted straight from its text by other code than reads it, so that a reader's gaps show."""

from collections.abc import Iterator
from typing import Any

from formats.api.comparison import KINDS, Facts
from formats.api.model import Api, Operation, bodies
from formats.api.paths import completed

_METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")


def census(document: dict[str, Any]) -> Facts:
    """Return the facts of a raw document by kind; the type of a field is left out, for a schema may imply it."""
    found: Facts = {kind: set() for kind in KINDS}
    for path, item in document.get("paths", {}).items():
        for method in _METHODS:
            if isinstance(item.get(method), dict):
                key = f"{method.upper()} {path}"
                found["path"].add(path)
                found["method"].add(key)
                for kind, fact in _operation(document, item, item[method]):
                    found[kind].add(f"{key} {fact}")
    return found


def told(api: Api) -> Facts:
    """Return the same facts of an API that was read."""
    found: Facts = {kind: set() for kind in KINDS}
    for operation in api.operations:
        key = " ".join(operation.key)
        found["path"].add(operation.path)
        found["method"].add(key)
        for kind, fact in _told(operation):
            found[kind].add(f"{key} {fact}")
    return found


def _told(operation: Operation) -> Iterator[tuple[str, str]]:
    for each in operation.parameters:
        yield "parameter", f"{each.place} {each.name}"
        yield from _said(f"{each.place} {each.name}", each.required, each.enum, each.format)
    for body in bodies(operation):
        place = getattr(body, "status", "request")
        if place != "request":
            yield "status", place
        for field in completed(body.fields):
            if field.path:
                yield "body field", f"{place} {field.path}"
            yield from _said(f"{place} {field.path}", field.required, field.enum, field.format)


def _operation(document: dict[str, Any], item: dict[str, Any], operation: dict[str, Any]) -> Iterator[tuple[str, str]]:
    given = [_target(document, each) for each in operation.get("parameters", []) + item.get("parameters", [])]
    seen: set[tuple[str, str]] = set()
    for each in given:
        key = (each["name"], each["in"])
        if key in seen:
            continue
        seen.add(key)
        if each["in"] == "body":
            # Several bodies, or one beside a form, are against Swagger 2, and parts of one form.
            part = each["name"] if sum(other["in"] in ("body", "formData") for other in given) > 1 else ""
            yield from _fields(document, each.get("schema", {}), "request", part, ())
            if part and each.get("required"):
                yield "required", f"request {part}"
        elif each["in"] == "formData":
            yield "body field", f"request {each['name']}"
            yield from _said(f"request {each['name']}", each.get("required"), each.get("enum"), _format(each))
        else:
            where = f"{each['in']} {each['name']}"
            yield "parameter", where
            inner = _target(document, each.get("schema", each))
            while inner.get("type") == "array" and inner.get("items"):
                inner = _target(document, inner["items"])
            yield from _said(where, each["in"] == "path" or each.get("required"), inner.get("enum"), inner.get("format"))
    request = _target(document, operation.get("requestBody", {}))
    yield from _content(document, request, "request")
    for status, response in operation.get("responses", {}).items():
        yield "status", str(status).replace("xx", "XX")
        answer = _target(document, response)
        yield from _content(document, answer, str(status))
        yield from _fields(document, answer.get("schema", {}), str(status), "", ())


def _format(given: dict[str, Any]) -> Any:
    return "binary" if given.get("type") == "file" else given.get("format")


def _content(document: dict[str, Any], holder: dict[str, Any], place: str) -> Iterator[tuple[str, str]]:
    content = holder.get("content", {})
    if content:
        media = next((each for each in content if each == "application/json"), None)
        media = media or next((each for each in content if "json" in each), next(iter(content)))
        yield from _fields(document, content[media].get("schema", {}), place, "", ())


def _fields(
    document: dict[str, Any], schema: dict[str, Any], place: str, path: str, above: tuple[str, ...]
) -> Iterator[tuple[str, str]]:
    reference = schema.get("$ref", "")
    whole = _target(document, schema)
    if path:
        yield "body field", f"{place} {path}"
    yield from _said(f"{place} {path}", required=False, enum=[] if reference in above else whole.get("enum"), form=_format(whole))
    if reference and reference in above:
        return
    inside = (*above, reference) if reference else above
    parts = [whole, *(_target(document, each) for each in whole.get("allOf", []))]
    for part in parts:
        for name, each in part.get("properties", {}).items():
            below = f"{path}.{name}" if path else name
            if any(name in other.get("required", []) for other in parts):
                yield "required", f"{place} {below}"
            yield from _fields(document, each, place, below, inside)
        if isinstance(part.get("items"), dict):
            yield from _fields(document, part["items"], place, f"{path}[]", inside)
        if part.get("additionalProperties") and isinstance(part["additionalProperties"], dict):
            yield from _fields(document, part["additionalProperties"], place, f"{path}.*" if path else "*", inside)


def _said(where: str, required: Any, enum: Any, form: Any) -> Iterator[tuple[str, str]]:
    if required:
        yield "required", where
    if values := list(dict.fromkeys(str(each) for each in enum or () if each is not None)):
        yield "enum", f"{where}: {values}"
    if form:
        yield "format", f"{where}: {form}"


def _target(document: dict[str, Any], value: dict[str, Any]) -> dict[str, Any]:
    for _ in range(20):
        if "$ref" not in value:
            return value
        place: Any = document
        for step in value["$ref"].removeprefix("#/").split("/"):
            place = place.get(step.replace("~1", "/").replace("~0", "~"), {})
        value = place
    return value
