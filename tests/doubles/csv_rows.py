"""Reads the rows of a CSV file in this process: what the house has a process of its own for."""

import csv
from pathlib import Path


class CsvRows:
    """Rows as texts; there is one sheet."""

    async def rows(self, path: Path, sheet: str | None = None) -> list[list[str]]:
        """Return every row."""
        with path.open(encoding="utf-8-sig", newline="") as file:
            return list(csv.reader(file))
