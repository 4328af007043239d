"""An answer that goes on from where another was cut off: what is whole is not asked for again."""

import asyncio
import json
from typing import Any

import pytest

from chains.answering.kept import Kept, keys_of, with_kept
from chains.endpoint.asking import Ask
from chains.events import AnswerFailed, DraftGrew, Request
from errors import BriefError, BrokenReply
from records.turns import Turn
from stages.declaration import Entry
from stages.material import Source
from tests.doubles.scripted_endpoint import ITEMS, ScriptedEndpoint
from tests.doubles.scripted_replies import EN, entry_in, item, stories
from tests.doubles.small_house import ANA, BEN, Answer, SmallHouse

BROKEN = BrokenReply("The answer broke off.", "回答中断。")
ACTIONS = [f"{verb} the income records of an account" for verb in ("view", "add", "change", "delete")]


async def continued(house: SmallHouse, endpoint: ScriptedEndpoint, turn_id: str, person: Any = ANA) -> Answer:
    """The answer that goes on from a turn."""
    assistant = house.assistant(endpoint)
    request = await assistant.going_on(turn_id, person, "page")
    return Answer(tuple([event async for event in assistant.answer(request)]))


async def cut_off(house: SmallHouse, endpoint: ScriptedEndpoint) -> Turn:
    """The record of a turn whose endpoint broke off."""
    answer = await house.answer(endpoint, EN)
    assert answer.all(AnswerFailed)
    return await house.turn(answer.ended.turn_id)


async def test_items_that_are_written_are_not_asked_for_again(house: SmallHouse) -> None:
    turn = await cut_off(house, ScriptedEndpoint(item, abilities=ITEMS, fault=BROKEN, fails={3}))
    assert len(turn.written["replies"]) == 2
    endpoint = ScriptedEndpoint(item, abilities=ITEMS)
    answer = await continued(house, endpoint, turn.id)
    assert [entry_in(ask) for ask in endpoint.asks] == ACTIONS[2:]
    assert [one["want"] for one in answer.ready.body["stories"]] == ACTIONS
    grown = answer.all(DraftGrew)
    assert [(one.done, one.expected) for one in grown] == [(2, 4), (3, 4), (4, 4)]


async def test_an_outline_that_was_asked_is_not_asked_again(house: SmallHouse) -> None:
    brief = "customers and their debit card"
    broken = await house.answer(ScriptedEndpoint(item, abilities=ITEMS, fault=BROKEN, fails={2}), brief)
    endpoint = ScriptedEndpoint(item, abilities=ITEMS)
    answer = await continued(house, endpoint, broken.ended.turn_id)
    assert [ask.schema_name for ask in endpoint.asks] == ["user_stories_item"] * 2
    assert [one["want"] for one in answer.ready.body["stories"]] == ["freeze a card", "unfreeze a card"]


async def test_a_whole_artifact_is_completed_behind_its_finished_items(house: SmallHouse) -> None:
    written = json.dumps(stories())
    half = written[: written.index('{"id": "S3"') + 30]
    turn = await cut_off(house, ScriptedEndpoint([half], fault=BROKEN, after=len(half) // 40))
    asked: list[Ask] = []

    def completing(ask: Ask) -> dict[str, Any]:
        asked.append(ask)
        rest = stories()
        return {**rest, "stories": [{**one, "want": "something else"} for one in rest["stories"][:2]] + rest["stories"][2:]}

    answer = await continued(house, ScriptedEndpoint(completing), turn.id)
    assert [one["want"] for one in answer.ready.body["stories"]] == [one["want"] for one in stories()["stories"]]
    first = asked[0].messages
    assert '"S2"' in first[-2].text
    assert '"S3"' not in first[-2].text
    assert "broke off here" in first[-1].text


async def test_a_turn_that_had_written_nothing_is_asked_anew(house: SmallHouse) -> None:
    turn = await cut_off(house, ScriptedEndpoint([""], fault=BROKEN))
    endpoint = ScriptedEndpoint([stories()])
    answer = await continued(house, endpoint, turn.id)
    assert len(answer.ready.body["stories"]) == 4
    assert endpoint.asks[0].messages[-1].role == "user"
    assert "broke off" not in endpoint.asks[0].messages[-1].text


async def test_a_second_interruption_keeps_what_the_first_had_kept(house: SmallHouse) -> None:
    turn = await cut_off(house, ScriptedEndpoint(item, abilities=ITEMS, fault=BROKEN, fails={3}))
    again = await continued(house, ScriptedEndpoint(item, abilities=ITEMS, fault=BROKEN, fails={1}), turn.id)
    second = await house.turn(again.ended.turn_id)
    assert second.written["replies"] == turn.written["replies"]
    assert json.loads(second.draft) == json.loads(turn.draft)


async def test_another_persons_turn_cannot_be_gone_on_from(house: SmallHouse) -> None:
    turn = await cut_off(house, ScriptedEndpoint(item, abilities=ITEMS, fault=BROKEN, fails={3}))
    with pytest.raises(BriefError):
        await house.assistant(ScriptedEndpoint()).going_on(turn.id, BEN, "page")
    request = Request("user_stories", EN, BEN, continues=turn.id)
    answer = Answer(tuple([event async for event in house.flow(ScriptedEndpoint()).answer(request)]))
    assert "no such turn" in answer.failed.sentence


async def test_a_turn_that_is_cancelled_while_the_program_ends_was_interrupted(house: SmallHouse) -> None:
    assistant = house.assistant(ScriptedEndpoint([stories()], pace=0.05))

    async def drained() -> None:
        async for _event in assistant.answer(Request("user_stories", EN, ANA)):
            pass

    task = asyncio.create_task(drained())
    while not await house.turns():
        await asyncio.sleep(0.01)
    assistant.leave()
    task.cancel()
    await asyncio.wait({task})
    assert [turn.outcome for turn in await house.turns()] == ["interrupted"]
    assert assistant.is_leaving


def source(key: str, passage: str) -> Source:
    return Source(key, passage, "t", "rules", "t", "text")


def test_a_reply_names_its_passages_by_the_keys_that_they_have_now() -> None:
    kept = Kept(
        texts={"S1": "view", "S2": "old"},
        replies={"S1": {"want": "view", "sources": ["P1", "P2"], "parts": [{"sources": ["P2"]}]}, "S2": {"want": "x"}},
        passages=keys_of((source("P1", "a"), source("P2", "b"))),
    )
    found = kept.replies_to((Entry("S1", "view"), Entry("S2", "new"), Entry("S3", "more")), (source("P1", "b"),))
    assert found == {"S1": {"want": "view", "sources": ["P1"], "parts": [{"sources": ["P1"]}]}}


def test_a_kept_item_stands_before_a_new_one_of_its_id() -> None:
    kept = {"items": [{"id": "A", "v": 1}], "questions": ["old"]}
    assert with_kept({"items": [{"id": "A", "v": 2}, {"id": "B"}], "questions": []}, kept, "items") == {
        "items": [{"id": "A", "v": 1}, {"id": "B"}],
        "questions": [],
    }
    assert with_kept({"items": "none"}, kept, "items") == kept
