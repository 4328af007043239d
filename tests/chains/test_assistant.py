"""What every channel speaks to."""

from dataclasses import replace

import pytest

from errors import BriefError, EndpointUnreachable
from tests.doubles.scripted_endpoint import WHOLE, ScriptedEndpoint
from tests.doubles.scripted_replies import EN, stories
from tests.doubles.small_house import ANA, BEN, SmallHouse


async def test_stages_are_told_in_the_person_s_language(house: SmallHouse) -> None:
    assistant = house.assistant(ScriptedEndpoint())
    names = [stage.name for stage in assistant.stages("en")]
    assert names.index("user_stories") < names.index("acceptance_criteria")
    told = assistant.stage("user_stories", "zh")
    assert (told.title, told.upstream) == ("用户故事", ("api_definition",))
    assert "acceptance_criteria" in told.next
    assert told.starters
    with pytest.raises(BriefError, match="Did you mean user_stories"):
        assistant.stage("user_story", "en")


async def test_the_prompt_is_shown_to_its_asker_alone(house: SmallHouse) -> None:
    answer = await house.answer(ScriptedEndpoint(["sorry", stories()]), EN)
    assistant = house.assistant(ScriptedEndpoint())
    shown = await assistant.prompt_sent(answer.ended.turn_id, ANA)
    assert "=== 1 user_stories" in shown
    assert "=== 2 user_stories" in shown
    assert f"Brief:\n{EN}" in shown
    assert "--- schema" in shown
    assert "--- reply\nsorry" in shown
    for turn, person in ((answer.ended.turn_id, BEN), (answer.ended.turn_id, replace(BEN, id="")), ("no-such", ANA)):
        with pytest.raises(BriefError, match="no such turn"):
            await assistant.prompt_sent(turn, person)


async def test_a_source_that_there_is_not_is_refused(house: SmallHouse) -> None:
    answer = await house.answer(ScriptedEndpoint([stories(source="P1")]), EN)
    assistant = house.assistant(ScriptedEndpoint())
    for key in ("P99", "", "../x"):
        with pytest.raises(BriefError, match="no source"):
            await assistant.passage(answer.ready.artifact_id, key, ANA)


async def test_a_draft_is_shown_as_far_as_it_can_be_read(house: SmallHouse) -> None:
    assistant = house.assistant(ScriptedEndpoint())
    body = {"stories": [*stories()["stories"][:1], {"id": "S2", "want": "ad"}, {"id": "S3"}, None, "x", 4]}
    assert [view.id for view in assistant.draft_views("user_stories", body, "en")] == ["S1", "S2"]
    assert assistant.draft_views("user_stories", {}, "en") == ()
    assert assistant.draft_views("user_stories", {"stories": "no"}, "en") == ()


async def test_terms_are_marked_where_they_stand(house: SmallHouse) -> None:
    text = "freeze the plastic of a customer"
    marks = house.assistant(ScriptedEndpoint()).marks(text, "en")
    assert [(text[mark.start : mark.end], mark.name, mark.kind) for mark in marks] == [
        ("plastic", "debit card", "forbidden"),
        ("customer", "customer", "term"),
    ]


async def test_the_status_names_the_model_and_whether_it_is_the_demonstration(house: SmallHouse) -> None:
    endpoint = ScriptedEndpoint(abilities=replace(WHOLE, demonstration=True, notes=("small",)))
    status = await house.assistant(endpoint).status("en")
    assert (status.model, status.demonstration, status.notices) == ("scripted", True, ("small",))


async def test_an_endpoint_that_is_gone_is_a_notice_and_leaves_the_cards(house: SmallHouse) -> None:
    answer = await house.answer(ScriptedEndpoint([stories()]), EN)
    assistant = house.assistant(ScriptedEndpoint(abilities=EndpointUnreachable("It cannot be reached.", "无法连接。")))
    status = await assistant.status("zh")
    assert (status.model, status.notices[0]) == ("", "无法连接。")
    assert (await assistant.card(answer.ready.artifact_id, ANA)).demonstration is False


async def test_a_card_says_that_the_demonstration_wrote_it(house: SmallHouse) -> None:
    demonstration = replace(WHOLE, demonstration=True)
    answer = await house.answer(ScriptedEndpoint([stories()], abilities=demonstration), EN)
    card = await house.assistant(ScriptedEndpoint(abilities=demonstration)).card(answer.ready.artifact_id, ANA)
    assert card.demonstration
