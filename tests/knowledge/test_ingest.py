"""Taking packs in."""

import shutil
from pathlib import Path
from types import SimpleNamespace

import pytest

from errors import KnowledgeError
from knowledge.index import digest_of
from knowledge.ingest import Ingested, Progress, ingest
from records.knowledge import KnowledgeRecords
from tests.doubles.hashed_embedding import HashedEmbedding


async def taken_in(records: KnowledgeRecords, source: Path, embedding: HashedEmbedding | None = None, **more: object) -> Ingested:
    return await ingest(records, source, embedding=embedding, data_dir=source.parent, **more)  # type: ignore[arg-type]


async def test_a_pack_is_committed_with_its_vectors_and_the_state_of_its_index(records: KnowledgeRecords, pack: Path) -> None:
    embedding = HashedEmbedding()
    ingested = await taken_in(records, pack, embedding)
    assert (ingested.added, ingested.changed, ingested.removed, ingested.terms) == (5, 0, 0, 4)
    rows = await records.passages()
    approved = [piece for piece, asset in rows if asset.status == "approved"]
    assert set(await records.vectors("hashed-words")) == {piece.text_hash for piece in approved}
    digests = await records.digests("hashed-words")
    assert set(digests) == {"en:everyone", "zh:everyone", "en:board"}
    assert digests["en:board"] == digest_of(piece.id for piece, asset in rows if "board" in asset.path)


async def test_unchanged_files_are_not_touched_and_nothing_is_embedded_twice(records: KnowledgeRecords, pack: Path) -> None:
    embedding = HashedEmbedding()
    await taken_in(records, pack, embedding)
    before, generation = embedding.passages_made, await records.generation("hashed-words")
    assert (await taken_in(records, pack, embedding)).unchanged == 5
    assert (embedding.passages_made, await records.generation("hashed-words")) == (before, generation)


async def test_a_changed_file_embeds_only_what_changed_and_a_former_text_leaves_no_vector(
    records: KnowledgeRecords, pack: Path
) -> None:
    embedding = HashedEmbedding()
    await taken_in(records, pack, embedding)
    before = embedding.passages_made
    file = pack / "shelves/rules/limits.en.md"
    file.write_text(file.read_text("utf-8").replace("5,000", "6,000"), "utf-8")
    assert (await taken_in(records, pack, embedding)).changed == 1
    assert embedding.passages_made == before + 1
    assert len(await records.vectors("hashed-words")) == before


async def test_a_removed_file_vanishes_with_its_passages_and_vectors(records: KnowledgeRecords, pack: Path) -> None:
    embedding = HashedEmbedding()
    await taken_in(records, pack, embedding)
    shutil.rmtree(pack / "shelves/secret")
    assert (await taken_in(records, pack, embedding)).removed == 1
    assert not any("9,000" in piece.text for piece, _ in await records.passages())
    assert len(await records.vectors("hashed-words")) == len(
        {piece.text_hash for piece, asset in await records.passages() if asset.status == "approved"}
    )
    assert "en:board" not in await records.digests("hashed-words")


async def test_a_file_that_cannot_be_read_for_once_keeps_its_former_version(records: KnowledgeRecords, pack: Path) -> None:
    await taken_in(records, pack)
    (pack / "shelves/secret/board.en.md").write_bytes(b"\0")
    ingested = await taken_in(records, pack)
    assert (ingested.removed, [problem.file for problem in ingested.problems]) == (0, ["shelves/secret/board.en.md"])
    assert len(await records.assets("small-bank")) == 5


async def test_a_stop_in_the_middle_is_gone_on_from(records: KnowledgeRecords, pack: Path, tmp_path: Path) -> None:
    notes = tmp_path / "notes"
    notes.mkdir()
    for number in range(40):
        (notes / f"{number}.md").write_text(f"note number {number} about transfers", "utf-8")
    with pytest.raises(RuntimeError, match="power"):
        await taken_in(records, notes, HashedEmbedding(fail_after=32))
    assert len(await records.vectors("hashed-words")) == 32
    again = HashedEmbedding()
    await taken_in(records, notes, again)
    assert again.passages_made == 8


async def test_one_more_folder_leaves_the_pack_as_it_is(records: KnowledgeRecords, pack: Path, tmp_path: Path) -> None:
    await taken_in(records, pack)
    (tmp_path / "notes").mkdir()
    (tmp_path / "notes" / "one.txt").write_text("a note", "utf-8")
    await taken_in(records, tmp_path / "notes")
    await taken_in(records, tmp_path / "notes" / "one.txt")
    assert [asset.pack for asset in await records.assets()] == ["notes", *["small-bank"] * 5]
    assert len(await records.terms()) == 4


async def test_a_full_disk_is_refused_before_anything_is_written(
    records: KnowledgeRecords, pack: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=400 * 1024 * 1024))
    with pytest.raises(KnowledgeError, match="Only 400 MB"):
        await taken_in(records, pack)
    assert await records.assets() == []


async def test_progress_is_told_from_beginning_to_end(records: KnowledgeRecords, pack: Path) -> None:
    steps: list[Progress] = []
    await taken_in(records, pack, HashedEmbedding(), progress=steps.append)
    assert steps[0] == Progress("reading", 0, 5)
    assert steps[-1].doing == "embedding"
    assert steps[-1].done == steps[-1].total > 0
