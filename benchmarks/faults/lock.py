"""Two processes and one index folder: the second server is refused, the terminal works beside it, the server follows within 5 s."""

import asyncio
import socket
import subprocess
import sys
import time
from pathlib import Path

from benchmarks.faults.bank import title_of, write_round
from benchmarks.faults.knowing import knowing
from benchmarks.figures import ROOT, Figure, Journal
from knowledge.knowledge import Knowledge
from tests.doubles.capable_replies import capable_answers, capable_reply
from tests.doubles.server_aside import server_aside

FOLLOW_SECONDS = 5.0
_COMMAND_SECONDS = 240


def run(folder: Path, journal: Journal, *, full: bool) -> bool:
    """Open the knowledge as the server does, and work beside it from the terminal."""
    place = folder / "lock"
    trials = 5 if full else 1
    figures = asyncio.run(_beside(place / str(time.time_ns()), trials))
    for figure in figures:
        journal.tell(figure)
    return all(figure.held for figure in figures)


async def _beside(place: Path, trials: int) -> list[Figure]:
    data, pack = place / "data", place / "pack"
    write_round(pack, 0, files=4, sections=2)
    with server_aside([capable_reply]) as endpoint:
        async with knowing(data, pack, real=True, watch=True) as server:
            await server.ingest(pack)
            settings = {
                "DATA_DIR": str(data), "KNOWLEDGE__PACK": str(pack), "ENDPOINT__BASE_URL": endpoint.base_url,
                "ENDPOINT__MODEL": "scripted", "ENDPOINT__STRUCTURED": "schema",
            }  # fmt: skip
            second = await _terminal(settings, "serve", "--port", str(_free_port()))
            ingested, waited = [], []
            for number in range(1, trials + 1):
                wanted = write_round(pack, 3 * number, files=4, sections=2)
                ingested.append(await _terminal(settings, "ingest", str(pack)))
                waited.append(await _seconds_until_found(server, wanted))
            file, version = next(iter(wanted.items()))
            searched = await _terminal(settings, "search", f"{title_of(file)} f{file}v{version}", "--limit", "30", "--json")
            asked = await _terminal(settings, "ask", "user_stories", capable_answers()[0]["brief"], "--json")
    refused = second.returncode == 1 and "Another process uses the index folder" in second.stderr + second.stdout
    found = f"mark f{file}v{version} " in searched.stdout
    return [
        Figure("lock", "a second server on the same index folder is refused", "yes" if refused else _said(second), "yes", refused),
        Figure("lock", "ingest in the terminal beside a running server", _codes(ingested), "all 0", not any(one.returncode for one in ingested)),
        Figure("lock", "the server finds what came, slowest", f"{max(waited):.1f} s", f"≤ {FOLLOW_SECONDS:.0f} s", max(waited) <= FOLLOW_SECONDS),
        Figure("lock", "search in the terminal finds it too", "yes" if found else _said(searched), "yes", found),
        Figure("lock", "ask in the terminal beside a running server", _codes([asked]), "0", asked.returncode == 0),
    ]  # fmt: skip


async def _terminal(settings: dict[str, str], *arguments: str) -> "subprocess.CompletedProcess[str]":
    """Run `stagecraft …` in a process of its own, while the server goes on in this one."""
    environment = {"PATH": "/usr/bin:/bin", "PYTHONPATH": str(ROOT)} | {
        f"STAGECRAFT_{name}": value for name, value in settings.items()
    }
    command = [sys.executable, "-m", "channels.terminal.cli", *arguments]

    def ran() -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=_COMMAND_SECONDS, check=False
        )

    return await asyncio.to_thread(ran)


async def _seconds_until_found(server: Knowledge, wanted: dict[int, int]) -> float:
    """Return how long after the terminal's end the server finds every file."""
    begun = time.monotonic()
    while time.monotonic() - begun < 6 * FOLLOW_SECONDS:
        if all([await _finds(server, file, version) for file, version in wanted.items()]):
            break
        await asyncio.sleep(0.05)
    return time.monotonic() - begun


async def _finds(server: Knowledge, file: int, version: int) -> bool:
    hits = await server.search(f"{title_of(file)} f{file}v{version}", groups=frozenset({"everyone"}), limit=30)
    return any(f"mark f{file}v{version} " in hit.passage.text for hit in hits)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _said(run: "subprocess.CompletedProcess[str]") -> str:
    return f"exit {run.returncode}: {(run.stderr or run.stdout).strip()[-200:]}"


def _codes(runs: "list[subprocess.CompletedProcess[str]]") -> str:
    return ", ".join(str(run.returncode) if not run.returncode else _said(run) for run in runs)
