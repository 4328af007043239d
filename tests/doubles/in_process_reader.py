"""Reads files in the test's own process: as the reading process would, without its start; remembers what it was asked for."""

from pathlib import Path

from knowledge.reading.formats import read
from knowledge.reading.section import Reading


class InProcessReader:
    """Reads trusted files of tests."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    async def read(self, path: Path, name: str | None = None) -> Reading:
        self.asked.append(name or path.name)
        return read(name or path.name, path.read_bytes())

    async def close(self) -> None:
        pass
