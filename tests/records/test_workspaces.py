"""Workspaces keep every version of every artifact, for the one person that they belong to."""

import asyncio
from dataclasses import replace

import pytest

from errors import BriefError
from records.artifacts import Link, NewArtifact, Workspace
from records.database import Database
from records.workspaces import Workspaces

ANA, BEN = "ana", "ben"
BODY = {"stories": [{"id": "S1", "benefit": "less loss"}]}


async def test_a_workspace_is_made_once_for_each_owner_and_name(workspaces: Workspaces, workspace: Workspace) -> None:
    assert await workspaces.open("  Transfers ", ANA) == workspace
    theirs = await workspaces.open("Transfers", BEN)
    assert theirs.id != workspace.id
    other = await workspaces.open("Cards 卡", ANA)
    assert await workspaces.list(ANA) == (other, workspace)
    assert await workspaces.list("nobody") == ()


async def test_windows_that_open_a_workspace_at_once_get_the_same_one(workspaces: Workspaces) -> None:
    opened = await asyncio.gather(*(workspaces.open("New", ANA) for _ in range(8)))
    assert len({workspace.id for workspace in opened}) == 1


@pytest.mark.parametrize("name", ["", "  ", "x" * 256])
async def test_a_workspace_needs_a_usable_name(workspaces: Workspaces, name: str) -> None:
    with pytest.raises(BriefError, match="1 to 255"):
        await workspaces.open(name, ANA)


async def test_an_artifact_comes_back_as_it_was_kept(workspaces: Workspaces, stories: NewArtifact) -> None:
    kept = await workspaces.add_artifact(stories, owner=ANA)
    assert await workspaces.artifact(kept.artifact.id, owner=ANA) == kept
    assert (kept.number, kept.artifact.current, kept.artifact.status) == (1, 1, "draft")
    assert (kept.body, kept.sources, kept.findings, kept.mends) == (
        stories.body,
        stories.sources,
        stories.findings,
        stories.mends,
    )


async def test_a_new_version_carries_sources_and_links_over_and_is_a_draft_again(
    workspaces: Workspaces, stories: NewArtifact
) -> None:
    upstream = await workspaces.add_artifact(stories, owner=ANA)
    links = (Link(upstream.artifact.id, 1, "AC1", "S2"), Link(upstream.artifact.id, 1))
    first = await workspaces.add_artifact(replace(stories, stage="acceptance_criteria", links=links), owner=ANA)
    artifact = first.artifact.id
    await workspaces.set_status(artifact, "reviewed", owner=ANA)
    second = await workspaces.add_version(artifact, based_on=1, body=BODY, author=ANA, reason="shorter", owner=ANA)
    assert await workspaces.artifact(artifact, owner=ANA) == second
    assert (second.number, second.artifact.current, second.artifact.status) == (2, 2, "draft")
    assert (second.body, second.sources, second.findings) == (BODY, stories.sources, ())
    assert await workspaces.links(artifact, owner=ANA) == links
    third = await workspaces.add_version(artifact, based_on=2, body=BODY, author=ANA, reason="", owner=ANA, sources=(), links=())
    assert third.sources == ()
    assert await workspaces.links(artifact, owner=ANA) == ()
    assert await workspaces.links(artifact, 1, owner=ANA) == links
    assert [version.number for version in await workspaces.versions(artifact, owner=ANA)] == [1, 2, 3]
    assert await workspaces.artifact(artifact, 1, owner=ANA) == replace(first, artifact=third.artifact)


async def test_a_change_to_a_stale_version_is_refused_and_nothing_is_lost(workspaces: Workspaces, stories: NewArtifact) -> None:
    kept = await workspaces.add_artifact(stories, owner=ANA)
    first = await workspaces.add_version(kept.artifact.id, based_on=1, body=BODY, author=ANA, reason="", owner=ANA)
    with pytest.raises(BriefError, match=r"changed meanwhile: version 2.*version 1.*reload") as caught:
        await workspaces.add_version(kept.artifact.id, based_on=1, body={}, author=ANA, reason="", owner=ANA)
    assert "重新加载" in caught.value.sentence("zh")
    assert await workspaces.artifact(kept.artifact.id, owner=ANA) == first
    assert len(await workspaces.versions(kept.artifact.id, owner=ANA)) == 2


async def test_of_changes_at_the_same_moment_one_is_kept_and_the_others_are_told(
    workspaces: Workspaces, stories: NewArtifact
) -> None:
    kept = await workspaces.add_artifact(stories, owner=ANA)
    changes = (
        workspaces.add_version(kept.artifact.id, based_on=1, body={"by": number}, author=ANA, reason="", owner=ANA)
        for number in range(8)
    )
    ends = await asyncio.gather(*changes, return_exceptions=True)
    done = [end for end in ends if not isinstance(end, BaseException)]
    assert len(done) == 1
    assert all(isinstance(end, BriefError) for end in ends if isinstance(end, BaseException))
    assert await workspaces.versions(kept.artifact.id, owner=ANA) == (replace(kept, artifact=done[0].artifact), done[0])


async def test_a_status_is_set_for_the_version_that_was_seen(workspaces: Workspaces, stories: NewArtifact) -> None:
    kept = await workspaces.add_artifact(stories, owner=ANA)
    artifact = kept.artifact.id
    assert (await workspaces.set_status(artifact, "approved", owner=ANA, version=1)).status == "approved"
    await workspaces.add_version(artifact, based_on=1, body=BODY, author=ANA, reason="", owner=ANA)
    with pytest.raises(BriefError, match="changed meanwhile"):
        await workspaces.set_status(artifact, "approved", owner=ANA, version=1)
    assert (await workspaces.set_status(artifact, "rejected", owner=ANA)).status == "rejected"


async def test_artifacts_are_listed_by_workspace_and_stage(workspaces: Workspaces, stories: NewArtifact) -> None:
    first = await workspaces.add_artifact(stories, owner=ANA)
    second = await workspaces.add_artifact(replace(stories, stage="test_cases"), owner=ANA)
    assert await workspaces.artifacts(stories.workspace, owner=ANA) == (first.artifact, second.artifact)
    assert await workspaces.artifacts(stories.workspace, "test_cases", owner=ANA) == (second.artifact,)
    assert await workspaces.artifacts("missing", owner=ANA) == ()


async def test_what_is_somebody_elses_is_not_found(workspaces: Workspaces, stories: NewArtifact) -> None:
    kept = await workspaces.add_artifact(stories, owner=ANA)
    artifact = kept.artifact.id
    assert await workspaces.artifact(artifact, owner=BEN) is None
    assert await workspaces.artifact(artifact, 1, owner=BEN) is None
    assert await workspaces.artifacts(stories.workspace, owner=BEN) == ()
    assert await workspaces.versions(artifact, owner=BEN) == ()
    assert await workspaces.links(artifact, owner=BEN) == ()


async def test_what_is_somebody_elses_cannot_be_written(workspaces: Workspaces, stories: NewArtifact) -> None:
    kept = await workspaces.add_artifact(stories, owner=ANA)
    theirs = await workspaces.open("Theirs", BEN)
    linked = replace(stories, workspace=theirs.id, links=(Link(kept.artifact.id, 1),))
    attempts = (
        workspaces.add_artifact(stories, owner=BEN),
        workspaces.add_version(kept.artifact.id, based_on=1, body={}, author=BEN, reason="", owner=BEN),
        workspaces.set_status(kept.artifact.id, "rejected", owner=BEN),
        workspaces.add_artifact(linked, owner=BEN),
        workspaces.set_status("missing", "rejected", owner=BEN),
    )
    for attempt in attempts:
        with pytest.raises(BriefError, match="There is no such"):
            await attempt
    assert await workspaces.artifact(kept.artifact.id, owner=ANA) == kept
    assert await workspaces.artifacts(theirs.id, owner=BEN) == ()


@pytest.mark.parametrize("upstream", [("missing", 1), ("same workspace", 2)])
async def test_a_link_points_to_what_is_there_or_nothing_is_kept(
    workspaces: Workspaces, stories: NewArtifact, upstream: tuple[str, int]
) -> None:
    kept = await workspaces.add_artifact(stories, owner=ANA)
    target = kept.artifact.id if upstream[0] == "same workspace" else upstream[0]
    with pytest.raises(BriefError):
        await workspaces.add_artifact(replace(stories, links=(Link(target, upstream[1]),)), owner=ANA)
    assert await workspaces.artifacts(stories.workspace, owner=ANA) == (kept.artifact,)


async def test_artifacts_outlive_the_connection(database: Database, workspaces: Workspaces, stories: NewArtifact) -> None:
    kept = await workspaces.add_artifact(stories, owner=ANA)
    await database.close()
    again = Database(database.url)
    assert await Workspaces(again).artifact(kept.artifact.id, owner=ANA) == kept
    await again.close()
