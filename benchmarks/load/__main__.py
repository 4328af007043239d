"""`python -m benchmarks.load [PART …] [--full]`: many people at once, and every figure beside its target.

Without `--full` fewer people stay for a minute. A missed target is printed as missed; a run that breaks ends with 1. With `--full`
a part that was measured at this commit is not measured again.
"""

import argparse
import asyncio
import sys
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.figures import ROOT, Journal
from benchmarks.load import bursts, reading, sessions


@dataclass(frozen=True)
class Run:
    """Where a run keeps its data, whether with full counts, and which database the page keeps its records in."""

    folder: Path
    journal: Journal
    full: bool
    database: dict[str, str]


def _reading(run: Run) -> Coroutine[Any, Any, None]:
    return reading.measure(run.folder / "reading", run.journal, rounds=10 if run.full else 2)


def _sessions(run: Run) -> Coroutine[Any, Any, None]:
    people, seconds = (100, 600.0) if run.full else (20, 60.0)
    return sessions.measure(run.folder / "sessions", run.journal, people=people, seconds=seconds, **run.database)


def _burst(run: Run) -> Coroutine[Any, Any, None]:
    return bursts.measure(run.folder / "burst", run.journal, people=300 if run.full else 60, **run.database)


PARTS: dict[str, Callable[[Run], Coroutine[Any, Any, None]]] = {"reading": _reading, "sessions": _sessions, "burst": _burst}


def main() -> int:
    """Read the arguments and measure each part; return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.load", description=__doc__)
    parser.add_argument("parts", nargs="*", metavar="PART", choices=[*PARTS, []], help=f"{', '.join(PARTS)}; by default all")
    parser.add_argument("--full", action="store_true", help="100 people for ten minutes, 300 at once")
    parser.add_argument("--folder", type=Path, default=ROOT / ".data/load", help="folder of the journal and of the page's data")
    parser.add_argument("--database", help="SQLAlchemy URL of a PostgreSQL database of its own; SQLite in the folder by default")
    arguments = parser.parse_args()
    folder: Path = arguments.folder.absolute()
    database = {"RECORDS__DATABASE_URL": arguments.database} if arguments.database else {}
    run = Run(folder, Journal(folder), arguments.full, database)
    done = {row["part"] for row in run.journal.kept("parts")} if arguments.full and not arguments.parts else set()
    broken = [part for part in PARTS if part in (arguments.parts or PARTS) and part not in done and not _ran(part, run)]
    if broken:
        print(f"broken: {', '.join(broken)}", file=sys.stderr)
    return 1 if broken else 0


def _ran(part: str, run: Run) -> bool:
    """Measure one part; tell whether it could be measured."""
    print(f"\n== {part}", flush=True)
    try:
        asyncio.run(PARTS[part](run))
    except (OSError, RuntimeError, TimeoutError) as error:
        print(f"{part} broke: {type(error).__name__}: {error}", file=sys.stderr)
        return False
    if run.full:
        run.journal.keep("parts", {"part": part})
    return True


if __name__ == "__main__":
    sys.exit(main())
