"""The cells of requests and responses, written and read strictly as `docs/api-table.md` says; a named body is written out once."""

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from formats.api.entries import (
    Cursor,
    NotAnEntry,
    quoted,
    read_fields,
    read_parameters,
    unquoted,
    written_fields,
    written_parameters,
)
from formats.api.model import JSON, PLACES, Body, Field, Operation, Parameter, Response

NOTHING = "—"

_MEDIA = re.compile(r"[\w.+*-]+/[\w.+*-]+")
_NAME = re.compile(r"[\w.-]+")
_STATUS = re.compile(r"(?:[1-5](?:\d\d|XX)|default)(?![\w-])")
_QUOTED = re.compile(r'"(?:[^"\\]|\\.)*"')


@dataclass(frozen=True)
class Carried:
    """A body as a cell tells it; `fields` is None where it is told by its name alone."""

    media: str
    name: str = ""
    fields: tuple[Field, ...] | None = ()


@dataclass(frozen=True)
class RequestCell:
    """What a request's cell tells."""

    parameters: tuple[Parameter, ...] = ()
    body: Carried | None = None
    body_required: bool = False


@dataclass(frozen=True)
class ResponseLine:
    """What one line of a response's cell tells."""

    status: str
    description: str
    carried: Carried


class Names:
    """Which named bodies are written out already."""

    def __init__(self) -> None:
        self._written: dict[str, str] = {}
        self._told: set[str] = set()

    def told(self, body: Body | Response) -> str:
        """Return media type, name and entries of a body; what was written out under the same name is not written again."""
        entries = written_fields(body.fields)
        is_known = bool(body.name) and self._written.setdefault(body.name, entries) == entries and body.name in self._told
        self._told.add(body.name)
        tail = f": {entries}".rstrip() if (entries or body.name) and not is_known else ""
        media = "" if body.media == JSON and (body.name or tail) else quoted(body.media, _MEDIA)
        return " ".join(filter(None, (media, body.name and quoted(body.name, _NAME)))) + tail


def written_request(operation: Operation, names: Names) -> str:
    """Return the cell of a request, a line for each place."""
    lines = []
    for place in PLACES:
        there = [each for each in operation.parameters if each.place == place]
        if there:
            lines.append(f"{place}: {written_parameters(there)}")
    if operation.request:
        told = names.told(operation.request)
        need = "!" if operation.request.required else ""
        lines.append(f"body{need}{'' if told.startswith(':') else ' '}{told}")
    return "\n".join(lines) or NOTHING


def written_responses(responses: Iterable[Response], names: Names) -> str:
    """Return the cell of some responses, a line for each status."""
    return "\n".join(_written_response(each, names) for each in responses) or NOTHING


def read_request(text: str) -> RequestCell:
    """Read a request's cell. Raises NotAnEntry where it is not written as the grammar says."""
    parameters: list[Parameter] = []
    body: Carried | None = None
    required = False
    for line in _lines(text):
        cursor = Cursor(line)
        place = next((each for each in PLACES if re.match(rf"{each} ?:", line)), None)
        if place:
            cursor.need(place)
            cursor.need(":")
            parameters += read_parameters(cursor, place)
            continue
        if body is not None:
            raise NotAnEntry(line)
        cursor.need(re.compile(r"body(?=[ !:])"))
        required = cursor.take("!") is not None
        body = _carried(cursor) or Carried(JSON)
    return RequestCell(tuple(parameters), body, required)


def read_responses(text: str) -> tuple[ResponseLine, ...]:
    """Read a cell of responses. Raises NotAnEntry where it is not written as the grammar says."""
    return tuple(_response(Cursor(line)) for line in _lines(text))


def _written_response(response: Response, names: Names) -> str:
    told = names.told(response) if response.media else ""
    described = bool(response.description) or told.startswith('"')
    head = quoted(response.status, _STATUS)
    if described:
        head += f" {json.dumps(response.description, ensure_ascii=False)}"
    return f"{head}{'' if told.startswith(':') or not told else ' '}{told}"


def _response(cursor: Cursor) -> ResponseLine:
    status = unquoted(cursor.take(_QUOTED) or cursor.need(_STATUS))
    described = cursor.take(_QUOTED)
    return ResponseLine(status, unquoted(described) if described else "", _carried(cursor) or Carried(""))


def _carried(cursor: Cursor) -> Carried | None:
    """Read media type, name and entries; None where nothing is left to read."""
    if cursor.ended:
        return None
    media = cursor.take(_MEDIA)
    if media is None and cursor.text.startswith('"', cursor.at):
        start = cursor.at
        word = unquoted(cursor.need(_QUOTED))
        if word and "/" not in word:
            cursor.at = start
        else:
            media = word
    named = cursor.take(_QUOTED) or cursor.take(_NAME)
    name = unquoted(named) if named else ""
    fields: tuple[Field, ...] | None = None if name else ()
    if cursor.take(":"):
        fields = read_fields(cursor)
    if not cursor.ended:
        raise NotAnEntry(cursor.text[cursor.at :])
    return Carried(JSON if media is None else media, name, fields)


def _lines(text: str) -> Sequence[str]:
    lines = [line.strip() for line in text.split("\n") if line.strip()]
    return [] if lines == [NOTHING] else lines
