"""The stand that people search follows what is committed, and its index is verified and rebuilt while it answers."""

import asyncio
import threading
import time
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from errors import ConfigurationError, KnowledgeError
from knowledge.indexes.chroma import ChromaIndex
from knowledge.indexes.index import MemoryIndex
from knowledge.knowledge import Knowledge
from records.database import Database
from records.knowledge import KnowledgeRecords
from tests.doubles.hashed_embedding import HashedEmbedding
from tests.knowledge.test_knowledge import until

NOBODY: frozenset[str] = frozenset()
QUESTION = "Which transfer needs a second approval?"


@pytest.fixture
async def server(database: Database, pack: Path, tmp_path: Path) -> AsyncIterator[Knowledge]:
    opened = await Knowledge.open(database, tmp_path, pack, HashedEmbedding(), "chroma", watch=True, every=0.05)
    await opened.sync_pack()
    yield opened
    await opened.close()


def index_of(knowledge: Knowledge) -> ChromaIndex:
    index = knowledge._following.stand.index
    assert isinstance(index, ChromaIndex)
    return index


async def answers(knowledge: Knowledge) -> bool:
    return (await knowledge.search(QUESTION, groups=NOBODY))[0].asset.title == "Transfer limits"


async def test_only_assets_that_changed_are_read_and_cut_into_words_again(
    server: Knowledge, records: KnowledgeRecords, monkeypatch: pytest.MonkeyPatch
) -> None:
    await until(lambda: server._following.is_filled)
    read: list[str] = []
    former = server._following._records.passages_of

    async def told(owners: list[str]):  # type: ignore[no-untyped-def]
        read.extend(owners)
        return await former(owners)

    monkeypatch.setattr(server._following._records, "passages_of", told)
    (asset,) = [asset for asset in await records.assets() if asset.title == "Transfer limits"]
    pieces = [replace(piece, text=piece.text + " Vouchers.") for piece in await records.passages_of([asset.id])]
    read.clear()
    await records.put_asset(replace(asset, content_hash="another", file_hash="another"), pieces)
    await server._following.load()
    assert read == [asset.id]


async def test_drafts_are_found_by_who_put_them_in_and_approval_opens_them_to_all(
    server: Knowledge, records: KnowledgeRecords
) -> None:
    (asset,) = [asset for asset in await records.assets() if asset.title == "Transfer limits"]
    pieces = await records.passages_of([asset.id])
    await records.put_asset(replace(asset, file_hash="2", status="draft", uploaded_by="ana", groups=("board",)), pieces)
    await server.catch_up()
    names = {part.name for half in server._following.stand.holdings.halves for part in half.parts}
    assert "en:@ana" in names
    await records.put_asset(replace(asset, file_hash="3", groups=("board",)), pieces)
    await server.catch_up()
    names = {part.name for half in server._following.stand.holdings.halves for part in half.parts}
    assert "en:@ana" not in names
    assert "en:board" in names


async def test_a_rebuild_takes_place_beside_the_index_that_answers(server: Knowledge, tmp_path: Path) -> None:
    await until(lambda: server._following.is_filled)
    former = index_of(server)
    assert await server.rebuild()
    assert index_of(server) is not former
    assert await server.verify() == []
    assert await answers(server)
    assert [store.name for store in (tmp_path / "index").glob("store-*")] == ["store-2"]


async def test_another_process_asks_the_server_for_a_rebuild(
    server: Knowledge, database: Database, pack: Path, tmp_path: Path
) -> None:
    await until(lambda: server._following.is_filled)
    await asyncio.sleep(0.2)
    former = index_of(server)
    terminal = await Knowledge.open(database, tmp_path, pack, HashedEmbedding(), "memory")
    assert not await terminal.rebuild()
    await terminal.close()
    await until(lambda: index_of(server) is not former)
    assert await server.verify() == []


async def test_what_the_index_lost_is_told_by_partition(server: Knowledge) -> None:
    await until(lambda: server._following.is_filled)
    index = index_of(server)
    collection = index._collections["en:everyone"]
    some = collection.get(include=[])["ids"][0]
    collection.delete(ids=[some])
    (difference,) = await server.verify()
    assert (difference.partition, difference.complete) == ("en:everyone", False)
    assert difference.found < 1


def test_a_search_does_not_wait_for_a_flood_of_new_passages(tmp_path: Path) -> None:
    embedding = HashedEmbedding(8)
    index = ChromaIndex(tmp_path / "index", embedding.name)
    index.hold("en:board", ["a", "b"], embedding.queries(["one", "two"]))
    ids = [f"p{number}" for number in range(3000)]
    flood = threading.Thread(target=index.hold, args=("en:everyone", ids, embedding.queries(ids)))
    flood.start()
    refused = 0
    while flood.is_alive():
        try:
            index.search("en:board", embedding.queries(["one"])[0], 1)
        except KnowledgeError:
            refused += 1
        time.sleep(0.01)
    assert refused
    assert index.search("en:board", embedding.queries(["one"])[0], 1)[0][0] == "a"
    assert not index.broken
    index.close()


async def test_an_index_that_breaks_is_rebuilt_once_while_memory_answers(server: Knowledge) -> None:
    await until(lambda: server._following.is_filled)
    server._following.stand.exact_to = 0  # as if the parts were too large to be searched exactly
    former = index_of(server)
    for collection in former._collections.values():
        former._client.delete_collection(collection.name)
    assert await answers(server)
    await until(lambda: index_of(server) is not former)
    assert await server.verify() == []
    assert await answers(server)


async def test_an_index_that_cannot_be_written_leaves_memory_to_answer_and_says_so(
    database: Database, pack: Path, tmp_path: Path
) -> None:
    class Full(MemoryIndex):
        def hold(self, *_: object) -> None:
            raise KnowledgeError("No space is left for the index.", "索引已无可用空间。", detail="ENOSPC")

    knowledge = await Knowledge.open(database, tmp_path, pack, HashedEmbedding())
    knowledge._following.stand.index = Full()
    await knowledge.sync_pack()
    assert [notice.zh for notice in knowledge.status().notices] == ["索引已无可用空间。"]
    assert await answers(knowledge)
    knowledge._following.stand.index = MemoryIndex()
    await knowledge.catch_up()
    assert knowledge.status().notices == ()
    await knowledge.close()


async def test_a_folder_where_no_store_can_be_written_leaves_memory_to_answer(
    database: Database, pack: Path, tmp_path: Path
) -> None:
    (tmp_path / "index").mkdir()
    (tmp_path / "index" / "current").mkdir()
    knowledge = await Knowledge.open(database, tmp_path, pack, HashedEmbedding(), "chroma")
    await knowledge.sync_pack()
    assert knowledge.status().index == "memory"
    assert "memory" in str(knowledge.status().notices[0])
    assert await answers(knowledge)
    await knowledge.close()


async def test_a_close_in_the_middle_of_a_rebuild_leaves_an_index_that_opens(
    database: Database, pack: Path, tmp_path: Path
) -> None:
    first = await Knowledge.open(database, tmp_path, pack, HashedEmbedding(), "chroma")
    await first.sync_pack()
    rebuilding = asyncio.create_task(first.rebuild())
    await until(lambda: first._following._beside is not None)
    rebuilding.cancel()
    await asyncio.gather(rebuilding, return_exceptions=True)
    await first.close()
    second = await Knowledge.open(database, tmp_path, pack, HashedEmbedding(), "chroma")
    await until(lambda: second._following.is_filled)
    assert await second.verify() == []
    assert await answers(second)
    await second.close()


async def test_pgvector_beside_sqlite_is_refused_with_the_setting_s_name(database: Database, pack: Path, tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="STAGECRAFT_RECORDS__DATABASE_URL"):
        await Knowledge.open(database, tmp_path, pack, HashedEmbedding(), "pgvector")
