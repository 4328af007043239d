"""What a refresh proposes: a change for what is stale, an addition for what is new, a removal for what rests on nothing."""

import asyncio
import json

import pytest

from chains.changing.redoing import Refreshed
from chains.endpoint.asking import Abilities, Ask
from errors import BriefError, EndpointTimeout
from records.artifacts import ArtifactVersion
from tests.doubles.life_cycle import Cycle, cycle, thing
from tests.doubles.scripted_endpoint import ScriptedEndpoint
from tests.doubles.small_house import ANA, BEN, SmallHouse

DEMONSTRATION = Abilities("tiny", way="items", demonstration=True)


def told(ask: Ask) -> dict[str, str]:
    """Answer with what the call is about."""
    return {"text": f"written for {ask.messages[-1].text[-30:]!r}"[:80]}


@pytest.fixture
def endpoint() -> ScriptedEndpoint:
    return ScriptedEndpoint(told)


@pytest.fixture
def six(house: SmallHouse, endpoint: ScriptedEndpoint) -> Cycle:
    return cycle(house, endpoint)


async def refreshed(six: Cycle, version: ArtifactVersion) -> Refreshed:
    return await six.desk.refresh(version.artifact.id, version.number, ANA, "en")


async def test_a_fresh_artifact_has_nothing_to_refresh_and_nothing_is_asked(six: Cycle, endpoint: ScriptedEndpoint) -> None:
    made = await six.all_six()
    found = await refreshed(six, made["acceptance_criteria"])
    assert (found.proposals, endpoint.asks) == ((), [])
    assert "nothing to refresh" in found.notice


async def test_stale_items_alone_are_written_again_and_shown_as_a_difference(six: Cycle, endpoint: ScriptedEndpoint) -> None:
    made = await six.all_six()
    await six.changed(made["user_stories"], thing("S1", "freeze two cards"))
    seen: list[tuple[int, int]] = []
    criteria = made["acceptance_criteria"]
    found = await six.desk.refresh(criteria.artifact.id, 1, ANA, "zh", progress=lambda *at: seen.append(at))
    assert [(one.item, one.kind, one.is_current) for one in found.proposals] == [("A1", "change", True), ("A3", "change", True)]
    assert seen == [(0, 2), (1, 2), (2, 2)]
    first = found.proposals[0]
    assert (first.before, first.view is not None) == ("about A1 <- S1", True)
    assert first.after.endswith(" <- S1")
    assert "".join(piece.text for piece in first.pieces if piece.kind != "added") == first.before
    assert "S1" in first.reason
    assert "已修改" in first.reason
    assert all("freeze two cards" in ask.messages[-3].text for ask in endpoint.asks)
    assert "has changed" in endpoint.asks[0].messages[-1].text


async def test_one_stale_item_is_brought_up_to_date_alone(six: Cycle, endpoint: ScriptedEndpoint) -> None:
    made = await six.all_six()
    await six.changed(made["user_stories"], thing("S1", "freeze two cards"))
    criteria = made["acceptance_criteria"].artifact.id
    found = await six.desk.refresh(criteria, 1, ANA, "en", item="A3")
    assert ([one.item for one in found.proposals], len(endpoint.asks)) == (["A3"], 1)
    await six.desk.accept_proposals(criteria, [found.proposals[0].id], ANA)
    assert [one.item for one in await six.desk.stale(criteria, ANA, "en")] == ["A1"]


async def test_a_refresh_is_on_record_as_a_turn(six: Cycle) -> None:
    made = await six.all_six()
    await six.changed(made["user_stories"], thing("S1", "freeze two cards"))
    await refreshed(six, made["acceptance_criteria"])
    (turn,) = await six.house.turns()
    assert (turn.outcome, turn.artifact, turn.stage) == (
        "answered",
        made["acceptance_criteria"].artifact.id,
        "acceptance_criteria",
    )
    assert len(turn.prompt) == 2
    assert "has changed" in turn.brief


async def test_what_is_stale_through_another_waits_for_that_one(six: Cycle, endpoint: ScriptedEndpoint) -> None:
    made = await six.all_six()
    await six.changed(made["user_stories"], thing("S1", "freeze two cards"))
    found = await refreshed(six, made["domain_model"])
    assert found.proposals == ()
    assert "C1" in found.notice
    assert "upstream first" in found.notice
    assert endpoint.asks == []


async def test_what_rests_on_nothing_any_more_is_proposed_for_removal_without_asking(
    six: Cycle, endpoint: ScriptedEndpoint
) -> None:
    made = await six.all_six()
    await six.changed(made["user_stories"], thing("S2", ""))
    found = await refreshed(six, made["acceptance_criteria"])
    assert [(one.item, one.kind, one.after, one.view) for one in found.proposals] == [("A2", "remove", "", None)]
    assert endpoint.asks == []


async def test_an_item_that_rests_on_something_else_too_is_changed_and_not_removed(six: Cycle) -> None:
    made = await six.all_six()
    await six.changed(made["release_notes"], thing("N2", ""))
    found = await refreshed(six, made["faq"])
    assert [(one.item, one.kind) for one in found.proposals] == [("Q2", "remove"), ("Q3", "change")]
    assert found.proposals[1].after.endswith(" <- N1")


async def test_what_is_new_upstream_is_proposed_as_an_addition_under_a_free_id(six: Cycle) -> None:
    made = await six.all_six()
    await six.changed(made["user_stories"], thing("S3", "unfreeze a card"))
    found = await refreshed(six, made["acceptance_criteria"])
    assert [(one.item, one.kind, one.before) for one in found.proposals] == [("A4", "add", "")]
    assert found.proposals[0].after.endswith(" <- S3")
    assert found.proposals[0].reason == "S3 is new upstream, and nothing rests on it yet."


async def test_accepted_proposals_make_one_version_that_is_fresh(six: Cycle) -> None:
    made = await six.all_six()
    await six.changed(made["user_stories"], thing("S1", "freeze two cards"), thing("S2", ""), thing("S3", "unfreeze a card"))
    criteria = made["acceptance_criteria"]
    found = await refreshed(six, criteria)
    number = await six.desk.accept_proposals(criteria.artifact.id, [one.id for one in found.proposals], ANA)
    kept = await six.house.workspaces.artifact(criteria.artifact.id, owner=ANA.id)
    assert kept is not None
    assert (number, kept.number, kept.reason, kept.author, kept.artifact.status) == (2, 2, "refreshed", "ana", "draft")
    assert [one["id"] for one in kept.body["things"]] == ["A1", "A3", "A4"]
    assert await six.stale(criteria) == {}
    links = await six.house.workspaces.links(criteria.artifact.id, owner=ANA.id)
    assert [(one.item, one.upstream_item, one.upstream_version) for one in links] == [
        ("A1", "S1", 2),
        ("A3", "S1", 2),
        ("A4", "S3", 2),
    ]
    told = [
        (one.adoption.item, one.adoption.kind) for one in await six.house.ledger.adoptions(criteria.artifact.id, owner=ANA.id)
    ]
    assert sorted(told) == [("A1", "accepted"), ("A3", "accepted"), ("A4", "accepted")]
    assert await six.desk.proposals(criteria.artifact.id, ANA, "en") == ()
    assert await six.stale(made["domain_model"]) == {"C1": True, "C2": True}


async def test_those_not_accepted_stay_open_for_the_next_version(six: Cycle) -> None:
    made = await six.all_six()
    await six.changed(made["user_stories"], thing("S1", "freeze two cards"))
    criteria = made["acceptance_criteria"].artifact.id
    found = await refreshed(six, made["acceptance_criteria"])
    assert await six.desk.accept_proposals(criteria, [found.proposals[1].id], ANA) == 2
    assert await six.stale(made["acceptance_criteria"]) == {"A1": True}
    (left,) = await six.desk.proposals(criteria, ANA, "en")
    assert (left.item, left.based_on, left.is_current) == ("A1", 2, True)
    assert await six.desk.accept_proposals(criteria, [left.id], ANA) == 3
    assert await six.stale(made["acceptance_criteria"]) == {}


async def test_a_proposal_for_an_older_version_is_refused_and_stays_open(six: Cycle) -> None:
    made = await six.all_six()
    await six.changed(made["user_stories"], thing("S1", "freeze two cards"))
    criteria = made["acceptance_criteria"]
    found = await refreshed(six, criteria)
    await six.changed(criteria, thing("A2", "edited by hand", "S2"))
    ids = [one.id for one in found.proposals]
    with pytest.raises(BriefError, match="proposed for version 1, and version 2 is there by now") as refused:
        await six.desk.accept_proposals(criteria.artifact.id, ids, ANA)
    assert "再次刷新" in refused.value.sentence("zh")
    assert [one.is_current for one in await six.desk.proposals(criteria.artifact.id, ANA, "en")] == [False, False]
    await six.desk.discard_proposals(criteria.artifact.id, ids, ANA)
    with pytest.raises(BriefError, match="no such open proposal"):
        await six.desk.discard_proposals(criteria.artifact.id, ids, ANA)


async def test_a_second_refresh_takes_the_place_of_the_first(six: Cycle) -> None:
    made = await six.all_six()
    await six.changed(made["user_stories"], thing("S1", "freeze two cards"))
    first = await refreshed(six, made["acceptance_criteria"])
    second = await refreshed(six, made["acceptance_criteria"])
    waiting = await six.desk.proposals(made["acceptance_criteria"].artifact.id, ANA, "en")
    assert [one.id for one in waiting] == [one.id for one in second.proposals]
    assert not {one.id for one in first.proposals} & {one.id for one in waiting}


async def test_what_changes_after_the_proposal_leaves_the_accepted_item_stale(six: Cycle) -> None:
    made = await six.all_six()
    changed = await six.changed(made["user_stories"], thing("S1", "freeze two cards"))
    found = await refreshed(six, made["acceptance_criteria"])
    await six.changed(changed, thing("S1", "freeze three cards"))
    await six.desk.accept_proposals(made["acceptance_criteria"].artifact.id, [one.id for one in found.proposals], ANA)
    assert await six.stale(made["acceptance_criteria"]) == {"A1": True, "A3": True}


async def test_a_stale_item_that_is_still_right_is_linked_anew_without_a_change(six: Cycle, endpoint: ScriptedEndpoint) -> None:
    made = await six.all_six()
    await six.changed(made["user_stories"], thing("S1", "freeze two cards"), thing("S2", "another"))
    criteria = made["acceptance_criteria"].artifact.id
    assert await six.desk.still_right(criteria, 1, ["A1", "A3"], ANA) == 2
    kept = await six.house.workspaces.artifact(criteria, owner=ANA.id)
    assert kept is not None
    assert (kept.body, kept.reason) == (made["acceptance_criteria"].body, "confirmed")
    assert await six.stale(made["acceptance_criteria"]) == {"A2": True}
    assert await six.stale(made["domain_model"]) == {"C2": False}
    assert endpoint.asks == []


async def test_what_cannot_be_still_right_is_refused_with_the_reason(six: Cycle) -> None:
    made = await six.all_six()
    await six.changed(made["user_stories"], thing("S1", ""), thing("S2", "another"))
    for stage, item, said in (
        ("acceptance_criteria", "A1", "gone or was rejected"),
        ("domain_model", "C2", "Settle it there first"),
        ("user_stories", "S2", "not stale"),
        ("acceptance_criteria", "A9", "not stale"),
    ):
        version = 2 if stage == "user_stories" else 1
        with pytest.raises(BriefError, match=said):
            await six.desk.still_right(made[stage].artifact.id, version, [item], ANA)


async def test_one_item_is_written_anew_with_a_remark(six: Cycle, endpoint: ScriptedEndpoint) -> None:
    made = await six.all_six()
    criteria = made["acceptance_criteria"].artifact.id
    found = await six.desk.regenerate(criteria, 1, "A2", "  name the\nlimit ", ANA, "en")
    (proposal,) = found.proposals
    assert (proposal.item, proposal.kind, proposal.remark, proposal.reason) == ("A2", "change", "name the limit", "")
    assert "name the limit" in endpoint.asks[0].messages[-1].text
    assert "about A2" in endpoint.asks[0].messages[-2].text
    assert await six.desk.accept_proposals(criteria, [proposal.id], ANA) == 2
    assert (await six.desk.versions(criteria, ANA, "zh"))[0].reason_text == "按要求重写"
    with pytest.raises(BriefError, match="no item A9"):
        await six.desk.regenerate(criteria, 2, "A9", "", ANA, "en")
    with pytest.raises(BriefError, match="version 2 is there by now"):
        await six.desk.regenerate(criteria, 1, "A2", "", ANA, "en")


async def test_the_demonstration_model_is_asked_afresh_without_its_draft(house: SmallHouse) -> None:
    endpoint = ScriptedEndpoint(told, abilities=DEMONSTRATION)
    six = cycle(house, endpoint)
    made = await six.all_six()
    await six.changed(made["user_stories"], thing("S1", "freeze two cards"))
    await refreshed(six, made["acceptance_criteria"])
    assert not any(
        "about A1" in message.text or "has changed" in message.text for ask in endpoint.asks for message in ask.messages
    )


async def test_an_item_that_the_model_writes_as_it_is_makes_no_proposal(house: SmallHouse) -> None:
    six = cycle(house, ScriptedEndpoint(['{"text": "about A2"}']))
    made = await six.all_six()
    found = await six.desk.regenerate(made["acceptance_criteria"].artifact.id, 1, "A2", "", ANA, "en")
    assert found.proposals == ()
    assert "just as they are" in found.notice


async def test_what_the_model_cannot_write_is_named_and_stays(house: SmallHouse) -> None:
    endpoint = ScriptedEndpoint(["no JSON at all"])
    six = cycle(house, endpoint)
    made = await six.all_six()
    await six.changed(made["user_stories"], thing("S2", "another"))
    found = await refreshed(six, made["acceptance_criteria"])
    assert (found.proposals, found.unwritten, len(endpoint.asks)) == ((), ("A2",), 2)
    assert "A2" in found.notice


async def test_an_item_that_comes_with_errors_is_asked_for_once_more(house: SmallHouse) -> None:
    endpoint = ScriptedEndpoint(['{"text": "LOUD"}', '{"text": "quiet"}'])
    six = cycle(house, endpoint)
    made = await six.all_six()
    await six.changed(made["user_stories"], thing("S2", "another"))
    (proposal,) = (await refreshed(six, made["acceptance_criteria"])).proposals
    assert proposal.after == "quiet <- S2"
    assert "A2 shouts." in endpoint.asks[1].messages[-1].text


async def test_a_fault_of_the_endpoint_is_told_and_on_record_and_changes_nothing(house: SmallHouse) -> None:
    six = cycle(house, ScriptedEndpoint(told, fault=EndpointTimeout("too slow", "太慢")))
    made = await six.all_six()
    await six.changed(made["user_stories"], thing("S2", "another"))
    with pytest.raises(EndpointTimeout):
        await refreshed(six, made["acceptance_criteria"])
    (turn,) = await house.turns()
    assert (turn.outcome, turn.failure) == ("failed", "too slow")
    assert await six.desk.proposals(made["acceptance_criteria"].artifact.id, ANA, "en") == ()


async def test_a_refresh_that_is_cancelled_is_on_record_as_cancelled(house: SmallHouse) -> None:
    six = cycle(house, ScriptedEndpoint(told, pace=30))
    made = await six.all_six()
    await six.changed(made["user_stories"], thing("S2", "another"))
    running = asyncio.create_task(refreshed(six, made["acceptance_criteria"]))
    while not await house.turns():
        await asyncio.sleep(0.01)
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    assert [turn.outcome for turn in await house.turns()] == ["cancelled"]


async def test_nothing_of_somebody_elses_can_be_refreshed_or_decided_on(six: Cycle) -> None:
    made = await six.all_six()
    await six.changed(made["user_stories"], thing("S1", "freeze two cards"))
    criteria = made["acceptance_criteria"].artifact.id
    (first, *_) = (await refreshed(six, made["acceptance_criteria"])).proposals
    for refused in (
        six.desk.refresh(criteria, 1, BEN, "en"),
        six.desk.regenerate(criteria, 1, "A1", "", BEN, "en"),
        six.desk.proposals(criteria, BEN, "en"),
        six.desk.accept_proposals(criteria, [first.id], BEN),
        six.desk.discard_proposals(criteria, [first.id], BEN),
        six.desk.still_right(criteria, 1, ["A1"], BEN),
        six.desk.approve(criteria, 1, BEN),
    ):
        with pytest.raises(BriefError, match="no such artifact"):
            await refused
    assert len(await six.desk.proposals(criteria, ANA, "en")) == 2


async def test_all_items_cannot_be_removed(six: Cycle) -> None:
    stories = await six.made("user_stories", {"S1": (), "S2": ()})
    criteria = await six.made("acceptance_criteria", {"A1": ["S1"]}, stories)
    await six.changed(stories, thing("S1", ""))
    (proposal,) = [one for one in (await refreshed(six, criteria)).proposals if one.kind == "remove"]
    with pytest.raises(BriefError, match="Nothing would be left"):
        await six.desk.accept_proposals(criteria.artifact.id, [proposal.id], ANA)
    assert json.dumps(proposal.reason)
