"""What runs in the processes of the kills: an ingest that is going to die, and the restart that looks at what is left."""

import asyncio
import os
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from benchmarks.faults.bank import broken, title_of
from benchmarks.faults.knowing import committed, damage, knowing, versions
from knowledge.intake.progress import Progress
from knowledge.knowledge import Knowledge

PHASES = ("opening", "reading", "embedding", "filling", "idle")
_SAMPLE = 8


@dataclass(frozen=True)
class After:
    """What a restart found: seconds until a search answered, and everything that should not be."""

    searchable: float
    lost: list[str]
    half: list[str]
    damaged: list[str]
    unfinished: list[str]


def take_in(data: Path, pack: Path, real: bool, phase: Any) -> None:  # noqa: FBT001  the process hands it over by place
    """Take a pack in and go on serving until the process is killed; `phase` tells how far it is."""
    os.setsid()
    asyncio.run(_taken_in(data, pack, real=real, phase=phase))


async def _taken_in(data: Path, pack: Path, *, real: bool, phase: Any) -> None:
    def watched(step: Progress) -> None:
        if step.doing == "reading":
            phase.value = PHASES.index("reading")
        else:
            phase.value = PHASES.index("embedding" if step.done < step.total else "filling")

    async with knowing(data, pack, real=real, watch=True) as knowledge:
        await knowledge.ingest(pack, watched)
        phase.value = PHASES.index("idle")
        await asyncio.sleep(3600)


def look(data: Path, pack: Path, real: bool, acknowledged: dict[int, int], wanted: dict[int, int], told: Any) -> None:  # noqa: FBT001
    """Open what a killed process left, ask it, finish its ingest, and send what was found as a dictionary."""
    told.send(asdict(asyncio.run(_looked(data, pack, real=real, acknowledged=acknowledged, wanted=wanted))))


async def _looked(data: Path, pack: Path, *, real: bool, acknowledged: dict[int, int], wanted: dict[int, int]) -> After:
    begun = time.monotonic()
    async with knowing(data, pack, real=real) as knowledge:
        first = next(iter(sorted(acknowledged.items())), None)
        if first is not None:
            await _searched(knowledge, *first)
        searchable = time.monotonic() - begun
        left = committed(data)
        now = versions(left)
        # What the ingest was to remove may be gone, and what it was to change may be newer; older it may not be.
        lost = [f"file {file}" for file, version in acknowledged.items() if file in wanted and now.get(file, -1) < version]
        half = [f"file {file}: {broken(texts)}" for file, texts in left.items() if broken(texts)]
        sample = sorted(now.items())[:: max(1, len(now) // _SAMPLE)]
        for file, version in sample:
            half += await _searched(knowledge, file, version)
        damaged = damage(data)
        return After(searchable, lost, half, damaged, await _finished(knowledge, data, pack, wanted))


async def _searched(knowledge: Knowledge, file: int, version: int) -> list[str]:
    """Search for a file by its mark and return what is wrong with the hits; a file that is there must be among them."""
    hits = await knowledge.search(f"{title_of(file)} f{file}v{version}", groups=frozenset({"everyone"}), limit=30)
    wrong = (
        [] if any(f"mark f{file}v{version} " in hit.passage.text for hit in hits) else [f"file {file} v{version} is not found"]
    )
    pieces = await knowledge.records.passages_of([hit.asset.id for hit in hits])
    for asset in {hit.asset.id: hit.asset for hit in hits}.values():
        texts = [piece.text for piece in pieces if piece.asset == asset.id]
        wrong += [f"hit in {asset.path}: {broken(texts)}"] if broken(texts) else []
    return wrong


async def _finished(knowledge: Knowledge, data: Path, pack: Path, wanted: dict[int, int]) -> list[str]:
    """Run the ingest to its end and return what is not as the files say."""
    await knowledge.ingest(pack)
    now = versions(committed(data))
    wrong = [] if now == wanted else [f"files differ: {sorted(now.items() ^ wanted.items())[:6]}"]
    wrong += [f"index differs: {difference}" for difference in await knowledge.verify()]
    waiting = knowledge.status().waiting
    return wrong + ([f"{waiting} passages wait for a vector"] if waiting else [])
