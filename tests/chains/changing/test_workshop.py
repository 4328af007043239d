"""What people make of an artifact: every word recorded, nothing of another person's, nothing on a stale version."""

import io
import json
import re
import zipfile

import pytest

from chains.assistant import Assistant
from chains.cards.cards import ArtifactCard
from errors import BriefError
from formats.gherkin import read_feature
from tests.doubles.scripted_endpoint import ScriptedEndpoint
from tests.doubles.scripted_replies import EN, STORY, STORY_ZH, ZH, criteria, scenario, stories
from tests.doubles.small_house import ANA, BEN, SmallHouse

EDITED = "As a customer, I want to export the income records, so that my adviser can read them."
HOSTILE = "![x](http://evil.test/p.png) <img src=x onerror=alert(1)> [go](http://evil.test) `code` # head | a | b"


@pytest.fixture
def assistant(house: SmallHouse) -> Assistant:
    return house.assistant(ScriptedEndpoint())


@pytest.fixture
async def artifact(house: SmallHouse) -> str:
    return (await house.answer(ScriptedEndpoint([stories(source="P1")]), EN)).ready.artifact_id


@pytest.fixture
async def chinese(house: SmallHouse) -> str:
    return (await house.answer(ScriptedEndpoint([stories("zh")]), ZH)).ready.artifact_id


async def scenarios(house: SmallHouse, language: str = "en") -> str:
    told, brief = criteria(), STORY
    if language == "zh":
        brief = STORY_ZH
        told["scenarios"] = [
            scenario(
                "S1", n, kind, name=f"冻结借记卡{n}", given=["客户有 1 张借记卡"], when="客户冻结借记卡", then=[f"拒付 {n} 元"]
            )
            for n, kind in enumerate(("positive", "negative", "boundary"), 1)
        ]
    answer = await house.answer(ScriptedEndpoint([told]), brief, "acceptance_criteria")
    return answer.ready.artifact_id


def statuses(card: ArtifactCard) -> list[str]:
    return [item.status for item in card.items]


async def test_an_accepted_item_is_on_record_with_its_text(house: SmallHouse, assistant: Assistant, artifact: str) -> None:
    card = await assistant.accept(artifact, 1, ANA, "S2")
    assert statuses(card) == ["", "accepted", "", ""]
    (told,) = await house.ledger.adoptions(artifact, owner="ana")
    adoption = told.adoption
    assert (adoption.kind, adoption.item, adoption.version, adoption.person) == ("accepted", "S2", 1, "ana")
    assert adoption.before == adoption.after == card.items[1].edit_text
    assert adoption.turn == card.turn_id


async def test_the_whole_is_accepted_and_rejected(house: SmallHouse, assistant: Assistant, artifact: str) -> None:
    assert (await assistant.accept(artifact, 1, ANA)).status == "reviewed"
    assert (await assistant.reject(artifact, 1, ANA, "  too small  ")).status == "rejected"
    told = [one.adoption for one in await house.ledger.adoptions(artifact, owner="ana")]
    assert [(one.kind, one.item, one.reason) for one in told] == [("accepted", None, ""), ("rejected", None, "too small")]


async def test_a_rejected_item_keeps_its_reason(house: SmallHouse, assistant: Assistant, artifact: str) -> None:
    card = await assistant.reject(artifact, 1, ANA, "it is another team's", "S4")
    assert statuses(card)[-1] == "rejected"
    (told,) = await house.ledger.adoptions(artifact, owner="ana")
    assert told.adoption.reason == "it is another team's"
    assert card.status == "draft"


async def test_an_edit_is_a_new_version_checked_again_with_both_texts_on_record(
    house: SmallHouse, assistant: Assistant, artifact: str
) -> None:
    before = (await assistant.card(artifact, ANA)).items[1].edit_text
    card = await assistant.edit(artifact, 1, ANA, "S2", EDITED)
    assert (card.version, card.versions, card.items[1].edit_text) == (2, 2, EDITED)
    assert statuses(card)[1] == "edited"
    (told,) = await house.ledger.adoptions(artifact, owner="ana")
    assert (told.adoption.before, told.adoption.after, told.adoption.version) == (before, EDITED, 2)
    old = await assistant.card(artifact, ANA, 1)
    assert old.items[1].edit_text == before
    assert [one.reason for one in await house.workspaces.versions(artifact, owner="ana")] == ["", "edited"]


async def test_an_edit_brings_findings_and_takes_them_away(assistant: Assistant, artifact: str) -> None:
    card = await assistant.edit(artifact, 1, ANA, "S2", "As a wizard, I want to click a button.")
    assert {finding.rule for finding in card.items[1].findings} >= {"role-unknown", "no-benefit", "solution-words"}
    card = await assistant.edit(artifact, 2, ANA, "S2", EDITED)
    assert not {"role-unknown", "no-benefit", "solution-words"} & {finding.rule for finding in card.items[1].findings}


async def test_a_term_of_an_edited_text_is_known_though_the_brief_lacks_it(assistant: Assistant, artifact: str) -> None:
    card = await assistant.edit(artifact, 1, ANA, "S1", "As a payee, I want to see the transfer limit, so that I can plan.")
    assert "role-unknown" not in {finding.rule for finding in card.items[0].findings}
    assert "transfer limit" in {term.name for term in card.terms}


@pytest.mark.parametrize("act", ["accept", "reject", "edit"])
async def test_a_decision_on_a_stale_version_is_refused_and_changes_nothing(
    house: SmallHouse, assistant: Assistant, artifact: str, act: str
) -> None:
    await assistant.edit(artifact, 1, ANA, "S2", EDITED)
    acts = {
        "edit": lambda: assistant.edit(artifact, 1, ANA, "S1", EDITED),
        "accept": lambda: assistant.accept(artifact, 1, ANA, "S1"),
        "reject": lambda: assistant.reject(artifact, 1, ANA, "no", "S1"),
    }
    with pytest.raises(BriefError, match="version 2 is there by now") as refused:
        await acts[act]()
    assert "your text is kept" in refused.value.sentence("en")
    assert "您的文字已保留" in refused.value.sentence("zh")
    card = await assistant.card(artifact, ANA)
    assert (card.version, card.items[1].edit_text) == (2, EDITED)
    assert len(await house.ledger.adoptions(artifact, owner="ana")) == 1


@pytest.mark.parametrize("text", ["", "nonsense", "I want a pony", "As a " + "x" * 99 + ", I want to see it.", "{{ 1 }}"])
async def test_an_edit_that_cannot_be_read_is_refused_in_both_languages(
    assistant: Assistant, artifact: str, chinese: str, text: str
) -> None:
    for one in (artifact, chinese):
        with pytest.raises(BriefError) as refused:
            await assistant.edit(one, 1, ANA, "S1", text)
        assert refused.value.sentence("en").startswith("Not saved: ")
        assert refused.value.sentence("zh").startswith("未保存：")
        assert (await assistant.card(one, ANA)).versions == 1


async def test_an_edited_scenario_is_read_as_gherkin(house: SmallHouse, assistant: Assistant) -> None:
    artifact = await scenarios(house)
    card = await assistant.card(artifact, ANA)
    text = card.items[0].edit_text.replace("1 debit card", "2 debit cards")
    edited = await assistant.edit(artifact, 1, ANA, "S1-1", text)
    assert "2 debit cards" in edited.items[0].edit_text
    with pytest.raises(BriefError, match="exactly one When"):
        await assistant.edit(artifact, 2, ANA, "S1-1", "Scenario: x y z\n  Given a debit card\n  Then it is frozen")


async def test_an_item_that_does_not_exist_is_refused(assistant: Assistant, artifact: str) -> None:
    for item in ("S99", "x" * 500):
        with pytest.raises(BriefError, match="no item"):
            await assistant.accept(artifact, 1, ANA, item)


async def test_another_person_s_artifact_is_refused_everywhere(house: SmallHouse, assistant: Assistant, artifact: str) -> None:
    turn = (await assistant.card(artifact, ANA)).turn_id
    for refused in (
        assistant.card(artifact, BEN),
        assistant.accept(artifact, 1, BEN, "S1"),
        assistant.reject(artifact, 1, BEN, "mine now", "S1"),
        assistant.edit(artifact, 1, BEN, "S1", EDITED),
        assistant.export(artifact, BEN, "md"),
        assistant.export(artifact, BEN, "json"),
        assistant.passage(artifact, "P1", BEN),
        assistant.prompt_sent(turn, BEN),
    ):
        with pytest.raises(BriefError, match="no such"):
            await refused
    assert await house.ledger.adoptions(artifact, owner="ana") == ()


async def test_a_version_that_does_not_exist_is_refused(assistant: Assistant, artifact: str) -> None:
    with pytest.raises(BriefError, match="no such artifact"):
        await assistant.card(artifact, ANA, 7)
    with pytest.raises(BriefError):
        await assistant.accept(artifact, 0, ANA, "S1")


async def test_stories_are_taken_away_as_markdown_and_json_in_both_languages(
    assistant: Assistant, artifact: str, chinese: str
) -> None:
    for one, heading, sentence in ((artifact, "# User stories", "As a customer"), (chinese, "# 用户故事", "作为客户")):
        exported = await assistant.export(one, ANA, "md")
        text = exported.content.decode()
        assert text.startswith(heading)
        assert text.count(sentence) == 4
        assert exported.name == f"user-stories-{one[:8]}-v1.md"
        body = json.loads((await assistant.export(one, ANA, "json")).content)
        assert len(body["stories"]) == 4
    assert "Income records" in (await assistant.export(artifact, ANA, "md")).content.decode()


@pytest.mark.parametrize(("language", "keyword"), [("en", "Scenario:"), ("zh", "场景")])
async def test_criteria_are_taken_away_in_every_notation(
    house: SmallHouse, assistant: Assistant, language: str, keyword: str
) -> None:
    artifact = await scenarios(house, language)
    feature = (await assistant.export(artifact, ANA, "feature")).content.decode()
    assert len(read_feature(feature).scenarios) == 3
    assert (f"# language: {'zh-CN'}" in feature) == (language == "zh")
    assert keyword in (await assistant.export(artifact, ANA, "md")).content.decode()
    assert len(json.loads((await assistant.export(artifact, ANA, "json")).content)["scenarios"]) == 3
    with zipfile.ZipFile(io.BytesIO((await assistant.export(artifact, ANA, "zip")).content)) as archive:
        assert set(archive.namelist()) == {"features/s1.feature", "features/steps/steps.py"}
        read_feature(archive.read("features/s1.feature").decode())
        compile(archive.read("features/steps/steps.py"), "steps.py", "exec")


async def test_a_notation_that_there_is_not_is_refused_naming_those_that_there_are(assistant: Assistant, artifact: str) -> None:
    for notation in ("feature", "exe", "../../etc/passwd", ""):
        with pytest.raises(BriefError, match="There are: md, docx, html, xlsx, csv, jira, json"):
            await assistant.export(artifact, ANA, notation)


async def test_an_older_version_is_taken_away_as_it_was(assistant: Assistant, artifact: str) -> None:
    await assistant.edit(artifact, 1, ANA, "S2", EDITED)
    assert b"export the income records" not in (await assistant.export(artifact, ANA, "md", 1)).content
    assert b"export the income records" in (await assistant.export(artifact, ANA, "md")).content


async def test_markdown_holds_hostile_text_as_text(house: SmallHouse, assistant: Assistant) -> None:
    told = stories()
    told["stories"][0] |= {"want": HOSTILE, "benefit": HOSTILE}
    told["questions"] = [HOSTILE]
    artifact = (await house.answer(ScriptedEndpoint([told]), EN)).ready.artifact_id
    text = (await assistant.export(artifact, ANA, "md")).content.decode()
    assert text.count("evil.test") == 8, "nothing is lost"
    unescaped = re.sub(r"\\.", "", text)
    for markup in ("![", "<img", "](", "`", "|", "http://"):
        assert markup not in unescaped


async def test_a_scenario_s_code_fence_stays_closed(house: SmallHouse, assistant: Assistant) -> None:
    told = criteria()
    told["scenarios"][0]["given"] = ["```", f"``` {HOSTILE}"[:180]]
    answer = await house.answer(ScriptedEndpoint([told]), STORY, "acceptance_criteria")
    text = (await assistant.export(answer.ready.artifact_id, ANA, "md")).content.decode()
    assert text.count("\n```") == 6
