"""A server that dies, or is told to end, in the middle of an answer; and what the person finds in the chat afterwards."""

import asyncio
import contextlib
import random
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benchmarks.faults.chatting import Chatter
from benchmarks.faults.slow_model import VERBS
from benchmarks.figures import ROOT, Figure, Journal, commit

BRIEF = "A customer can view, add, change and delete the income records of an account."
# A draft is put on record every two seconds; what was seen before that must be there after a kill.
SAVED_SECONDS, END_SECONDS = 2.6, 10.0
_ANSWER_SECONDS, _START_SECONDS, _SHOWN_SECONDS = 7.0, 180.0, 60.0
_MOST_FAILURES = 5


@dataclass
class Found:
    """What one interruption left: how many items were shown before it and after it, and what went wrong."""

    way: str
    seen: int = 0
    kept: int = 0
    whole: int = 0
    ended: float = 0.0
    marked: bool = False
    goes_on: bool = False
    wrong: list[str] = field(default_factory=list)


def run(folder: Path, journal: Journal, *, full: bool) -> bool:
    """Interrupt, look, press once, and tell the figures; goes on where a run of this commit was cut."""
    wanted = 100 if full else 10
    rows = list(_rounds(folder / "interrupted" / commit(), journal, wanted))
    return _told(rows, journal, wanted=wanted)


def _rounds(folder: Path, journal: Journal, wanted: int) -> Iterator[dict[str, Any]]:
    """Yield what every interruption left, those of a run before included."""
    kept = list(journal.kept("interrupted"))[:wanted]
    yield from kept
    failures = 0
    with serving(folder) as server:
        for number in range(len(kept), wanted):
            row = vars(asyncio.run(interrupted(server, number)))
            journal.keep("interrupted", row)
            failures += bool(row["wrong"])
            told = f"{row['way']} after {row['seen']} items, {row['kept']} kept {row['wrong'] or ''}"
            print(f"  {number + 1}/{wanted}: {told}", flush=True)
            yield row
            if failures >= _MOST_FAILURES:
                return
    shutil.rmtree(folder, ignore_errors=True)


async def interrupted(server: "Server", number: int) -> Found:
    """Ask a brief, kill the server (an even number) or tell it to end (an odd one) meanwhile, start it again, and go on."""
    drawn, found = random.Random(number), Found("killed" if number % 2 == 0 else "ended")
    async with Chatter.at(await server.address()) as chatter:
        await chatter.ask(BRIEF)
        await chatter.until(lambda: chatter.items() > 0, _SHOWN_SECONDS)
        least = SAVED_SECONDS if found.way == "killed" else 0.0
        await asyncio.sleep(least + drawn.random() * (_ANSWER_SECONDS - 1.5 - least))
        found.seen = chatter.items_before(SAVED_SECONDS if found.way == "killed" else 0.3)
        found.ended = await server.end(found.way)
        thread = chatter.thread
    async with Chatter.at(await server.address()) as chatter:
        await _look(chatter, thread, found)
    return found


async def _look(chatter: Chatter, thread: str, found: Found) -> None:
    """Open the chat again, see what is there, and press the one button."""
    try:
        await chatter.open(thread)
        card = chatter.card
        found.kept, found.marked = len(card["items"]), card["phase"] == "interrupted"
        if not found.marked:
            found.wrong.append(f"the card says {card['phase']}")
        if found.kept < found.seen:
            found.wrong.append(f"{found.seen} items were shown, {found.kept} are kept")
        if found.ended > END_SECONDS:
            found.wrong.append(f"the server took {found.ended:.1f} s to end")
        before = [item["id"] for item in card["items"]][:-1]
        await chatter.go_on(card["turnId"])
        await chatter.until(lambda: chatter.card["phase"] == "ready", _SHOWN_SECONDS)
        found.whole = len(chatter.card["items"])
        found.goes_on = found.whole == len(VERBS) and [item["id"] for item in chatter.card["items"]][: len(before)] == before
        if not found.goes_on:
            found.wrong.append(f"{found.whole} items after it went on")
    except (TimeoutError, KeyError, RuntimeError) as error:
        found.wrong.append(f"{type(error).__name__}: {error}")


class Server:
    """The real application over a folder and a slow model, started whenever it is asked for and does not run."""

    def __init__(self, folder: Path, model: int) -> None:
        self._folder = folder
        self._model = model
        self._port = 0
        self._process: subprocess.Popen[bytes] | None = None

    async def address(self) -> str:
        """Return where it answers. Raises TimeoutError where it does not."""
        if self._process is None:
            self._port = _free_port()
            command = [sys.executable, "-m", "benchmarks.faults.serving", str(self._folder), str(self._port), str(self._model)]
            with (self._folder / "server.log").open("ab") as log:
                self._process = subprocess.Popen(command, cwd=ROOT, stdout=log, stderr=log)
        address = f"http://127.0.0.1:{self._port}"
        await Chatter.answers(address, _START_SECONDS)
        return address

    async def end(self, way: str) -> float:
        """Kill it, or tell it to end, and return how many seconds that took."""
        process, self._process = self._process, None
        assert process is not None
        since = time.monotonic()
        process.send_signal(signal.SIGKILL if way == "killed" else signal.SIGTERM)
        await asyncio.to_thread(process.wait, _START_SECONDS)
        return time.monotonic() - since

    def close(self) -> None:
        """End it for good."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()


@contextlib.contextmanager
def serving(folder: Path) -> Iterator[Server]:
    """Yield a server over a folder, and a slow model behind it."""
    folder.mkdir(parents=True, exist_ok=True)
    port = _free_port()
    command = [sys.executable, "-m", "benchmarks.faults.slow_model", str(port), str(_ANSWER_SECONDS)]
    with subprocess.Popen(command, cwd=ROOT) as model:
        server = Server(folder, port)
        try:
            yield server
        finally:
            server.close()
            model.kill()


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def _told(rows: list[dict[str, Any]], journal: Journal, *, wanted: int) -> bool:
    """Tell the counts with their targets and return whether all of them hold."""
    killed = [row for row in rows if row["way"] == "killed"]
    slowest = max((row["ended"] for row in rows if row["way"] == "ended"), default=0.0)
    whole = f"{len(rows)}"
    counts = {
        "of these the partial answer was there": sum(row["kept"] >= row["seen"] and row["kept"] > 0 for row in rows),
        "of these the answer was marked interrupted": sum(row["marked"] for row in rows),
        "of these the answer went on with one click and was whole": sum(row["goes_on"] for row in rows),
    }
    figures = [
        Figure("interrupted", "answers interrupted in the middle", whole, f"{wanted}", len(rows) >= wanted),
        Figure("interrupted", f"of these by kill -9: {len(killed)}, by SIGTERM: {len(rows) - len(killed)}", ""),
        *(Figure("interrupted", name, f"{count}", whole, count == len(rows)) for name, count in counts.items()),
        Figure("interrupted", "slowest end after SIGTERM", f"{slowest:.1f} s", "10 s", slowest <= END_SECONDS),
    ]
    for figure in figures:
        journal.tell(figure)
    return all(figure.held is not False for figure in figures)
