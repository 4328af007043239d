"""Files that people drop into the chat."""

import asyncio
import shutil
from collections.abc import AsyncIterator
from pathlib import Path
from types import SimpleNamespace

import pytest

from errors import KnowledgeError
from knowledge.intake.uploads import Uploads, folder_of, safe_name
from knowledge.knowledge import Knowledge
from knowledge.reading.section import Reading
from records.database import Database
from tests.doubles.hashed_embedding import HashedEmbedding
from tests.doubles.in_process_reader import InProcessReader

CARD = b"# Freezing\n\nA frozen card declines every payment.\n"


@pytest.fixture
async def knowledge(database: Database, tmp_path: Path) -> AsyncIterator[Knowledge]:
    knowledge = await Knowledge.open(database, tmp_path, tmp_path, HashedEmbedding(256))
    yield knowledge
    await knowledge.close()


@pytest.fixture
def uploads(knowledge: Knowledge, tmp_path: Path) -> Uploads:
    return Uploads(knowledge.records, tmp_path, InProcessReader(), changed=knowledge.catch_up)


async def test_a_file_is_queued_read_and_found_by_its_person_alone(
    uploads: Uploads, knowledge: Knowledge, tmp_path: Path
) -> None:
    upload = await uploads.submit("ana", "cards.md", CARD)
    assert (upload.state, upload.name, upload.bytes) == ("queued", "cards.md", len(CARD))
    await uploads.work_off()
    (after,) = await uploads.list("ana")
    assert after.state == "ready"
    asset = await knowledge.records.asset(after.asset or "")
    assert asset is not None
    assert (asset.pack, asset.status, asset.uploaded_by, asset.path) == ("uploads", "draft", "ana", f"{upload.id}/cards.md")
    assert [hit.asset.id for hit in await knowledge.search("frozen card", groups=frozenset({"everyone", "@ana"}))] == [asset.id]
    assert await knowledge.search("frozen card", groups=frozenset({"everyone", "@ben"})) == []
    assert await uploads.list("ben") == []
    kept = tmp_path / "uploads" / upload.id / "cards.md"
    assert (kept.read_bytes(), kept.stat().st_mode & 0o777, kept.parent.stat().st_mode & 0o777) == (CARD, 0o600, 0o700)


async def test_a_file_on_disk_is_copied(uploads: Uploads, tmp_path: Path) -> None:
    (tmp_path / "given.md").write_bytes(CARD)
    upload = await uploads.submit("ana", "given.md", tmp_path / "given.md")
    (tmp_path / "given.md").unlink()
    await uploads.work_off()
    assert [(found.id, found.state) for found in await uploads.list("ana")] == [(upload.id, "ready")]


async def test_prose_in_another_notation_is_read_as_text(uploads: Uploads, knowledge: Knowledge) -> None:
    await uploads.submit("ana", "cards.adoc", b"= Freezing\n\nA frozen card declines every payment.\n")
    await uploads.work_off()
    (after,) = await uploads.list("ana")
    assert (after.state, after.name) == ("ready", "cards.adoc")
    assert await knowledge.search("frozen card", groups=frozenset({"@ana"})) != []


async def test_front_matter_names_the_readers_to_be_and_approves_nothing(uploads: Uploads, knowledge: Knowledge) -> None:
    front = b"---\nstatus: approved\ngroups: [board]\ntype: standard\n---\n"
    await uploads.submit("ana", "cards.md", front + CARD)
    await uploads.work_off()
    (asset,) = await knowledge.records.assets("uploads")
    assert (asset.status, asset.groups, asset.type) == ("draft", ("board",), "standard")


async def test_a_file_that_cannot_be_read_is_refused_with_the_reason_in_both_languages_and_not_kept(
    uploads: Uploads, knowledge: Knowledge, tmp_path: Path
) -> None:
    upload = await uploads.submit("ana", "logo.png", b"\x89PNG\r\n\x1a\n\0")
    await uploads.work_off()
    (after,) = await uploads.list("ana")
    assert (after.state, after.asset) == ("refused", None)
    assert after.reason is not None
    assert after.reason["en"] != after.reason["zh"] != ""
    assert not (tmp_path / "uploads" / upload.id).exists()
    assert await knowledge.records.assets("uploads") == []


async def test_the_same_bytes_once_more_lead_to_the_same_asset(uploads: Uploads, knowledge: Knowledge) -> None:
    await uploads.submit("ana", "cards.md", CARD)
    await uploads.submit("ana", "again.md", CARD)
    await uploads.work_off()
    third = await uploads.submit("ana", "third.md", CARD)
    assert third.state == "ready"
    assert len({upload.asset for upload in await uploads.list("ana")}) == 1
    await uploads.submit("ben", "cards.md", CARD)
    await uploads.work_off()
    assert sorted(asset.uploaded_by for asset in await knowledge.records.assets("uploads")) == ["ana", "ben"]


async def test_too_many_too_large_and_empty_files_are_refused_in_words(uploads: Uploads, tmp_path: Path) -> None:
    for number in range(5):
        await uploads.submit("ana", f"{number}.md", CARD + str(number).encode())
    with pytest.raises(KnowledgeError, match="5 of your files wait"):
        await uploads.submit("ana", "6.md", CARD)
    await uploads.submit("ben", "other.md", CARD)
    with pytest.raises(KnowledgeError, match="20 MB"):
        await uploads.submit("ben", "large.md", b"x" * (20 * 1024 * 1024 + 1))
    with pytest.raises(KnowledgeError, match="empty"):
        await uploads.submit("ben", "empty.md", b"")
    assert len(list((tmp_path / "uploads").iterdir())) == 6


async def test_a_full_disk_takes_no_file(uploads: Uploads, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=400 * 1024 * 1024))
    with pytest.raises(KnowledgeError, match="Only 400 MB"):
        await uploads.submit("ana", "cards.md", CARD)
    assert await uploads.list("ana") == []


async def test_what_a_stop_left_in_the_middle_is_gone_on_with(uploads: Uploads, knowledge: Knowledge, tmp_path: Path) -> None:
    class Stopping(InProcessReader):
        async def read(self, path: Path, name: str | None = None) -> Reading:
            raise asyncio.CancelledError

    dying = Uploads(knowledge.records, tmp_path, Stopping(), changed=knowledge.catch_up)
    await dying.submit("ana", "cards.md", CARD)
    with pytest.raises(asyncio.CancelledError):
        await dying.work_off()
    assert [upload.state for upload in await uploads.list("ana")] == ["reading"]
    working = asyncio.create_task(uploads.run())
    try:
        async with asyncio.timeout(10):
            while [upload.state for upload in await uploads.list("ana")] != ["ready"]:
                await asyncio.sleep(0.01)
            await uploads.submit("ana", "more.md", CARD + b"more")
            while {upload.state for upload in await uploads.list("ana")} != {"ready"}:
                await asyncio.sleep(0.01)
    finally:
        working.cancel()
        await asyncio.gather(working, return_exceptions=True)


async def test_a_file_that_was_lost_is_told(uploads: Uploads, tmp_path: Path) -> None:
    await uploads.submit("ana", "cards.md", CARD)
    shutil.rmtree(tmp_path / "uploads")
    await uploads.work_off()
    (after,) = await uploads.list("ana")
    assert after.reason is not None
    assert "lost" in after.reason["en"]


async def test_a_person_removes_their_own_draft_with_its_file(uploads: Uploads, knowledge: Knowledge, tmp_path: Path) -> None:
    upload = await uploads.submit("ana", "cards.md", CARD)
    await uploads.work_off()
    with pytest.raises(KnowledgeError, match="no such upload of yours"):
        await uploads.remove(upload.id, "ben")
    await uploads.remove(upload.id, "ana")
    assert (await uploads.list("ana"), await knowledge.records.assets("uploads")) == ([], [])
    assert not folder_of(tmp_path, upload.id).exists()


async def test_what_is_approved_is_not_its_persons_to_remove(uploads: Uploads, knowledge: Knowledge) -> None:
    upload = await uploads.submit("ana", "cards.md", CARD)
    await uploads.work_off()
    (asset,) = await knowledge.records.assets("uploads")
    await knowledge.records.settle_asset(asset.id, {"status": "approved"}, "approved", "cora")
    with pytest.raises(KnowledgeError, match="Ask a curator"):
        await uploads.remove(upload.id, "ana")
    assert len(await uploads.list("ana")) == 1


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\ana\\limits.docx", "limits.docx"),
        ("限额.docx", "限额.docx"),
        ("a\u202etxt.exe\x1b[31m.md", "atxt.exe[31m.md"),
        ("...", "file"),
        ("", "file"),
        ("x" * 300 + ".docx", "x" * 115 + ".docx"),
        (".env", "env"),
    ],
)
def test_a_name_is_kept_without_folders_and_commands(given: str, kept: str) -> None:
    assert safe_name(given) == kept
