"""How long a search takes over 10,000 and 100,000 passages, beside LangChain's tutorial chain in the same run.

Both answer the same queries in turn, so that both meet the same machine. Theirs runs in the peers' environment, over as many rows of the
same texts with MiniLM's vectors.
"""

import asyncio
import gc
import time
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Self

import psutil

from benchmarks.figures import Figure, Journal
from benchmarks.latency_chain import Chain, chain_over
from benchmarks.latency_rows import Real, filled, queries, real_passages
from benchmarks.own_knowledge import knowledge_in
from benchmarks.peers_environment import python_of_peers
from knowledge.embeddings.embedding import EmbeddedE5
from knowledge.knowledge import Knowledge

if TYPE_CHECKING:
    from knowledge.embeddings.embedding import Matrix

EVERYONE = frozenset(["everyone"])
FULL_SIZES, SHORT_SIZES = (10_000, 100_000), (2_000,)
IDLE_RATIO, BUSY_RATIO = 1.3, 2.0
TAIL_RATIO, GROWTH_RATIO = 4.0, 1.5
# Cores that others used meanwhile: below this the machine counts as idle.
_OTHERS = 0.15
_WARM_UP = 10
_GIVEN_UP_SECONDS = 900.0
# Between two searches, so that threads that wait actively have gone to sleep.
_PAUSE_SECONDS = 0.02


class RecallingE5(EmbeddedE5):
    """Our embedding, which answers from memory where it is told to."""

    def __init__(self) -> None:
        super().__init__()
        self._asked: dict[str, Matrix] = {}
        self.recalls = False

    def queries(self, texts: list[str]) -> "Matrix":
        """Return the vectors of texts that ask."""
        name = "\n".join(texts)
        if not self.recalls:
            self._asked[name] = super().queries(texts)
        return self._asked[name]


@dataclass
class Timed:
    """The seconds of searches over so many rows, with the query embedded and with its vector recalled; `theirs` may be empty."""

    rows: int
    ours: dict[bool, list[float]] = field(default_factory=lambda: {False: [], True: []})
    theirs: dict[bool, list[float]] = field(default_factory=lambda: {False: [], True: []})
    others: float = 0.0


async def measure(source: Path, data: Path, journal: Journal, *, full: bool) -> None:
    """Print a table of medians and tails, and whether they hold; LangChain beside us and both sizes with `full`."""
    real = real_passages(source, 1_000_000 if full else 150)
    asked = queries(source, 400 if full else 60)
    python = python_of_peers(data) if full else None
    timed = [await _timed(data, python, real, asked, rows) for rows in (FULL_SIZES if full else SHORT_SIZES)]
    _print_table(timed, len(real), len(asked), journal)
    for one in timed:
        _judge(one, journal)
    if len(timed) > 1:
        growth = at(timed[-1].ours[False], 0.5) / at(timed[0].ours[False], 0.5)
        name = f"search, p50 at {timed[-1].rows:,} over p50 at {timed[0].rows:,}"
        journal.tell(Figure("latency", name, f"{growth:.2f}", f"at most {GROWTH_RATIO}", growth <= GROWTH_RATIO))


async def _timed(data: Path, python: Path | None, real: list[Real], asked: list[str], rows: int) -> Timed:
    """Search in turn, first with embedding, then with the same queries recalled."""
    folder = await filled(data, real, rows)
    embedding = RecallingE5()
    timed = Timed(rows)
    async with (
        _knowledge(folder, embedding) as knowledge,
        chain_over(python, data, [one.piece.text for one in real], rows) as chain,
    ):
        for query in asked[:_WARM_UP]:
            await _ours(knowledge, query)
            await chain.search(query, recall=False)
        with _Others() as others:
            for recall in (False, True):
                embedding.recalls = recall
                for number, query in enumerate(asked):
                    await _pair(knowledge, chain, query, timed, recall=recall, first=number % 2 == 0)
        timed.others = others.cores
    return timed


async def _pair(knowledge: Knowledge, chain: Chain, query: str, timed: Timed, *, recall: bool, first: bool) -> None:
    """Have both search, each as often first as the other."""
    for ours in (first, not first):
        await asyncio.sleep(_PAUSE_SECONDS)
        if ours:
            timed.ours[recall].append(await _ours(knowledge, query))
        elif (seconds := await chain.search(query, recall=recall)) is not None:
            timed.theirs[recall].append(seconds)


async def _ours(knowledge: Knowledge, query: str) -> float:
    begun = time.perf_counter()
    await knowledge.search(query, groups=EVERYONE)
    return time.perf_counter() - begun


@asynccontextmanager
async def _knowledge(folder: Path, embedding: RecallingE5) -> AsyncGenerator[Knowledge, None]:
    """Open the knowledge as the server has it, and wait until the index holds everything."""
    async with knowledge_in(folder, embedding, "chroma") as knowledge:
        since = time.monotonic()
        while any(not difference.complete for difference in await knowledge.verify()):
            if time.monotonic() - since > _GIVEN_UP_SECONDS:
                raise RuntimeError(f"the index was not filled in {_GIVEN_UP_SECONDS:.0f} s: {knowledge.status()}")
            await asyncio.sleep(1)
        # As the server does once it has loaded everything.
        gc.collect()
        gc.freeze()
        try:
            yield knowledge
        finally:
            gc.unfreeze()


class _Others:
    """How many cores other programs used meanwhile: tells whether the machine was idle but for us."""

    cores = 0.0

    def __enter__(self) -> Self:
        self._since, self._busy, self._own = time.monotonic(), _busy_seconds(), _own_seconds()
        return self

    def __exit__(self, *_: object) -> None:
        own = _own_seconds() - self._own
        self.cores = max(0.0, (_busy_seconds() - self._busy - own) / (time.monotonic() - self._since))


def _busy_seconds() -> float:
    times = psutil.cpu_times()
    return float(times.user + times.system + getattr(times, "nice", 0.0))


def _own_seconds() -> float:
    """Return what this process and its children used."""
    here = psutil.Process()
    used = [process.cpu_times() for process in (here, *here.children(recursive=True))]
    return sum(times.user + times.system for times in used)


def at(seconds: list[float], share: float) -> float:
    """Return the percentile of a list of seconds."""
    ordered = sorted(seconds)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


def _print_table(timed: list[Timed], real: int, asked: int, journal: Journal) -> None:
    """Print medians and tails as a Markdown table, and keep them."""
    print(
        f"{real:,} real embedded passages of XQuAD, half in each language, repeated with small noise on the vector (cosine 0.98); "
        f"{asked} queries of 12 to 18 tokens; milliseconds\n"
    )
    print("| passages | system | query's vector | p50 | p99 | others used, cores |\n|---|---|---|---|---|---|")
    for one in timed:
        for system, times in (("Stagecraft", one.ours), ("LangChain tutorial", one.theirs)):
            for recall, seconds in times.items():
                if seconds:
                    middle, late = at(seconds, 0.5) * 1000, at(seconds, 0.99) * 1000
                    how = "kept" if recall else "made"
                    print(f"| {one.rows:,} | {system} | {how} | {middle:.1f} | {late:.1f} | {one.others:.2f} |")
                    told = {"rows": one.rows, "system": system, "vector": how, "p50": middle, "p99": late, "others": one.others}
                    journal.keep("latency", told)
    print(flush=True)


def _judge(one: Timed, journal: Journal) -> None:
    """Tell the tail, and how it stands to LangChain."""
    middle = at(one.ours[False], 0.5)
    tail = at(one.ours[False], 0.99) / middle
    name = f"search at {one.rows:,}, p99 over p50 (p50 {middle * 1000:.1f} ms)"
    journal.tell(Figure("latency", name, f"{tail:.2f}", f"at most {TAIL_RATIO:.0f}", tail <= TAIL_RATIO))
    if not one.theirs[False]:
        return
    ratio = middle / at(one.theirs[False], 0.5)
    kept = at(one.ours[True], 0.5) / at(one.theirs[True], 0.5)
    beside = at(one.ours[True], 0.5) / at(one.theirs[False], 0.5)
    name = f"search at {one.rows:,}, p50 over LangChain's"
    held = one.rows == FULL_SIZES[0]
    most = IDLE_RATIO if one.others < _OTHERS else BUSY_RATIO
    told = f"at most {most}, {'idle' if most == IDLE_RATIO else 'busy'} machine"
    for what, value, target, sound in (
        ("", ratio, told, ratio <= most),
        # For the reader: their chain keeps no vectors, and then does nothing but look one up.
        (", both query vectors kept", kept, "", None),
        (", our query vector kept", beside, "under 1", beside < 1),
    ):
        journal.tell(Figure("latency", f"{name}{what}", f"{value:.2f}", target if held else "", sound if held else None))
