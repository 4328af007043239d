"""What a card shows of an artifact."""

from tests.doubles.scripted_endpoint import ScriptedEndpoint
from tests.doubles.scripted_replies import EN, STORY, criteria, stories
from tests.doubles.small_house import ANA, SmallHouse


async def test_a_card_shows_stories_with_their_terms_sources_and_what_may_come_next(house: SmallHouse) -> None:
    told = stories()
    told["stories"][0]["sources"] = ["P1"]
    told["stories"][3]["benefit"] = ""
    told["questions"] = ["Who may delete?"]
    answer = await house.answer(ScriptedEndpoint([told]), EN)
    card = await house.assistant(ScriptedEndpoint()).card(answer.ready.artifact_id, ANA)
    assert (card.stage, card.stage_title, card.title, card.language) == ("user_stories", "User stories", EN, "en")
    assert (card.version, card.versions, card.status, card.turn_id) == (1, 1, "draft", answer.ended.turn_id)
    assert [item.view.id for item in card.items] == ["S1", "S2", "S3", "S4"]
    assert [line.keyword for line in card.items[0].view.lines] == ["As a", "I want to", "so that"]
    assert [source.key for source in card.sources] == ["P1"], "only what is cited"
    assert {"income record", "customer"} <= {term.name for term in card.terms}
    assert card.questions == ("Who may delete?",)
    assert "md" in [name for name, _ in card.notations]
    assert [one.name for one in card.next][:2] == ["acceptance_criteria", "domain_model"]
    assert "no-benefit" in [finding.rule for finding in card.items[3].findings]
    assert (card.model, card.demonstration) == ("scripted", False)


async def test_findings_that_belong_to_no_item_stand_beside_the_whole(house: SmallHouse) -> None:
    told = criteria()
    told["scenarios"] = told["scenarios"][:1]
    answer = await house.answer(ScriptedEndpoint([told]), STORY, "acceptance_criteria")
    card = await house.assistant(ScriptedEndpoint()).card(answer.ready.artifact_id, ANA)
    assert {"too-few", "no-negative", "no-boundary"} <= {finding.rule for finding in card.findings}
    assert card.items[0].view.links == ("S1",)
    assert card.next[0].name == "domain_model"


async def test_a_source_opens_as_it_was_though_the_pack_has_moved_on(house: SmallHouse) -> None:
    answer = await house.answer(ScriptedEndpoint([stories(source="P1")]), EN)
    assistant = house.assistant(ScriptedEndpoint())
    before = await assistant.passage(answer.ready.artifact_id, "P1", ANA)
    asset = house.knowledge._pack / "shelves/rules/income.en.md"
    asset.write_text(asset.read_text("utf-8").replace("A customer may view", "Nobody may view"), "utf-8")
    await house.knowledge.sync_pack()
    assert await assistant.passage(answer.ready.artifact_id, "P1", ANA) == before
    assert "A customer may view" in before.text


async def test_a_finding_names_a_source_as_the_card_numbers_it(house: SmallHouse) -> None:
    told = stories()
    told["stories"][0]["sources"] = ["P2"]
    answer = await house.answer(ScriptedEndpoint([told]), EN)
    found = await house.workspaces.artifact(answer.ready.artifact_id, owner=ANA.id)
    assert found is not None
    told_of = {
        "rule": "near",
        "severity": "hint",
        "place": "",
        "message": "P2 is cited, P1 is near, P25 is not there.",
        "item": "",
    }
    await house.workspaces.add_version(
        answer.ready.artifact_id, based_on=1, body=found.body, findings=(told_of,), author=ANA.id, reason="again", owner=ANA.id
    )
    card = await house.assistant(ScriptedEndpoint()).card(answer.ready.artifact_id, ANA)
    near = next(row["title"] for row in found.sources if row["key"] == "P1")
    assert [finding.message for finding in card.findings] == [f"[1] is cited, “{near}” is near, P25 is not there."]
