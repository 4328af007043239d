"""Files that would do harm are refused with a reason, or read without it; the house and the next file do not notice."""

import asyncio
import time
from pathlib import Path

import pytest

from knowledge.intake.source import list_source
from knowledge.reading.reader import Reader
from knowledge.reading.section import CannotRead, Reading
from tests.doubles import hostile_data, hostile_packed, hostile_pdf, hostile_text
from tests.doubles.hostile_files import PLACED, hostile_files
from tests.doubles.hostile_kinds import EVIL, HostileFile

WRITTEN = [*hostile_packed.KINDS, *hostile_pdf.KINDS, *hostile_data.KINDS, *hostile_text.KINDS]
NAMES = [*(kind.name for kind in WRITTEN), *(kind.name for kind in PLACED)]
SECONDS = 60
# How a line of the system's own files would begin, had one been followed.
LEAKS = ("root:x:0", "root:*:0", "/bin/bash", "PYTHONPATH=")


async def outcome(reader: Reader, file: HostileFile, scratch: Path) -> Reading | CannotRead:
    """Read a file as an ingest of its folder would: what the folder's listing refuses never gets to the reader."""
    problems = list_source(file.path.parent, "hostile", scratch).problems
    if problems:
        return CannotRead(problems[0].reason, problems[0].zh)
    try:
        return await reader.read(file.path)
    except CannotRead as refusal:
        return refusal


def faults(file: HostileFile, found: Reading | CannotRead, seconds: float) -> list[str]:
    """Return what is wrong with how a file was taken."""
    wrong = [f"took {seconds:.0f} s"] if seconds > SECONDS else []
    if isinstance(found, CannotRead):
        wrong += [] if found.en and found.zh and found.en != found.zh else ["refused without a reason in both languages"]
        return wrong + (["refused"] if file.expected == "read" else [])
    text = "\n".join([found.title, *(section.text for section in found.sections)])
    wrong += [f"holds {leak}" for leak in LEAKS if leak in text]
    # A diagram's source is kept as it is, and never run.
    wrong += ["holds a script"] if EVIL in text and file.path.suffix != ".mmd" else []
    return wrong + (["was read"] if file.expected == "refused" else [])


def test_the_kinds_are_many_distinct_and_of_every_format() -> None:
    assert len(NAMES) == len(set(NAMES)) >= 100
    formats = {".docx", ".xlsx", ".pptx", ".pdf", ".html", ".json", ".yaml", ".csv", ".md", ".txt", ".feature", ".mmd", ".puml"}
    assert {kind.suffix for kind in WRITTEN} >= formats


def test_the_same_seed_writes_the_same_files(tmp_path: Path) -> None:
    first, second = (hostile_files(tmp_path / name, 3) for name in ("first", "second"))
    assert [file.path.name for file in first] == [file.path.name for file in second]
    assert [file.expected for file in first] == [file.expected for file in second]


@pytest.mark.slow
async def test_one_file_of_every_kind_is_refused_with_a_reason_or_read_without_harm(tmp_path: Path) -> None:
    files = await asyncio.to_thread(hostile_files, tmp_path / "files", len(NAMES))
    reader, wrong = Reader(), []
    try:
        for file in files:
            begun = time.monotonic()
            found = await outcome(reader, file, tmp_path)
            wrong += [f"{file.kind}: {fault}" for fault in faults(file, found, time.monotonic() - begun)]
        sound = tmp_path / "sound.md"
        sound.write_text("# Sound\n\nStill read.\n", "utf-8")
        assert (await reader.read(sound)).title == "Sound"
    finally:
        await reader.close()
    assert wrong == []
