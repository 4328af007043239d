"""Ask for the whole artifact in one call, and once or twice more with the findings where it does not hold."""

import time
from collections.abc import AsyncGenerator
from dataclasses import replace

from chains.answering.calling import call
from chains.answering.checking import burden
from chains.answering.growing import grown
from chains.answering.judging import Answered, judged, unreadable
from chains.answering.kept import Json, with_kept
from chains.answering.plan import Plan
from chains.answering.reading import read_json, without_broken_items
from chains.answering.turn import RunningTurn
from chains.answering.writing import Writer, compact
from chains.endpoint.asking import Ask, Endpoint, Reply
from chains.events import DraftGrew, Event
from chains.sentences import say
from errors import EndpointError
from stages.findings import Finding
from stages.shared_checks import RULES as SHARED

ROUNDS = 2


async def ask_whole(
    endpoint: Endpoint, writer: Writer, planned: Plan, turn: RunningTurn
) -> AsyncGenerator[Event | Answered, None]:
    """Yield events and the best answer last, which a fault of the endpoint while it is mended leaves as it is.

    Raises ReplyError where no reply could be read, EndpointError as the endpoint does.
    """
    stage, language = writer.stage.stage, writer.material.language
    first = ask = writer.whole(planned)
    kept = turn.kept.body(stage, writer.in_hand(planned))
    if kept is not None:
        turn.draft = compact(kept)
        yield DraftGrew(kept, len(kept[stage.artifact.ITEMS]), 0)
        ask = writer.again(first, turn.draft, (SHARED.finding("broke-off", language),))
    best: Answered | None = None
    for number in range(ROUNDS + 1):
        since = time.perf_counter()
        try:
            async for event in _replied(endpoint, ask, turn, kept=None if number else kept, items=stage.artifact.ITEMS):
                yield event
        except EndpointError as error:
            if best is None:
                raise
            yield turn.step("mend", (error.sentence(language),), since)
            break
        found = _judged(writer, planned, turn)
        faults = _faults(found)
        lines = (
            (say("mend-round", language, round=number, count=len(turn.findings), after=len(faults)),)
            if number
            else (say("read", language),)
        )
        yield turn.step("mend" if number else "read", lines, since)
        turn.findings = faults
        stuck = best is not None and isinstance(found, Answered) and burden(found.findings) >= burden(best.findings)
        best = found if isinstance(found, Answered) and not stuck else best
        if stuck or not faults:
            break
        ask = writer.again(first, turn.draft, faults)
    if best is None:
        raise unreadable(stage, turn)
    yield best


async def _replied(
    endpoint: Endpoint, ask: Ask, turn: RunningTurn, *, kept: Json | None, items: str
) -> AsyncGenerator[Event, None]:
    """Make the call; its whole text becomes the turn's draft, behind the items that are kept of an interrupted one."""
    async for event in grown(call(endpoint, ask, turn)):
        if isinstance(event, Reply):
            body = read_json(event.text) if kept is not None else None
            turn.draft = event.text if kept is None else compact(with_kept(body or {}, kept, items))
        elif isinstance(event, DraftGrew) and kept is not None:
            yield replace(event, body=with_kept(event.body, kept, items), done=max(event.done, len(kept[items])))
        else:
            yield event


def _judged(writer: Writer, planned: Plan, turn: RunningTurn) -> Answered | Finding:
    """Judge the draft; of a reply that was cut the whole items count, and a finding says that more may be missing."""
    material, stage = writer.in_hand(planned), writer.stage.stage
    body = read_json(turn.draft) or {}
    if not turn.cut:
        return judged(writer.stage, body, material)
    whole = without_broken_items(stage.artifact, stage.way.completed(body, material))
    found = judged(writer.stage, whole, material)
    if isinstance(found, Finding):
        return found
    return replace(found, findings=(*found.findings, SHARED.finding("cut", material.language)))


def _faults(found: Answered | Finding) -> tuple[Finding, ...]:
    """Return what is sent back to the model: a schema's complaint, or every finding above a hint."""
    if isinstance(found, Finding):
        return (found,)
    return tuple(finding for finding in found.findings if finding.severity != "hint" and finding.rule != "cut")
