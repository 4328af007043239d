"""What curators do with the knowledge."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from errors import KnowledgeError
from knowledge.intake.uploads import Uploads
from knowledge.knowledge import Knowledge
from knowledge.upkeep import Upkeep, Wanted
from records.database import Database
from tests.doubles.hashed_embedding import HashedEmbedding
from tests.doubles.in_process_reader import InProcessReader

CARD = b"# Freezing\n\nA frozen card declines every payment.\n"
EVERYONE = frozenset({"everyone"})


@dataclass(frozen=True)
class Someone:
    id: str
    roles: frozenset[str] = frozenset({"analyst"})
    groups: frozenset[str] = EVERYONE

    @property
    def reads(self) -> frozenset[str]:
        return self.groups | {f"@{self.id}"}


CORA = Someone("cora", frozenset({"analyst", "curator"}))
ANA = Someone("ana")


@pytest.fixture
async def knowledge(database: Database, tmp_path: Path, pack: Path) -> AsyncIterator[Knowledge]:
    knowledge = await Knowledge.open(database, tmp_path, pack, HashedEmbedding(256), reader=InProcessReader())
    await knowledge.sync_pack()
    yield knowledge
    await knowledge.close()


@pytest.fixture
def upkeep(knowledge: Knowledge, tmp_path: Path) -> Upkeep:
    return Upkeep(knowledge.records, tmp_path, knowledge.catch_up)


@pytest.fixture
async def uploaded(knowledge: Knowledge, tmp_path: Path) -> str:
    """The id of an asset that Ana dropped into the chat."""
    uploads = Uploads(knowledge.records, tmp_path, InProcessReader(), changed=knowledge.catch_up)
    await uploads.submit("ana", "cards.md", CARD)
    await uploads.work_off()
    return (await uploads.list("ana"))[0].asset or ""


@pytest.mark.parametrize(
    ("wanted", "count"),
    [
        (Wanted(), 5),
        (Wanted(shelf="rules"), 3),
        (Wanted(status="retired"), 1),
        (Wanted(type="api"), 0),
        (Wanted(pack="small-bank", text="BOARD"), 1),
        (Wanted(pack="another"), 0),
    ],
)
async def test_assets_are_listed_by_what_is_wanted(upkeep: Upkeep, wanted: Wanted, count: int) -> None:
    rows = await upkeep.assets(CORA, wanted)
    assert len(rows) == count
    assert all(row.passages for row in rows)


async def test_others_see_only_what_they_find(upkeep: Upkeep, uploaded: str) -> None:
    paths = [row.asset.path for row in await upkeep.assets(Someone("ben"))]
    assert len(paths) == 3
    assert not any("board" in path or "old" in path or "cards" in path for path in paths)
    assert uploaded in [row.asset.id for row in await upkeep.assets(ANA)]
    assert len(await upkeep.assets(Someone("eve", groups=frozenset({"board"})), Wanted(text="board"))) == 1
    with pytest.raises(KnowledgeError, match="There is no asset"):
        await upkeep.show(uploaded, Someone("ben"))


async def test_an_asset_is_shown_with_its_passages_history_and_file(upkeep: Upkeep, pack: Path) -> None:
    detail = await upkeep.show("shelves/rules/limits.en.md", CORA)
    assert [piece.breadcrumb for piece in detail.passages] == ["Transfer limits", "Transfer limits › Cooling-off"]
    assert [event.what for event in detail.events] == ["added"]
    assert detail.source == str(pack.resolve() / "shelves/rules/limits.en.md")
    assert (await upkeep.show(detail.asset.id[:8], CORA)).asset == detail.asset


async def test_an_approved_upload_is_found_by_its_groups_and_the_approval_is_on_record(
    upkeep: Upkeep, knowledge: Knowledge, uploaded: str
) -> None:
    asset = await upkeep.approve(uploaded, ["everyone"], CORA)
    assert (asset.status, asset.groups, asset.partition) == ("approved", ("everyone",), "en:everyone")
    assert (await knowledge.search("frozen card", groups=EVERYONE))[0].asset.id == uploaded
    detail = await upkeep.show(uploaded, CORA)
    assert [(event.what, event.person) for event in detail.events] == [("added", "ana"), ("approved", "cora")]


async def test_a_retired_asset_is_out_of_all_answers_and_stays_so_when_its_file_changes(
    upkeep: Upkeep, knowledge: Knowledge, pack: Path
) -> None:
    path = "shelves/rules/limits.en.md"
    assert await knowledge.search("second approval transfer", groups=EVERYONE)
    await upkeep.retire(path, CORA)
    (pack / path).write_text((pack / path).read_text("utf-8").replace("5,000", "6,000"), "utf-8")
    await knowledge.ingest(pack)
    assert all(hit.asset.path != path for hit in await knowledge.search("second approval transfer", groups=EVERYONE))


async def test_type_shelf_owner_and_groups_are_set_and_stay(upkeep: Upkeep, knowledge: Knowledge) -> None:
    asset = await upkeep.settle("shelves/stories/example.en.md", CORA, kind="example", shelf="samples", owner="Ben", groups=["b"])
    assert (asset.type, asset.shelf, asset.owner, asset.groups) == ("example", "samples", "Ben", ("b",))
    again = await upkeep.settle(asset.id, CORA, owner="Cleo")
    assert (again.type, again.owner, set(again.settled)) == ("example", "Cleo", {"type", "shelf", "owner", "groups"})


async def test_nothing_unsound_is_set(upkeep: Upkeep) -> None:
    path = "shelves/stories/example.en.md"
    changes: list[dict[str, Any]] = [{"kind": "poem"}, {}, {"groups": []}, {"groups": ["@ana"]}, {"groups": ["a|b"]}]
    for change in changes:
        with pytest.raises(KnowledgeError):
            await upkeep.settle(path, CORA, **change)
    with pytest.raises(KnowledgeError, match="no asset 'nothing'"):
        await upkeep.retire("nothing", CORA)


async def test_only_a_curator_or_an_admin_changes_anything(upkeep: Upkeep, uploaded: str) -> None:
    for change in (
        upkeep.approve(uploaded, ["everyone"], ANA),
        upkeep.retire(uploaded, ANA),
        upkeep.settle(uploaded, ANA, owner="Ana"),
        upkeep.remove(uploaded, ANA),
        upkeep.remove_pack("uploads", ANA),
    ):
        with pytest.raises(KnowledgeError, match="Only a curator"):
            await change
    await upkeep.retire(uploaded, Someone("root", frozenset({"admin"})))


async def test_a_removed_upload_leaves_neither_rows_nor_vectors_nor_its_file(
    upkeep: Upkeep, knowledge: Knowledge, uploaded: str, tmp_path: Path
) -> None:
    detail = await upkeep.remove(uploaded, CORA)
    assert len(detail.passages) == 1
    assert list((tmp_path / "uploads").iterdir()) == []
    assert detail.passages[0].text_hash not in await knowledge.records.vectors("hashed-words")
    found = await knowledge.search("frozen card declines", groups=frozenset({"@ana"}))
    assert uploaded not in [hit.asset.id for hit in found]
    assert [event.what for event in await knowledge.records.asset_events(uploaded)] == ["added", "removed"]


async def test_a_pack_is_removed_whole(upkeep: Upkeep, knowledge: Knowledge) -> None:
    assert [row.name for row in await upkeep.packs()] == ["small-bank"]
    assert await upkeep.remove_pack("small-bank", CORA) == 5
    assert (await upkeep.packs(), await knowledge.records.passages(), knowledge.glossary.terms) == ([], [], ())
    with pytest.raises(KnowledgeError, match="no pack"):
        await upkeep.remove_pack("small-bank", CORA)


async def test_packs_and_refusals_are_told(upkeep: Upkeep, knowledge: Knowledge, pack: Path) -> None:
    (pack / "broken.md").write_bytes(b"\0")
    await knowledge.ingest(pack)
    (row,) = await upkeep.packs()
    assert (row.assets, row.terms, row.refused, row.root) == (5, 4, 1, str(pack.resolve()))
    assert row.statuses == {"approved": 4, "retired": 1}
    assert [refusal.path for refusal in await upkeep.refusals("small-bank")] == ["broken.md"]
