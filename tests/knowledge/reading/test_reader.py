"""Reading files in a process of their own."""

import asyncio
import io
import os
import signal
import sys
import time
import zipfile
from collections.abc import AsyncIterator
from pathlib import Path

import psutil
import pytest

from knowledge.reading.reader import Allowance, Reader
from knowledge.reading.section import CannotRead
from tests.doubles.office_files import LIMITS_ZH, transfer_standard_docx, write_office_files


@pytest.fixture
async def reader() -> AsyncIterator[Reader]:
    reader = Reader()
    yield reader
    await reader.close()


@pytest.fixture
def note(tmp_path: Path) -> Path:
    path = tmp_path / "note.md"
    path.write_text("# Guide\n\nThe limit is CNY 50,000. 限额为人民币五万元。", encoding="utf-8")
    return path


def large_document(path: Path, paragraphs: int) -> Path:
    """Write a Word document of a few megabytes that takes a hundred times that in memory."""
    target = io.BytesIO()
    body = "".join(f"<w:p><w:r><w:t>{number * 7919 % 99991}</w:t></w:r></w:p>" for number in range(paragraphs))
    with (
        zipfile.ZipFile(io.BytesIO(transfer_standard_docx())) as source,
        zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as copy,
    ):
        for member in source.infolist():
            content = source.read(member)
            if member.filename == "word/document.xml":
                content = content.replace(b"<w:body>", b"<w:body>" + body.encode())
            copy.writestr(member, content)
    path.write_bytes(target.getvalue())
    return path


def long_table(path: Path) -> Path:
    path.write_text("name,limit,remark\n" + "transfer,50000,checked\n" * 190_000)
    return path


async def test_one_process_reads_many_files(reader: Reader, tmp_path: Path) -> None:
    processes = set()
    for path in sorted(write_office_files(tmp_path).iterdir()):
        assert (await reader.read(path)).sections
        processes.add(reader.worker_id)
    assert len(processes) == 1


async def test_many_who_ask_at_once_get_each_their_own(reader: Reader, tmp_path: Path) -> None:
    paths = [tmp_path / f"{number}.md" for number in range(30)]
    for path in paths:
        path.write_text(f"text {path.stem}")
    readings = await asyncio.gather(*(reader.read(path) for path in paths))
    assert [reading.sections[0].text for reading in readings] == [f"text {path.stem}" for path in paths]


async def test_rows_of_tables_are_read(reader: Reader, tmp_path: Path) -> None:
    folder = write_office_files(tmp_path)
    assert await reader.rows(folder / "limits.xlsx", "限额") == LIMITS_ZH
    assert len(await reader.rows(folder / "limits-gb18030.csv")) == 8


async def test_a_file_is_read_by_the_name_that_it_is_given(reader: Reader, note: Path, tmp_path: Path) -> None:
    stored = note.rename(tmp_path / "0f3a")
    assert (await reader.read(stored, "limits.en.md")).title == "Guide"


async def test_a_refusal_comes_in_both_languages(reader: Reader, tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text("[" * 100)
    with pytest.raises(CannotRead, match="64 levels") as refusal:
        await reader.read(tmp_path / "a.json")
    assert "64 层" in refusal.value.zh


async def test_what_is_no_plain_file_is_refused_without_waiting(reader: Reader, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.md")
    for path, words in (
        (tmp_path, "no plain file"),
        (tmp_path / "pipe.md", "no plain file"),
        (tmp_path / "gone.md", "cannot be opened"),
    ):
        with pytest.raises(CannotRead, match=words):
            await reader.read(path)
    assert reader.worker_id is None


async def test_a_file_of_more_than_20_mb_is_refused(reader: Reader, tmp_path: Path) -> None:
    with (tmp_path / "a.txt").open("wb") as file:
        file.truncate(20 * 1024 * 1024 + 1)
    with pytest.raises(CannotRead, match="20 MB"):
        await reader.read(tmp_path / "a.txt")


@pytest.mark.parametrize(
    ("allowance", "words", "chinese"),
    [
        (Allowance(memory=120 * 1024 * 1024), "1 GB of memory", "内存超过 1 GB"),
        (Allowance(cpu=0.2), "0.2 s of computing", "计算时间超过 0.2 秒"),
        (Allowance(wall=1.5), "longer than 1.5 s", "用时超过 1.5 秒"),
    ],
)
async def test_a_file_beyond_a_limit_is_refused_and_the_next_is_read(
    allowance: Allowance, words: str, chinese: str, tmp_path: Path, note: Path
) -> None:
    reader = Reader(allowance)
    path = large_document(tmp_path / "large.docx", 600_000)
    try:
        with pytest.raises(CannotRead, match=words) as refusal:
            await reader.read(path)
        assert chinese in refusal.value.zh
        assert (await reader.read(note)).title == "Guide"
    finally:
        await reader.close()


@pytest.mark.slow
async def test_a_small_document_that_would_take_gigabytes_stays_below_one(reader: Reader, tmp_path: Path, note: Path) -> None:
    path = large_document(tmp_path / "bomb.docx", 3_500_000)
    most, reading = 0, asyncio.create_task(reader.read(path))
    while not (await asyncio.wait({reading}, timeout=0.01))[0]:
        if reader.worker_id is not None:
            try:
                most = max(most, psutil.Process(reader.worker_id).memory_info().rss)
            except psutil.NoSuchProcess:
                continue
    with pytest.raises(CannotRead, match="1 GB of memory"):
        await reading
    assert 500 * 1024 * 1024 < most < 1024 * 1024 * 1024
    assert (await reader.read(note)).title == "Guide"


async def crashed(reader: Reader, before: int | None = None) -> int:
    """Let the process that reads crash, another than `before`; return which it was."""
    while reader.worker_id in (None, before):
        await asyncio.sleep(0.01)
    await asyncio.sleep(0.1)
    assert reader.worker_id is not None
    process = reader.worker_id
    os.kill(process, signal.SIGSEGV)
    return process


async def test_a_process_that_crashes_once_reads_the_file_after_all(reader: Reader, tmp_path: Path) -> None:
    reading = asyncio.create_task(reader.read(long_table(tmp_path / "table.csv")))
    await crashed(reader)
    assert (await reading).title == "table"


async def test_a_file_at_which_every_process_crashes_is_refused_alone(reader: Reader, tmp_path: Path, note: Path) -> None:
    reading = asyncio.create_task(reader.read(long_table(tmp_path / "table.csv")))
    await crashed(reader, await crashed(reader))
    with pytest.raises(CannotRead, match="broke off at it") as refusal:
        await reading
    assert refusal.value.detail == "exit status -11"
    assert (await reader.read(note)).title == "Guide"


async def test_a_process_that_was_ended_between_two_files_is_missed_by_nobody(reader: Reader, note: Path) -> None:
    await reader.read(note)
    assert reader.worker_id is not None
    os.kill(reader.worker_id, signal.SIGKILL)
    assert (await reader.read(note)).title == "Guide"


async def test_one_who_goes_away_leaves_the_next_a_sound_process(reader: Reader, tmp_path: Path, note: Path) -> None:
    await reader.read(note)
    reading = asyncio.create_task(reader.read(long_table(tmp_path / "table.csv")))
    await asyncio.sleep(0.1)
    reading.cancel()
    with pytest.raises(asyncio.CancelledError):
        await reading
    assert (await reader.read(note)).title == "Guide"


async def test_closing_ends_the_process_in_the_middle_of_a_file(tmp_path: Path, note: Path) -> None:
    reader = Reader()
    await reader.read(note)
    process = psutil.Process(reader.worker_id)
    reading = asyncio.create_task(reader.read(long_table(tmp_path / "table.csv")))
    await asyncio.sleep(0.1)
    await reader.close()
    for asked in (reading, reader.read(note)):
        with pytest.raises(CannotRead, match="closing"):
            await asked
    assert not process.is_running()


async def test_a_process_without_files_ends_and_comes_back(note: Path) -> None:
    reader = Reader(idle=0.1)
    await reader.read(note)
    assert reader.worker_id is not None
    for _ in range(100):
        await asyncio.sleep(0.05)
        if reader.worker_id is None:
            break
    assert reader.worker_id is None
    assert (await reader.read(note)).title == "Guide"
    await reader.close()


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
async def test_the_process_sees_nothing_of_the_environment(reader: Reader, note: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STAGECRAFT_ENDPOINT__API_KEY", "a-secret-of-the-house")
    await reader.read(note)
    assert Path(f"/proc/{reader.worker_id}/environ").read_bytes().strip(b"\0") == b""


async def test_small_files_pass_quickly(reader: Reader, note: Path) -> None:
    await reader.read(note)
    began = time.perf_counter()
    for _ in range(200):
        await reader.read(note)
    assert time.perf_counter() - began < 4
