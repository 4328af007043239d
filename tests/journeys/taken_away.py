"""What a person takes away from the page, read as its next reader does: Gherkin's own parser, and behave."""

import io
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

from gherkin.parser import Parser


def scenarios_in(feature: str) -> list[dict[str, Any]]:
    """Return the scenarios of a `.feature` text, read by gherkin-official."""
    read: dict[str, Any] = Parser().parse(feature)
    return [child["scenario"] for child in read["feature"]["children"] if "scenario" in child]


def dry_run(archive: bytes, folder: Path) -> "subprocess.CompletedProcess[str]":
    """Unpack a zip and have behave find a step for every line of its features."""
    with zipfile.ZipFile(io.BytesIO(archive)) as unpacked:
        assert any(name.endswith(".feature") for name in unpacked.namelist())
        unpacked.extractall(folder)
    return behave(folder)


def behave(folder: Path) -> "subprocess.CompletedProcess[str]":
    """Have behave find a step for every line of the features of a folder."""
    command = [sys.executable, "-m", "behave", "--dry-run", "--no-color"]
    return subprocess.run(command, check=False, cwd=folder, capture_output=True, text=True, encoding="utf-8", timeout=60)
