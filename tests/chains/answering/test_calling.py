"""One call, or many beside each other: what they tell, what they leave, and how they end."""

import asyncio
from collections.abc import Callable
from contextlib import aclosing
from functools import partial

import pytest

from chains.answering.calling import call, call_each
from chains.answering.turn import RunningTurn
from chains.endpoint.asking import Ask, Message, Reply
from chains.events import TextArrived
from errors import EndpointBusy
from stages.declaration import Entry
from tests.doubles.scripted_endpoint import ScriptedEndpoint


def ask(text: str) -> Ask:
    return Ask((Message("system", "Rules."), Message("user", text)), {"type": "object"}, "thing", 100)


def echo(one: Ask) -> str:
    return f"reply to {one.messages[-1].text}"


def entries(count: int) -> list[tuple[Entry, Callable[[], Ask]]]:
    return [(Entry(f"S{number}", f"action {number}"), partial(ask, f"action {number}")) for number in range(1, count + 1)]


async def test_a_call_tells_its_text_and_its_reply_and_is_noted() -> None:
    turn = RunningTurn()
    told = [event async for event in call(ScriptedEndpoint(echo, every=4), ask("freeze"), turn)]
    assert "".join(event.text for event in told if isinstance(event, TextArrived)) == "reply to freeze"
    assert isinstance(told[-1], Reply)
    assert turn.calls[0]["reply"] == "reply to freeze"
    assert turn.calls[0]["messages"][-1] == {"role": "user", "text": "freeze"}
    assert turn.tokens["calls"] == 1
    assert turn.first_token is not None


async def test_what_had_arrived_before_a_fault_is_noted() -> None:
    turn = RunningTurn()
    endpoint = ScriptedEndpoint(echo, fault=EndpointBusy("Busy.", "忙。"), after=2, every=4)
    with pytest.raises(EndpointBusy):
        _ = [event async for event in call(endpoint, ask("freeze"), turn)]
    assert turn.calls[0]["reply"] == turn.furthest == "reply to"


@pytest.mark.parametrize("parallel", [1, 2, 5])
async def test_every_entry_gets_its_own_reply(parallel: int) -> None:
    endpoint = ScriptedEndpoint(echo, pace=0.002, every=5)
    told = [event async for event in call_each(endpoint, entries(5), RunningTurn(), parallel)]
    replies = {event[0].id: event[1].text for event in told if isinstance(event, tuple)}
    assert replies == {f"S{number}": f"reply to action {number}" for number in range(1, 6)}
    assert endpoint.most_open == parallel


async def test_nothing_to_ask_ends_at_once() -> None:
    assert [event async for event in call_each(ScriptedEndpoint(echo), [], RunningTurn(), 4)] == []


async def test_one_fault_ends_the_others_and_is_raised_as_itself() -> None:
    endpoint = ScriptedEndpoint(echo, fault=EndpointBusy("Busy.", "忙。"), fails={2}, pace=0.01, every=2)
    with pytest.raises(EndpointBusy):
        _ = [event async for event in call_each(endpoint, entries(4), RunningTurn(), 4)]
    assert endpoint.open == 0


async def test_who_stops_listening_ends_the_calls() -> None:
    endpoint = ScriptedEndpoint(echo, pace=0.01, every=2)
    async with aclosing(call_each(endpoint, entries(3), RunningTurn(), 3)) as events:
        async for _ in events:
            break
    await asyncio.sleep(0.01)
    assert endpoint.open == 0
