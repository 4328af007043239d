"""`python -m benchmarks [PART …] [--full]`: measure, and print every figure with its target.

A missed target is printed as missed and is no failure of the run; a run that breaks ends with 1.
"""

import argparse
import asyncio
import os
import subprocess
import sys
from pathlib import Path

from benchmarks import briefs, first_token, start
from benchmarks.figures import ROOT, Figure, Journal
from errors import AssistantError

PARTS = ("start", "first_token", "retrieval", "outlines", "briefs", "cases", "held_out")
QUICK = ("start", "first_token", "retrieval", "outlines", "briefs")


def main() -> int:
    """Read the arguments and measure each part; return the exit code."""
    arguments = _arguments()
    data: Path = arguments.data.absolute()
    journal = Journal(data)
    chosen = arguments.parts or (PARTS if arguments.full else QUICK)
    broken = [part for part in PARTS if part in chosen and not _ran(part, data, journal, arguments)]
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


def _ran(part: str, data: Path, journal: Journal, arguments: argparse.Namespace) -> bool:
    """Measure one part; tell what broke it and go on with the others."""
    print(f"\n== {part}", flush=True)
    try:
        _measure(part, data, journal, arguments)
    except (AssistantError, OSError, RuntimeError, subprocess.SubprocessError) as error:
        print(f"{part} broke: {type(error).__name__}: {error}", file=sys.stderr)
        return False
    return True


def _measure(part: str, data: Path, journal: Journal, arguments: argparse.Namespace) -> None:
    full: bool = arguments.full
    match part:
        case "start":
            asyncio.run(start.fill(data))
            start.measure(data, journal, runs=9 if full else 3)
        case "first_token":
            asyncio.run(first_token.measure(data, journal, runs=40 if full else 20))
        case "retrieval":
            _measure_retrieval(data, journal, full=full)
        case "outlines":
            for file in ("briefs.yaml", "held_out.yaml"):
                briefs.measure_outlines(journal, file)
        case "briefs":
            asyncio.run(briefs.measure(data, journal, full=full, model=arguments.model))
        case "held_out":
            asyncio.run(briefs.measure(data, journal, full=full, model=arguments.model, file="held_out.yaml"))
        case _:
            asyncio.run(briefs.measure_cases(data, journal, model=arguments.model))


def _measure_retrieval(data: Path, journal: Journal, *, full: bool) -> None:
    """Measure the search in a process of its own; without the public data there is nothing to search."""
    if not os.environ.get("STAGECRAFT_TEST_DATA"):
        journal.tell(Figure("retrieval", "STAGECRAFT_TEST_DATA names no folder: not measured", ""))
        return
    counts = ("240", "300") if full else ("48", "100")
    command = [sys.executable, "-m", "benchmarks.retrieval", "--paragraphs", counts[0], "--questions", counts[1]]
    command += ["--folder", str(data / "retrieval" / counts[0])]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    lines = run.stdout.splitlines()
    if not lines:
        raise RuntimeError(run.stderr[-1500:])
    for line in lines:
        journal.tell(Figure("retrieval", line, ""))
    journal.tell(Figure("retrieval", "all thresholds", "held" if run.returncode == 0 else "missed", "all", run.returncode == 0))


if __name__ == "__main__":
    sys.exit(main())
