"""The knowledge as it is committed, on every database."""

from dataclasses import replace

import pytest

from errors import KnowledgeError
from records.database import Database, now
from records.knowledge import Asset, KnowledgeRecords, Passage, text_hash

ASSET = Asset(
    id="a1", pack="bank", path="rules/limits.en.md", content_hash="h1", title="Limits", shelf="rules", type="domain-rule",
    owner="Ana", groups=("board", "everyone"), status="approved", language="en", updated=now(),
)  # fmt: skip


def piece(number: int, text: str = "a text") -> Passage:
    return Passage(f"p{number}", "a1", number, "Limits", text, text_hash("Limits", text), "en", 3)


@pytest.fixture
def records(database: Database) -> KnowledgeRecords:
    return KnowledgeRecords(database)


async def test_an_asset_comes_back_as_it_was_put(records: KnowledgeRecords) -> None:
    await records.put_asset(ASSET, [piece(1), piece(0, "first")])
    (asset,) = await records.assets("bank")
    assert (asset.groups, asset.partition) == (("board", "everyone"), "en:board|everyone")
    assert [found.text for found, _ in await records.passages()] == ["first", "a text"]
    found = await records.passages_by_id(["p1", "gone"])
    assert {name: (p.text, a.title) for name, (p, a) in found.items()} == {"p1": ("a text", "Limits")}


async def test_a_new_version_takes_the_place_of_the_former(records: KnowledgeRecords) -> None:
    await records.put_asset(ASSET, [piece(0), piece(1)])
    await records.put_asset(replace(ASSET, title="New"), [piece(2)])
    assert [(found.id, asset.title) for found, asset in await records.passages()] == [("p2", "New")]


async def test_vectors_are_kept_by_text_and_embedding_until_no_passage_needs_them(records: KnowledgeRecords) -> None:
    await records.put_asset(ASSET, [piece(0), piece(1), piece(2, "other")])
    waiting = await records.texts_without_vector("e5")
    assert [text for _, text in waiting] == ["Limits\na text", "Limits\nother"]
    await records.put_vectors("e5", {name: b"\0\0\0\0" for name, _ in waiting})
    await records.put_vectors("e5", {waiting[0][0]: b"\1\1\1\1"})
    assert await records.texts_without_vector("e5") == []
    assert len(await records.texts_without_vector("another")) == 2
    assert await records.vectors("e5", without=frozenset([waiting[1][0]])) == {waiting[0][0]: b"\0\0\0\0"}
    await records.remove_assets(["a1"])
    assert await records.vectors("e5") == {}


async def test_drafts_are_not_embedded(records: KnowledgeRecords) -> None:
    await records.put_asset(replace(ASSET, status="draft"), [piece(0)])
    assert await records.texts_without_vector("e5") == []


async def test_every_change_moves_the_generation_that_it_concerns(records: KnowledgeRecords) -> None:
    assert await records.generation("e5") == (0, 0)
    await records.put_asset(ASSET, [piece(0)])
    assert await records.generation("e5") == (1, 0)
    await records.put_vectors("e5", {"x": b""})
    assert await records.generation("e5") == (1, 1)
    assert await records.generation("another") == (1, 0)
    assert await records.generation("") == (1, 0)


async def test_digests_name_what_an_index_must_hold(records: KnowledgeRecords) -> None:
    await records.put_digests("e5", {"en:everyone": "d1", "zh:everyone": "d2"})
    await records.put_digests("e5", {"en:everyone": "d3"})
    assert await records.digests("e5") == {"en:everyone": "d3"}
    assert await records.digests("another") == {}


async def test_a_pack_is_removed_with_its_terms(records: KnowledgeRecords) -> None:
    term = {"id": "t", "kind": "role", "context": "c", "en": "x", "zh": "某", "owner": "o", "status": "approved"}
    names = {"definition": {"en": "d", "zh": "定"}, "aliases": {"en": ["y"], "zh": []}, "forbidden": {"en": [], "zh": []}}
    await records.put_terms("bank", [term | names])
    await records.put_asset(ASSET, [piece(0)])
    assert (await records.terms())[0]["aliases"] == {"en": ["y"], "zh": []}
    await records.remove_pack("bank")
    assert (await records.terms(), await records.assets()) == ([], [])


async def test_a_database_without_tables_is_a_sentence_not_a_stack_of_errors(blank: Database) -> None:
    with pytest.raises(KnowledgeError, match="cannot be read"):
        await KnowledgeRecords(blank).assets()
