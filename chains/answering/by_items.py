"""Ask a weak model: for an outline first, where the stage needs one, then for each item by a call of its own."""

import time
from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from chains.answering.calling import call, call_each
from chains.answering.checking import burden
from chains.answering.judging import Answered, judged, unreadable
from chains.answering.plan import Plan
from chains.answering.reading import read_artifact, read_json
from chains.answering.turn import RunningTurn
from chains.answering.writing import Writer, compact
from chains.endpoint.asking import Ask, Endpoint, Reply
from chains.events import DraftGrew, Event
from chains.sentences import say
from errors import EndpointError
from stages.declaration import Artifact, Entry
from stages.findings import Finding
from stages.shared_checks import RULES as SHARED

Json = dict[str, Any]
ROUNDS = 2
MOST_ENTRIES = 12


async def ask_by_items(
    endpoint: Endpoint, writer: Writer, planned: Plan, turn: RunningTurn
) -> AsyncGenerator[Event | Answered, None]:
    """Yield events and the answer last. Raises ReplyError where no item could be read, EndpointError as the endpoint does."""
    stage = writer.stage.stage
    entries: tuple[Entry, ...] = ()
    async for told in _outlined(endpoint, writer, planned, turn):
        if isinstance(told, tuple):
            entries = told
        else:
            yield told
    replies = _still_fitting(entries, planned, writer, turn)
    async for grown in _written(endpoint, writer, planned, turn, entries, replies):
        yield grown
    missing = tuple(_unwritten(entry, writer) for entry in entries if entry.id not in replies)
    found = (
        judged(
            writer.stage,
            stage.way.assemble(replies, entries, planned.material),
            writer.in_hand(planned),
            small=writer.abilities.demonstration,
        )
        if replies
        else None
    )
    if not isinstance(found, Answered):
        turn.findings = missing
        raise unreadable(stage, turn)
    async for event in _better(endpoint, writer, planned, turn, found):
        yield replace(event, findings=(*event.findings, *missing)) if isinstance(event, Answered) else event


async def _outlined(
    endpoint: Endpoint, writer: Writer, planned: Plan, turn: RunningTurn
) -> AsyncGenerator[Event | tuple[Entry, ...], None]:
    """Yield the entries last, asked of the model where they do not follow from what is in hand."""
    since = time.perf_counter()
    way, material = writer.stage.stage.way, planned.material
    outline = turn.kept.outline
    if outline is None and (schema := way.outline_schema(material)) is not None:
        async for event in call(endpoint, writer.outline(planned, schema), turn):
            if isinstance(event, Reply):
                turn.draft = event.text
            else:
                yield event
        outline = _outline(read_json(turn.draft), schema)
        if outline is None:
            raise unreadable(writer.stage.stage, turn)
    entries = way.entries(outline, material)
    turn.written |= {"outline": outline, "texts": {entry.id: entry.text for entry in entries}}
    names = ", ".join(entry.text for entry in entries)
    yield turn.step("outline", (say("outline", material.language, count=len(entries), names=names),), since)
    yield entries


async def _written(
    endpoint: Endpoint, writer: Writer, planned: Plan, turn: RunningTurn, entries: Sequence[Entry], replies: dict[str, Json]
) -> AsyncGenerator[Event, None]:
    """Fill `replies` by entry id with what is not there yet, asking a second time for those whose reply could not be read."""
    since = time.perf_counter()
    yield _grown(entries, planned, writer, turn, replies)
    asks: list[tuple[Entry, Callable[[], Ask]]] = [
        (entry, partial(writer.item, planned, entry)) for entry in entries if entry.id not in replies
    ]
    for _ in range(2):
        async for told in call_each(endpoint, asks, turn, writer.abilities.parallel):
            if not isinstance(told, tuple):
                yield told
                continue
            _keep(told[0], told[1], replies, writer)
            turn.draft = turn.draft if replies else told[1].text
            yield _grown(entries, planned, writer, turn, replies)
        asks = [(entry, ask) for entry, ask in asks if entry.id not in replies]
    yield turn.step("items", (f"{len(replies)} / {len(entries)}",), since)


async def _better(
    endpoint: Endpoint, writer: Writer, planned: Plan, turn: RunningTurn, best: Answered
) -> AsyncGenerator[Event | Answered, None]:
    """Ask again for the items at fault while that makes the whole better; yield the best answer last.

    A fault of the endpoint leaves the answer as it is: it is there already.
    """
    for number in range(1, ROUNDS + 1):
        since = time.perf_counter()
        asks = _again(writer, planned, best)
        if not asks:
            break
        replies: dict[str, Json] = {}
        try:
            async for told in call_each(endpoint, asks, turn, writer.abilities.parallel):
                if isinstance(told, tuple):
                    _keep(told[0], told[1], replies, writer)
                else:
                    yield told
        except EndpointError as error:
            yield turn.step("mend", (error.sentence(writer.material.language),), since)
            break
        found = judged(
            writer.stage, _with_items(best.artifact, replies), writer.in_hand(planned), small=writer.abilities.demonstration
        )
        better = isinstance(found, Answered) and burden(found.findings) < burden(best.findings)
        if better and isinstance(found, Answered):
            best = replace(found, mends=(*best.mends, *found.mends))
        line = say("mend-round", writer.material.language, round=number, count=len(asks), after=len(_at_fault(writer, best)))
        yield turn.step("mend", (line,), since)
        if not better:
            break
    yield best


def _at_fault(writer: Writer, answer: Answered) -> Mapping[str, list[Finding]]:
    """Return the findings that are sent back, by item: errors, and warnings too where the model is no demonstration.

    The demonstration model has never mended a warning when asked; the person would only wait longer.
    """
    severities = {"error"} if writer.abilities.demonstration else {"error", "warning"}
    faults: dict[str, list[Finding]] = {}
    for finding in answer.findings:
        if finding.item and finding.severity in severities:
            faults.setdefault(finding.item, []).append(finding)
    return faults


def _again(writer: Writer, planned: Plan, answer: Answered) -> list[tuple[Entry, Callable[[], Ask]]]:
    """Return the calls for the items at fault, each with what stands against it."""
    faults = _at_fault(writer, answer)
    asks: list[tuple[Entry, Callable[[], Ask]]] = []
    for item in answer.artifact.items():
        if item.id in faults:
            body = item.model_dump()
            entry = writer.stage.stage.way.entry_of(body, planned.material)[0]
            asks.append((entry, partial(writer.again, writer.item(planned, entry), compact(body), faults[item.id])))
    return asks


def _keep(entry: Entry, reply: Reply, replies: dict[str, Json], writer: Writer) -> None:
    """Keep a reply that its shape allows."""
    body = read_json(reply.text)
    if body is not None and _is_sound(entry, body, writer):
        replies[entry.id] = body


def _is_sound(entry: Entry, body: Json, writer: Writer) -> bool:
    """Tell whether a reply has the shape of an item."""
    stage = writer.stage.stage
    return read_artifact(stage.artifact, stage.way.assemble({entry.id: body}, [entry], writer.material))[0] is not None


def _still_fitting(entries: Sequence[Entry], planned: Plan, writer: Writer, turn: RunningTurn) -> dict[str, Json]:
    """Return the replies that an interrupted turn has left, where they still fit what is asked."""
    kept = turn.kept.replies_to(entries, planned.material.sources)
    by_id = {entry.id: entry for entry in entries}
    return {entry: body for entry, body in kept.items() if _is_sound(by_id[entry], body, writer)}


def _grown(entries: Sequence[Entry], planned: Plan, writer: Writer, turn: RunningTurn, replies: Mapping[str, Json]) -> DraftGrew:
    """Return the draft as it is now, and note it in the turn."""
    if not replies:
        return DraftGrew({}, 0, len(entries))
    body = writer.stage.stage.way.assemble(replies, entries, planned.material)
    turn.draft, turn.written["replies"] = compact(body), dict(replies)
    return DraftGrew(body, len(replies), len(entries))


def _outline(body: Json | None, schema: Json) -> Json | None:
    """Return an outline's lists of texts; None where one is missing or empty."""
    names = list(schema["properties"])
    if body is None or not all(isinstance(body.get(name), list) for name in names):
        return None
    outline = {name: [text for text in body[name] if isinstance(text, str) and text.strip()][:MOST_ENTRIES] for name in names}
    return outline if all(outline.values()) else None


def _unwritten(entry: Entry, writer: Writer) -> Finding:
    return SHARED.finding("unwritten", writer.material.language, place=entry.id, text=entry.text)


def _with_items(artifact: Artifact, replies: Mapping[str, Json]) -> Json:
    """Return the artifact's body with some items written anew; what a reply does not tell stays."""
    body = artifact.model_dump()
    for item in body[artifact.ITEMS]:
        item |= {name: value for name, value in replies.get(item["id"], {}).items() if name in item}
    return body
