"""A weak model led item by item: the outline, the junk among the items, the order."""

import asyncio
import json
from dataclasses import replace

from chains.endpoint.asking import Ask
from chains.events import DraftGrew
from tests.doubles.scripted_endpoint import ITEMS, ScriptedEndpoint
from tests.doubles.scripted_replies import EN, STORY, ZH, entry_in, item
from tests.doubles.small_house import SmallHouse

JUNK = "asdf {["
ACTIONS = [f"{verb} the income records of an account" for verb in ("view", "add", "change", "delete")]


def wants(body: dict[str, list[dict[str, str]]]) -> list[str]:
    return [one["want"] for one in body["stories"]]


async def test_the_outline_comes_from_rules_where_they_find_actions(house: SmallHouse) -> None:
    endpoint = ScriptedEndpoint(item, abilities=ITEMS)
    answer = await house.answer(endpoint, EN)
    assert wants(answer.ready.body) == ACTIONS
    assert [ask.schema_name for ask in endpoint.asks] == ["user_stories_item"] * 4
    assert set(answer.rules) <= {"no-source"}
    assert answer.steps[:4] == ["gather", "plan", "outline", "items"]


async def test_the_outline_is_asked_where_the_rules_find_no_action(house: SmallHouse) -> None:
    endpoint = ScriptedEndpoint(item, abilities=ITEMS)
    answer = await house.answer(endpoint, "customers and their debit card")
    assert endpoint.asks[0].schema_name == "outline"
    assert wants(answer.ready.body) == ["freeze a card", "unfreeze a card"]


async def test_an_outline_that_cannot_be_read_fails_with_its_draft(house: SmallHouse) -> None:
    answer = await house.answer(ScriptedEndpoint([JUNK], abilities=ITEMS), "customers and their debit card")
    assert answer.failed.draft == JUNK
    assert answer.ended.outcome == "failed"


async def test_a_junk_item_is_asked_once_more(house: SmallHouse) -> None:
    asked: list[str] = []

    def stumbling(ask: Ask) -> str:
        asked.append(entry_in(ask))
        return JUNK if entry_in(ask) == ACTIONS[1] and asked.count(ACTIONS[1]) == 1 else item(ask)

    answer = await house.answer(ScriptedEndpoint(stumbling, abilities=ITEMS), EN)
    assert asked.count(ACTIONS[1]) == 2
    assert wants(answer.ready.body) == ACTIONS, "the order is that of the outline, whatever came last"


async def test_an_item_that_stays_junk_is_named_and_the_others_stand(house: SmallHouse) -> None:
    endpoint = ScriptedEndpoint(lambda ask: JUNK if entry_in(ask) == ACTIONS[1] else item(ask), abilities=ITEMS)
    answer = await house.answer(endpoint, EN)
    assert wants(answer.ready.body) == [ACTIONS[0], *ACTIONS[2:]]
    unwritten = [one for one in answer.ready.findings if one.rule == "unwritten"]
    assert [(one.severity, ACTIONS[1] in one.message) for one in unwritten] == [("error", True)]
    assert (await house.turn(answer.ended.turn_id)).outcome == "answered"


async def test_all_junk_fails_with_a_draft_and_names_every_item(house: SmallHouse) -> None:
    endpoint = ScriptedEndpoint([JUNK], abilities=ITEMS)
    answer = await house.answer(endpoint, EN)
    assert answer.failed.draft == JUNK
    assert [one.rule for one in answer.failed.findings] == ["unwritten"] * 4
    assert len(endpoint.asks) == 8, "each item is asked twice, never more"
    turn = await house.turn(answer.ended.turn_id)
    assert (turn.outcome, turn.brief) == ("failed", EN)


async def test_items_are_asked_beside_each_other_and_keep_their_order(house: SmallHouse) -> None:
    abilities = replace(ITEMS, parallel=3)
    endpoint = ScriptedEndpoint(item, abilities=abilities, pace=0.005, every=20)
    answer = await house.answer(endpoint, EN)
    assert endpoint.most_open == 3
    assert wants(answer.ready.body) == ACTIONS
    assert [one.done for one in answer.all(DraftGrew)] == [0, 1, 2, 3, 4]
    assert all(wants(one.body) == sorted(wants(one.body), key=ACTIONS.index) for one in answer.all(DraftGrew)[1:])


async def test_one_at_a_time_is_asked_where_the_endpoint_takes_no_more(house: SmallHouse) -> None:
    endpoint = ScriptedEndpoint(item, abilities=ITEMS, pace=0.002)
    await house.answer(endpoint, EN)
    assert endpoint.most_open == 1


async def test_a_chinese_brief_is_led_in_chinese(house: SmallHouse) -> None:
    def chinese(ask: Ask) -> str:
        return json.dumps(json.loads(item(ask)) | {"role": "客户", "benefit": "客户对账更快"}, ensure_ascii=False)

    answer = await house.answer(ScriptedEndpoint(chinese, abilities=ITEMS), ZH)
    assert wants(answer.ready.body)[1:] == ["添加收入记录", "修改收入记录", "删除收入记录"]
    assert not {"language", "role-unknown"} & set(answer.rules)


async def test_each_story_gets_a_scenario_of_every_kind(house: SmallHouse) -> None:
    answer = await house.answer(ScriptedEndpoint(item, abilities=ITEMS), STORY, "acceptance_criteria")
    told = answer.ready.body["scenarios"]
    assert [(one["id"], one["story"], one["kind"]) for one in told] == [
        ("S1-1", "S1", "positive"),
        ("S1-2", "S1", "negative"),
        ("S1-3", "S1", "boundary"),
    ]
    assert not {one.severity for one in answer.ready.findings} & {"error"}


async def test_findings_are_sent_back_item_by_item(house: SmallHouse) -> None:
    def mending(ask: Ask) -> str:
        told = json.loads(item(ask)) if entry_in(ask) else json.loads(ask.messages[-2].text)
        told["benefit"] = "" if entry_in(ask) == ACTIONS[2] else "it helps the people of the bank"
        return json.dumps(told)

    endpoint = ScriptedEndpoint(mending, abilities=ITEMS)
    answer = await house.answer(endpoint, EN)
    assert len(endpoint.asks) == 5
    assert "benefit" in endpoint.asks[-1].messages[-1].text
    assert "no-benefit" not in answer.rules
    assert wants(answer.ready.body) == ACTIONS


async def test_a_demonstration_model_is_not_asked_to_mend_warnings(house: SmallHouse) -> None:
    def without_benefit(ask: Ask) -> str:
        return json.dumps(json.loads(item(ask)) | {"benefit": ""})

    endpoint = ScriptedEndpoint(without_benefit, abilities=replace(ITEMS, demonstration=True))
    answer = await house.answer(endpoint, EN)
    assert len(endpoint.asks) == 4
    assert "no-benefit" in answer.rules


async def test_nothing_runs_on_when_the_person_goes(house: SmallHouse) -> None:
    endpoint = ScriptedEndpoint(item, abilities=replace(ITEMS, parallel=4), pace=0.05, every=10)
    task = asyncio.create_task(house.answer(endpoint, EN))
    while endpoint.open < 4:
        await asyncio.sleep(0.01)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    await asyncio.sleep(0.01)
    assert endpoint.open == 0
