"""Missing vectors are made batch by batch, and every batch that was made is kept."""

import shutil
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest

from errors import KnowledgeError
from knowledge.embeddings.vectorising import _next_size, vectorise
from knowledge.intake.progress import Progress
from records.assets import Asset, Passage, text_hash
from records.database import now
from records.knowledge import KnowledgeRecords
from tests.doubles.hashed_embedding import HashedEmbedding

ASSET = Asset(
    id="a", pack="bank", path="a.md", content_hash="1", title="Limits", shelf="rules", type="domain-rule", owner="",
    groups=("everyone",), status="approved", language="en", updated=now(),
)  # fmt: skip


async def put(records: KnowledgeRecords, count: int) -> None:
    pieces = [Passage(f"p{n}", "a", n, "L", f"text {n}", text_hash("L", f"text {n}"), "en", 3) for n in range(count)]
    await records.put_asset(ASSET, pieces)


async def test_all_that_is_missing_is_made_once_and_told_in_order(records: KnowledgeRecords, tmp_path: Path) -> None:
    await put(records, 40)
    embedding, steps = HashedEmbedding(), list[Progress]()
    assert await vectorise(records, embedding, data_dir=tmp_path, progress=steps.append) == 40
    assert (steps[0], steps[-1]) == (Progress("embedding", 0, 40), Progress("embedding", 40, 40))
    assert [step.done for step in steps] == sorted(step.done for step in steps)
    assert await vectorise(records, embedding, data_dir=tmp_path) == 0
    assert embedding.passages_made == 40


async def test_what_was_made_before_a_failure_is_kept(records: KnowledgeRecords, tmp_path: Path) -> None:
    await put(records, 60)
    with pytest.raises(RuntimeError):
        await vectorise(records, HashedEmbedding(fail_after=40), data_dir=tmp_path)
    assert await records.missing_vectors("hashed-words") == 60 - 48
    assert await vectorise(records, HashedEmbedding(), data_dir=tmp_path) == 12


async def test_a_full_disk_stops_it_in_words(records: KnowledgeRecords, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    await put(records, 1)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=400 * 1024 * 1024))
    with pytest.raises(KnowledgeError, match="Only 400 MB") as refused:
        await vectorise(records, HashedEmbedding(), data_dir=tmp_path)
    assert "400 MB" in refused.value.sentence("zh")


async def test_drafts_that_nobody_put_in_by_hand_get_no_vector(records: KnowledgeRecords, tmp_path: Path) -> None:
    piece = Passage("p", "a", 0, "L", "text", text_hash("L", "text"), "en", 3)
    await records.put_asset(replace(ASSET, status="draft"), [piece])
    assert await vectorise(records, HashedEmbedding(), data_dir=tmp_path) == 0


@pytest.mark.parametrize(
    ("size", "seconds", "then"), [(16, 0.1, 32), (256, 0.1, 256), (64, 1.0, 64), (64, 5.0, 32), (16, 60.0, 16)]
)
def test_a_batch_takes_about_a_second(size: int, seconds: float, then: int) -> None:
    assert _next_size(size, seconds) == then
