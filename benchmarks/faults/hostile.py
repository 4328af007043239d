"""Hostile and broken files through the real reader: the process lives, each refusal says why, and none costs too much."""

import asyncio
import shutil
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import psutil

from benchmarks.figures import Figure, Journal
from knowledge.intake.source import list_source
from knowledge.reading.reader import Reader
from knowledge.reading.section import CannotRead
from tests.doubles.hostile_files import hostile_files
from tests.doubles.hostile_kinds import EVIL, HostileFile

SECONDS, MEMORY = 60.0, 1024**3
KINDS = 40
_LOOK_EVERY = 0.02


@dataclass(frozen=True)
class Outcome:
    """What became of one file: `refused` or `read`, its time, the reader's largest memory, and what should not have been."""

    file: str
    kind: str
    outcome: str
    seconds: float
    memory: int
    reason: str
    wrong: str


def run(folder: Path, journal: Journal, *, full: bool) -> bool:
    """Read every file, print a table by kind, and tell the counts."""
    place = folder / "hostile"
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir(parents=True)
    outcomes = asyncio.run(_read(place, hostile_files(place, 300 if full else 60), journal))
    shutil.rmtree(place, ignore_errors=True)
    _print_table(outcomes)
    figures = _figures(outcomes, wanted=300 if full else 60)
    for figure in figures:
        journal.tell(figure)
    return all(figure.held is not False for figure in figures)


async def _read(place: Path, files: list[HostileFile], journal: Journal) -> list[Outcome]:
    """Read one file after the other; those that a run of this commit has read are taken from the journal."""
    kept = {row["file"]: Outcome(**{name: row[name] for name in Outcome.__annotations__}) for row in journal.kept("hostile")}
    reader = Reader()
    outcomes = []
    try:
        for file in files:
            name = str(file.path.relative_to(place))
            outcome = kept.get(name) or await _tried(reader, file, name)
            if name not in kept:
                journal.keep("hostile", asdict(outcome))
            outcomes.append(outcome)
    finally:
        await reader.close()
    return outcomes


async def _tried(reader: Reader, file: HostileFile, name: str) -> Outcome:
    """Read one file, as an ingest of its folder would, while the memory of the reading process is looked at."""
    begun, memory = time.monotonic(), 0
    reading: asyncio.Task[Any] = asyncio.create_task(_taken_in(reader, file))
    while not (await asyncio.wait({reading}, timeout=_LOOK_EVERY))[0]:
        memory = max(memory, _resident(reader.worker_id))
    seconds = time.monotonic() - begun
    error = reading.exception()
    reason, outcome, wrong = "", "read", ""
    if isinstance(error, CannotRead):
        outcome, reason = "refused", f"{error.sentence('en')} / {error.sentence('zh')}"
        wrong = "" if error.sentence("en") and _has_chinese(error.sentence("zh")) else "no reason in both languages"
        wrong = wrong or ("may be read, was refused" if file.expected == "read" else "")
    elif error is not None:
        outcome, wrong = "broke", f"{type(error).__name__}: {error}"
    elif EVIL in str(reading.result()) and file.path.suffix != ".mmd":  # a diagram's source is kept as it is, and never run
        wrong = "what it hides was carried out or fetched"
    elif file.expected == "refused":
        wrong = "was to be refused, was read"
    return Outcome(name, file.kind, outcome, seconds, memory, reason, wrong)


async def _taken_in(reader: Reader, file: HostileFile) -> Any:
    """Read a file, unless the listing of its folder refuses it already: the reader itself would follow a link."""
    listed = await asyncio.to_thread(list_source, file.path.parent, "hostile", file.path.parent.parent)
    if listed.problems:
        raise CannotRead(listed.problems[0].reason, listed.problems[0].zh)
    return await reader.read(file.path)


def _resident(process: int | None) -> int:
    """Return the resident bytes of the reading process and its children."""
    try:
        worker = psutil.Process(process) if process is not None else None
        return sum(each.memory_info().rss for each in [worker, *worker.children(recursive=True)]) if worker else 0
    except psutil.Error:
        return 0


def _has_chinese(text: str) -> bool:
    return any("\u4e00" <= character <= "\u9fff" for character in text)


def _print_table(outcomes: list[Outcome]) -> None:
    for kind in dict.fromkeys(outcome.kind for outcome in outcomes):
        mine = [outcome for outcome in outcomes if outcome.kind == kind]
        refused = sum(outcome.outcome == "refused" for outcome in mine)
        slowest, largest = max(one.seconds for one in mine), max(one.memory for one in mine) // 1024**2
        print(f"  {kind:52} {len(mine):3} files {refused:3} refused {slowest:6.1f} s {largest:5} MB")
        for outcome in mine:
            if outcome.wrong:
                print(f"       {outcome.file}: {outcome.wrong}")


def _figures(outcomes: list[Outcome], *, wanted: int) -> list[Figure]:
    kinds = len({outcome.kind for outcome in outcomes})
    wrong = sum(bool(outcome.wrong) for outcome in outcomes)
    slowest = max(outcome.seconds for outcome in outcomes)
    largest = max(outcome.memory for outcome in outcomes)
    refused = sum(outcome.outcome == "refused" for outcome in outcomes)
    return [
        Figure("hostile", "hostile or broken files", f"{len(outcomes)}", f"{wanted}", len(outcomes) >= wanted),
        Figure("hostile", "distinct kinds", f"{kinds}", f"≥ {KINDS}", kinds >= KINDS),
        Figure("hostile", f"refused with a reason in both languages, of {len(outcomes)}", f"{refused}"),
        Figure("hostile", "files that broke something or became what they should not", f"{wrong}", "0", wrong == 0),
        Figure("hostile", "slowest file", f"{slowest:.1f} s", "< 60 s", slowest < SECONDS),
        Figure("hostile", "largest resident memory of the reader", f"{largest // 1024**2} MB", "< 1024 MB", largest < MEMORY),
    ]
