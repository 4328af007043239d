"""One brief from its record to its end: faults, refusals, languages, and people who leave in the middle."""

import asyncio
import json
import logging
import re
import signal
import sys
from contextlib import aclosing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from chains.endpoint.asking import Abilities
from chains.events import AnswerFailed, ArtifactReady, QuestionsAsked, Request, TextArrived, TurnBegan
from chains.flow import Limits
from errors import (
    AssistantError,
    BrokenReply,
    ContextTooLong,
    EndpointBusy,
    EndpointError,
    EndpointMisconfigured,
    EndpointTimeout,
    EndpointUnreachable,
    UnexpectedFailure,
)
from records.instances import this_instance
from records.ledger import Ledger
from tests.doubles.scripted_endpoint import ITEMS, WHOLE, ScriptedEndpoint
from tests.doubles.scripted_replies import EN, STORY, ZH, criteria, item, stories
from tests.doubles.small_house import ANA, BEN, SmallHouse, copied, opened

ROOT = Path(__file__).parents[2]
FAULTS: list[type[EndpointError]] = [EndpointUnreachable, EndpointBusy, EndpointMisconfigured, ContextTooLong, EndpointError]
PARTIAL: list[type[EndpointTimeout] | type[BrokenReply]] = [EndpointTimeout, BrokenReply]
MEANINGLESS = ["asdf", "……", "hello", "测试", "?!", "😀🙏", "qwerty qwerty", "12345", "你好", "\u200b\u200bx"]
# Answers a brief as slowly as a model does, and says so when the draft is on record.
ANSWERING_PROGRAM = """
import asyncio, sys
from pathlib import Path
from chains.events import Request, TurnBegan
from tests.doubles.scripted_endpoint import ScriptedEndpoint
from tests.doubles.small_house import ANA, opened

async def main():
    async with opened(Path(sys.argv[1])) as house:
        endpoint = ScriptedEndpoint(["x" * 4000], every=10, pace=0.05)
        async for event in house.flow(endpoint).answer(Request("user_stories", "freeze a debit card", ANA)):
            if isinstance(event, TurnBegan):
                print(event.turn_id, flush=True)
            elif (await house.ledger.turns((await house.workspaces.open("default", "ana")).id, owner="ana"))[0].draft:
                print("draft", flush=True)

asyncio.run(main())
"""


async def test_the_turn_is_on_record_before_the_first_token(house: SmallHouse) -> None:
    seen: list[Any] = []
    flow = house.flow(ScriptedEndpoint([stories()]))
    async for event in flow.answer(Request("user_stories", EN, ANA)):
        if isinstance(event, TurnBegan):
            seen.append(await house.turn(event.turn_id))
    assert [(turn.outcome, turn.brief, turn.stage, turn.asker) for turn in seen] == [("answering", EN, "user_stories", "ana")]


async def test_the_record_holds_how_the_answer_came_about(house: SmallHouse) -> None:
    answer = await house.answer(ScriptedEndpoint([stories(source="P1")]), EN)
    turn = await house.turn(answer.ended.turn_id)
    assert (turn.outcome, turn.artifact, turn.model) == ("answered", answer.ready.artifact_id, "scripted")
    assert [step["name"] for step in turn.steps] == answer.steps
    assert turn.tokens == {"prompt": 100, "completion": turn.tokens["completion"], "cached": 80, "calls": 1}
    assert turn.passages[0]["key"] == "P1"
    assert turn.prompt[0]["messages"][-1]["text"].count(EN) == 1
    assert json.loads(turn.prompt[0]["reply"]) == stories(source="P1")
    assert turn.seconds is not None
    assert turn.seconds > 0
    kept = await house.workspaces.artifact(answer.ready.artifact_id, owner="ana")
    assert kept is not None
    assert (kept.artifact.title, kept.artifact.language, kept.turn) == (EN, "en", turn.id)


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize(("brief", "sentence"), [(EN, "It does not answer."), (ZH, "它没有回答。")])
async def test_every_fault_of_the_endpoint_is_one_sentence_and_keeps_the_brief(
    house: SmallHouse, fault: type[EndpointError], brief: str, sentence: str
) -> None:
    told = fault("It does not answer.", "它没有回答。", detail="http://10.0.0.7 key sk-secret")
    answer = await house.answer(ScriptedEndpoint([stories()], fault=told, after=2), brief)
    assert answer.failed.sentence == sentence
    assert answer.failed.draft == json.dumps(stories(), ensure_ascii=False)[:80], "what had arrived is kept"
    assert answer.failed.failure_id
    turn = await house.turn(answer.ended.turn_id)
    assert (turn.outcome, turn.brief, turn.failure) == ("failed", brief, sentence)
    assert (turn.draft, turn.failure_id) == (answer.failed.draft, answer.failed.failure_id)
    assert "secret" not in json.dumps([turn.failure, turn.draft, turn.steps])


@pytest.mark.parametrize("fault", PARTIAL)
async def test_a_reply_that_breaks_off_keeps_its_half(
    house: SmallHouse, fault: type[EndpointTimeout] | type[BrokenReply]
) -> None:
    half = json.dumps(stories())[:120]
    answer = await house.answer(ScriptedEndpoint([stories()], fault=fault("Broken.", "中断。", partial=half), after=3), EN)
    assert answer.failed.draft == half
    assert (await house.turn(answer.ended.turn_id)).draft == half


async def test_items_that_were_written_are_kept_where_a_later_one_fails(house: SmallHouse) -> None:
    fault = BrokenReply("Broken.", "中断。", partial='{"ro')
    answer = await house.answer(ScriptedEndpoint(item, abilities=ITEMS, fault=fault, fails={3}), EN)
    assert len(json.loads(answer.failed.draft)["stories"]) == 2


@pytest.mark.parametrize("fault", FAULTS)
async def test_an_endpoint_that_is_gone_fails_before_anything_is_asked(house: SmallHouse, fault: type[EndpointError]) -> None:
    answer = await house.answer(ScriptedEndpoint(abilities=fault("Gone.", "不在。")), EN)
    assert [type(event) for event in answer.events[:-1]] == [AnswerFailed]
    turn = await house.turn(answer.ended.turn_id)
    assert (turn.outcome, turn.brief, turn.failure) == ("failed", EN, "Gone.")


async def test_the_operator_s_part_goes_to_the_log_alone(house: SmallHouse, caplog: pytest.LogCaptureFixture) -> None:
    fault = EndpointMisconfigured("Misconfigured.", "配置有误。", detail="model qwen is not there")
    with caplog.at_level(logging.WARNING, "stagecraft.chain"):
        answer = await house.answer(ScriptedEndpoint([""], fault=fault), EN)
    assert f"{answer.failed.failure_id} EndpointMisconfigured: model qwen is not there" in caplog.text


@pytest.mark.parametrize("stage", ["user_stories", "acceptance_criteria"])
@pytest.mark.parametrize("brief", MEANINGLESS)
async def test_a_brief_without_meaning_gets_questions_and_no_call(house: SmallHouse, brief: str, stage: str) -> None:
    endpoint = ScriptedEndpoint([stories()])
    answer = await house.answer(endpoint, brief, stage)
    asked = answer.one(QuestionsAsked)
    assert asked.questions
    assert asked.examples
    assert endpoint.asks == []
    assert (await house.turn(answer.ended.turn_id)).outcome == "questions"
    assert not answer.all(ArtifactReady)


@pytest.mark.parametrize("brief", ["freeze a card", "查看账户收入", "转账限额", "approve invoices", "payee", "credit officers"])
async def test_a_short_brief_with_meaning_is_answered(house: SmallHouse, brief: str) -> None:
    endpoint = ScriptedEndpoint([stories("zh" if not brief.isascii() else "en")])
    answer = await house.answer(endpoint, brief)
    assert endpoint.asks
    assert answer.all(ArtifactReady)


@pytest.mark.parametrize("brief", ["", "  \n\t ", "\u3000"])
async def test_an_empty_brief_is_refused(house: SmallHouse, brief: str) -> None:
    endpoint = ScriptedEndpoint([stories()])
    answer = await house.answer(endpoint, brief)
    assert "empty" in answer.failed.sentence
    assert (answer.ended.outcome, answer.ended.turn_id, endpoint.asks) == ("failed", "", [])


@pytest.mark.parametrize("brief", ["freeze a card " * 14_286, "冻结卡片" * 50_000])
async def test_a_brief_of_200_000_characters_is_refused_with_both_counts(house: SmallHouse, brief: str) -> None:
    endpoint = ScriptedEndpoint([stories()])
    answer = await house.answer(endpoint, brief)
    assert "200,0" in answer.failed.sentence
    assert "20,000" in answer.failed.sentence
    assert endpoint.asks == []


async def test_a_brief_as_long_as_is_allowed_is_answered(house: SmallHouse) -> None:
    endpoint = ScriptedEndpoint([stories()])
    brief = f"{EN}. " * 250
    answer = await house.answer(endpoint, brief[:20_000], limits=Limits(brief_characters=20_000))
    assert answer.all(ArtifactReady)


async def test_an_unknown_stage_is_refused_naming_the_nearest(house: SmallHouse) -> None:
    answer = await house.answer(ScriptedEndpoint([stories()]), EN, "user_storys")
    assert "Did you mean user_stories?" in answer.failed.sentence
    answer = await house.answer(ScriptedEndpoint([stories()]), ZH, "验收")
    assert "acceptance_criteria" in answer.failed.sentence
    assert "没有" in answer.failed.sentence


@pytest.mark.parametrize(
    ("brief", "language"),
    [
        ("freeze 冻结卡片一下", "zh"),
        ("freeze the debit card 冻结", "en"),
        ("API KYC 查看账户", "zh"),
        (f"{'ab' * 7} 冻结卡片的费", "zh"),
        (f"{'ab' * 7}x 冻结卡片的费", "en"),
        ("凍結借記卡", "zh"),
    ],
)
async def test_thirty_percent_of_han_make_a_brief_chinese(house: SmallHouse, brief: str, language: str) -> None:
    answer = await house.answer(ScriptedEndpoint([stories(language)]), brief)
    assert answer.one(TurnBegan).language == language


async def test_the_language_asked_for_overrides_the_brief_s(house: SmallHouse) -> None:
    endpoint = ScriptedEndpoint([stories("zh")])
    answer = await house.answer(endpoint, EN, language="zh")
    assert answer.one(TurnBegan).language == "zh"
    assert "客户" in json.dumps(endpoint.asks[0].schema, ensure_ascii=False)
    assert "language" not in answer.rules
    assert (await house.turn(answer.ended.turn_id)).language == "zh"


async def test_traditional_characters_find_the_simplified_terms(house: SmallHouse) -> None:
    endpoint = ScriptedEndpoint([stories("zh")])
    answer = await house.answer(endpoint, "客戶查看賬戶收入記錄，刪除收入記錄")
    assert "收入记录" in endpoint.asks[0].messages[-1].text
    assert "entity-unknown" not in answer.rules
    assert "role-unknown" not in answer.rules


async def test_a_task_that_is_cancelled_leaves_a_cancelled_turn_with_its_draft(house: SmallHouse) -> None:
    endpoint = ScriptedEndpoint([stories()], every=10, pace=0.02)
    task = asyncio.create_task(house.answer(endpoint, EN))
    while not endpoint.asks:
        await asyncio.sleep(0.01)
    await asyncio.sleep(0.2)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    (turn,) = await house.turns()
    assert (turn.outcome, turn.brief) == ("cancelled", EN)
    assert turn.draft.startswith('{"stories"')
    assert endpoint.open == 0


@pytest.mark.parametrize("abilities", [WHOLE, ITEMS], ids=["whole", "items"])
async def test_a_person_who_leaves_ends_the_calls_and_leaves_the_draft(house: SmallHouse, abilities: Abilities) -> None:
    endpoint = ScriptedEndpoint(item if abilities.way == "items" else [stories()], abilities=abilities, every=10, pace=0.01)
    arrived = 0
    async with aclosing(house.flow(endpoint).answer(Request("user_stories", EN, ANA))) as events:
        async for event in events:
            arrived += isinstance(event, TextArrived)
            if arrived == 5:
                break
    (turn,) = await house.turns()
    assert turn.outcome == "cancelled"
    assert turn.draft
    await asyncio.sleep(0.05)
    assert endpoint.open == 0


async def test_a_bug_is_recorded_with_an_id_and_raised_to_the_channel(house: SmallHouse) -> None:
    endpoint = ScriptedEndpoint([stories()], fault=RuntimeError("password=hunter2"), after=2)
    with pytest.raises(UnexpectedFailure) as raised:
        await house.answer(endpoint, EN)
    assert "hunter2" in str(raised.value.__cause__)
    (turn,) = await house.turns()
    assert turn.outcome == "failed"
    assert turn.failure_id == raised.value.failure_id
    assert turn.failure is not None
    assert turn.failure_id in turn.failure
    assert "hunter2" not in turn.failure
    assert turn.draft.startswith('{"stories"')


async def test_a_bug_in_one_of_many_calls_is_the_cause_of_what_is_raised(house: SmallHouse) -> None:
    abilities = replace(ITEMS, parallel=4)
    endpoint = ScriptedEndpoint(item, abilities=abilities, fault=RuntimeError("a bug"), fails={2})
    with pytest.raises(UnexpectedFailure) as raised:
        await house.answer(endpoint, EN)
    assert repr(raised.value.__cause__) == "RuntimeError('a bug')"
    assert (await house.turns())[0].outcome == "failed"
    assert endpoint.open == 0


async def test_the_draft_is_saved_while_the_answer_comes(house: SmallHouse) -> None:
    endpoint = ScriptedEndpoint(["x" * 2000], every=20, pace=0.03)
    seen = ""
    async with aclosing(house.flow(endpoint).answer(Request("user_stories", EN, ANA))) as events:
        async for event in events:
            if isinstance(event, TextArrived) and (seen := (await house.turns())[0].draft):
                break
    assert set(seen) == {"x"}


@pytest.mark.slow
async def test_a_program_that_is_killed_in_the_middle_leaves_an_interrupted_turn_with_its_draft(
    prepared: Path, tmp_path: Path
) -> None:
    folder = copied(prepared, tmp_path / "killed")
    child = await asyncio.create_subprocess_exec(
        sys.executable, "-c", ANSWERING_PROGRAM, str(folder), cwd=ROOT, stdout=asyncio.subprocess.PIPE
    )
    assert child.stdout is not None
    turn_id = (await asyncio.wait_for(child.stdout.readline(), 30)).decode().strip()
    assert (await asyncio.wait_for(child.stdout.readline(), 30)).strip() == b"draft"
    child.send_signal(signal.SIGKILL)
    await child.wait()
    async with opened(folder) as house:
        assert (await house.turn(turn_id)).outcome == "answering"
        assert await Ledger(house.database).mark_interrupted(this_instance()) == (turn_id,)
        turn = await house.turn(turn_id)
        assert (turn.outcome, turn.brief) == ("interrupted", "freeze a debit card")
        assert turn.draft.startswith("xxxx")


async def test_criteria_rest_on_accepted_stories_and_are_linked_to_them(house: SmallHouse) -> None:
    upstream = (await house.answer(ScriptedEndpoint([stories()]), EN)).ready.artifact_id
    assistant = house.assistant(ScriptedEndpoint())
    await assistant.accept(upstream, 1, ANA, "S2")
    await assistant.accept(upstream, 1, ANA, "S4")
    answer = await house.answer(ScriptedEndpoint([criteria("S2", "S4")]), "", "acceptance_criteria", upstream=[upstream])
    assert [one["id"] for one in answer.ready.body["stories"]] == ["S2", "S4"]
    links = await house.workspaces.links(answer.ready.artifact_id, owner="ana")
    assert {(one.upstream_artifact, one.upstream_version) for one in links} == {(upstream, 1)}
    assert [(one.item, one.upstream_item) for one in links] == [
        (f"{story}-{number}", story) for story in ("S2", "S4") for number in (1, 2, 3)
    ]
    kept = await house.workspaces.artifact(answer.ready.artifact_id, owner="ana")
    assert kept is not None
    assert kept.artifact.title == EN


async def test_criteria_without_a_brief_speak_the_language_of_their_stories(house: SmallHouse) -> None:
    upstream = (await house.answer(ScriptedEndpoint([stories("zh")]), ZH)).ready.artifact_id
    answer = await house.answer(ScriptedEndpoint(["-"]), "", "acceptance_criteria", upstream=[upstream])
    assert answer.one(TurnBegan).language == "zh"
    assert "验收标准" in answer.failed.sentence


@pytest.mark.parametrize(("brief", "count"), [(STORY, 1), (f"{STORY}\n{STORY.replace('freeze', 'unfreeze')}", 2), (EN, 1)])
async def test_a_brief_is_taken_as_the_stories_where_nothing_lies_upstream(house: SmallHouse, brief: str, count: int) -> None:
    endpoint = ScriptedEndpoint(["-"])
    answer = await house.answer(endpoint, brief, "acceptance_criteria")
    shown = endpoint.asks[0].messages[-1].text
    assert len(re.findall(r"(?m)^S\d+: ", shown)) == count
    assert answer.ended.outcome == "failed"
    assert (await house.turn(answer.ended.turn_id)).brief == brief


async def test_nobody_s_artifact_is_read_by_another_person(house: SmallHouse) -> None:
    upstream = (await house.answer(ScriptedEndpoint([stories()]), EN)).ready.artifact_id
    endpoint = ScriptedEndpoint(["-"])
    answer = await house.answer(endpoint, "", "acceptance_criteria", person=BEN, upstream=[upstream])
    assert "no such artifact" in answer.failed.sentence
    assert endpoint.asks == []


async def test_records_that_are_damaged_are_told_as_a_sentence(house: SmallHouse, tmp_path: Path) -> None:
    await house.database.close()
    (tmp_path / "house/stagecraft.db").write_bytes(b"no database " * 1000)
    answer = await house.answer(ScriptedEndpoint([stories()]), EN)
    assert [type(event) for event in answer.events[:-1]] == [AnswerFailed]
    assert answer.failed.sentence
    assert "sqlite" not in answer.failed.sentence.lower()
    assert answer.ended.outcome == "failed"


async def test_no_error_without_a_sentence_escapes(house: SmallHouse) -> None:
    odd = AssistantError("One sentence.", "一句话。")
    answer = await house.answer(ScriptedEndpoint(["-"], fault=odd), ZH)
    assert answer.failed.sentence == "一句话。"
