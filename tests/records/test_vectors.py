"""Vectors are kept by text and embedding, for passages that somebody may find."""

from dataclasses import replace

import pytest

from records.assets import Asset, Passage, text_hash
from records.database import Database, now
from records.knowledge import KnowledgeRecords

ASSET = Asset(
    id="a1", pack="bank", path="rules/limits.en.md", content_hash="h1", title="Limits", shelf="rules", type="domain-rule",
    owner="Ana", groups=("board", "everyone"), status="approved", language="en", updated=now(),
)  # fmt: skip
DRAFT = replace(ASSET, id="a2", path="draft.md", status="draft")


def piece(number: int, text: str = "a text", asset: str = "a1") -> Passage:
    return Passage(f"p{number}", asset, number, "Limits", text, text_hash("Limits", text), "en", 3)


@pytest.fixture
def records(database: Database) -> KnowledgeRecords:
    return KnowledgeRecords(database)


async def test_vectors_are_kept_until_no_passage_needs_them(records: KnowledgeRecords) -> None:
    await records.put_asset(ASSET, [piece(0), piece(1), piece(2, "other")])
    assert await records.missing_vectors("e5") == 2
    waiting = await records.texts_without_vector("e5")
    assert [text for _, text in waiting] == ["Limits\na text", "Limits\nother"]
    await records.put_vectors("e5", {name: b"\0\0\0\0" for name, _ in waiting})
    await records.put_vectors("e5", {waiting[0][0]: b"\1\1\1\1"})
    assert await records.texts_without_vector("e5") == []
    assert len(await records.texts_without_vector("another")) == 2
    assert await records.vectors("e5", [waiting[0][0], "unknown"]) == {waiting[0][0]: b"\0\0\0\0"}
    await records.remove_assets(["a1"])
    assert await records.vectors("e5") == {}


async def test_texts_are_read_as_many_as_are_asked_for(records: KnowledgeRecords) -> None:
    await records.put_asset(ASSET, [piece(number, f"text {number}") for number in range(5)])
    assert [text for _, text in await records.texts_without_vector("e5", 2)] == ["Limits\ntext 0", "Limits\ntext 1"]
    assert await records.missing_vectors("e5") == 5


async def test_of_drafts_only_those_that_a_person_put_in_are_embedded(records: KnowledgeRecords) -> None:
    await records.put_asset(DRAFT, [piece(0, asset="a2")])
    assert (await records.texts_without_vector("e5"), await records.missing_vectors("e5")) == ([], 0)
    await records.put_asset(replace(DRAFT, uploaded_by="ana", file_hash="2"), [piece(0, asset="a2")])
    assert len(await records.texts_without_vector("e5")) == await records.missing_vectors("e5") == 1


async def test_the_vectors_of_former_embeddings_are_dropped_at_once(records: KnowledgeRecords) -> None:
    await records.put_asset(ASSET, [piece(0)])
    for name in ("a", "b", "c"):
        await records.put_vectors(name, {piece(0).text_hash: b"\0\0\0\0"})
    await records.keep_vectors_of(["b"])
    assert await records.embeddings() == {"b"}
    assert await records.vectors("a") == {}
    assert len(await records.vectors("b")) == 1
    assert await records.generation("b") == (1, 1)
    assert await records.generation("a") == (1, 0)
