"""Which items a later stage goes on with, and which artifacts it refuses."""

import pytest

from chains.events import MaterialGathered
from chains.gathering.upstream import read_brief, read_items
from errors import BriefError
from stages.catalog import catalog
from stages.material import UpstreamItem
from tests.doubles.scripted_endpoint import ScriptedEndpoint
from tests.doubles.scripted_replies import EN, STORY, STORY_ZH, criteria, stories
from tests.doubles.small_house import ANA, BEN, SmallHouse

CRITERIA = catalog().stage("acceptance_criteria")


async def four_stories(house: SmallHouse) -> str:
    return (await house.answer(ScriptedEndpoint([stories()]), EN)).ready.artifact_id


async def chosen(house: SmallHouse, *ids: str) -> tuple[UpstreamItem, ...]:
    return await read_items(ids, CRITERIA, ANA, catalog=catalog(), workspaces=house.workspaces, ledger=house.ledger)


async def test_all_items_go_on_where_nothing_was_said(house: SmallHouse) -> None:
    artifact = await four_stories(house)
    found = await chosen(house, artifact)
    assert [one.id for one in found] == ["S1", "S2", "S3", "S4"]
    assert found[0].text == "As a customer, I want to view the income records of an account, so that I know what I have earned."
    assert {(one.artifact_id, one.version) for one in found} == {(artifact, 1)}


async def test_the_accepted_ones_alone_go_on_where_any_was(house: SmallHouse) -> None:
    artifact, assistant = await four_stories(house), house.assistant(ScriptedEndpoint())
    await assistant.accept(artifact, 1, ANA, "S3")
    await assistant.reject(artifact, 1, ANA, "no", "S1")
    assert [one.id for one in await chosen(house, artifact)] == ["S3"]


async def test_an_edited_item_counts_as_accepted_and_goes_on_as_it_reads_now(house: SmallHouse) -> None:
    artifact, assistant = await four_stories(house), house.assistant(ScriptedEndpoint())
    text = "As a customer, I want to see my income records, so that I can plan."
    await assistant.edit(artifact, 1, ANA, "S2", text)
    (found,) = await chosen(house, artifact)
    assert (found.id, found.text, found.version) == ("S2", text, 2)


async def test_all_but_the_rejected_go_on(house: SmallHouse) -> None:
    artifact, assistant = await four_stories(house), house.assistant(ScriptedEndpoint())
    await assistant.reject(artifact, 1, ANA, "not now", "S2")
    assert [one.id for one in await chosen(house, artifact)] == ["S1", "S3", "S4"]


async def test_an_artifact_that_was_accepted_whole_goes_on_without_the_rejected(house: SmallHouse) -> None:
    artifact, assistant = await four_stories(house), house.assistant(ScriptedEndpoint())
    await assistant.accept(artifact, 1, ANA, "S1")
    await assistant.reject(artifact, 1, ANA, "no", "S4")
    await assistant.accept(artifact, 1, ANA)
    assert [one.id for one in await chosen(house, artifact)] == ["S1", "S2", "S3"]


async def test_the_last_word_on_an_item_counts(house: SmallHouse) -> None:
    artifact, assistant = await four_stories(house), house.assistant(ScriptedEndpoint())
    await assistant.accept(artifact, 1, ANA, "S1")
    await assistant.accept(artifact, 1, ANA, "S2")
    await assistant.reject(artifact, 1, ANA, "on second thoughts", "S1")
    assert [one.id for one in await chosen(house, artifact)] == ["S2"]


@pytest.mark.parametrize("whole", [True, False])
async def test_where_all_was_rejected_there_is_nothing_to_rest_on(house: SmallHouse, whole: bool) -> None:
    artifact, assistant = await four_stories(house), house.assistant(ScriptedEndpoint())
    await assistant.accept(artifact, 1, ANA, "S1")
    for item in [""] if whole else ["S1", "S2", "S3", "S4"]:
        await assistant.reject(artifact, 1, ANA, "off the mark", item)
    with pytest.raises(BriefError, match="rejected") as refused:
        await chosen(house, artifact)
    assert "拒绝" in refused.value.sentence("zh")


async def test_an_item_that_is_accepted_after_the_whole_was_rejected_goes_on_alone(house: SmallHouse) -> None:
    artifact, assistant = await four_stories(house), house.assistant(ScriptedEndpoint())
    await assistant.accept(artifact, 1, ANA, "S1")
    await assistant.reject(artifact, 1, ANA, "off the mark")
    await assistant.accept(artifact, 1, ANA, "S4")
    assert [one.id for one in await chosen(house, artifact)] == ["S4"]


async def test_items_of_several_artifacts_are_numbered_on(house: SmallHouse) -> None:
    one, other = await four_stories(house), await four_stories(house)
    found = await chosen(house, one, other, one)
    assert [item.id for item in found] == [f"S{number}" for number in range(1, 9)]
    assert [item.artifact_id for item in found] == [one] * 4 + [other] * 4


async def test_more_items_than_one_artifact_can_rest_on_are_refused(house: SmallHouse) -> None:
    ids = [await four_stories(house) for _ in range(6)]
    with pytest.raises(BriefError, match=f"24 items at once are too many; at most {CRITERIA.stage.most_upstream}"):
        await chosen(house, *ids)
    assert len(await chosen(house, *ids[:5])) == CRITERIA.stage.most_upstream


async def test_a_foreign_artifact_does_not_exist(house: SmallHouse) -> None:
    foreign = (await house.answer(ScriptedEndpoint([stories()]), EN, person=BEN)).ready.artifact_id
    for artifact in (foreign, "no-such-id", ""):
        with pytest.raises(BriefError, match="no such artifact"):
            await chosen(house, artifact)


async def test_an_artifact_of_the_wrong_stage_is_refused_in_both_languages(house: SmallHouse) -> None:
    wrong = (await house.answer(ScriptedEndpoint([criteria()]), STORY, "acceptance_criteria")).ready.artifact_id
    with pytest.raises(
        BriefError, match="Acceptance criteria cannot rest on this artifact; it rests on: User stories"
    ) as refused:
        await chosen(house, wrong)
    assert refused.value.sentence("zh") == "“验收标准”不能以该制品为依据；可依据：用户故事。"


async def test_a_stage_that_rests_on_nothing_refuses_every_artifact(house: SmallHouse) -> None:
    answer = await house.answer(ScriptedEndpoint([stories()]), EN, upstream=[await four_stories(house)])
    assert "cannot rest on" in answer.failed.sentence


def test_pasted_stories_are_taken_apart() -> None:
    text = f"Please test these:\n\n1. {STORY}\n2) {STORY.replace('freeze', 'unfreeze')}\n- {STORY.replace('freeze', 'order')}"
    found = read_brief(text, CRITERIA, "en")
    assert [(one.id, one.artifact_id) for one in found] == [("S1", ""), ("S2", ""), ("S3", "")]
    assert found[1].text == STORY.replace("freeze", "unfreeze")
    assert [one.text for one in read_brief(f"{STORY_ZH}\n{STORY_ZH}", CRITERIA, "zh")] == [STORY_ZH, STORY_ZH]


def test_a_plain_brief_is_one_story() -> None:
    assert [one.text for one in read_brief("freeze  a\ncard", CRITERIA, "en")] == ["freeze a card"]
    assert read_brief("  ", CRITERIA, "en") == ()
    assert read_brief(STORY, catalog().stage("user_stories"), "en") == ()


def test_too_many_pasted_stories_are_refused() -> None:
    with pytest.raises(BriefError, match="30 items"):
        read_brief("\n".join([STORY] * 30), CRITERIA, "en")


async def test_criteria_are_written_with_the_passages_that_their_story_cites(house: SmallHouse) -> None:
    told = await house.answer(ScriptedEndpoint([stories("en", source="P2")]), EN)
    cited = told.one(MaterialGathered).sources[1].passage_id
    carried = await house.answer(
        ScriptedEndpoint([criteria()]), "", stage="acceptance_criteria", upstream=(told.ready.artifact_id,)
    )
    assert carried.one(MaterialGathered).sources[0].passage_id == cited
