"""People who stream for minutes: how many turns fail, how late the first token is, what it costs in processor and memory."""

from collections import Counter
from pathlib import Path
from typing import Any

from benchmarks.figures import Figure, Journal
from benchmarks.load.running import Json, Running, Watch, running

RATE = 10.0
# Everybody comes from this machine as the one local analyst: what is allowed to one person is allowed to all of them together.
FREE = {"LOAD__TURNS_A_MINUTE": "0", "LOAD__TURNS_AN_HOUR": "0"}
LATE_SECONDS = 1.0
# Sends a second and session, and what a shared processor may be late by.
MOST_SENDS = 5.0
_SAMPLE_SECONDS = 5.0


async def measure(folder: Path, journal: Journal, *, people: int, seconds: float, **settings: str) -> None:
    """Print what so many sessions on one process see within so many seconds."""
    free = {"LOAD__CALLS": str(people), "LOAD__CALLS_PER_PERSON": str(people), **FREE, **settings}
    print(f"limits for one person are off: all {people} come from one address as one analyst", flush=True)
    async with running(folder, rate=RATE, **free) as run:
        await run.settled()
        page, endpoint = Watch(run.process, _SAMPLE_SECONDS), Watch(run.endpoint_process, _SAMPLE_SECONDS)
        async with page.on(), endpoint.on():
            told = await run.order(do="stream", people=people, seconds=seconds, arrive=people / 5)
        await _tell(run, told, page, endpoint, journal, people)


async def _tell(run: Running, told: Json, page: Watch, endpoint: Watch, journal: Journal, people: int) -> None:
    """Print the figures of one run and keep its rows."""
    seen = (await run.seen())["seen"]
    shown: list[Json] = told["shown"]
    journal.keep("load", {"people": people, "memory": page.memory, "shown": shown, "seen": seen})
    phases = Counter(one["phase"] for one in shown)
    failed = len(shown) - phases["ready"] + told["lost"]
    name = f"{people} sessions"
    journal.tell(Figure("load", f"{name}: turns answered", f"{phases['ready']:,}"))
    journal.tell(Figure("load", f"{name}: turns or sessions that failed", f"{failed}", "0", failed == 0))
    for error in sorted({one["error"] for one in shown if one["error"]}):
        print(f"       {error}")
    _tell_first_tokens(name, shown, seen, journal)
    lasted = sum(one["ended"] - one["sent"] for one in shown if one["ended"]) or 1.0
    sends = sum(one["cards"] for one in shown) / lasted
    journal.tell(
        Figure(
            "load", f"{name}: cards sent a second and session", f"{sends:.2f}", f"at most {MOST_SENDS:.0f}", sends <= MOST_SENDS
        )
    )
    events = sum(one["events"] for one in shown) / lasted
    journal.tell(Figure("load", f"{name}: all that is sent a second and session", f"{events:.2f}"))
    _tell_costs(name, page, endpoint, told, journal)


def _tell_first_tokens(name: str, shown: list[Json], seen: dict[str, Any], journal: Journal) -> None:
    """Print how much later than at the endpoint the first token stood in the browser."""
    added = [
        (one["writing"] - one["sent"]) - (seen[one["mark"]][1] - seen[one["mark"]][0])
        for one in shown
        if one["writing"] and one["mark"] in seen
    ]
    for share, held in ((0.5, False), (0.95, True)):
        late = at(added, share)
        target = f"at most {LATE_SECONDS:.0f} s" if held else ""
        told = Figure("load", f"{name}: first token, added, p{share * 100:.0f}", f"{late:.2f} s", target)
        journal.tell(told if not held else Figure(**{**vars(told), "held": late <= LATE_SECONDS}))
    way = [one["writing"] - seen[one["mark"]][1] for one in shown if one["writing"] and one["mark"] in seen]
    journal.tell(Figure("load", f"{name}: from the endpoint's first token to the browser, p95", f"{at(way, 0.95):.2f} s"))


def _tell_costs(name: str, page: Watch, endpoint: Watch, told: Json, journal: Journal) -> None:
    """Print processor and memory."""
    cores = f"{page.cpu:.0f} s in {page.seconds:.0f} s ({page.cpu / page.seconds:.2f} cores)"
    journal.tell(Figure("load", f"{name}: processor of the page", cores, "under 1 core", page.cpu < page.seconds))
    others = f"{endpoint.cpu:.0f} s and {told['driver_cpu']:.0f} s"
    journal.tell(Figure("load", f"{name}: processor of endpoint and driver", others))
    minutes = [f"{size:.0f}" for seconds, size in page.memory if seconds % 60 < _SAMPLE_SECONDS]
    journal.tell(Figure("load", f"{name}: memory at the start and after each minute", f"{' '.join(minutes)} MiB"))
    # What is loaded with the first answers is no growth.
    slope = page.slope(min(60.0, page.seconds / 3))
    journal.tell(Figure("load", f"{name}: memory, slope after the first minute", f"{slope:+.2f} MiB/min"))


def at(values: list[float], share: float) -> float:
    """Return a percentile; not a number where there are no values."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))] if ordered else float("nan")
