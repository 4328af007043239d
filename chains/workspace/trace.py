"""The thread from each story to its scenarios, classes, endpoints, tests, notes and questions, with what is missing and what is stale."""

from collections.abc import Sequence
from dataclasses import dataclass

from chains.cards.items import read_item
from chains.changing.staleness import Standing, why
from chains.sentences import say
from errors import Language
from formats.sheet import Sheet
from stages.catalog import Catalog

Place = tuple[str, str]
TEST = "test"
# A stage that can be taken away as feature files has a step skeleton, which is a test, for each of its items.
_TESTED_BY = "feature"
# Tests stand before what tells users of a release: after the stages of analysis and design, which are the first four.
_BEFORE_TESTS = 4


@dataclass(frozen=True)
class TraceColumn:
    """A stage, or the tests that come of one; `begun` where the workspace holds any artifact of it."""

    name: str
    title: str
    begun: bool


@dataclass(frozen=True)
class TraceItem:
    """One item in a cell; `status` is its artifact's, `reason` says why it is stale."""

    artifact_id: str
    stage: str
    item: str
    title: str
    status: str
    stale: bool
    reason: str


@dataclass(frozen=True)
class TraceRow:
    """What belongs together: a cell for each column; `gaps` names the begun columns that hold nothing.

    `loose` is a row of what rests on nothing of the first column, an endpoint without a story: its one gap is there.
    """

    cells: tuple[tuple[TraceItem, ...], ...]
    gaps: tuple[str, ...]
    loose: bool


@dataclass(frozen=True)
class TraceTable:
    """The trace of a workspace: how many gaps it has, and how many items are stale."""

    workspace: str
    columns: tuple[TraceColumn, ...]
    rows: tuple[TraceRow, ...]
    gaps: int
    stale: int


def trace_table(workspace: str, standing: Standing, language: Language) -> TraceTable:
    """Return a row for each item of the first stage, with all that rests on it at any distance, then rows of what is loose.

    What was rejected is left out. Where an item names stories itself, these alone count, not those of what else it rests on.
    """
    threads = _Threads(standing)
    columns = _columns(standing, language)
    cells = {place: _cell(standing, place, language) for place in threads.places}
    held: dict[Place, list[Place]] = {}
    for place in threads.places:
        for anchor in threads.anchors(place):
            held.setdefault(anchor, []).append(place)
    tested = _tested(standing.catalog)
    rows = [_row([cells[place] for place in places], columns, tested) for places in held.values()]
    rows.sort(key=lambda row: row.loose)
    stale = sum(cell.stale for cell in cells.values())
    return TraceTable(workspace, columns, tuple(rows), sum(len(row.gaps) for row in rows), stale)


class _Threads:
    """Which items of the first stage each item leads up to; one that leads up to none is the head of a thread of its own."""

    def __init__(self, standing: Standing) -> None:
        self._standing = standing
        self._first = next(iter(standing.catalog)).name
        self._found: dict[Place, tuple[Place, ...]] = {}
        there = [(artifact_id, item) for artifact_id, items in standing.items.items() for item in items]
        # What was rejected is not shown, but a thread still leads through it.
        self.places = [place for place in there if not standing.is_rejected(*place)]
        self._there = set(there)

    def anchors(self, place: Place) -> tuple[Place, ...]:
        """Return the heads of the threads that an item belongs to."""
        if place not in self._found:
            self._found[place] = (place,)  # Ends a circle, which no chain makes.
            upstream = [
                up
                for link in self._standing.links.get(place, ())
                if (up := (link.upstream_artifact, str(link.upstream_item))) in self._there
            ]
            named = [up for up in upstream if self._is_first(up)]
            found = named or [anchor for up in upstream for anchor in self.anchors(up)]
            self._found[place] = tuple(dict.fromkeys(found)) or (place,)
        return self._found[place]

    def _is_first(self, place: Place) -> bool:
        return self._standing.artifacts[place[0]].artifact.stage == self._first


def trace_sheet(table: TraceTable, language: Language) -> Sheet:
    """Return the trace as a sheet: gaps and what is stale are written out."""
    columns = [column.title for column in table.columns]
    rows = [
        [
            say("trace-gap", language) if column.name in row.gaps else "\n".join(_told(item, language) for item in cell)
            for column, cell in zip(table.columns, row.cells, strict=True)
        ]
        for row in table.rows
    ]
    ids = [next((item.item for cell in row.cells for item in cell), "") for row in table.rows]
    return Sheet(say("trace-title", language, name=table.workspace), columns, rows, ids)


def _told(item: TraceItem, language: Language) -> str:
    stale = f" [{say('trace-stale', language)}]" if item.stale else ""
    return f"{item.item} {item.title}{stale}"


def _columns(standing: Standing, language: Language) -> tuple[TraceColumn, ...]:
    """Return a column for each stage of the life cycle, and one for tests."""
    begun = {one.artifact.stage for one in standing.held.artifacts}
    columns: list[TraceColumn] = []
    tested = _tested(standing.catalog)
    for stage in standing.catalog:
        if stage.stage.place > _BEFORE_TESTS and tested and all(column.name != TEST for column in columns):
            columns.append(TraceColumn(TEST, say("trace-test", language), bool(tested & begun)))
        columns.append(TraceColumn(stage.name, stage.stage.title[language], stage.name in begun))
    if tested and all(column.name != TEST for column in columns):
        columns.append(TraceColumn(TEST, say("trace-test", language), bool(tested & begun)))
    return tuple(columns)


def _tested(catalog: Catalog) -> set[str]:
    return {stage.name for stage in catalog if _TESTED_BY in stage.stage.notations}


def _cell(standing: Standing, place: Place, language: Language) -> TraceItem:
    artifact_id, item_id = place
    one = standing.artifacts[artifact_id]
    body = standing.items[artifact_id][item_id]
    stage = standing.stage(one).stage
    item = read_item(body, stage)
    title = stage.view(item, one.artifact.language).title if item is not None else ""
    grounds = standing.grounds(artifact_id, item_id)
    reason = why(standing, grounds, language) if grounds is not None else ""
    return TraceItem(artifact_id, one.artifact.stage, item_id, title, one.artifact.status, grounds is not None, reason)


def _row(items: Sequence[TraceItem], columns: Sequence[TraceColumn], tested: set[str]) -> TraceRow:
    """Put the items of one thread into their columns; each that is tested has its test beside it."""
    cells: dict[str, list[TraceItem]] = {column.name: [] for column in columns}
    for item in items:
        cells[item.stage].append(item)
        if item.stage in tested:
            cells[TEST].append(TraceItem(item.artifact_id, TEST, item.item, item.title, item.status, item.stale, item.reason))
    loose = not cells[columns[0].name]
    # Of what has no story that alone is missing: a question about a rule needs no endpoint.
    expected = columns[:1] if loose else [column for column in columns if column.begun]
    return TraceRow(
        cells=tuple(tuple(cells[column.name]) for column in columns),
        gaps=tuple(column.name for column in expected if not cells[column.name]),
        loose=loose,
    )
