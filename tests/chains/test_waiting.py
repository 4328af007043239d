"""Turns that wait in front of the gate: they are on record, are told their place, may be stopped, or are told that it is busy."""

import asyncio
from contextlib import aclosing
from dataclasses import replace

from chains.admission import Admission, Allowance
from chains.endpoint.gate import Gate, GateOptions
from chains.events import AnswerFailed, Event, Request, TurnBegan, TurnEnded, TurnWaits
from chains.flow import Flow
from errors import AskedTooOften, EndpointBusy
from records.limits import Limits
from tests.doubles.scripted_endpoint import ScriptedEndpoint
from tests.doubles.scripted_replies import EN, stories
from tests.doubles.small_house import ANA, BEN, SmallHouse

SLOW = ScriptedEndpoint([stories()], pace=0.05)


def narrow(house: SmallHouse, waiting: int, endpoint: ScriptedEndpoint) -> Flow:
    return replace(house.flow(endpoint), admission=Admission(Gate(GateOptions(1, 1, waiting))))


async def drained(flow: Flow, request: Request, seen: list[Event]) -> list[Event]:
    async with aclosing(flow.answer(request)) as events:
        async for event in events:
            seen.append(event)
    return seen


async def test_a_turn_that_waits_is_on_record_and_is_answered_when_its_turn_comes(house: SmallHouse) -> None:
    flow, seen = narrow(house, 5, SLOW), list[Event]()
    async with aclosing(flow.answer(Request("user_stories", EN, ANA))) as first:
        async for event in first:
            if isinstance(event, TurnBegan):
                break
        second = asyncio.create_task(drained(flow, Request("user_stories", EN, BEN), seen))
        while not any(isinstance(event, TurnBegan) for event in seen):
            await asyncio.sleep(0.01)
        assert seen[0] == TurnWaits(0)
        waiting = next(event for event in seen if isinstance(event, TurnBegan))
        assert (await house.ledger.turn(waiting.turn_id, owner="ben")) is not None
        async for _ in first:
            pass
    await second
    assert isinstance(seen[-1], TurnEnded)
    assert seen[-1].outcome == "answered"
    assert (flow.admission.gate.turns, flow.admission.gate.waiting) == (0, 0)


async def test_whoever_finds_the_line_full_is_told_that_it_is_busy_and_nothing_is_recorded(house: SmallHouse) -> None:
    flow = narrow(house, 0, SLOW)
    with flow.admission.gate.turn("somebody"):
        told = await drained(flow, Request("user_stories", EN, ANA), [])
    failed, ended = told
    assert isinstance(failed, AnswerFailed)
    assert isinstance(failed.error, EndpointBusy)
    assert "The assistant is busy" in failed.sentence
    assert failed.error.retry_after > 0
    assert isinstance(ended, TurnEnded)
    assert (ended.turn_id, ended.outcome) == ("", "failed")


async def test_a_turn_that_is_stopped_while_it_waits_is_recorded_as_cancelled_and_frees_its_place(house: SmallHouse) -> None:
    flow, seen = narrow(house, 5, SLOW), list[Event]()
    with flow.admission.gate.turn("somebody"):
        waiting = asyncio.create_task(drained(flow, Request("user_stories", EN, ANA), seen))
        while not any(isinstance(event, TurnBegan) for event in seen):
            await asyncio.sleep(0.01)
        waiting.cancel()
        await asyncio.wait({waiting})
        assert flow.admission.gate.waiting == 0
    began = next(event for event in seen if isinstance(event, TurnBegan))
    assert (await house.turn(began.turn_id)).outcome == "cancelled"


async def test_whoever_asks_too_often_is_told_in_their_language(house: SmallHouse) -> None:
    admission = Admission(limits=Limits(house.database), allowance=Allowance(turns_a_minute=1))
    flow = replace(house.flow(ScriptedEndpoint([stories()])), admission=admission)
    await drained(flow, Request("user_stories", EN, ANA), [])
    told = await drained(flow, Request("user_stories", "客户可以冻结借记卡", ANA), [])
    assert isinstance(told[0], AnswerFailed)
    assert isinstance(told[0].error, AskedTooOften)
    assert "您的需求已保留" in told[0].sentence


async def test_drafts_of_turns_under_way_are_put_on_record_together(house: SmallHouse) -> None:
    flow, seen = house.flow(ScriptedEndpoint(["x" * 4000], every=10, pace=0.02)), list[Event]()
    running = [asyncio.create_task(drained(flow, Request("user_stories", EN, person), seen)) for person in (ANA, BEN)]
    async with asyncio.timeout(10):
        drafts: list[str] = []
        while len(drafts) < 2:
            await asyncio.sleep(0.1)
            ids = [event.turn_id for event in seen if isinstance(event, TurnBegan)]
            found = [await house.ledger.turn(turn, owner=owner) for turn in ids for owner in ("ana", "ben")]
            drafts = [turn.draft for turn in found if turn is not None and turn.draft]
    for task in running:
        task.cancel()
    await asyncio.wait(running)
    assert all(set(draft) == {"x"} for draft in drafts)
