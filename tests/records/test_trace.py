"""What a workspace holds, read at once: current bodies, links, the older versions that links name, the last words."""

import pytest

from records.artifacts import Link, NewArtifact
from records.database import Database
from records.ledger import Ledger
from records.trace import Held, Traces
from records.turns import Adoption
from records.workspaces import Workspaces

ANA, BEN = "ana", "ben"


@pytest.fixture
async def chain(workspaces: Workspaces, stories: NewArtifact) -> list[str]:
    """Three artifacts, each resting on the one before; the first has changed since."""
    ids: list[str] = []
    for number in range(3):
        links = (Link(ids[-1], 1, "X1", "S1", "S1"),) if ids else ()
        new = NewArtifact(stories.workspace, "user_stories", f"{number}", "en", {"number": number}, "assistant", links=links)
        ids.append((await workspaces.add_artifact(new, owner=ANA)).artifact.id)
    await workspaces.add_version(ids[0], based_on=1, body={"number": 9}, author="ben", reason="", owner=ANA)
    return ids


async def test_a_workspace_is_read_with_its_links_and_the_versions_that_they_name(
    database: Database, stories: NewArtifact, chain: list[str]
) -> None:
    held = await Traces(database).workspace(stories.workspace, owner=ANA)
    assert [(one.artifact.id, one.body["number"], one.changed_by) for one in held.artifacts] == [
        (chain[0], 9, "ben"),
        (chain[1], 1, "assistant"),
        (chain[2], 2, "assistant"),
    ]
    assert held.links == {chain[1]: (Link(chain[0], 1, "X1", "S1", "S1"),), chain[2]: (Link(chain[1], 1, "X1", "S1", "S1"),)}
    assert held.older == {(chain[0], 1): {"number": 0}}


async def test_an_artifact_is_read_with_all_upstream_of_it_and_nothing_else(database: Database, chain: list[str]) -> None:
    traces = Traces(database)
    held = await traces.upstream_of(chain[1], owner=ANA)
    assert [one.artifact.id for one in held.artifacts] == chain[:2]
    assert held.older == {(chain[0], 1): {"number": 0}}
    assert [one.artifact.id for one in (await traces.upstream_of(chain[2], owner=ANA)).artifacts] == chain


async def test_the_last_word_on_each_item_is_read(
    database: Database, ledger: Ledger, stories: NewArtifact, chain: list[str]
) -> None:
    for item, kind in (("S1", "accepted"), (None, "rejected"), ("S1", "rejected"), ("S2", "edited"), ("S1", "accepted")):
        await ledger.record_adoption(Adoption(chain[0], 1, ANA, kind, item))  # type: ignore[arg-type]
    held = await Traces(database).workspace(stories.workspace, owner=ANA)
    assert list(held.words[chain[0]].items()) == [("", "rejected"), ("S2", "edited"), ("S1", "accepted")]


async def test_what_is_somebody_elses_is_not_read(database: Database, stories: NewArtifact, chain: list[str]) -> None:
    traces = Traces(database)
    for held in (
        await traces.workspace(stories.workspace, owner=BEN),
        await traces.upstream_of(chain[2], owner=BEN),
        await traces.upstream_of("missing", owner=ANA),
    ):
        assert held == Held((), {}, {}, {})
