"""The whole artifact in one call: a capable model, one that stumbles, and one that cannot."""

import json

import pytest

from chains.endpoint.asking import Ask
from chains.events import AnswerFailed, DraftGrew, QuestionsAsked, TextArrived
from errors import ContextTooLong, EndpointBusy
from tests.doubles.scripted_endpoint import Said, ScriptedEndpoint
from tests.doubles.scripted_replies import EN, STORY, STORY_ZH, ZH, criteria, scenario, stories, story
from tests.doubles.small_house import SmallHouse

JUNK = "I am sorry, I cannot help with that."


@pytest.mark.parametrize(("brief", "language"), [(EN, "en"), (ZH, "zh")])
async def test_a_capable_models_stories_become_the_artifact(house: SmallHouse, brief: str, language: str) -> None:
    endpoint = ScriptedEndpoint([stories(language)])
    answer = await house.answer(endpoint, brief)
    assert [one["want"] for one in answer.ready.body["stories"]] == [one["want"] for one in stories(language)["stories"]]
    assert set(answer.rules) <= {"no-source", "role-assumed"}, (
        "nothing but hints: no passage cited, no role named in the Chinese brief"
    )
    assert not answer.ready.mends
    assert answer.ended.outcome == "answered"
    assert answer.steps == ["gather", "plan", "read", "check"]
    assert len(endpoint.asks) == 1


async def test_cited_passages_stay_where_they_fit(house: SmallHouse) -> None:
    answer = await house.answer(ScriptedEndpoint([stories("en", source="P1")]), EN)
    assert answer.ready.findings == ()
    assert all(one["sources"] == ["P1"] for one in answer.ready.body["stories"])


async def test_the_draft_grows_while_the_reply_streams(house: SmallHouse) -> None:
    answer = await house.answer(ScriptedEndpoint([stories()], pace=0.06, every=50), EN)
    drafts = answer.all(DraftGrew)
    assert len(drafts) >= 2
    assert [len(one.body["stories"]) for one in drafts] == sorted(len(one.body["stories"]) for one in drafts)
    assert drafts[-1].done < len(drafts[-1].body["stories"]), "the last item may still be growing"
    assert "".join(one.text for one in answer.all(TextArrived)) == json.dumps(stories(), ensure_ascii=False)


@pytest.mark.parametrize(
    "frame",
    ["```json\n{}\n```", "```\n{}\n```\n", "{}\n\nI hope that these stories help you!", "Here are the stories:\n{}", "\ufeff{}"],
)
async def test_what_a_model_writes_around_the_json_is_left_out(house: SmallHouse, frame: str) -> None:
    endpoint = ScriptedEndpoint([frame.replace("{}", json.dumps(stories(), indent=1))])
    answer = await house.answer(endpoint, EN)
    assert len(answer.ready.body["stories"]) == 4
    assert len(endpoint.asks) == 1


async def test_junk_three_times_fails_with_the_draft_and_what_stands_against_it(house: SmallHouse) -> None:
    endpoint = ScriptedEndpoint([JUNK])
    answer = await house.answer(endpoint, EN)
    assert len(endpoint.asks) == 3
    failed = answer.failed
    assert failed.draft == JUNK
    assert [finding.rule for finding in failed.findings] == ["schema"]
    assert "User stories" in failed.sentence
    turn = await house.turn(answer.ended.turn_id)
    assert (turn.outcome, turn.brief, turn.draft, turn.failure) == ("failed", EN, JUNK, failed.sentence)
    assert [row["rule"] for row in turn.findings] == ["schema"]
    assert turn.artifact is None


async def test_junk_of_a_chinese_brief_fails_in_chinese(house: SmallHouse) -> None:
    answer = await house.answer(ScriptedEndpoint([JUNK]), ZH)
    assert "用户故事" in answer.failed.sentence
    assert (await house.turn(answer.ended.turn_id)).language == "zh"


async def test_junk_and_then_sense_is_answered(house: SmallHouse) -> None:
    endpoint = ScriptedEndpoint([JUNK, stories()])
    answer = await house.answer(endpoint, EN)
    assert len(answer.ready.body["stories"]) == 4
    assert len(endpoint.asks) == 2
    assert endpoint.asks[1].messages[-2].text == JUNK, "the model sees what it wrote"


async def test_findings_are_sent_back_and_mended(house: SmallHouse) -> None:
    faulty = stories()
    faulty["stories"][1]["want"] = "add an income record and delete an income record"
    endpoint = ScriptedEndpoint([faulty, stories()])
    answer = await house.answer(endpoint, EN)
    assert "more than one action" in endpoint.asks[1].messages[-1].text
    assert endpoint.asks[1].messages[: len(endpoint.asks[0].messages)] == endpoint.asks[0].messages
    assert "atomic" not in answer.rules
    assert answer.ready.body["stories"][1]["want"] == stories()["stories"][1]["want"]
    assert "mend" in answer.steps


async def test_a_round_that_brings_no_progress_is_the_last_and_the_better_answer_stays(house: SmallHouse) -> None:
    faulty, worse = stories(), stories()
    faulty["stories"][1]["benefit"] = ""
    worse["stories"][1] |= {"benefit": "", "role": "sorcerer"}
    endpoint = ScriptedEndpoint([faulty, worse])
    answer = await house.answer(endpoint, EN)
    assert len(endpoint.asks) == 2
    assert answer.ready.body["stories"][1]["role"] == "customer"
    assert "no-benefit" in answer.rules, "what still fails is shown"


async def test_at_most_two_rounds_are_asked_for_mending(house: SmallHouse) -> None:
    calls = 0

    def less_and_less(_ask: Ask) -> Said:
        nonlocal calls
        calls += 1
        told = stories()
        for one in told["stories"][calls:]:
            one["benefit"] = ""
        return told

    answer = await house.answer(ScriptedEndpoint(less_and_less), EN)
    assert calls == 3
    assert answer.rules.count("no-benefit") == 1


@pytest.mark.parametrize("fault", [EndpointBusy("The model service is busy.", "繁忙。"), ContextTooLong("Too long.", "过长。")])
async def test_a_fault_while_mending_leaves_the_artifact_that_is_there(
    house: SmallHouse, fault: EndpointBusy | ContextTooLong
) -> None:
    faulty = stories()
    faulty["stories"][1]["benefit"] = ""
    endpoint = ScriptedEndpoint([faulty], fault=fault, fails={2})
    answer = await house.answer(endpoint, EN)
    assert len(answer.ready.body["stories"]) == 4
    assert "no-benefit" in answer.rules
    assert len(endpoint.asks) == 2


async def test_of_a_reply_that_was_cut_the_whole_items_stand_and_the_person_is_told(house: SmallHouse) -> None:
    whole = json.dumps(stories())
    answer = await house.answer(ScriptedEndpoint([whole[: len(whole) * 2 // 3]], finish="length"), EN)
    assert [one["id"] for one in answer.ready.body["stories"]] == ["S1", "S2"]
    assert [one.severity for one in answer.ready.findings if one.rule == "cut"] == ["warning"]


async def test_a_reply_that_is_cut_before_its_first_item_keeps_its_draft(house: SmallHouse) -> None:
    cut = '{"stories":[{"id":"S1","role":"cus'
    answer = await house.answer(ScriptedEndpoint([cut], finish="length"), EN)
    assert answer.failed.draft == cut
    assert answer.ended.outcome == "failed"


async def test_an_unknown_role_is_kept_and_called_an_error(house: SmallHouse) -> None:
    told = {"stories": [story(1, "sorcerer", "view the income records of an account", "I foresee the future")], "questions": []}
    answer = await house.answer(ScriptedEndpoint([told]), EN)
    assert answer.ready.body["stories"][0]["role"] == "sorcerer"
    assert [(one.severity, one.item) for one in answer.ready.findings if one.rule == "role-unknown"] == [("error", "S1")]


async def test_foreign_sources_are_mended_out(house: SmallHouse) -> None:
    told = stories()
    told["stories"][0]["sources"] = ["P99", "P1", "P1"]
    told["stories"][1]["sources"] = ["'; drop table turns; --"]
    answer = await house.answer(ScriptedEndpoint([told]), EN)
    assert [one["sources"] for one in answer.ready.body["stories"]] == [["P1"], [], [], []]
    assert [(one.item, one.after) for one in answer.ready.mends if one.rule == "source"] == [("S1", "P1"), ("S2", "")]


async def test_what_the_brief_names_and_the_glossary_lacks_is_kept_and_marked(house: SmallHouse) -> None:
    brief = "A relationship manager can approve a fee waiver"
    told = {
        "stories": [story(1, "relationship manager", "approve a fee waiver", "good clients stay with us", "fee waiver")],
        "questions": [],
    }
    endpoint = ScriptedEndpoint([told])
    answer = await house.answer(endpoint, brief)
    assert "relationship manager" in json.dumps(endpoint.asks[0].schema)
    only = answer.ready.body["stories"][0]
    assert (only["role"], only["entities"]) == ("relationship manager", ["fee waiver"])
    told_of = [one.message for one in answer.ready.findings if one.rule == "not-in-glossary"]
    assert len(told_of) == 2
    assert any("fee waiver" in message for message in told_of)
    assert "role-unknown" not in answer.rules
    assert "entity-unknown" not in answer.rules


@pytest.mark.parametrize(("brief", "language"), [(STORY, "en"), (STORY_ZH, "zh")])
async def test_pasted_stories_become_criteria(house: SmallHouse, brief: str, language: str) -> None:
    told = criteria()
    if language == "zh":
        changed = [("有效", "卡可用"), ("无效", "卡停用"), ("边界", "卡有 1 张")]
        told["scenarios"] = [
            scenario(
                "S1", number, one["kind"], name=f"冻结{name}", given=[given], when="客户冻结借记卡", then=[f"拒付 {number} 元"]
            )
            for number, (one, (name, given)) in enumerate(zip(told["scenarios"], changed, strict=True), 1)
        ]
    answer = await house.answer(ScriptedEndpoint([told]), brief, "acceptance_criteria")
    body = answer.ready.body
    assert [one["id"] for one in body["scenarios"]] == ["S1-1", "S1-2", "S1-3"]
    assert body["stories"] == [{"id": "S1", "text": brief}], "the stories are added by us"
    assert set(answer.rules) <= {"no-source"}


async def test_scenarios_of_a_story_that_does_not_exist_carry_an_error(house: SmallHouse) -> None:
    told = criteria("S1", "S7")
    answer = await house.answer(ScriptedEndpoint([told]), STORY, "acceptance_criteria")
    assert {one.item for one in answer.ready.findings if one.rule == "story-unknown"} == {"S7-1", "S7-2", "S7-3"}


async def test_nothing_is_asked_twice_where_all_is_well(house: SmallHouse) -> None:
    endpoint = ScriptedEndpoint([criteria()])
    answer = await house.answer(endpoint, STORY, "acceptance_criteria")
    assert len(endpoint.asks) == 1
    assert not answer.all(AnswerFailed)
    assert not answer.all(QuestionsAsked)
