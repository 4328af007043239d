"""`kill -9` at random moments of an ingest, and what a restart finds."""

import multiprocessing
import os
import random
import shutil
import signal
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from multiprocessing.context import ForkServerContext, ForkServerProcess
from pathlib import Path
from typing import Any

from benchmarks.faults.bank import broken, write_round
from benchmarks.faults.knowing import committed, versions
from benchmarks.faults.victim import PHASES, look, take_in
from benchmarks.figures import Figure, Journal, commit
from knowledge.indexes.folder_lock import FolderInUse, FolderLock

SEARCH_SECONDS = 60.0
# How likely each phase is chosen, and how long a victim goes on in it at most, in seconds.
_CHOSEN = {"opening": (1, 0.6), "reading": (3, 1.2), "embedding": (3, 0.6), "filling": (3, 0.8), "idle": (1, 0.3)}
_PHASE_SECONDS, _LOOK_SECONDS = 180.0, 300.0
_MOST_FAILURES = 5


@dataclass(frozen=True)
class Plan:
    """How many kills of which size of ingest; `real` takes the packaged embedding instead of hashed words."""

    name: str
    kills: int
    files: int
    sections: int
    real: bool = False


def plans(*, full: bool) -> tuple[Plan, ...]:
    """Return nine kills in ten with a quick embedding, so that every phase is met, and one in ten with the real one."""
    kills = 200 if full else 10
    return Plan("quick", kills - kills // 10, 48, 20), Plan("real", kills // 10, 6, 3, real=True)


def run(folder: Path, journal: Journal, *, full: bool) -> bool:
    """Kill, look, and tell the figures; goes on where a run of this commit was cut."""
    context = forkserver()
    rows = [row for plan in plans(full=full) for row in _rounds(context, plan, folder / "kills" / commit(), journal)]
    return _told(rows, journal, wanted=sum(plan.kills for plan in plans(full=full)))


def forkserver() -> ForkServerContext:
    """Return where processes come from that have imported everything but opened nothing."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["benchmarks.faults.victim", "chromadb"])
    return context


def _rounds(context: ForkServerContext, plan: Plan, folder: Path, journal: Journal) -> Iterator[dict[str, Any]]:
    """Yield the row of every kill of a plan, those of a run before included."""
    kept = [row for row in journal.kept("kills") if row["plan"] == plan.name][: plan.kills]
    yield from kept
    failures = 0
    for number in range(len(kept), plan.kills):
        row = killed(context, plan, folder / plan.name, number)
        journal.keep("kills", row)
        wrong = row["lost"] + row["half"] + row["damaged"] + row["unfinished"]
        failures += bool(wrong)
        print(
            f"  {plan.name} {number + 1}/{plan.kills}: killed while {row['phase']}, search after {row['searchable']:.1f} s {wrong or ''}",
            flush=True,
        )
        yield row
        if failures >= _MOST_FAILURES:
            return
    shutil.rmtree(folder / plan.name, ignore_errors=True)


def killed(context: ForkServerContext, plan: Plan, folder: Path, number: int) -> dict[str, Any]:
    """Change the files, kill the process that takes them in, and look at what is left."""
    data, pack = folder / "data", folder / "pack"
    wanted = write_round(pack, number, files=plan.files, sections=plan.sections)
    drawn = random.Random(f"{plan.name}-{number}")
    aim = drawn.choices(list(_CHOSEN), [weight for weight, _ in _CHOSEN.values()])[0]
    phase = context.Value("i", 0)
    victim = context.Process(target=take_in, args=(data, pack, plan.real, phase))
    victim.start()
    _wait_for(victim, phase, PHASES.index(aim))
    time.sleep(drawn.random() * _CHOSEN[aim][1])
    refused = _second_is_refused(data) if phase.value else None
    left = committed(data)
    met = PHASES[phase.value]
    assert victim.pid is not None
    os.kill(victim.pid, signal.SIGKILL)
    victim.join()
    found = _looked(context, plan, data, pack, versions(left), wanted)
    seen_half = [f"seen from outside: {broken(texts)}" for texts in left.values() if broken(texts)]
    found["half"] = seen_half + found["half"]
    return {
        "plan": plan.name,
        "number": number,
        "phase": met,
        "acknowledged": sum(map(len, left.values())),
        "refused": refused,
    } | found


def _wait_for(victim: ForkServerProcess, phase: Any, aim: int) -> None:
    """Wait until the victim has come to a phase. Raises RuntimeError where it ends by itself or takes too long."""
    until = time.monotonic() + _PHASE_SECONDS
    while phase.value < aim:
        if not victim.is_alive():
            raise RuntimeError(f"the ingest ended by itself with {victim.exitcode}")
        if time.monotonic() > until:
            raise RuntimeError(f"the ingest did not come to {PHASES[aim]} within {_PHASE_SECONDS:.0f} s")
        time.sleep(0.005)


def _second_is_refused(data: Path) -> bool:
    """Tell whether another process would be kept from the index folder at this moment."""
    try:
        FolderLock(data / "index").release()
    except FolderInUse:
        return True
    return False


def _looked(
    context: ForkServerContext, plan: Plan, data: Path, pack: Path, acknowledged: dict[int, int], wanted: dict[int, int]
) -> dict[str, Any]:
    """Look in a fresh process; one that dies or hangs is a finding."""
    mine, theirs = context.Pipe(duplex=False)
    process = context.Process(target=look, args=(data, pack, plan.real, acknowledged, wanted, theirs))
    process.start()
    theirs.close()
    try:
        if mine.poll(_LOOK_SECONDS):
            found: dict[str, Any] = mine.recv()
            return found
        ended = f"the restart gave no answer within {_LOOK_SECONDS:.0f} s"
    except EOFError:
        ended = "the restart died"
    finally:
        process.kill()
        process.join()
    return {"searchable": _LOOK_SECONDS, "lost": [], "half": [], "damaged": [ended], "unfinished": []}


def _told(rows: list[dict[str, Any]], journal: Journal, *, wanted: int) -> bool:
    """Tell the counts with their targets and return whether all of them hold."""
    phases = Counter(row["phase"] for row in rows)
    slowest = max((row["searchable"] for row in rows), default=0.0)
    asked = [row["refused"] for row in rows if row["refused"] is not None]
    counts = {name: sum(bool(row[name]) for row in rows) for name in ("lost", "half", "damaged", "unfinished")}
    acknowledged = sum(row["acknowledged"] for row in rows)
    figures = [
        Figure("kills", "kill -9 in the middle of an ingest", f"{len(rows)}", f"{wanted}", len(rows) >= wanted),
        Figure("kills", "of these while " + ", ".join(f"{phase} {phases[phase]}" for phase in PHASES), ""),
        Figure(
            "kills",
            f"kills after which some of {acknowledged} acknowledged passages missed",
            f"{counts['lost']}",
            "0",
            not counts["lost"],
        ),
        Figure("kills", "kills after which something half-indexed answered", f"{counts['half']}", "0", not counts["half"]),
        Figure(
            "kills", "kills after which SQL was damaged or the restart died", f"{counts['damaged']}", "0", not counts["damaged"]
        ),
        Figure(
            "kills",
            "kills after which the next ingest or verify was unclean",
            f"{counts['unfinished']}",
            "0",
            not counts["unfinished"],
        ),
        Figure("kills", "slowest search after a restart", f"{slowest:.1f} s", "< 60 s", slowest < SEARCH_SECONDS),
        Figure("kills", "second process refused the index folder", f"{sum(asked)} of {len(asked)}", "all", all(asked)),
    ]
    for figure in figures:
        journal.tell(figure)
    return all(figure.held is not False for figure in figures)
