"""A disk without room: an ingest is refused or broken off in words, reading goes on, and nothing is lost when there is room again."""

import asyncio
import contextlib
import multiprocessing
import os
import random
import subprocess
import time
from collections.abc import Callable, Coroutine, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benchmarks.faults.bank import broken, title_of, write_round
from benchmarks.faults.knowing import committed, damage, knowing, versions
from benchmarks.figures import Figure, Journal
from errors import AssistantError
from knowledge.intake.progress import Progress, Watcher, unwatched
from knowledge.knowledge import Knowledge

_SMALL_MIB, _LARGE_MIB = 64, 700
_CHUNK = 1024 * 1024
_FOLLOW_SECONDS = 5.0
# Under load a trial takes half a minute.
_TRIAL_SECONDS = 120.0


class CannotMount(Exception):
    """This user may not mount a small disk; says why."""


@dataclass
class Told:
    """What went wrong over all trials, and the sentence of the last refusal."""

    sentence: str = ""
    silent: list[str] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)
    stuck: list[str] = field(default_factory=list)

    def add(self, other: "Told") -> None:
        """Take in what another trial told."""
        self.sentence = other.sentence or self.sentence
        for mine, theirs in (
            (self.silent, other.silent),
            (self.unread, other.unread),
            (self.lost, other.lost),
            (self.stuck, other.stuck),
        ):
            mine.extend(theirs)


def run(folder: Path, journal: Journal, *, full: bool) -> bool:
    """Take in on a disk that is too small from the start, and on one that fills up at a random moment."""
    trials = 12 if full else 3
    filled = Told()
    try:
        refused = _trial(folder / "small", _SMALL_MIB, _too_small, 0)
        for number in range(trials):
            filled.add(_trial(folder / "large", _LARGE_MIB, _filling_up, number))
    except CannotMount as reason:
        journal.tell(Figure("disk", f"not run: {reason}", ""))
        return True
    figures = [
        *_figures("disk of 64 MB, ingest", refused, 1),
        *_figures("disk that fills up during an ingest", filled, trials),
    ]
    for figure in figures:
        journal.tell(figure)
    print(f"       {refused.sentence}\n       {filled.sentence}")
    return all(figure.held is not False for figure in figures)


def _trial(folder: Path, mebibytes: int, tried: Callable[[Path, int], Coroutine[Any, Any, Told]], number: int) -> Told:
    """Try in a process of its own, so that one that hangs is ended and told."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["benchmarks.faults.disk", "chromadb"])
    mine, theirs = context.Pipe(duplex=False)
    with _mounted(folder, mebibytes) as disk:
        process = context.Process(target=_send, args=(tried, disk, number, theirs))
        process.start()
        theirs.close()
        try:
            if mine.poll(_TRIAL_SECONDS):
                told: Told = mine.recv()
                return told
            return Told(stuck=[f"trial {number} hung: no end within {_TRIAL_SECONDS:.0f} s"])
        except EOFError:
            return Told(stuck=[f"trial {number} died"])
        finally:
            process.kill()
            process.join()


def _send(tried: Callable[[Path, int], Coroutine[Any, Any, Told]], disk: Path, number: int, told: Any) -> None:
    told.send(asyncio.run(tried(disk, number)))


def _figures(what: str, told: Told, trials: int) -> list[Figure]:
    wrong = {
        "not refused in words": told.silent,
        "reading or search failed": told.unread,
        "something committed was lost": told.lost,
        "did not go on with room again": told.stuck,
    }
    for problem in (text for texts in wrong.values() for text in texts):
        print(f"       {problem}")
    return [Figure("disk", f"{what}: {name}", f"{len(found)} of {trials}", "0", not found) for name, found in wrong.items()]


@contextlib.contextmanager
def _mounted(folder: Path, mebibytes: int) -> Iterator[Path]:
    """Mount a small disk and take it away again. Raises CannotMount."""
    folder.mkdir(parents=True, exist_ok=True)
    if os.geteuid() != 0:
        raise CannotMount("only root may mount a small disk")
    mount = ["mount", "-t", "tmpfs", "-o", f"size={mebibytes}m", "tmpfs", str(folder)]
    try:
        subprocess.run(mount, check=True, capture_output=True, text=True)
    except (OSError, subprocess.CalledProcessError) as error:
        raise CannotMount(getattr(error, "stderr", "") or str(error)) from error
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


async def _too_small(disk: Path, _number: int) -> Told:
    """Try to take in where the guard refuses at once; what was committed before is read on."""
    told = Told()
    former = write_round(disk / "former", 0, files=4, sections=3)
    async with knowing(disk / "data", disk / "former") as knowledge:
        with _room_pretended(knowledge):
            await knowledge.ingest(disk / "former")
    write_round(disk / "pack", 0, files=12, sections=3)
    async with knowing(disk / "data", disk / "pack") as knowledge:
        await _refused(knowledge, disk / "pack", told)
        await _reads(knowledge, former, told)
        if versions(committed(disk / "data")) != former:
            told.lost.append("the refused ingest changed what was committed")
    return told


@contextlib.contextmanager
def _room_pretended(knowledge: Knowledge) -> Iterator[None]:
    """Take the former files in through a data folder on the roomy disk: only its free space is looked at."""
    kept = knowledge._data_dir  # noqa: SLF001
    knowledge._data_dir = knowledge._succession._data_dir = Path(__file__).parent  # noqa: SLF001
    try:
        yield
    finally:
        knowledge._data_dir = knowledge._succession._data_dir = kept  # noqa: SLF001


async def _filling_up(disk: Path, number: int) -> Told:
    """Fill the disk to its last byte at a random moment of an ingest, look, make room, and take in again."""
    drawn, told = random.Random(number), Told()
    data, pack, filler = disk / "data", disk / "pack", disk / "filler"
    former = write_round(pack, 0, files=12, sections=6)
    async with knowing(data, pack, watch=True) as knowledge:
        await knowledge.ingest(pack)
        wanted = write_round(pack, 3, files=120, sections=20)
        moment = drawn.randint(1, 80)
        steps = 0

        def watched(_step: Progress) -> None:
            nonlocal steps
            steps += 1
            if steps == moment:
                _fill(filler)

        await _refused(knowledge, pack, told, watched)
        _fill(filler)
        left = committed(data)
        kept = {file: version for file, version in former.items() if file in wanted}
        await _reads(knowledge, {file: version for file, version in versions(left).items() if file in kept}, told)
        told.lost += [f"file {file}" for file, version in kept.items() if versions(left).get(file, -1) < version]
        told.lost += [broken(texts) for texts in left.values() if broken(texts)]
        filler.unlink()
        await _goes_on(knowledge, data, pack, wanted, told)
    return told


def _fill(path: Path) -> None:
    """Write until the disk has no byte left."""
    with contextlib.suppress(OSError), path.open("ab", buffering=0) as file:
        while file.write(b"\0" * _CHUNK):
            pass


async def _refused(knowledge: Knowledge, pack: Path, told: Told, watcher: Watcher = unwatched) -> None:
    try:
        await knowledge.ingest(pack, watcher)
    except AssistantError as error:
        told.sentence = f"{error.sentence('en')} / {error.sentence('zh')}"
        return
    told.silent.append("the ingest said nothing")


async def _reads(knowledge: Knowledge, files: dict[int, int], told: Told) -> None:
    """Search for some files and open what is found; what was committed last may take five seconds."""
    for file, version in list(files.items())[:5]:
        until = time.monotonic() + _FOLLOW_SECONDS
        try:
            while not await _finds(knowledge, file, version):
                if time.monotonic() > until:
                    told.unread.append(f"file {file} v{version} is not found on the full disk")
                    break
                await asyncio.sleep(0.1)
        except AssistantError as error:
            told.unread.append(f"search on the full disk: {error} {error.detail}")


async def _finds(knowledge: Knowledge, file: int, version: int) -> bool:
    everyone = frozenset({"everyone"})
    hits = await knowledge.search(f"{title_of(file)} f{file}v{version}", groups=everyone, limit=30)
    mine = next((hit.passage.id for hit in hits if f"mark f{file}v{version} " in hit.passage.text), None)
    return mine is not None and await knowledge.passage(mine, everyone) is not None


async def _goes_on(knowledge: Knowledge, data: Path, pack: Path, wanted: dict[int, int], told: Told) -> None:
    """Take in again and compare."""
    try:
        await knowledge.ingest(pack)
        differs = await knowledge.verify()
    except AssistantError as error:
        told.stuck.append(f"{error} {error.detail}")
        return
    told.stuck += [f"index differs: {difference}" for difference in differs]
    told.lost += damage(data)
    if versions(committed(data)) != wanted:
        told.stuck.append("files differ after the ingest that went on")
