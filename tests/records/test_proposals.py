"""Proposals are kept with all that they were made of, decided on once, and nobody else's are found."""

from dataclasses import replace

import pytest

from errors import BriefError
from records.artifacts import Link, NewArtifact
from records.database import Database
from records.proposals import NewProposal, Proposals
from records.workspaces import Workspaces

ANA, BEN = "ana", "ben"


@pytest.fixture
def proposals(database: Database) -> Proposals:
    return Proposals(database)


@pytest.fixture
async def new(workspaces: Workspaces, stories: NewArtifact) -> NewProposal:
    kept = await workspaces.add_artifact(stories, owner=ANA)
    return NewProposal(
        artifact=kept.artifact.id,
        based_on=1,
        item="S2",
        kind="change",
        body={"id": "S2", "benefit": "安心"},
        links=(Link(kept.artifact.id, 1, "S2", "S1", "S1"),),
        sources=({"key": "P7"},),
        findings=({"rule": "r"},),
        reason={"en": "changed", "zh": "已修改"},
        remark="shorter",
    )


async def test_a_proposal_comes_back_as_it_was_made(proposals: Proposals, new: NewProposal) -> None:
    (kept,) = await proposals.add([new], owner=ANA)
    assert (kept.new, kept.decision, kept.decided) == (new, "open", None)
    assert await proposals.of(new.artifact, owner=ANA) == (kept,)


async def test_a_decision_is_recorded_once(proposals: Proposals, new: NewProposal) -> None:
    kept = await proposals.add([new, replace(new, item="S1")], owner=ANA)
    assert await proposals.decide(new.artifact, [kept[0].id], "accepted", owner=ANA) == 1
    assert await proposals.decide(new.artifact, [one.id for one in kept], "discarded", owner=ANA) == 1
    (accepted,) = await proposals.of(new.artifact, owner=ANA, decision="accepted")
    assert (accepted.new.item, accepted.decided_by, accepted.decided is not None) == ("S2", ANA, True)
    assert [one.new.item for one in await proposals.of(new.artifact, owner=ANA, decision="discarded")] == ["S1"]


async def test_a_new_proposal_replaces_the_open_one_for_its_item_alone(proposals: Proposals, new: NewProposal) -> None:
    await proposals.add([new, replace(new, item="S1")], owner=ANA)
    (later,) = await proposals.add([replace(new, remark="longer")], owner=ANA)
    waiting = await proposals.of(new.artifact, owner=ANA)
    assert {(one.new.item, one.new.remark) for one in waiting} == {("S1", "shorter"), ("S2", "longer")}
    assert later.id in {one.id for one in waiting}
    assert len(await proposals.of(new.artifact, owner=ANA, decision="replaced")) == 1


async def test_open_proposals_can_stand_for_the_next_version(
    proposals: Proposals, workspaces: Workspaces, stories: NewArtifact, new: NewProposal
) -> None:
    await proposals.add([new], owner=ANA)
    assert await proposals.open_in(stories.workspace, owner=ANA) == {new.artifact: 1}
    await workspaces.add_version(new.artifact, based_on=1, body={}, author=ANA, reason="", owner=ANA)
    assert await proposals.open_in(stories.workspace, owner=ANA) == {}
    await proposals.carry_over(new.artifact, 1, owner=ANA)
    assert await proposals.open_in(stories.workspace, owner=ANA) == {new.artifact: 1}
    assert (await proposals.of(new.artifact, owner=ANA))[0].new.based_on == 2


async def test_what_is_somebody_elses_is_not_found_and_not_decided_on(
    proposals: Proposals, stories: NewArtifact, new: NewProposal
) -> None:
    (kept,) = await proposals.add([new], owner=ANA)
    assert await proposals.of(new.artifact, owner=BEN) == ()
    assert await proposals.open_in(stories.workspace, owner=BEN) == {}
    for attempt in (
        proposals.add([new], owner=BEN),
        proposals.decide(new.artifact, [kept.id], "accepted", owner=BEN),
        proposals.carry_over(new.artifact, 1, owner=BEN),
    ):
        with pytest.raises(BriefError, match="no such artifact"):
            await attempt
    assert await proposals.of(new.artifact, owner=ANA) == (kept,)
