"""Nothing leaves the house: the whole product under a network namespace with the loopback interface alone, every connection traced."""

import ipaddress
import json
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks.figures import ROOT, Figure, Journal
from tests.journeys.served import CHROMIUM

_TOOLS = ("unshare", "strace", "ip")
_ADDRESS = re.compile(r'sin_addr=inet_addr\("([^"]+)"\)|inet_pton\(AF_INET6, "([^"]+)"')
_SECONDS = 900


def run(folder: Path, journal: Journal, *, full: bool) -> bool:
    """Use the product inside the namespace and count what asked for another host; the full run uses the terminal and both languages too."""
    lacking = [tool for tool in _TOOLS if shutil.which(tool) is None] + ([] if CHROMIUM else ["chromium"])
    if lacking or not _may_unshare():
        print(f"not done: {', '.join(lacking) or 'a network namespace may not be made here'}")
        return True
    figures = _alone(folder / "isolation" / str(time.time_ns()), whole=full)
    for figure in figures:
        journal.tell(figure)
    return all(figure.held for figure in figures)


def _alone(place: Path, *, whole: bool) -> list[Figure]:
    place.mkdir(parents=True)
    command = ["unshare", "-rn", sys.executable, "-m", "benchmarks.faults.alone", str(place), *(["whole"] if whole else [])]
    ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=_SECONDS, check=False)
    if ran.returncode:
        print(ran.stdout[-2000:], ran.stderr[-4000:], file=sys.stderr)
        return [Figure("isolation", "the product works with the loopback interface alone", "no", "yes", held=False)]
    done = json.loads(ran.stdout.splitlines()[-1])
    traced = list(_connections(place))
    foreign = sorted({address for address in traced if not ipaddress.ip_address(address).is_loopback})
    asked = [address for visit in done["visits"] for address in visit["foreign"]]
    items, failed = sum(visit["items"] for visit in done["visits"]), sum(code != 0 for code in done["commands"])
    return [
        Figure("isolation", "commands that failed with loopback alone", f"{failed} of {len(done['commands'])}", "0", failed == 0),
        Figure("isolation", "items that the pages showed", str(items), "≥ 1 a language", items >= len(done["visits"])),
        Figure("isolation", "pages and routes that broke (5xx, silence)", str(_broken(done["answers"])), "0", not _broken(done["answers"])),
        Figure("isolation", "requests of Chromium to another host", str(len(asked)), "0", not asked),
        Figure("isolation", f"other hosts in {len(traced):,} traced connections", ", ".join(foreign) or "0", "0", not foreign),
    ]  # fmt: skip


def _broken(answers: list[int]) -> int:
    # 503 is what /ready says while vectors are still made.
    return sum(status == 0 or (status >= 500 and status != 503) for status in answers)


def _connections(place: Path) -> Iterator[str]:
    """Yield every internet address that a process connected or sent to."""
    for trace in place.glob("*.trace"):
        for found in _ADDRESS.finditer(trace.read_text("utf-8", "replace")):
            yield (found[1] or found[2]).removeprefix("::ffff:")


def _may_unshare() -> bool:
    return subprocess.run(["unshare", "-rn", "true"], capture_output=True, check=False).returncode == 0
