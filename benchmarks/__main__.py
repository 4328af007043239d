"""`python -m benchmarks [PART …] [--full]`: measure, and print every figure with its target.

A missed target is printed as missed and is no failure of the run; a run that breaks ends with 1. `peers` makes an environment of its own,
thus it runs with `--full` or where it is named.
"""

import argparse
import asyncio
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from benchmarks import api_specs, briefs, first_token, glossary, ingest, latency, peers, start, trace, whole_line
from benchmarks.figures import ROOT, Figure, Journal
from errors import AssistantError

NOT_QUICK = ("peers", "cases", "held_out")


@dataclass(frozen=True)
class Run:
    """What a run is told: where it keeps its data, whether with full counts, which embedded model, where the public data lies."""

    data: Path
    journal: Journal
    full: bool
    model: str | None
    source: Path | None


def main() -> int:
    """Read the arguments and measure each part; return the exit code."""
    arguments = _arguments()
    data: Path = arguments.data.absolute()
    source = os.environ.get("STAGECRAFT_TEST_DATA")
    run = Run(data, Journal(data), arguments.full, arguments.model, Path(source) if source else None)
    chosen = arguments.parts or [part for part in PARTS if run.full or part not in NOT_QUICK]
    broken = [part for part in PARTS if part in chosen and not _ran(part, run)]
    if broken:
        print(f"broken: {', '.join(broken)}", file=sys.stderr)
    return 1 if broken else 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("parts", nargs="*", metavar="PART", choices=[*PARTS, []], help=f"{', '.join(PARTS)}; by default all")
    parser.add_argument("--full", action="store_true", help="every brief and the full counts; a run that was cut goes on")
    parser.add_argument(
        "--data", type=Path, default=ROOT / ".data/benchmarks-data", help="folder that keeps the pack and results"
    )
    parser.add_argument("--model", choices=["gemma3-270m", "smollm2-135m"], help="which embedded model answers the briefs")
    return parser.parse_args()


def _ran(part: str, run: Run) -> bool:
    """Measure one part; tell what broke it and go on with the others."""
    print(f"\n== {part}", flush=True)
    try:
        PARTS[part](run)
    except (AssistantError, OSError, RuntimeError, subprocess.SubprocessError) as error:
        print(f"{part} broke: {type(error).__name__}: {error}", file=sys.stderr)
        return False
    return True


def _measure_start(run: Run) -> None:
    asyncio.run(start.fill(run.data))
    start.measure(run.data, run.journal, runs=9 if run.full else 3)


def _measure_first_token(run: Run) -> None:
    asyncio.run(first_token.measure(run.data, run.journal, runs=40 if run.full else 20))


def _measure_retrieval(run: Run) -> None:
    """Measure the search in a process of its own; without the public data there is nothing to search."""
    if _source("retrieval", run) is None:
        return
    counts = ("240", "300") if run.full else ("48", "100")
    command = [sys.executable, "-m", "benchmarks.retrieval", "--paragraphs", counts[0], "--questions", counts[1]]
    command += ["--folder", str(run.data / "retrieval" / counts[0])]
    searched = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    lines = searched.stdout.splitlines()
    if not lines:
        raise RuntimeError(searched.stderr[-1500:])
    for line in lines:
        run.journal.tell(Figure("retrieval", line, ""))
    held = searched.returncode == 0
    run.journal.tell(Figure("retrieval", "all thresholds", "held" if held else "missed", "all", held))


def _measure_glossary(run: Run) -> None:
    glossary.measure(run.journal)


def _measure_ingest(run: Run) -> None:
    ingest.measure(run.data, run.journal, files=200 if run.full else 12)


def _measure_latency(run: Run) -> None:
    source = _source("latency", run)
    if source is not None:
        asyncio.run(latency.measure(source, run.data, run.journal, full=run.full))


def _measure_peers(run: Run) -> None:
    source = _source("peers", run)
    if source is not None:
        peers.measure(source, run.data, run.journal, questions=peers.EVERY if run.full else 60)


def _measure_trace(run: Run) -> None:
    asyncio.run(trace.measure(run.journal))


def _measure_outlines(run: Run) -> None:
    for file in ("briefs.yaml", "held_out.yaml"):
        briefs.measure_outlines(run.journal, file)


def _measure_briefs(run: Run) -> None:
    asyncio.run(briefs.measure(run.data, run.journal, full=run.full, model=run.model))


def _measure_cases(run: Run) -> None:
    asyncio.run(briefs.measure_cases(run.data, run.journal, model=run.model))


def _measure_held_out(run: Run) -> None:
    asyncio.run(briefs.measure(run.data, run.journal, full=run.full, model=run.model, file="held_out.yaml"))


def _measure_whole_line(run: Run) -> None:
    asyncio.run(whole_line.measure(run.data, run.journal, full=run.full, model=run.model))


def _measure_api(run: Run) -> None:
    api_specs.measure(run.source, run.journal)


def _source(part: str, run: Run) -> Path | None:
    """Return the folder of the public data; where there is none, say that the part is not measured."""
    if run.source is None:
        run.journal.tell(Figure(part, "STAGECRAFT_TEST_DATA names no folder: not measured", ""))
    return run.source


# In the order in which they are measured.
PARTS: dict[str, Callable[[Run], None]] = {
    "start": _measure_start,
    "first_token": _measure_first_token,
    "retrieval": _measure_retrieval,
    "glossary": _measure_glossary,
    "ingest": _measure_ingest,
    "trace": _measure_trace,
    "latency": _measure_latency,
    "api": _measure_api,
    "peers": _measure_peers,
    "outlines": _measure_outlines,
    "briefs": _measure_briefs,
    "cases": _measure_cases,
    "held_out": _measure_held_out,
    "whole_line": _measure_whole_line,
}


if __name__ == "__main__":
    sys.exit(main())
