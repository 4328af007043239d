"""An API table in text read into the model; with the artifact that it came from, what six columns cannot hold comes back."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from http import HTTPStatus

from formats.api.cell_reading import CellReading, read_request_cell, read_response_cell
from formats.api.cell_text import unescaped
from formats.api.cells import Carried, ResponseLine
from formats.api.faults import Fault
from formats.api.loose import filled
from formats.api.model import Api, Body, Field, Operation, Response, bodies
from formats.api.problems import PROBLEM, PROBLEM_FIELDS
from formats.api.reading_openapi import Reading
from formats.api.restoring import restored
from formats.api.table import MARK, Row, table_rows

NOT_UNDERSTOOD = "x-not-understood"

_METHOD = re.compile(r"[A-Za-z]+")
_PATH = re.compile(r"(?:https?://[^/\s]+)?(/[^\s`]*)")
_COLON = re.compile(r"(?<=/):([A-Za-z_]\w*)")
_PHRASES = {each.phrase.lower() for each in HTTPStatus}


@dataclass
class _Table:
    """What is known while the rows are read."""

    kept: Api | None
    faults: list[Fault] = field(default_factory=list)
    bodies: dict[str, tuple[Field, ...]] = field(default_factory=dict)


def read_table(text: str, kept: Api | None = None) -> Reading:
    """Read every API table of a text as one API; `kept` is the artifact whose table it was before it was edited."""
    table = _Table(kept)
    rows = [(row, _Cells(row, table)) for row in table_rows(text)]
    for _, cells in rows:
        for carried in cells.carried():
            if carried.name and carried.fields is not None:
                table.bodies.setdefault(carried.name, carried.fields)
    operations: dict[tuple[str, str], Operation] = {}
    for row, cells in rows:
        for operation in cells.operations(table):
            if operation.key in operations:
                table.faults.append(Fault("operation-twice", f"line {row.line}", {"operation": " ".join(operation.key)}))
            operations.setdefault(operation.key, operation)
    if not rows:
        table.faults.append(Fault("no-table", "", {}))
    api = Api(operations=tuple(operations.values()))
    return Reading(restored(api, kept) if kept else api, tuple(table.faults))


class _Cells:
    """One row's cells, read."""

    def __init__(self, row: Row, table: _Table) -> None:
        self._place = f"line {row.line}"
        self._row = row
        self._faults = table.faults
        self._faults += row.faults
        path, self.summary, self.methods = self._head()
        by_hand = "/" + _COLON.sub(r"{\1}", path).removeprefix("/")
        asked = row.cells.get("Request", "")
        self._request = read_request_cell(asked, self.methods[0], by_hand)
        self.path = path if self._request.strict else by_hand
        answers = read_response_cell(row.cells.get("Response", ""), errors=False)
        errors = read_response_cell(row.cells.get("Error Response", ""), errors=True)
        self._lines = (*answers.lines, *errors.lines)
        self._unread = {
            column: list(each.not_understood)
            for column, each in (("request", self._request), ("response", answers), ("error", errors))
            if each.not_understood
        }
        self._tell("not-understood", self._request, "Request")
        for column, each in (("Response", answers), ("Error Response", errors)):
            self._tell("not-understood", each, column)
            self._faults += [self._fault("status-assumed", column, words) for words in each.assumed]

    def carried(self) -> Iterator[Carried]:
        """Yield the bodies that the row tells of."""
        if self._request.request.body:
            yield self._request.request.body
        yield from (each.carried for each in self._lines)

    def operations(self, table: _Table) -> Iterator[Operation]:
        """Yield the row's operation, one for each method that it names."""
        told = self._request.request
        first, _, more = unescaped(self._row.cells.get("Description", "")).partition("\n")
        request = None
        if told.body:
            request = Body(told.body.media, self._fields(told.body, table), told.body.name, told.body_required)
        for method in self.methods:
            yield Operation(
                method=method,
                path=self.path,
                summary=first or self.summary,
                description=more.strip(),
                parameters=told.parameters,
                request=request,
                responses=tuple(self._response(each, table) for each in self._lines),
                beyond=filled(**{NOT_UNDERSTOOD: self._unread}),
            )

    def _head(self) -> tuple[str, str, list[str]]:
        """Return path, other words beside it, and methods."""
        text = unescaped(self._row.cells.get("API", "")).removesuffix(MARK).strip()
        said = [each.upper() for each in _METHOD.findall(unescaped(self._row.cells.get("Method", "")))]
        if text.startswith("/"):
            return text, "", said or self._no_method()
        found = _PATH.search(text)
        words = text if found is None else (text[: found.start()] + text[found.end() :]).strip(" `:：-")
        if not said and (verb := re.match(r"(GET|PUT|POST|DELETE|PATCH|HEAD|OPTIONS)\b", words)):
            said, words = [verb[1]], words[verb.end() :].strip()
        if found is None:
            self._faults.append(self._fault("path-missing", "API", text))
            return text or "/", "", said or self._no_method()
        return found[1], words, said or self._no_method()

    def _no_method(self) -> list[str]:
        self._faults.append(self._fault("method-missing", "Method", ""))
        return ["GET"]

    def _response(self, line: ResponseLine, table: _Table) -> Response:
        carried = line.carried
        if carried.fields is None and not self._is_known(carried.name, table):
            if carried.name.lower() not in _PHRASES:
                self._faults.append(self._fault("name-unknown", "Response", carried.name))
            return Response(line.status, description=line.description or carried.name)
        return Response(line.status, line.description, carried.media, self._fields(carried, table), carried.name)

    def _fields(self, carried: Carried, table: _Table) -> tuple[Field, ...]:
        if carried.fields is not None:
            return carried.fields
        known = self._known(carried.name, table)
        if known is None:
            self._faults.append(self._fault("name-unknown", "Request", carried.name))
        return known or ()

    def _is_known(self, name: str, table: _Table) -> bool:
        return self._known(name, table) is not None

    @staticmethod
    def _known(name: str, table: _Table) -> tuple[Field, ...] | None:
        if name in table.bodies:
            return table.bodies[name]
        kept = (body for operation in (table.kept.operations if table.kept else ()) for body in bodies(operation))
        found = next((body.fields for body in kept if body.name == name), None)
        return PROBLEM_FIELDS if found is None and name == PROBLEM else found

    def _tell(self, rule: str, reading: CellReading, column: str) -> None:
        self._faults += [self._fault(rule, column, words) for words in reading.not_understood]

    def _fault(self, rule: str, column: str, words: str) -> Fault:
        return Fault(rule, self._place, {"line": str(self._row.line), "column": column, "text": words[:200]})
