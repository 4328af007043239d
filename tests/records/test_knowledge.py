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
