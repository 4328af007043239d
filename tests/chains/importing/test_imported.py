"""A pasted text becomes an artifact of the person's workspace, graded, with what is lost told."""

import pytest

from chains.importing.imported import LONGEST_TEXT, Importer
from errors import BriefError
from stages.catalog import catalog
from tests.doubles.scripted_endpoint import ScriptedEndpoint
from tests.doubles.small_house import ANA, BEN, SmallHouse

STORIES = "- As a customer, I want to view the income records.\n- As a pilot, I want to change 4711 income records, so that they are right."
FEATURE = "Feature: Freezing\nScenario: It is frozen\nGiven a card\nWhen Ana freezes the card\nThen it is frozen\n"


@pytest.fixture
def importer(house: SmallHouse) -> Importer:
    return Importer(catalog(), house.knowledge, house.workspaces)


async def test_stories_become_an_artifact_of_the_workspace(house: SmallHouse, importer: Importer) -> None:
    kept = await importer.keep(STORIES, ANA, workspace="cards", title="Old stories")
    assert (kept.stage, kept.items, kept.grade, kept.language, kept.title) == ("user_stories", 2, "whole", "en", "Old stories")
    version = await house.workspaces.artifact(kept.artifact_id, owner=ANA.id)
    assert version is not None
    assert (version.author, version.reason, version.turn, version.number) == (ANA.id, "imported", None, 1)
    assert (await house.workspaces.open("cards", ANA.id)).id == version.artifact.workspace
    assert await house.workspaces.artifact(kept.artifact_id, owner=BEN.id) is None


async def test_the_words_of_the_text_stand_for_the_brief(importer: Importer) -> None:
    kept = await importer.keep(STORIES, ANA)
    rules = {finding.rule for finding in kept.findings}
    assert not rules & {"unsupported-number", "not-traced", "role-unknown", "entity-unknown"}
    assert "not-in-glossary" in rules, "the pilot"
    assert "no-benefit" in rules


async def test_nothing_of_the_text_is_mended(importer: Importer, house: SmallHouse) -> None:
    kept = await importer.keep("- As a customer, I want to use my plastic.\n- As a customer, I want to use my plastic.", ANA)
    version = await house.workspaces.artifact(kept.artifact_id, owner=ANA.id)
    assert version is not None
    assert [story["want"] for story in version.body["stories"]] == ["use my plastic"] * 2
    assert {"forbidden-word", "not-unique"} <= {finding.rule for finding in kept.findings}
    assert version.mends == ()


async def test_an_imported_artifact_is_shown_edited_and_taken_away_like_any_other(house: SmallHouse, importer: Importer) -> None:
    kept = await importer.keep(STORIES, ANA)
    assistant = house.assistant(ScriptedEndpoint())
    card = await assistant.card(kept.artifact_id, ANA)
    assert [item.view.id for item in card.items] == ["S1", "S2"]
    card = await assistant.edit(kept.artifact_id, 1, ANA, "S1", "As a customer, I want to view 815 income records.")
    assert card.version == 2
    rules = {finding.rule for item in card.items for finding in item.findings}
    assert not rules & {"unsupported-number", "role-unknown", "not-traced"}
    assert b"815" in (await assistant.export(kept.artifact_id, ANA, "md")).content


async def test_losses_are_hints_and_faults_are_warnings(importer: Importer) -> None:
    lossy = await importer.keep(f"@wip\n{FEATURE}", ANA)
    assert lossy.grade == "with losses"
    assert ("import-lost", "hint") in {(one.rule, one.severity) for one in lossy.findings}
    assert any("@wip" in one.message for one in lossy.findings)
    faulty = await importer.keep(f"{FEATURE}\nScenario: empty\n", ANA)
    assert faulty.grade == "with faults"
    assert ("import-fault", "warning") in {(one.rule, one.severity) for one in faulty.findings}


async def test_an_item_that_does_not_fit_is_named_and_the_others_are_kept(importer: Importer) -> None:
    kept = await importer.keep(f"- As a customer, I want to pay.\n- As a {'x' * 90}, I want to {'y' * 300}.", ANA)
    assert (kept.items, kept.grade, len(kept.lost)) == (2, "with losses", 2)


async def test_the_checks_of_the_stage_are_run(importer: Importer) -> None:
    kept = await importer.keep(FEATURE, ANA)
    assert {"too-few", "no-negative", "no-boundary"} <= {finding.rule for finding in kept.findings}


@pytest.mark.parametrize(
    ("text", "stage", "told"),
    [
        ("", "", "empty"),
        (" \n\t", "user_stories", "empty"),
        ("A customer can freeze a card.", "", "none of the notations"),
        (FEATURE, "user_stories", "cannot be read as User stories"),
        ("x" * (LONGEST_TEXT + 1), "", "at most"),
        (STORIES, "user_storys", "user_stories"),
    ],
)
async def test_what_cannot_be_imported_is_answered_with_a_sentence(importer: Importer, text: str, stage: str, told: str) -> None:
    with pytest.raises(BriefError, match=told) as refused:
        await importer.keep(text, ANA, stage=stage)
    assert refused.value.sentence("zh") != str(refused.value)


BROKEN = "openapi: 3.1.0\ninfo: {title: Cards, version: '1'}\npaths:\n  /cards:\n    get: [\n"


async def test_a_broken_api_file_is_told_and_neither_kept_nor_taken_for_a_brief(house: SmallHouse, importer: Importer) -> None:
    for refused in (importer.recognise(BROKEN), importer.keep(BROKEN, ANA), importer.keep(BROKEN, ANA, stage="api_definition")):
        with pytest.raises(BriefError, match="OpenAPI file cannot be read") as told:
            await refused
        assert "OpenAPI" in told.value.sentence("zh")
    assert await house.workspaces.artifacts((await house.workspaces.open("default", ANA.id)).id, owner=ANA.id) == ()


async def test_the_stage_that_is_named_reads_what_would_be_taken_for_another(importer: Importer) -> None:
    kept = await importer.keep(STORIES, ANA, stage="user_stories")
    assert kept.stage == "user_stories"
    assert kept.title == "View the income records"
