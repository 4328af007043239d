"""Taking packs in."""

import asyncio
import os
import shutil
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from errors import KnowledgeError
from knowledge.intake.ingest import Ingested, Progress, ingest
from knowledge.reading.reader import Reader
from records.database import Database
from records.knowledge import KnowledgeRecords
from tests.doubles.hashed_embedding import HashedEmbedding
from tests.doubles.in_process_reader import InProcessReader


async def taken_in(records: KnowledgeRecords, source: Path, embedding: HashedEmbedding | None = None, **more: Any) -> Ingested:
    return await ingest(records, source, embedding=embedding, data_dir=source.parent, **{"reader": InProcessReader(), **more})


def notes_in(folder: Path, count: int) -> Path:
    folder.mkdir()
    for number in range(count):
        (folder / f"{number}.md").write_text(f"note number {number} about transfers", "utf-8")
    return folder


async def test_a_pack_is_committed_with_its_vectors(records: KnowledgeRecords, pack: Path) -> None:
    ingested = await taken_in(records, pack, HashedEmbedding())
    assert (ingested.added, ingested.changed, ingested.removed, ingested.terms) == (5, 0, 0, 4)
    rows = await records.passages()
    approved = [piece for piece, asset in rows if asset.status == "approved"]
    assert set(await records.vectors("hashed-words")) == {piece.text_hash for piece in approved}
    board = next(asset for _, asset in rows if "board" in asset.path)
    assert (board.groups, board.shelf, board.type, board.status) == (("board",), "secret", "domain-rule", "approved")


async def test_unchanged_files_are_not_even_read_and_nothing_is_embedded_twice(records: KnowledgeRecords, pack: Path) -> None:
    embedding, reader = HashedEmbedding(), InProcessReader()
    await taken_in(records, pack, embedding)
    before, generation = embedding.passages_made, await records.generation("hashed-words")
    assert (await taken_in(records, pack, embedding, reader=reader)).unchanged == 5
    assert (embedding.passages_made, await records.generation("hashed-words")) == (before, generation)
    assert reader.asked == []


async def test_another_length_of_passages_has_every_file_read_anew(records: KnowledgeRecords, pack: Path) -> None:
    await taken_in(records, pack)
    assert (await taken_in(records, pack, passage_tokens=80)).changed == 5


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
    await taken_in(records, pack, HashedEmbedding())
    (board,) = [asset for asset in await records.assets() if "board" in asset.path]
    shutil.rmtree(pack / "shelves/secret")
    assert (await taken_in(records, pack, HashedEmbedding())).removed == 1
    assert not any("9,000" in piece.text for piece, _ in await records.passages())
    approved = {piece.text_hash for piece, asset in await records.passages() if asset.status == "approved"}
    assert len(await records.vectors("hashed-words")) == len(approved)
    assert [event.what for event in await records.asset_events(board.id)] == ["added", "removed"]


async def test_a_moved_file_keeps_its_asset_its_passages_its_vectors_and_its_history(
    records: KnowledgeRecords, pack: Path
) -> None:
    embedding = HashedEmbedding()
    await taken_in(records, pack, embedding)
    before = {asset.path: asset.id for asset in await records.assets()}
    ids = {piece.id for piece, _ in await records.passages()}
    made = embedding.passages_made
    (pack / "shelves/archive").mkdir()
    shutil.move(pack / "shelves/rules/limits.en.md", pack / "shelves/archive/limits.2026.en.md")
    ingested = await taken_in(records, pack, embedding)
    assert (ingested.moved, ingested.added, ingested.removed, ingested.unchanged) == (1, 0, 0, 4)
    assets = {asset.path: asset for asset in await records.assets()}
    assert assets["shelves/archive/limits.2026.en.md"].id == before["shelves/rules/limits.en.md"]
    assert ({piece.id for piece, _ in await records.passages()}, embedding.passages_made) == (ids, made)
    events = await records.asset_events(before["shelves/rules/limits.en.md"])
    assert [(event.what, event.path) for event in events] == [
        ("added", "shelves/rules/limits.en.md"),
        ("moved", "shelves/archive/limits.2026.en.md"),
    ]


async def test_a_new_file_in_the_place_of_one_that_moved_is_another_asset(records: KnowledgeRecords, tmp_path: Path) -> None:
    notes = notes_in(tmp_path / "notes", 2)
    await taken_in(records, notes)
    (notes / "0.md").rename(notes / "moved.md")
    await taken_in(records, notes)
    (notes / "0.md").write_text("something new", "utf-8")
    assert (await taken_in(records, notes)).added == 1
    assert len({asset.id for asset in await records.assets()}) == 3


async def test_a_moved_file_without_a_title_of_its_own_is_called_by_its_new_name(
    records: KnowledgeRecords, tmp_path: Path
) -> None:
    notes = notes_in(tmp_path / "notes", 1)
    await taken_in(records, notes)
    (notes / "cards").mkdir()
    (notes / "0.md").rename(notes / "cards" / "freezing.md")
    await taken_in(records, notes)
    (asset,) = await records.assets()
    assert (asset.title, asset.shelf) == ("freezing", "cards")


async def test_what_a_curator_set_stays_when_the_file_changes_or_moves(records: KnowledgeRecords, tmp_path: Path) -> None:
    notes = notes_in(tmp_path / "notes", 1)
    await taken_in(records, notes)
    (asset,) = await records.assets()
    await records.settle_asset(asset.id, {"status": "retired", "groups": ["board"]}, "retired", "ana")
    (notes / "0.md").write_text("another text", "utf-8")
    await taken_in(records, notes)
    (notes / "0.md").rename(notes / "1.md")
    await taken_in(records, notes)
    (after,) = await records.assets()
    assert (after.id, after.status, after.groups, after.path) == (asset.id, "retired", ("board",), "1.md")


async def test_a_refused_file_keeps_its_former_version_and_is_read_again_only_when_it_changes_or_on_demand(
    records: KnowledgeRecords, pack: Path
) -> None:
    await taken_in(records, pack)
    file = pack / "shelves/secret/board.en.md"
    sound = file.read_bytes()
    file.write_bytes(b"\0\1")
    ingested = await taken_in(records, pack)
    assert (ingested.removed, [problem.file for problem in ingested.problems]) == (0, ["shelves/secret/board.en.md"])
    assert len(await records.assets("small-bank")) == 5
    (refusal,) = await records.refusals("small-bank")
    assert refusal.reason["en"] == ingested.problems[0].reason
    assert refusal.reason["zh"] == ingested.problems[0].zh != ""
    reader = InProcessReader()
    again = await taken_in(records, pack, reader=reader)
    assert (again.problems, reader.asked) == (ingested.problems, [])
    await taken_in(records, pack, reader=reader, retry=True)
    assert reader.asked == ["board.en.md"]
    file.write_bytes(sound.replace(b"9,000", b"8,000"))
    mended = await taken_in(records, pack)
    assert (mended.changed, mended.problems, await records.refusals()) == (1, (), [])


async def test_a_refusal_is_forgotten_with_its_file(records: KnowledgeRecords, pack: Path) -> None:
    file = pack / "broken.md"
    file.write_bytes(b"\0")
    await taken_in(records, pack)
    file.unlink()
    await taken_in(records, pack)
    assert await records.refusals() == []


@pytest.mark.skipif(os.geteuid() == 0, reason="root may open every folder")
async def test_what_lies_in_a_folder_that_is_closed_for_the_moment_is_not_gone(records: KnowledgeRecords, pack: Path) -> None:
    await taken_in(records, pack)
    (pack / "shelves/secret").chmod(0)
    ingested = await taken_in(records, pack)
    (pack / "shelves/secret").chmod(0o700)
    assert (ingested.removed, ingested.problems[0].file) == (0, "shelves/secret")


async def test_a_folder_that_is_suddenly_empty_does_not_empty_the_pack(records: KnowledgeRecords, tmp_path: Path) -> None:
    notes = notes_in(tmp_path / "notes", 2)
    await taken_in(records, notes)
    shutil.rmtree(notes)
    notes.mkdir()
    with pytest.raises(KnowledgeError, match="empty now"):
        await taken_in(records, notes)
    assert len(await records.assets()) == 2


async def test_another_folder_of_the_same_name_does_not_take_the_place_of_the_first(
    records: KnowledgeRecords, tmp_path: Path
) -> None:
    first, other = notes_in(tmp_path / "notes", 2), tmp_path / "other"
    other.mkdir()
    second = notes_in(other / "notes", 3)
    await taken_in(records, first)
    with pytest.raises(KnowledgeError, match="--as-pack NAME"):
        await taken_in(records, second)
    assert (await taken_in(records, second, as_pack="notes-b")).added == 3
    shutil.rmtree(first)
    assert (await taken_in(records, second)).removed == 0


async def test_the_name_of_the_uploads_pack_is_kept(records: KnowledgeRecords, tmp_path: Path) -> None:
    with pytest.raises(KnowledgeError, match="kept for files from the chat"):
        await taken_in(records, notes_in(tmp_path / "uploads", 1))


async def test_a_stop_while_files_are_read_is_gone_on_from(records: KnowledgeRecords, tmp_path: Path) -> None:
    notes = notes_in(tmp_path / "notes", 6)

    def stop(step: Progress) -> None:
        if step.done == 3:
            raise RuntimeError("the power went")

    with pytest.raises(RuntimeError, match="power"):
        await taken_in(records, notes, progress=stop)
    assert len(await records.assets()) == 3
    ingested = await taken_in(records, notes)
    assert (ingested.added, ingested.unchanged) == (3, 3)


async def test_a_stop_while_vectors_are_made_is_gone_on_from(records: KnowledgeRecords, tmp_path: Path) -> None:
    notes = notes_in(tmp_path / "notes", 100)
    with pytest.raises(RuntimeError, match="power"):
        await taken_in(records, notes, HashedEmbedding(fail_after=20))
    made = len(await records.vectors("hashed-words"))
    assert 20 <= made < 100
    again = HashedEmbedding()
    await taken_in(records, notes, again)
    assert again.passages_made == 100 - made


async def test_two_ingests_at_once_leave_one_whole_state(database: Database, tmp_path: Path) -> None:
    notes = notes_in(tmp_path / "notes", 25)
    first, second = KnowledgeRecords(database), KnowledgeRecords(Database(database.url))
    await asyncio.gather(taken_in(first, notes, HashedEmbedding()), taken_in(second, notes, HashedEmbedding()))
    await second.database.close()
    assert (len(await first.assets()), len(await first.passages())) == (25, 25)
    for asset in await first.assets():
        assert [event.what for event in await first.asset_events(asset.id)] == ["added"]


async def test_one_more_folder_leaves_the_pack_as_it_is(records: KnowledgeRecords, pack: Path, tmp_path: Path) -> None:
    await taken_in(records, pack)
    notes = notes_in(tmp_path / "notes", 1)
    await taken_in(records, notes)
    await taken_in(records, notes / "0.md")
    assert [asset.pack for asset in await records.assets()] == ["notes", *["small-bank"] * 5]
    assert len(await records.terms()) == 4


async def test_one_file_of_a_pack_is_renewed_without_the_others(records: KnowledgeRecords, pack: Path) -> None:
    await taken_in(records, pack)
    file = pack / "shelves/rules/limits.en.md"
    file.write_text(file.read_text("utf-8").replace("5,000", "6,000"), "utf-8")
    ingested = await taken_in(records, file)
    assert (ingested.pack, ingested.changed, ingested.removed) == ("small-bank", 1, 0)
    assert len(await records.assets()) == 5


async def test_one_file_of_a_folder_that_was_taken_in_belongs_to_it(records: KnowledgeRecords, tmp_path: Path) -> None:
    notes = notes_in(tmp_path / "notes", 1)
    notes_in(notes / "cards", 2)
    await taken_in(records, notes)
    (notes / "cards" / "0.md").write_text("changed", "utf-8")
    ingested = await taken_in(records, notes / "cards" / "0.md")
    assert (ingested.pack, ingested.changed, ingested.added) == ("notes", 1, 0)


async def test_a_file_named_itself_is_refused_with_a_reason_where_its_kind_is_not_read(
    records: KnowledgeRecords, tmp_path: Path
) -> None:
    (tmp_path / "logo.png").write_bytes(b"\x89PNG\r\n\x1a\n" + b"\0" * 20)
    ingested = await taken_in(records, tmp_path / "logo.png")
    assert [problem.file for problem in ingested.problems] == ["logo.png"]


async def test_the_defaults_of_a_pack_say_what_files_without_front_matter_are(records: KnowledgeRecords, pack: Path) -> None:
    heading = pack / "pack.yaml"
    (pack / "apis").mkdir()
    (pack / "apis" / "codes.csv").write_text("code,meaning\nPAY-4212,limit passed\n", "utf-8")
    written = heading.read_text("utf-8")
    await taken_in(records, pack)
    heading.write_text(f"{written}defaults:\n- {{path: 'apis/**', type: api, shelf: interfaces, groups: [board]}}\n", "utf-8")
    assert (await taken_in(records, pack)).changed == 1
    (codes,) = [asset for asset in await records.assets() if asset.path == "apis/codes.csv"]
    assert (codes.type, codes.shelf, codes.groups) == ("api", "interfaces", ("board",))


async def test_files_are_read_by_a_process_of_their_own(records: KnowledgeRecords, pack: Path) -> None:
    reader = Reader()
    try:
        assert (await taken_in(records, pack, reader=reader)).added == 5
    finally:
        await reader.close()


async def test_without_a_reader_an_ingest_starts_one_of_its_own(records: KnowledgeRecords, pack: Path) -> None:
    assert (await taken_in(records, pack, reader=None)).added == 5


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
    assert Progress("reading", 5, 5) in steps
    assert steps[-1].doing == "embedding"
    assert steps[-1].done == steps[-1].total > 0


async def test_an_asset_that_was_put_twice_is_committed_once(records: KnowledgeRecords, tmp_path: Path) -> None:
    await taken_in(records, notes_in(tmp_path / "notes", 1))
    ((piece, asset),) = await records.passages()
    assert not await records.put_asset(asset, [piece])
    assert await records.put_asset(replace(asset, file_hash="another"), [piece])
