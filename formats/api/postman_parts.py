"""The parts of a Postman request: its address, rows of parameters, body, saved responses and sign-in; values of examples are not kept."""

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl

from formats.api.by_example import schema_by_example
from formats.api.loose import filled, listed, mapping, text
from formats.plain_data import Unsound, safe_json

Values = Mapping[str, str]

_VARIABLE = re.compile(r"\{\{\s*([^{}]*?)\s*\}\}")
_BARE_VARIABLE = re.compile(r'("(?:[^"\\]|\\.)*")|\{\{[^{}]*\}\}')
_COLON = re.compile(r"(?<=/):([A-Za-z_][\w-]*)")
_SERVER = re.compile(
    r"(?:[a-z][a-z0-9+.-]*:)?//[^/?#]*|\{\{[^{}]*\}\}|[\w-]+(?:\.[\w-]+)+(?::\d+)?(?=[/?#]|$)|localhost(?::\d+)?", re.I
)
_LANGUAGES = {"json": "application/json", "xml": "application/xml", "html": "text/html", "javascript": "application/javascript"}
_SCHEMES: dict[str, dict[str, Any]] = {
    "basic": {"type": "http", "scheme": "basic"},
    "bearer": {"type": "http", "scheme": "bearer"},
    "digest": {"type": "http", "scheme": "digest"},
    "jwt": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"},
}


def described(description: Any) -> str:
    """Return a description's text; 2.1 may hold it as an object."""
    return text(mapping(description).get("content") if isinstance(description, dict) else description)


def address(url: Any, values: Values) -> tuple[str, str]:
    """Return the server of a request and its path, `:id` and `{{id}}` as `{id}`."""
    raw = _raw_address(url)
    found = _SERVER.match(raw)
    server = _VARIABLE.sub(lambda each: values.get(each[1]) or "{" + each[1] + "}", found.group() if found else "")
    path = re.split(r"[?#]", raw[found.end() if found else 0 :])[0]
    # A path's own variable stays a parameter, even where the collection holds a value of it.
    named = _COLON.sub(r"{\1}", _VARIABLE.sub(lambda each: "{" + (each[1] or "value") + "}", path))
    return _server_address(server), named if named.startswith("/") else f"/{named}"


def _raw_address(url: Any) -> str:
    parts = mapping(url)
    raw = (text(url) or text(parts.get("raw"))).strip()
    if raw:
        return raw
    host, path = parts.get("host"), parts.get("path")
    steps = [text(mapping(each).get("value")) or text(each) for each in listed(path)] or [text(path)]
    place = ".".join(map(text, listed(host))) or text(host)
    return f"{text(parts.get('protocol')) or 'https'}://{place}/{'/'.join(steps)}" if place else f"/{'/'.join(steps)}"


def _server_address(server: str) -> str:
    if not server or "://" in server or server.startswith("{"):
        return "" if server.startswith("{") else server
    return f"https:{server}" if server.startswith("//") else f"https://{server}"


def query_rows(url: Any) -> list[dict[str, Any]]:
    """Return the rows of the query, read from the address where it is text."""
    rows = [mapping(each) for each in listed(mapping(url).get("query"))]
    if rows or isinstance(mapping(url).get("query"), list):
        return [each for each in rows if text(each.get("key"))]
    asked = _raw_address(url).partition("#")[0].partition("?")[2]
    return [{"key": key, "value": value} for key, value in parse_qsl(asked, keep_blank_values=True) if key]


def header_rows(headers: Any) -> list[dict[str, Any]]:
    """Return headers as rows; 2.0 may hold them as lines of text."""
    if isinstance(headers, str):
        lines = (line.partition(":") for line in headers.splitlines())
        return [{"key": key.strip(), "value": value.strip()} for key, _, value in lines if key.strip()]
    return [mapping(each) for each in listed(headers)]


def parameter_row(row: dict[str, Any], place: str) -> dict[str, Any]:
    """Return a row as an OpenAPI parameter, its type read by example."""
    head = {"name": text(row.get("key")), "in": place} | filled(description=described(row.get("description")))
    return head | {"schema": _by_word(row.get("value"))}


def body(given: dict[str, Any]) -> dict[str, Any]:
    """Return a request's body as OpenAPI's, or {} where there is none."""
    mode = text(given.get("mode"))
    rows = [mapping(each) for each in listed(given.get(mode, given.get("content"))) if text(mapping(each).get("key"))]
    if mode in ("urlencoded", "formdata"):
        media = "application/x-www-form-urlencoded" if mode == "urlencoded" else "multipart/form-data"
        properties = {text(each["key"]): _form_value(each) for each in rows}
        return {"content": {media: {"schema": {"type": "object", "properties": properties}}}} if rows else {}
    if mode == "graphql":
        properties = {"query": {"type": "string"}, "variables": {"type": "object"}}
        return {"content": {"application/json": {"schema": {"type": "object", "properties": properties}}}}
    if mode == "file":
        return {"content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}}
    language = text(mapping(mapping(given.get("options")).get("raw")).get("language"))
    return _content(text(given.get("raw", given.get("content"))), _LANGUAGES.get(language, ""))


def response(saved: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    """Return a saved response's status ('' where it says none) and the response as OpenAPI's."""
    code = text(saved.get("code")) or text(mapping(saved.get("responseCode")).get("code"))
    media = next(
        (text(each.get("value")) for each in header_rows(saved.get("header")) if text(each.get("key")).lower() == "content-type"),
        "",
    )
    told = text(saved.get("name")) or text(saved.get("status"))
    content = _content(text(saved.get("body", saved.get("text"))), media.partition(";")[0].strip())
    return code, {"description": told} | content


def authorization(auth: Any) -> dict[str, Any]:
    """Return the security scheme that a sign-in is, under its name; never what it is done with."""
    kind = text(mapping(auth).get("type"))
    if kind in _SCHEMES:
        return {kind: _SCHEMES[kind]}
    if kind != "apikey":
        return {}
    rows = {text(each.get("key")): text(each.get("value")) for each in map(mapping, listed(mapping(auth).get("apikey")))}
    place = rows.get("in", "header")
    return {"apikey": {"type": "apiKey", "in": place, "name": rows.get("key") or "X-API-Key"}}


def _content(written: str, media: str) -> dict[str, Any]:
    """Return the content that an example is of; what is no JSON is text."""
    if not written.strip():
        return {}
    looks_like_json = written.lstrip()[0] in "[{"
    if "json" in media or (not media and looks_like_json):
        try:
            value = safe_json(_BARE_VARIABLE.sub(lambda found: found[1] or "null", written), twice=lambda _: None)
        except Unsound:
            return {"content": {media or "text/plain": {"schema": {"type": "string"} if not media else {}}}}
        return {"content": {media or "application/json": {"schema": schema_by_example(value)}}}
    return {"content": {media or "text/plain": {"schema": {"type": "string"}}}}


def _form_value(row: dict[str, Any]) -> dict[str, Any]:
    if text(row.get("type")) == "file":
        return {"type": "string", "format": "binary"}
    return _by_word(row.get("value")) | filled(description=described(row.get("description")))


def _by_word(value: Any) -> dict[str, Any]:
    """Return the schema of a value that is written as text: whole numbers and true or false are told from words."""
    written = text(value).strip()
    if re.fullmatch(r"-?(?:0|[1-9]\d{0,17})", written):
        return {"type": "integer"}
    if written in ("true", "false"):
        return {"type": "boolean"}
    return schema_by_example(written)
