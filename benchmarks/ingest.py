"""How fast Markdown files are taken in, beside the embedding alone of the same texts, and how much memory that takes.

Run by `python -m benchmarks ingest`; `python -m benchmarks.ingest FILES FOLDER` is the process that is measured, so that nothing else
counts into its memory. It prints its figures as one JSON line.
"""

import asyncio
import json
import random
import re
import shutil
import subprocess
import sys
import threading
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Self

import psutil

from benchmarks.figures import ROOT, Figure, Journal
from benchmarks.own_knowledge import knowledge_in
from knowledge.embeddings.embedding import EmbeddedE5
from knowledge.intake.progress import Progress
from knowledge.knowledge import SAMPLE_PACK

LEAST_SHARE, LEAST_FASTER, MOST_BYTES = 0.9, 50.0, 1.5e9
WORDS = 1_000
_WORDS_A_SECTION = 250
# Texts embedded at a time by the embedding alone: the least batch of an ingest.
_BATCH = 16


@dataclass(frozen=True)
class Taken:
    """What was measured: seconds, the embedding's share of the processor's work, the most bytes of the process and its children."""

    files: int
    passages: int
    embedding: float
    first: float
    reading: float
    second: float
    share_of_work: float
    bytes: int


def measure(data: Path, journal: Journal, *, files: int) -> None:
    """Print throughput, the second run and the memory of an ingest of so many files of 1,000 words."""
    folder = data / "ingest"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    write_files(folder / "files", files)
    command = [sys.executable, "-m", "benchmarks.ingest", str(files), str(folder)]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if run.returncode:
        raise RuntimeError(run.stderr[-1500:])
    taken = Taken(**json.loads(run.stdout.splitlines()[-1]))
    for figure in _figures(taken):
        journal.tell(figure)
    shutil.rmtree(folder)


def write_files(folder: Path, count: int) -> None:
    """Write Markdown files of 1,000 words each: sentences of the sample pack, mixed anew for every file, below headings."""
    sentences = [
        sentence
        for path in sorted(SAMPLE_PACK.rglob("*.en.md"))
        for sentence in re.findall(r"[A-Z][^|#\n.]{40,240}\.", path.read_text("utf-8"))
    ]
    folder.mkdir()
    chance = random.Random(11)
    for number in range(count):
        (folder / f"file-{number:03}.en.md").write_text(_document(number, sentences, chance), "utf-8")


def _document(number: int, sentences: list[str], chance: random.Random) -> str:
    """Return one file; a section is four paragraphs or so."""
    written = [f"# Standard {number}\n"]
    words = in_section = 0
    while words < WORDS:
        if not in_section:
            written.append(f"\n## Section {words // _WORDS_A_SECTION + 1}\n")
        paragraph = " ".join(chance.sample(sentences, 4))
        written.append(f"\n{paragraph}\n")
        words += len(paragraph.split())
        in_section = in_section + len(paragraph.split()) if in_section < _WORDS_A_SECTION else 0
    return "".join(written)


def _figures(taken: Taken) -> list[Figure]:
    """Return what is told, with targets."""
    share = taken.embedding / taken.first
    faster = taken.first / max(taken.second, 1e-3)
    what = f"{taken.files} files of {WORDS:,} words, {taken.passages:,} passages"
    return [
        Figure("ingest", f"{what}: first run", f"{taken.first:.1f} s"),
        Figure("ingest", "  of that until words find them", f"{taken.reading:.1f} s"),
        Figure("ingest", "  the embedding alone of the same texts", f"{taken.embedding:.1f} s"),
        Figure("ingest", "throughput over the embedding alone", f"{share:.2f}", f"at least {LEAST_SHARE}", share >= LEAST_SHARE),
        Figure("ingest", "  the same in seconds of the processor", f"{taken.share_of_work:.2f}"),
        Figure("ingest", "second run, unchanged files", f"{taken.second * 1000:.0f} ms"),
        Figure("ingest", "second run: times faster", f"{faster:.0f}", f"at least {LEAST_FASTER:.0f}", faster >= LEAST_FASTER),
        Figure(
            "ingest",
            "most memory, with its children",
            f"{taken.bytes / 1e6:.0f} MB",
            f"under {MOST_BYTES / 1e6:.0f} MB",
            taken.bytes < MOST_BYTES,
        ),
    ]


async def taken_in(files: int, folder: Path) -> Taken:
    """Take the files in, with the embedding alone half before and half after: the machine may be busier at either end."""
    texts = await _texts(folder)
    embedding = EmbeddedE5()
    with _Memory() as memory:
        before = _alone(embedding, texts[::2])
        worked = _work_seconds()
        first, reading = await _ingested(folder, embedding)
        worked = _work_seconds() - worked
        second, _ = await _ingested(folder, embedding)
        after = _alone(embedding, texts[1::2])
    alone, alone_worked = before[0] + after[0], before[1] + after[1]
    return Taken(files, len(texts), alone, first, reading, second, alone_worked / worked, memory.most)


async def _texts(folder: Path) -> list[str]:
    """Return the texts that an ingest will embed."""
    async with knowledge_in(folder / "words", None) as knowledge:
        await knowledge.ingest(folder / "files")
        rows = await knowledge.records.texts_without_vector(EmbeddedE5.name, 1_000_000)
    return [text for _, text in rows]


def _alone(embedding: EmbeddedE5, texts: list[str]) -> tuple[float, float]:
    """Return the seconds of the embedding alone, and those of the processor."""
    begun, worked = time.perf_counter(), _work_seconds()
    for start in range(0, len(texts), _BATCH):
        embedding.passages(texts[start : start + _BATCH])
    return time.perf_counter() - begun, _work_seconds() - worked


def _work_seconds() -> float:
    """Return the processor's seconds of this process and of its children that ended."""
    times = psutil.Process().cpu_times()
    return float(times.user + times.system + times.children_user + times.children_system)


async def _ingested(folder: Path, embedding: EmbeddedE5) -> tuple[float, float]:
    """Ingest with a knowledge that is opened anew; return the seconds of it, and those until its passages were committed."""
    read: list[float] = []

    def watched(step: Progress) -> None:
        if step.doing == "embedding" and not read:
            read.append(time.perf_counter())

    async with knowledge_in(folder / "data", embedding, "chroma") as knowledge:
        begun = time.perf_counter()
        await knowledge.ingest(folder / "files", watched)
        ended = time.perf_counter()
    return ended - begun, (read[0] if read else ended) - begun


class _Memory:
    """Watches the resident memory of this process and its children."""

    most = 0

    def __enter__(self) -> Self:
        self._over = threading.Event()
        self._watching = threading.Thread(target=self._watch, daemon=True)
        self._watching.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._watching.join()

    def _watch(self) -> None:
        here = psutil.Process()
        while not self._over.wait(0.1):
            held = 0
            for process in (here, *here.children(recursive=True)):
                try:
                    held += process.memory_info().rss
                except psutil.NoSuchProcess:
                    continue
            self.most = max(self.most, held)


if __name__ == "__main__":
    print(json.dumps(asdict(asyncio.run(taken_in(int(sys.argv[1]), Path(sys.argv[2]))))))
