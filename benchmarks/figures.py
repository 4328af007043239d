"""A figure with its target and the conditions under which it was taken: printed for people, kept as a JSON line."""

import hashlib
import json
import os
import subprocess
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
_SOURCES = ("assembly.py", "chains", "evaluation", "formats", "knowledge", "records", "settings.py", "stages")


@dataclass(frozen=True)
class Figure:
    """One figure: its value as it is read, what it is held to, and whether it holds; None where there is no target."""

    part: str
    name: str
    value: str
    target: str = ""
    held: bool | None = None

    def line(self) -> str:
        """Return the figure as it is printed, with the machine's load, the time and the commit."""
        verdict = {True: "held  ", False: "MISSED", None: "      "}[self.held]
        target = f"({self.target})" if self.target else ""
        return f"{verdict} {self.name:58} {self.value:>22} {target:28} [{conditions()}]"


class Journal:
    """The JSON lines of a data folder's `benchmarks/`: what was measured before, and what is measured now."""

    def __init__(self, data: Path) -> None:
        self._folder = data / "benchmarks"
        self._folder.mkdir(parents=True, exist_ok=True)

    def tell(self, figure: Figure) -> None:
        """Print a figure and keep it."""
        print(figure.line(), flush=True)
        self.keep("figures", asdict(figure))

    def keep(self, name: str, row: dict[str, Any]) -> None:
        """Append a row with the conditions of this moment."""
        told = {"commit": commit(), "time": datetime.now(UTC).isoformat(timespec="seconds"), "load": load()} | row
        with (self._folder / f"{name}.jsonl").open("a", encoding="utf-8") as file:
            file.write(json.dumps(told, ensure_ascii=False) + "\n")

    def kept(self, name: str) -> Iterator[dict[str, Any]]:
        """Yield the rows of this commit; a line that a crash cut short is passed over."""
        path = self._folder / f"{name}.jsonl"
        for text in path.read_text("utf-8").splitlines() if path.exists() else ():
            try:
                row = json.loads(text)
            except ValueError:
                continue
            if row["commit"] == commit():
                yield row


def conditions() -> str:
    """Return load, time and commit in one line."""
    return f"load {load():.1f}/{os.cpu_count()}, {datetime.now(UTC):%Y-%m-%d %H:%M} UTC, {commit()}"


def load() -> float:
    """Return the machine's load of the last minute."""
    return round(os.getloadavg()[0], 2)


@cache
def commit() -> str:
    """Return the commit, and a digest of what differs from it in the sources that answer a brief; `unknown` outside git."""
    try:
        name = _git("rev-parse", "--short=10", "HEAD").decode().strip()
        changed = _git("diff", "HEAD", "--", *_SOURCES)
        added = _git("ls-files", "--others", "--exclude-standard", "--", *_SOURCES).decode().split()
    except (OSError, subprocess.CalledProcessError):
        return "unknown"
    changed += b"".join((ROOT / path).read_bytes() for path in added)
    return f"{name}+{hashlib.sha256(changed).hexdigest()[:6]}" if changed else name


def _git(*arguments: str) -> bytes:
    return subprocess.run(["git", *arguments], cwd=ROOT, check=True, capture_output=True).stdout
