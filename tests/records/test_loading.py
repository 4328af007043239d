"""What search loads, and how it learns that there is something new."""

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


async def test_passages_of_assets_come_in_the_order_of_their_places(records: KnowledgeRecords) -> None:
    await records.put_asset(ASSET, [piece(1), piece(0)])
    await records.put_asset(DRAFT, [piece(2, asset="a2")])
    assert [found.id for found in await records.passages_of(["a1"])] == ["p0", "p1"]
    assert len(await records.passages_of(["a1", "a2", "gone"])) == 3
    assert await records.passages_of([]) == []


async def test_an_index_must_hold_what_somebody_may_find_and_has_a_vector(records: KnowledgeRecords) -> None:
    await records.put_asset(ASSET, [piece(0), piece(1, "other")])
    await records.put_asset(DRAFT, [piece(2, asset="a2")])
    await records.put_asset(replace(DRAFT, id="a3", path="mine.md", uploaded_by="ana"), [piece(3, asset="a3")])
    await records.put_vectors("e5", {piece(0).text_hash: b""})
    assert await records.ids_with_vector("e5") == {"en:board|everyone": ["p0"], "en:@ana": ["p3"]}
    assert await records.ids_with_vector("another") == {}


async def test_every_change_moves_the_generation_that_it_concerns(records: KnowledgeRecords) -> None:
    assert await records.generation("e5") == (0, 0)
    await records.put_asset(ASSET, [piece(0)])
    assert await records.generation("e5") == (1, 0)
    await records.put_vectors("e5", {"x": b""})
    assert await records.generation("e5") == (1, 1)
    assert await records.generation("another") == (1, 0)
    assert await records.generation("") == (1, 0)
    assert await records.refused() == 0
