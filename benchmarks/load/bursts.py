"""Everybody asks at one moment: who is answered, who waits with a place, who is told "busy", and when the page is its old self again."""

from collections import Counter
from pathlib import Path

from benchmarks.figures import Figure, Journal
from benchmarks.load.running import Json, running
from benchmarks.load.sessions import FREE, RATE, at

TOLD_SECONDS, NORMAL_SECONDS = 1.0, 10.0


async def measure(folder: Path, journal: Journal, *, people: int, **settings: str) -> None:
    """Print what so many people are told who ask at once; a third is answered, a sixth may wait."""
    calls, waiting = people // 3, people // 6
    held = {"LOAD__CALLS": str(calls), "LOAD__CALLS_PER_PERSON": str(calls), "LOAD__WAITING": str(waiting)}
    async with running(folder, rate=RATE, **held, **FREE, **settings) as run:
        await run.settled()
        told = await run.order(do="burst", people=people)
    shown: list[Json] = told["shown"]
    journal.keep("burst", {"people": people, **told})
    name = f"{people} at once"
    kinds = Counter(_kind(one) for one in shown)
    spread = ", ".join(f"{count} {kind}" for kind, count in sorted(kinds.items()))
    sound = set(kinds) <= {"answered", "answered after waiting", "busy"}
    journal.tell(Figure("load", f"{name}: {spread}", "", "nobody else", sound))
    for kind in sorted(kinds):
        times = [_signed(one) - one["sent"] for one in shown if _kind(one) == kind]
        late = max(times)
        journal.tell(
            Figure(
                "load",
                f"{name}: {kind}, told after p50 {at(times, 0.5):.2f} s, at most",
                f"{late:.2f} s",
                "1 s",
                late <= TOLD_SECONDS,
            )
        )
    _tell_after(name, told["after"], journal)


def _kind(one: Json) -> str:
    """Return what became of a brief."""
    if one["phase"] == "ready":
        return "answered after waiting" if one["waited"] else "answered"
    return "busy" if one["phase"] == "failed" and "busy" in one["error"] else f"{one['phase']}: {one['error']}"


def _signed(one: Json) -> float:
    """Return when a person knew how it stands: that it is worked on, the place, or that it is busy."""
    return float(one["told"] if _kind(one) != "answered" else one["begun"])


def _tell_after(name: str, after: list[Json], journal: Journal) -> None:
    """Print how long after the burst somebody who comes new still waits for a first sign."""
    slow = [one["at"] + one["opened"] + max(0.0, one["told"]) for one in after if not 0 < one["told"] <= TOLD_SECONDS]
    normal = max(slow, default=0.0)
    target = f"{NORMAL_SECONDS:.0f} s"
    journal.tell(
        Figure(
            "load", f"{name}: somebody new is told within 1 s again after", f"{normal:.1f} s", target, normal <= NORMAL_SECONDS
        )
    )
