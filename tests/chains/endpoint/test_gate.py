"""The gate: turns wait with a place or are told that it is busy; calls of all turns share what there is, and none waits for ever."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing, asynccontextmanager

import pytest

from chains.endpoint.asking import Ask, Message, Reply
from chains.endpoint.gate import Gate, GateOptions
from errors import EndpointBusy
from tests.doubles.scripted_endpoint import ScriptedEndpoint

ASK = Ask((Message("user", "Freeze a card."),), None, "stories", 300)


async def places_of(gate: Gate, person: str, stay: asyncio.Event, seen: list[int]) -> None:
    with gate.turn(person) as turn:
        async with aclosing(turn.places()) as places:
            async for before in places:
                seen.append(before)
        await stay.wait()


async def test_a_turn_is_told_its_place_and_comes_in_when_one_before_it_ends() -> None:
    gate, stay, seen = Gate(GateOptions(1, 1, 5)), asyncio.Event(), list[int]()
    with gate.turn("ana"):
        waiting = asyncio.create_task(places_of(gate, "ben", stay, seen))
        await asyncio.sleep(0)
        assert (gate.turns, gate.waiting, seen) == (1, 1, [0])
    await asyncio.sleep(0)
    assert (gate.turns, gate.waiting) == (1, 0)
    stay.set()
    await waiting
    assert (gate.turns, gate.waiting) == (0, 0)


async def test_whoever_finds_the_line_full_is_told_at_once_when_to_come_again() -> None:
    gate = Gate(GateOptions(1, 1, 0))
    with gate.turn("ana"):
        with pytest.raises(EndpointBusy, match="Your brief is kept: try again in about 20 s") as told, gate.turn("ben"):
            pass
        assert told.value.retry_after == 20
        assert "重试" in told.value.sentence("zh")
    assert gate.shed == 1
    with gate.turn("ben") as turn:
        assert turn.before is None


async def test_a_turn_that_is_cancelled_while_it_waits_frees_its_place() -> None:
    gate, stay = Gate(GateOptions(1, 1, 1)), asyncio.Event()
    with gate.turn("ana"):
        waiting = asyncio.create_task(places_of(gate, "ben", stay, []))
        await asyncio.sleep(0)
        waiting.cancel()
        await asyncio.wait({waiting})
        assert gate.waiting == 0
        with gate.turn("cora") as turn:
            assert turn.before == 0


async def test_the_newest_of_many_turns_of_one_person_makes_room_and_is_told_so() -> None:
    gate, stay = Gate(GateOptions(1, 1, 2)), asyncio.Event()
    with gate.turn("x"):
        mine = [asyncio.create_task(places_of(gate, "ana", stay, [])) for _ in range(2)]
        await asyncio.sleep(0)
        with gate.turn("ben"):
            with pytest.raises(EndpointBusy):
                await mine[1]
            assert gate.shed == 1
        mine[0].cancel()
        await asyncio.wait({mine[0]})


async def test_calls_of_many_turns_never_pass_what_is_allowed_and_all_end() -> None:
    endpoint = ScriptedEndpoint(["a reply in several pieces, so that calls overlap"], every=8)
    gate = Gate(GateOptions(3, 2, 50))

    async def turn(person: str) -> None:
        with gate.turn(person) as turn:
            async with aclosing(turn.places()) as places:
                async for _ in places:
                    pass
            asked = gate.endpoint_for(person, endpoint)
            await asyncio.gather(*(whole(asked.stream(ASK)) for _ in range(5)))

    async with asyncio.timeout(10):
        await asyncio.gather(*(turn(person) for person in ("ana", "ana", "ben", "cora", "dan", "ana")))
    assert len(endpoint.asks) == 30
    assert endpoint.most_open == 3
    assert (gate.calls, gate.turns, gate.waiting) == (0, 0, 0)


async def test_a_call_that_is_left_in_the_middle_frees_its_place() -> None:
    endpoint = ScriptedEndpoint(["abcdefgh"], every=2)
    gate = Gate(GateOptions(1, 1, 1))
    stream = gate.endpoint_for("ana", endpoint).stream(ASK)
    assert isinstance(stream, AsyncGenerator)
    await anext(stream)
    assert gate.calls == 1
    await stream.aclose()
    assert (gate.calls, endpoint.open) == (0, 0)


async def test_a_call_holds_what_replicas_share_as_long_as_it_lasts() -> None:
    held: list[str] = []

    class Slots:
        @asynccontextmanager
        async def held(self) -> AsyncIterator[None]:
            held.append("taken")
            yield
            held.append("given back")

    gate = Gate(GateOptions(1, 1, 1), Slots())
    await whole(gate.endpoint_for("ana", ScriptedEndpoint(["a"])).stream(ASK))
    assert held == ["taken", "given back"]


async def test_whoever_closes_their_way_to_the_endpoint_leaves_it_open_for_the_others() -> None:
    endpoint = ScriptedEndpoint(["a"])
    asked = Gate().endpoint_for("ana", endpoint)
    assert (await asked.abilities()).model == "scripted"
    await asked.close()
    assert not endpoint.is_closed


async def whole(stream: AsyncIterator[object]) -> None:
    events = [event async for event in stream]
    assert isinstance(events[-1], Reply)
