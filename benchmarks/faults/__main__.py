"""`python -m benchmarks.faults [PART …] [--full]`: do faults on purpose and print each count with its target.

Exit code 1 where something did not hold. A run that was cut goes on where it stood.
"""

import argparse
import sys
from pathlib import Path

from benchmarks.faults import disk, hostile, interrupted, isolation, kills, lock, permissions, slack
from benchmarks.figures import ROOT, Journal

PARTS = {
    "kills": kills.run,
    "lock": lock.run,
    "disk": disk.run,
    "hostile": hostile.run,
    "permissions": permissions.run,
    "isolation": isolation.run,
    "interrupted": interrupted.run,
    "slack": slack.run,
}


def main() -> int:
    """Read the arguments and do each part; return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.faults", description=__doc__)
    parser.add_argument("parts", nargs="*", metavar="PART", choices=[*PARTS, []], help=f"{', '.join(PARTS)}; by default all")
    parser.add_argument("--full", action="store_true", help="the full counts")
    parser.add_argument("--folder", type=Path, default=ROOT / ".data/faults", help="folder of the journal and of what is broken")
    arguments = parser.parse_args()
    folder: Path = arguments.folder.absolute()
    journal = Journal(folder)
    missed = []
    for name, run in PARTS.items():
        if name in (arguments.parts or PARTS):
            print(f"\n== {name}", flush=True)
            if not run(folder, journal, full=arguments.full):
                missed.append(name)
    if missed:
        print(f"did not hold: {', '.join(missed)}", file=sys.stderr)
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
