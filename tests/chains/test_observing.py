"""What observers are told of answers, calls and adoption, over a real house."""

import asyncio
from contextlib import aclosing
from typing import Any, cast

import pytest

from chains.assistant import Assistant
from chains.endpoint.asking import Ask, Message, Reply
from chains.events import Request, TextArrived
from chains.flow import Flow
from chains.observing import CallTold, ObservedEndpoint, Observing, TurnTold
from errors import EndpointTimeout
from records.ledger import Ledger
from records.turns import Adoption, AdoptionKind
from stages.catalog import catalog
from tests.doubles.scripted_endpoint import ITEMS, ScriptedEndpoint
from tests.doubles.scripted_replies import EN, item, stories
from tests.doubles.small_house import ANA, SmallHouse

QUESTION = Ask((Message("user", "Well?"),), None, "question", 10)


class Noting:
    """Keeps everything that it is told."""

    def __init__(self) -> None:
        self.began = 0
        self.turns: list[TurnTold] = []
        self.calls: list[CallTold] = []
        self.words: list[tuple[str, AdoptionKind]] = []

    def turn_began(self) -> None:
        self.began += 1

    def turn_ended(self, turn: TurnTold) -> None:
        self.turns.append(turn)

    def called(self, call: CallTold) -> None:
        self.calls.append(call)

    def adopted(self, stage: str, kind: AdoptionKind) -> None:
        self.words.append((stage, kind))


class Failing(Noting):
    def turn_ended(self, turn: TurnTold) -> None:
        raise RuntimeError("of its own")


def watched(house: SmallHouse, endpoint: ScriptedEndpoint, *observers: Noting) -> Assistant:
    """An assistant of the house that is observed."""
    observing = Observing(observers)
    ledger = Ledger(house.database, observing)
    flow = Flow(catalog(), house.knowledge, ObservedEndpoint(endpoint, observing), house.workspaces, ledger)
    return Assistant(flow, house.knowledge)


async def answered(assistant: Assistant, brief: str = EN) -> None:
    async for _event in assistant.answer(Request("user_stories", brief, ANA, channel="slack")):
        pass


async def test_a_turn_is_told_with_its_steps_its_calls_and_what_it_cost(house: SmallHouse) -> None:
    noting = Noting()
    await answered(watched(house, ScriptedEndpoint([stories(source="P1")]), noting))
    (turn,) = noting.turns
    assert (turn.stage, turn.door, turn.outcome, turn.person) == ("user_stories", "slack", "answered", "ana")
    assert (turn.tokens["prompt"], turn.tokens["cached"]) == (100, 80)
    assert "gather" in [step.name for step in turn.steps]
    assert [call.fault for call in turn.calls] == ["none"]
    assert turn.calls == tuple(noting.calls)
    assert turn.first_token_seconds is not None
    assert turn.first_token_seconds <= turn.seconds
    assert noting.began == 1


async def test_no_word_of_a_brief_or_a_reply_is_told(house: SmallHouse) -> None:
    noting = Noting()
    await answered(watched(house, ScriptedEndpoint([stories(source="P1")]), noting))
    told = repr(noting.turns)
    assert not [word for word in ("income", "earned", "account") if word in told]


async def test_calls_for_items_belong_to_their_turn(house: SmallHouse) -> None:
    noting = Noting()
    await answered(watched(house, ScriptedEndpoint(item, abilities=ITEMS), noting), "A customer can freeze and unfreeze a card")
    assert len(noting.turns[0].calls) == len(noting.calls) > 1


async def test_a_fault_is_told_by_its_kind(house: SmallHouse) -> None:
    noting = Noting()
    await answered(watched(house, ScriptedEndpoint(["half"], fault=EndpointTimeout("too slow", "太慢", detail="secret")), noting))
    assert [call.fault for call in noting.calls] == ["EndpointTimeout"]
    assert noting.turns[0].outcome == "failed"
    assert noting.turns[0].failure_id
    assert "secret" not in repr(noting.turns)


async def test_a_turn_that_a_person_leaves_is_told_as_cancelled(house: SmallHouse) -> None:
    noting = Noting()
    assistant = watched(house, ScriptedEndpoint([stories(source="P1")], pace=0.01), noting)
    events = cast("Any", assistant.answer(Request("user_stories", EN, ANA)))
    async with aclosing(events):
        async for event in events:
            if isinstance(event, TextArrived):
                break
    assert noting.turns[0].outcome == "cancelled"
    assert [call.fault for call in noting.calls] == ["cancelled"]


async def test_two_answers_at_a_time_keep_their_calls_apart(house: SmallHouse) -> None:
    noting = Noting()
    assistant = watched(house, ScriptedEndpoint([stories(source="P1")], pace=0.002), noting)
    await asyncio.gather(answered(assistant), answered(assistant))
    assert [len(turn.calls) for turn in noting.turns] == [1, 1]


async def test_a_call_after_the_turn_belongs_to_none(house: SmallHouse) -> None:
    noting = Noting()
    endpoint = ScriptedEndpoint([stories(source="P1")])
    await answered(watched(house, endpoint, noting))
    alone = Noting()
    pieces = [piece async for piece in ObservedEndpoint(endpoint, Observing([alone])).stream(QUESTION)]
    assert isinstance(pieces[-1], Reply)
    assert len(alone.calls) == 1
    assert len(noting.turns[0].calls) == 1


async def test_adoption_is_told_by_stage_and_kind_but_not_what_an_archive_brings_in(house: SmallHouse) -> None:
    noting = Noting()
    assistant = watched(house, ScriptedEndpoint([stories(source="P1")]), noting)
    await answered(assistant)
    workspace = await house.workspaces.open("default", ANA.id)
    (held,) = await house.workspaces.artifacts(workspace.id, owner=ANA.id)
    await assistant.accept(held.id, 1, ANA, "S1")
    await assistant.reject(held.id, 1, ANA, "No.", "S2")
    imported = Adoption(held.id, 1, ANA.id, "accepted", "S3", reason="imported")
    observing = Observing([noting])
    await Ledger(house.database, observing).record_adoption(imported)
    assert noting.words == [("user_stories", "accepted"), ("user_stories", "rejected")]


async def test_an_observer_that_fails_costs_nobody_an_answer(house: SmallHouse, caplog: pytest.LogCaptureFixture) -> None:
    failing, noting = Failing(), Noting()
    await answered(watched(house, ScriptedEndpoint([stories(source="P1")]), failing, noting))
    assert noting.turns[0].outcome == "answered"
    assert "an observer failed" in caplog.text
