"""What happens to assets is written down in the transaction in which it happens, on every database."""

import asyncio
from dataclasses import replace

import pytest

from records.database import Database
from records.knowledge import KnowledgeRecords
from tests.records.test_knowledge import ASSET, piece

ASSET_OF_FILE = replace(ASSET, file_hash="f1")


@pytest.fixture
def records(database: Database) -> KnowledgeRecords:
    return KnowledgeRecords(database)


async def told(records: KnowledgeRecords) -> list[tuple[str, str, str]]:
    return [(event.what, event.path, event.person) for event in await records.asset_events("a1")]


async def test_a_life_is_told_from_beginning_to_end(records: KnowledgeRecords) -> None:
    await records.put_asset(ASSET_OF_FILE, [piece(0)], by="ana")
    await records.put_asset(replace(ASSET_OF_FILE, file_hash="f2"), [piece(0)])
    await records.put_asset(replace(ASSET_OF_FILE, file_hash="f3", path="b.md"), [piece(0)])
    await records.settle_asset("a1", {"status": "retired"}, "retired", "cora")
    await records.remove_assets(["a1"], by="cora")
    assert await told(records) == [
        ("added", "rules/limits.en.md", "ana"),
        ("changed", "rules/limits.en.md", ""),
        ("moved", "b.md", ""),
        ("retired", "b.md", "cora"),
        ("removed", "b.md", "cora"),
    ]


async def test_what_is_there_already_is_neither_put_nor_told_again(records: KnowledgeRecords) -> None:
    assert await records.put_asset(ASSET_OF_FILE, [piece(0)])
    generation = await records.generation("")
    assert not await records.put_asset(replace(ASSET_OF_FILE, id="a2"), [piece(0)])
    assert await records.generation("") == generation
    assert len(await told(records)) == 1


async def test_two_ingests_of_one_file_at_once_commit_it_once(records: KnowledgeRecords) -> None:
    put = await asyncio.gather(*(records.put_asset(ASSET_OF_FILE, [piece(0)]) for _ in range(4)))
    assert sorted(put) == [False, False, False, True]
    assert len(await records.passages()) == 1


async def test_what_a_curator_settled_is_laid_over_the_next_version(records: KnowledgeRecords) -> None:
    await records.put_asset(ASSET_OF_FILE, [piece(0)])
    settled = await records.settle_asset("a1", {"groups": ["c", "b"], "status": "retired"}, "settled", "cora")
    assert settled is not None
    assert (settled.groups, settled.partition) == (("c", "b"), "")
    await records.settle_asset("a1", {"status": "approved"}, "approved", "cora")
    await records.put_asset(replace(ASSET_OF_FILE, file_hash="f2", title="New"), [piece(1)])
    (asset,) = await records.assets()
    assert (asset.title, asset.groups, asset.status) == ("New", ("c", "b"), "approved")
    assert await records.asset("a1") == asset
    assert await records.settle_asset("gone", {"status": "retired"}, "retired", "cora") is None


async def test_a_change_of_readers_moves_the_generation(records: KnowledgeRecords) -> None:
    await records.put_asset(ASSET_OF_FILE, [piece(0)])
    before = (await records.generation(""))[0]
    await records.settle_asset("a1", {"groups": ["board"]}, "settled", "cora")
    assert (await records.generation(""))[0] == before + 1
