"""Reads a Postman collection (v2.0, v2.1): each request one piece below its folders; secrets saved with it are left out."""

import json
from collections.abc import Iterator
from pathlib import PurePath
from typing import Any

from knowledge.reading.left_out import LEFT_OUT, data_without_secrets, names_a_secret, without_secrets
from knowledge.reading.limits import safe_json
from knowledge.reading.prose import code, fenced, listed, mapping, one_line, paragraphs, prose, some
from knowledge.reading.section import CannotRead, Reading, Section

_ROWS = 60
_BODY = 4000
_AUTH = {"", "noauth", "inherit"}


def read_postman(name: str, data: Any) -> Reading | None:
    """Return the collection, or the names of an environment's variables, as sections; None where the data is neither."""
    if "_postman_variable_scope" in mapping(data):
        return _environment(name, data)
    # What Postman's own interface hands out lies one level deeper.
    data = mapping(data).get("collection") if "info" not in mapping(data) else data
    info = mapping(mapping(data).get("info"))
    if not isinstance(data, dict) or not isinstance(data.get("item"), list) or not _is_postman(info):
        return None
    title = one_line(info.get("name"), 200) or PurePath(name).stem
    overview = paragraphs(
        [
            f"Postman collection {title}",
            _described(info.get("description"), 3000),
            _auth(data.get("auth")),
            _rows("Variables", listed(data.get("variable"))),
        ]
    )
    return Reading(title, (Section((), overview), *_sections(data["item"])), type="api")


def _environment(name: str, data: dict[str, Any]) -> Reading:
    """Return an exported environment: its variables, secrets left out."""
    title = one_line(data.get("name"), 200) or PurePath(name).stem
    variables = _rows("Variables", listed(data.get("values")))
    return Reading(title, (Section((), paragraphs([f"Postman environment {title}", variables])),), type="api")


def _is_postman(info: dict[str, Any]) -> bool:
    schema = one_line(info.get("schema"), 300)
    return "postman" in schema or "_postman_id" in info


def _sections(items: list[Any]) -> Iterator[Section]:
    """Yield requests, and folders that say something, in reading order."""
    waiting: list[tuple[tuple[str, ...], Any]] = [((), item) for item in reversed(items)]
    while waiting:
        above, written = waiting.pop()
        item = mapping(written)
        trail = (*above, one_line(item.get("name"), 200) or "(without a name)")
        if isinstance(item.get("item"), list):
            about = paragraphs([_described(item.get("description"), 2000), _auth(item.get("auth"))])
            if about:
                yield Section(trail, about)
            waiting += [(trail, inner) for inner in reversed(item["item"])]
        elif isinstance(item.get("request"), (dict, str)):
            yield Section(trail, _request(item), whole=True)


def _request(item: dict[str, Any]) -> str:
    """Tell one request; a text in its place is its address."""
    request = item["request"] if isinstance(item["request"], dict) else {"url": item["request"]}
    method = one_line(request.get("method"), 20).upper() or "GET"
    url = request.get("url")
    about = _described(request.get("description") or item.get("description"), 2000)
    return paragraphs(
        [
            f"{code(f'{method} {_address(url)}', 600)}: {one_line(item.get('name'), 200)}".rstrip(": "),
            about,
            _rows("Path variables", listed(mapping(url).get("variable"))),
            _rows("Query", listed(mapping(url).get("query"))),
            _rows("Headers", _headers(request.get("header"))),
            _auth(request.get("auth")),
            _body(mapping(request.get("body") or request.get("data"))),
            _responses(listed(item.get("response"))),
        ]
    )


def _address(url: Any) -> str:
    """Return the address with its variables; v2.1 may hold it in parts."""
    if isinstance(url, str):
        return without_secrets(one_line(url, 500))
    parts = mapping(url)
    raw = one_line(parts.get("raw"), 500)
    if not raw:
        host, path = (_joined(parts.get(key), sign) for key, sign in (("host", "."), ("path", "/")))
        raw = f"{one_line(parts.get('protocol'), 10) or 'https'}://{host}/{path}"
    return without_secrets(raw)


def _joined(value: Any, sign: str) -> str:
    if isinstance(value, list):
        return sign.join(one_line(mapping(part).get("value", part), 100) for part in value[:40])
    return one_line(value, 300)


def _headers(headers: Any) -> list[Any]:
    """Return headers as rows; v2.0 may hold them as lines of text."""
    if isinstance(headers, str):
        lines = (line.partition(":") for line in headers[:20_000].splitlines())
        return [{"key": key.strip(), "value": value.strip()} for key, _, value in lines if key.strip()]
    return listed(headers)


def _rows(head: str, rows: list[Any]) -> str:
    """List names, values and what they are for; the value of a secret is left out."""
    lines = []
    for row in map(mapping, rows[:_ROWS]):
        name = one_line(row.get("key") or row.get("id") or row.get("name"), 120)
        kind = one_line(row.get("type"), 20).lower()
        value = _value(name, row.get("value", row.get("src")), secret=kind in ("secret", "password"))
        words = [f"- {code(name, 120)}", f"= {code(value, 300)}" if value else ""]
        words += ["(off)" if row.get("disabled") is True else "", _told(row)]
        lines.append(" ".join(word for word in words if word))
    if len(rows) > _ROWS:
        lines.append(f"- … and {len(rows) - _ROWS} more")
    return "\n".join([f"{head}:", *lines]) if lines else ""


def _value(name: str, value: Any, *, secret: bool) -> str:
    """Return a value as it may be shown; a `{{variable}}` is none of a secret."""
    written = (
        one_line(value, 300) if not isinstance(value, list) else some((one_line(each, 100) for each in value), 10, len(value))
    )
    only_variables = written.startswith("{{") and written.endswith("}}")
    if written and not only_variables and (secret or names_a_secret(name)):
        return LEFT_OUT
    return without_secrets(written)


def _told(row: dict[str, Any]) -> str:
    about = one_line(_words_of(row.get("description")), 300)
    return f": {without_secrets(about)}" if about else ""


def _words_of(description: Any) -> Any:
    """Return a description's text; v2.1 may hold it as an object."""
    return mapping(description).get("content") if isinstance(description, dict) else description


def _described(description: Any, limit: int) -> str:
    return without_secrets(prose(_words_of(description), limit))


def _auth(auth: Any) -> str:
    """Name the kind of sign-in, never what it is done with."""
    kind = one_line(mapping(auth).get("type"), 40)
    return "" if kind in _AUTH else f"Auth: {kind} {LEFT_OUT}"


def _body(body: dict[str, Any]) -> str:
    """Tell the body in its mode: fields as rows, a text in a fence."""
    mode = one_line(body.get("mode"), 20)
    if mode in ("urlencoded", "formdata"):
        return _rows(f"Body ({mode})", listed(body.get(mode, body.get("content"))))
    if mode == "graphql":
        query = mapping(body.get("graphql")).get("query")
        return f"Body (graphql):\n{fenced(_raw(query), 'graphql')}" if query else ""
    raw = _raw(body.get("raw", body.get("content")))
    return f"Body ({mode or 'raw'}):\n{fenced(raw)}" if raw else ""


def _raw(written: Any) -> str:
    """Return a body's text without secrets, bounded; read as JSON where it is JSON, so that no secret hides in its layout."""
    if not isinstance(written, str) or not written.strip():
        return ""
    text = written.strip()
    if text[0] in "[{" and len(text) <= 20 * _BODY:
        try:
            text = json.dumps(data_without_secrets(safe_json(text)), ensure_ascii=False, indent=2)
        except (CannotRead, RecursionError):  # a {{variable}} without quotes is no JSON
            text = without_secrets(text)
    else:
        text = without_secrets(text[: 2 * _BODY])
    return text if len(text) <= _BODY else f"{text[:_BODY]}\n…"


def _responses(responses: list[Any]) -> str:
    """List the saved responses' names and statuses."""
    lines = []
    for response in map(mapping, responses[:_ROWS]):
        status = f"{one_line(response.get('code'), 10)} {one_line(response.get('status'), 60)}".strip()
        name = without_secrets(one_line(response.get("name"), 200))
        lines.append(f"- {': '.join(part for part in (status, name) if part)}")
    return "\n".join(["Saved responses:", *lines]) if lines else ""
