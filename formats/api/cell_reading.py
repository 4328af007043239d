"""Cells of requests and responses read: as the grammar says where they are written so, else as far as an analyst's words go."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from http import HTTPStatus
from typing import Final

from formats.api.cell_text import unescaped
from formats.api.cells import NOTHING, Carried, RequestCell, ResponseLine, read_request, read_responses
from formats.api.entries import NotAnEntry
from formats.api.loose_cells import before_braces, by_status, loose_fields
from formats.api.model import JSON, METHODS, PLACES, Field, Parameter, Place

_PLACES: Final[dict[str, str]] = {
    "path": r"path(?: params?| parameters?| variables?)?|路径参数|路径",
    "query": r"query(?: params?| parameters?| string)?|查询参数|查询|url参数",
    "header": r"headers?|请求头|头部",
    "cookie": r"cookies?",
    "body": r"(?:request )?body|json|payload|form|请求体|消息体|正文",
}
_GROUP: Final = re.compile(
    r"(?:^|(?<=[\n;；]))\s*(?:"
    + "|".join(f"(?P<{place}>{words})" for place, words in _PLACES.items())
    + r")(?P<need>!?)\s*[:：]",
    re.IGNORECASE,
)
_IN_PATH: Final = re.compile(r"\{([^{}/]+)\}")
_EMPTY: Final = ("", NOTHING, "-", "--", "n/a", "none", "无", "/")
_NO_BODY: Final = ("GET", "DELETE", "HEAD", "OPTIONS", "TRACE")
_PHRASES: Final = {each.phrase.lower() for each in HTTPStatus}


@dataclass(frozen=True)
class CellReading:
    """What a cell tells, and the words that were not understood."""

    request: RequestCell = field(default_factory=RequestCell)
    lines: tuple[ResponseLine, ...] = ()
    not_understood: tuple[str, ...] = ()
    assumed: tuple[str, ...] = ()
    strict: bool = False


def fitness(column: str, cell: str) -> int:
    """Return how well a cell fits its column: 2 by the grammar, 1 as an analyst writes, 0 where nothing tells, -1 where it is not read."""
    text = unescaped(cell)
    if any(text.count(opening) != text.count(closing) for opening, closing in ("()", "{}", "[]")):
        return -1
    if column == "Request" and text:
        reading = read_request_cell(cell, "POST", "")
        return 2 if reading.strict else -1 if reading.not_understood else 1
    if column in ("Response", "Error Response") and text:
        errors = column == "Error Response"
        reading = read_response_cell(cell, errors=errors)
        if reading.assumed or any((each.status[:1] in "45d") != errors for each in reading.lines):
            return -1
        return 2 if reading.strict else 1
    fits = (column == "Method" and text.upper() in METHODS) or (column == "API" and text.startswith("/"))
    return 2 if fits else 0


def read_request_cell(cell: str, method: str, path: str) -> CellReading:
    """Read a request's cell; names without a place belong to the path, then to the body, or to the query where there is none."""
    text = unescaped(cell)
    try:
        request = read_request(text)
        strict = text.lower() not in _EMPTY or text == NOTHING
        return CellReading(request if strict else _with_path_parameters(request, path), strict=strict)
    except NotAnEntry:
        pass
    if text.lower() in _EMPTY:
        return CellReading(_with_path_parameters(RequestCell(), path))
    request, unread = RequestCell(), []
    for place, words in _groups(text):
        fields = loose_fields(words)
        if fields is None:
            unread.append(words)
            continue
        where = place or ("query" if method in _NO_BODY else "body")
        request = _with_group(request, where, fields, path, said=bool(place))
    return CellReading(_with_path_parameters(request, path), not_understood=tuple(unread))


def read_response_cell(cell: str, *, errors: bool) -> CellReading:
    """Read a cell of responses; prose after a status describes it, and words without a status belong to 200 or to any error."""
    text = unescaped(cell)
    if text.lower() in _EMPTY:
        return CellReading()
    try:
        return CellReading(lines=read_responses(text), strict=True)
    except NotAnEntry:
        pass
    lines: list[ResponseLine] = []
    assumed: list[str] = []
    for status, words in by_status(text):
        if not status:
            assumed.append(words)
        lines.append(_loose_line(status or ("default" if errors else "200"), words, errors=errors))
    return CellReading(lines=tuple(_each_status_once(lines)), assumed=tuple(assumed))


def _groups(text: str) -> Iterator[tuple[str, str]]:
    """Yield the place that each part of a cell names ('' where it names none) and the part's words."""
    found = list(_GROUP.finditer(text))
    head = text[: found[0].start()] if found else text
    if head.strip():
        yield "", head.strip(" \n;；")
    for at, each in enumerate(found):
        end = found[at + 1].start() if at + 1 < len(found) else len(text)
        place = next(name for name in _PLACES if each[name])
        yield place, text[each.end() : end].strip(" \n;；")


def _with_group(request: RequestCell, place: str, fields: tuple[Field, ...], path: str, *, said: bool) -> RequestCell:
    """Add what one part of the cell tells."""
    in_path = set(_IN_PATH.findall(path))
    for each in fields:
        if not said and each.path in in_path:
            request = replace(request, parameters=(*request.parameters, _parameter(each, "path")))
        elif place in PLACES and "." not in each.path and "[" not in each.path and each.path:
            known = next(known for known in PLACES if known == place)
            request = replace(request, parameters=(*request.parameters, _parameter(each, known)))
    if place == "body":
        rest = tuple(each for each in fields if said or each.path not in in_path)
        before = (request.body.fields or ()) if request.body else ()
        if rest:
            request = replace(request, body=Carried(JSON, fields=(*before, *rest)), body_required=True)
    return request


def _parameter(field: Field, place: Place) -> Parameter:
    return Parameter(field.path, place, field.type, field.format, required=field.required or place == "path", enum=field.enum)


def _with_path_parameters(request: RequestCell, path: str) -> RequestCell:
    """Add the parameters that the path holds and the cell does not name."""
    named = {each.name for each in request.parameters if each.place == "path"}
    held = _IN_PATH.findall(path)
    more = tuple(Parameter(name, "path", required=True) for name in dict.fromkeys(held) if name not in named)
    return replace(request, parameters=(*more, *request.parameters))


def _loose_line(status: str, words: str, *, errors: bool) -> ResponseLine:
    """Return what stands after a status: words, and fields in braces or as a list where they are no sentence."""
    described, braces = before_braces(words)
    fields = loose_fields(braces) if braces else None
    if fields is not None:
        return ResponseLine(status, described, Carried(JSON, fields=fields))
    is_list = not errors and words.lower() not in _PHRASES and ("," in words or ":" in words or "，" in words or "、" in words)
    fields = loose_fields(words) if is_list else None
    return ResponseLine(status, "", Carried(JSON, fields=fields)) if fields else ResponseLine(status, words, Carried(""))


def _each_status_once(lines: list[ResponseLine]) -> list[ResponseLine]:
    """Join what is said of one status in several places."""
    found: dict[str, ResponseLine] = {}
    for line in lines:
        before = found.get(line.status)
        if before is None:
            found[line.status] = line
            continue
        described = "; ".join(each for each in (before.description, line.description) if each)
        carried = before.carried if before.carried.media else line.carried
        found[line.status] = ResponseLine(line.status, described, carried)
    return list(found.values())
