"""A change upstream marks what rests on it, nothing else, and says why."""

import pytest

from chains.assistant import Assistant
from errors import BriefError, Language
from records.turns import Adoption
from tests.doubles.life_cycle import STAGES, Cycle, cycle, thing
from tests.doubles.scripted_endpoint import ScriptedEndpoint
from tests.doubles.small_house import ANA, BEN, SmallHouse


@pytest.fixture
def six(house: SmallHouse) -> Cycle:
    return cycle(house, ScriptedEndpoint())


async def test_nothing_is_stale_where_nothing_has_changed(six: Cycle) -> None:
    made = await six.all_six()
    assert [await six.stale(made[stage]) for stage in STAGES] == [{}] * 6


async def test_changing_a_story_marks_exactly_what_rests_on_it(six: Cycle) -> None:
    made = await six.all_six()
    await six.changed(made["user_stories"], thing("S1", "a customer can freeze two cards"))
    assert {stage: await six.stale(made[stage]) for stage in STAGES} == {
        "user_stories": {},
        "acceptance_criteria": {"A1": True, "A3": True},
        "domain_model": {"C1": False},
        "api_definition": {"O1": False, "O3": True},
        "release_notes": {"N1": False},
        "faq": {"Q1": False, "Q3": False},
    }


async def test_a_change_in_the_middle_leaves_what_lies_before_it_fresh(six: Cycle) -> None:
    made = await six.all_six()
    await six.changed(made["domain_model"], thing("C2", "another class", "A2"))
    assert {stage: await six.stale(made[stage]) for stage in STAGES} == {
        "user_stories": {},
        "acceptance_criteria": {},
        "domain_model": {},
        "api_definition": {"O2": True},
        "release_notes": {"N2": False},
        "faq": {"Q2": False, "Q3": False},
    }


async def test_another_source_of_the_same_words_makes_nothing_stale(six: Cycle) -> None:
    made = await six.all_six()
    await six.changed(made["user_stories"], thing("S1", "about S1", sources=["P1"]))
    assert await six.stale(made["acceptance_criteria"]) == {}


async def test_a_change_that_is_taken_back_makes_nothing_stale(six: Cycle) -> None:
    made = await six.all_six()
    changed = await six.changed(made["user_stories"], thing("S1", "something else"))
    await six.changed(changed, thing("S1", "about S1"))
    assert await six.stale(made["acceptance_criteria"]) == {}


async def test_the_reason_shows_what_was_and_what_is_in_the_readers_language(six: Cycle) -> None:
    made = await six.all_six()
    await six.changed(made["user_stories"], thing("S1", "about two S1"))
    told: tuple[tuple[Language, str], ...] = (
        ("en", "has changed: this rests on its version 1, version 2"),
        ("zh", "本条依据的是第 1 版"),
    )
    for language, said in told:
        (reason,) = (await six.desk.stale(made["acceptance_criteria"].artifact.id, ANA, language))[0].reasons
        assert said in reason.sentence
        assert (reason.kind, reason.upstream_item) == ("changed", "S1")
        assert (reason.before, reason.after) == ("about S1", "about two S1")
        assert [(piece.kind, piece.text) for piece in reason.pieces] == [("same", "about "), ("added", "two "), ("same", "S1")]
    (through,) = (await six.desk.stale(made["domain_model"].artifact.id, ANA, "en"))[0].reasons
    assert (through.kind, through.upstream_item) == ("through", "A1")
    assert "itself stale" in through.sentence


async def test_what_rests_on_an_item_that_is_gone_is_stale(six: Cycle) -> None:
    made = await six.all_six()
    await six.changed(made["user_stories"], thing("S2", ""))
    assert await six.stale(made["acceptance_criteria"]) == {"A2": True}
    (reason,) = (await six.desk.stale(made["acceptance_criteria"].artifact.id, ANA, "en"))[0].reasons
    assert (reason.kind, reason.before, reason.after) == ("gone", "about S2", "")


async def test_what_rests_on_a_rejected_item_is_stale_until_it_is_accepted_again(six: Cycle) -> None:
    made = await six.all_six()
    stories = made["user_stories"].artifact.id
    await six.house.ledger.record_adoption(Adoption(stories, 1, ANA.id, "rejected", "S1"))
    assert await six.stale(made["acceptance_criteria"]) == {"A1": True, "A3": True}
    await six.house.ledger.record_adoption(Adoption(stories, 1, ANA.id, "accepted", "S1"))
    assert await six.stale(made["acceptance_criteria"]) == {}
    await six.house.ledger.record_adoption(Adoption(stories, 1, ANA.id, "rejected"))
    assert await six.stale(made["acceptance_criteria"]) == {"A1": True, "A2": True, "A3": True}


async def test_an_item_between_two_changes_names_both(six: Cycle) -> None:
    made = await six.all_six()
    await six.changed(made["release_notes"], thing("N2", "another note", "O2"))
    await six.changed(made["user_stories"], thing("S1", "another story"))
    found = {one.item: one for one in await six.desk.stale(made["faq"].artifact.id, ANA, "en")}
    assert [reason.kind for reason in found["Q3"].reasons] == ["changed", "through"]
    assert [(one.item, one.direct) for one in found.values()] == [("Q1", False), ("Q2", True), ("Q3", True)]


async def test_an_edit_of_an_item_leaves_the_others_links_and_follows_its_own(six: Cycle) -> None:
    made = await six.all_six()
    assistant = Assistant(six.flow, six.house.knowledge)
    await six.changed(made["user_stories"], thing("S2", "another story"))
    await assistant.edit(made["acceptance_criteria"].artifact.id, 1, ANA, "A1", "about both <- S1, S2")
    links = await six.house.workspaces.links(made["acceptance_criteria"].artifact.id, owner=ANA.id)
    assert [(link.item, link.upstream_item, link.upstream_version) for link in links] == [
        ("A1", "S1", 1),
        ("A1", "S2", 1),
        ("A2", "S2", 1),
        ("A3", "S1", 1),
    ]
    assert await six.stale(made["acceptance_criteria"]) == {"A1": True, "A2": True}
    await assistant.edit(made["acceptance_criteria"].artifact.id, 2, ANA, "A1", "about none")
    assert await six.stale(made["acceptance_criteria"]) == {"A2": True}


async def test_somebody_elses_artifact_is_not_found(six: Cycle) -> None:
    made = await six.all_six()
    with pytest.raises(BriefError, match="no such artifact"):
        await six.stale(made["faq"], person=BEN)
