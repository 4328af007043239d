"""Where packs come from and what was refused of them, on every database."""

from dataclasses import replace

import pytest

from records.database import Database, now
from records.knowledge import KnowledgeRecords
from records.sources import Refusal

REFUSAL = Refusal("bank", "a.pdf", "f1", {"en": "It is locked.", "zh": "文件已加密。"}, now())


@pytest.fixture
def records(database: Database) -> KnowledgeRecords:
    return KnowledgeRecords(database)


async def test_the_folder_of_a_pack_is_kept_until_the_pack_goes(records: KnowledgeRecords) -> None:
    await records.put_pack_root("bank", "/one")
    await records.put_pack_root("bank", "/two")
    assert await records.pack_roots() == {"bank": "/two"}
    await records.put_refusal(REFUSAL)
    await records.remove_pack("bank")
    assert (await records.pack_roots(), await records.refusals()) == ({}, [])


async def test_a_refusal_is_replaced_and_forgotten(records: KnowledgeRecords) -> None:
    await records.put_refusal(REFUSAL)
    await records.put_refusal(replace(REFUSAL, file_hash="f2"))
    await records.put_refusal(replace(REFUSAL, pack="other"))
    assert [refusal.file_hash for refusal in await records.refusals("bank")] == ["f2"]
    await records.drop_refusals("bank", ["a.pdf", "b.pdf"])
    assert [refusal.pack for refusal in await records.refusals()] == ["other"]
