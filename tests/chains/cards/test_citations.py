"""What was cited is shown for as long as the person may read it."""

import re
from dataclasses import replace

import pytest

from chains.cards.citations import as_open, stored_sources
from chains.events import MaterialGathered, Person
from errors import BriefError
from records.assets import Asset
from stages.material import Source
from tests.doubles.scripted_endpoint import ScriptedEndpoint
from tests.doubles.scripted_replies import EN, ZH, criteria, stories
from tests.doubles.small_house import ANA, Answer, SmallHouse

SECRET = "may view, add, change and delete"
# A starter of a stage that comes next is called "Income records of an account".
TITLE = re.compile(r"Income records(?! of an account)")
BOARD = replace(ANA, groups=frozenset({"everyone", "board"}))
CLOSED = "This source is no longer open to you."
REMOVED = "This source was removed from the knowledge."


async def cited(house: SmallHouse, person: Person = ANA) -> tuple[Answer, Asset]:
    """Have stories written that cite one asset, and return what was told with that asset."""
    found = await house.answer(ScriptedEndpoint([stories()]), EN, person=person)
    sources = found.one(MaterialGathered).sources
    (key,) = [source.key for source in sources if SECRET in source.text]
    answer = await house.answer(ScriptedEndpoint([stories(source=key)]), EN, person=person)
    asset = await house.knowledge.records.asset(next(source.asset for source in sources if source.key == key))
    assert asset is not None
    return answer, asset


async def shown(house: SmallHouse, answer: Answer, person: Person) -> dict[str, str]:
    """Return what each way of showing a citation shows; of a refusal its sentence."""
    assistant, artifact = house.assistant(ScriptedEndpoint()), answer.ready.artifact_id
    card = await assistant.card(artifact, person)
    export = await assistant.export(artifact, person, "md")
    told = {"card": repr(card), "export": export.content.decode()}
    told["json"] = (await assistant.export(artifact, person, "json")).content.decode()
    (source,) = card.sources
    told["passage"] = repr(await assistant.passage(artifact, source.key, person))
    try:
        told["prompt"] = await assistant.prompt_sent(answer.ended.turn_id, person)
    except BriefError as error:
        told["prompt"] = error.sentence("en")
    return told


def assert_hidden(told: dict[str, str], sentence: str) -> None:
    for way, text in told.items():
        assert SECRET not in text, way
        assert not TITLE.search(text), way
    assert all(sentence.rstrip(".") in told[way] for way in ("card", "export", "passage"))
    assert "no longer open to you or were removed" in told["prompt"]


async def test_a_citation_that_is_open_is_shown_with_the_id_of_its_asset(house: SmallHouse) -> None:
    answer, asset = await cited(house)
    told = await shown(house, answer, ANA)
    assert all(SECRET in told[way] for way in ("card", "passage", "prompt"))
    assert all(TITLE.search(told[way]) for way in ("card", "export", "passage"))
    (source,) = (await house.assistant(ScriptedEndpoint()).card(answer.ready.artifact_id, ANA)).sources
    assert source.asset == asset.id


async def test_a_citation_is_closed_with_the_groups_of_its_asset(house: SmallHouse) -> None:
    answer, asset = await cited(house)
    await house.knowledge.records.settle_asset(asset.id, {"groups": ["board"]}, "settled", "")
    assert_hidden(await shown(house, answer, ANA), CLOSED)
    assert SECRET in (await shown(house, answer, BOARD))["card"]


async def test_a_citation_is_closed_to_who_has_left_its_group(house: SmallHouse) -> None:
    _, asset = await cited(house)
    await house.knowledge.records.settle_asset(asset.id, {"groups": ["board"]}, "settled", "")
    await house.knowledge.reload()
    answer, _ = await cited(house, BOARD)
    assert SECRET in (await shown(house, answer, BOARD))["passage"]
    assert_hidden(await shown(house, answer, ANA), CLOSED)


async def test_what_was_removed_is_read_by_nobody(house: SmallHouse) -> None:
    answer, asset = await cited(house)
    await house.knowledge.records.remove_assets([asset.id])
    assert_hidden(await shown(house, answer, BOARD), REMOVED)


async def test_what_was_retired_stays_readable_to_its_groups_alone(house: SmallHouse) -> None:
    answer, asset = await cited(house)
    await house.knowledge.records.settle_asset(asset.id, {"status": "retired"}, "retired", "")
    told = await shown(house, answer, ANA)
    assert all(SECRET in told[way] for way in ("card", "passage", "prompt"))
    await house.knowledge.records.settle_asset(asset.id, {"groups": ["board"]}, "settled", "")
    assert_hidden(await shown(house, answer, ANA), CLOSED)


@pytest.mark.parametrize(("uploader", "is_open"), [("ana", True), ("ben", False), ("", False)])
async def test_a_draft_is_open_to_who_put_it_in_alone(house: SmallHouse, uploader: str, is_open: bool) -> None:
    answer, asset = await cited(house)
    pieces = await house.knowledge.records.passages_of([asset.id])
    draft = replace(asset, status="draft", uploaded_by=uploader, file_hash="draft")
    await house.knowledge.records.put_asset(draft, pieces)
    told = await shown(house, answer, ANA)
    if is_open:
        assert SECRET in told["passage"]
    else:
        assert_hidden(told, CLOSED)


async def test_what_is_open_still_is_shown_beside_what_is_not(house: SmallHouse) -> None:
    answer, asset = await cited(house)
    await house.knowledge.records.remove_assets([asset.id])
    sources = answer.one(MaterialGathered).sources
    found = await as_open(sources, ANA, house.knowledge, "zh")
    assert [source.key for source in found] == [source.key for source in sources]
    for before, after in zip(sources, found, strict=True):
        if before.asset == asset.id:
            assert (after.title, after.shelf, after.breadcrumb, after.text) == ("该资料已从知识库中移除。", "", "", "")
        else:
            assert after == before


async def test_a_source_of_an_earlier_release_is_judged_by_its_passage(house: SmallHouse) -> None:
    answer, asset = await cited(house)
    known = next(source for source in answer.one(MaterialGathered).sources if source.asset == asset.id)
    row = {name: value for name, value in vars(known).items() if name not in ("asset", "kind", "kept")}
    (old,) = stored_sources([row])
    assert (old.asset, old.text) == ("", known.text)
    gone = Source("P9", "no-such-passage", "Gone", "rules", "", "Gone text")
    assert await as_open([old, gone], ANA, house.knowledge, "en") == (old, replace(gone, title=REMOVED, shelf="", text=""))
    await house.knowledge.records.settle_asset(asset.id, {"groups": ["board"]}, "settled", "")
    assert [one.title for one in await as_open([old], ANA, house.knowledge, "en")] == [CLOSED]


async def test_what_was_cited_stays_on_record_for_the_day_it_is_opened_again(house: SmallHouse) -> None:
    answer, asset = await cited(house)
    records, assistant = house.knowledge.records, house.assistant(ScriptedEndpoint())
    await records.settle_asset(asset.id, {"groups": ["board"]}, "settled", "")
    text = "As a customer, I want to see my income records, so that I can plan."
    card = await assistant.edit(answer.ready.artifact_id, 1, ANA, "S2", text)
    assert SECRET not in repr(card)
    await records.settle_asset(asset.id, {"groups": ["everyone"]}, "settled", "")
    assert SECRET in repr(await assistant.card(answer.ready.artifact_id, ANA, 2))


@pytest.mark.parametrize("how", ["closed", "retired", "removed"])
async def test_what_is_closed_by_now_is_not_carried_into_the_next_stage(house: SmallHouse, how: str) -> None:
    answer, asset = await cited(house)
    records = house.knowledge.records
    if how == "removed":
        await records.remove_assets([asset.id])
    else:
        await records.settle_asset(asset.id, {"groups": ["board"]} if how == "closed" else {"status": "retired"}, "settled", "")
    endpoint = ScriptedEndpoint([criteria()])
    carried = await house.answer(endpoint, "", stage="acceptance_criteria", upstream=(answer.ready.artifact_id,))
    assert asset.id not in {source.asset for source in carried.one(MaterialGathered).sources}
    assert SECRET not in repr(endpoint.asks) + repr(carried.events)


async def test_a_chinese_artifact_tells_it_in_chinese(house: SmallHouse) -> None:
    answer = await house.answer(ScriptedEndpoint([stories("zh", source="P1")]), ZH)
    await house.knowledge.records.remove_assets([source.asset for source in answer.one(MaterialGathered).sources])
    assistant = house.assistant(ScriptedEndpoint())
    source = await assistant.passage(answer.ready.artifact_id, "P1", ANA)
    assert source.title == "该资料已从知识库中移除。"
    with pytest.raises(BriefError) as refused:
        await assistant.prompt_sent(answer.ended.turn_id, ANA)
    assert "无法显示提示词" in refused.value.sentence("zh")
