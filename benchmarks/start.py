"""How long a start takes: the terminal's help, and the page over a filled index."""

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

from benchmarks.figures import ROOT, Figure, Journal
from benchmarks.opened import opened, settings_for

HELP_SECONDS = 1.0
PAGE_SECONDS = 10.0
GIVEN_UP_SECONDS = 120.0


async def fill(data: Path) -> None:
    """Take the sample pack into the index that the page opens."""
    async with opened(settings_for(data, base_url="http://127.0.0.1:9/v1", model="none", context_tokens=4096), "chroma"):
        pass


def measure(data: Path, journal: Journal, *, runs: int) -> None:
    """Print the median seconds of both; the index in the data folder is filled already."""
    helped = sorted(_help_seconds() for _ in range(runs))
    ready = sorted(_page_seconds(data) for _ in range(max(1, runs // 2)))
    for name, times, most in (("stagecraft --help", helped, HELP_SECONDS), ("page ready, filled index", ready, PAGE_SECONDS)):
        median = times[len(times) // 2]
        spread = f"{median:.2f} s ({times[0]:.2f}–{times[-1]:.2f})"
        journal.tell(Figure("start", name, spread, f"under {most:.0f} s", median < most))


def _help_seconds() -> float:
    script = Path(sys.executable).with_name("stagecraft")
    command = [str(script)] if script.exists() else [sys.executable, "-m", "channels.terminal.cli"]
    since = time.perf_counter()
    told = subprocess.run([*command, "--help"], cwd=ROOT, check=True, capture_output=True, text=True).stdout
    if "Commands:" not in told:
        raise RuntimeError(f"the terminal's help does not name its commands: {told[:300]}")
    return time.perf_counter() - since


def _page_seconds(data: Path) -> float:
    """Return the seconds until the page answers; the child's last words are told where it never does."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "uvicorn", "app:app", "--host", "127.0.0.1", "--port", str(port)]
    environment = os.environ | {"STAGECRAFT_DATA_DIR": str(data.absolute())}
    log = data / "benchmarks" / "page.log"
    since = time.perf_counter()
    with log.open("wb") as written, subprocess.Popen(command, cwd=ROOT, env=environment, stdout=written, stderr=written) as child:
        try:
            while not _answers(f"http://127.0.0.1:{port}/"):
                if child.poll() is not None or time.perf_counter() - since > GIVEN_UP_SECONDS:
                    raise RuntimeError(f"the page did not open:\n{log.read_text('utf-8', 'replace')[-1500:]}")
                time.sleep(0.05)
            return time.perf_counter() - since
        finally:
            child.terminate()
            child.wait(30)


def _answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(address, timeout=5) as response:
            return bool(response.status == 200)
    except (urllib.error.URLError, ConnectionError, TimeoutError):
        return False
