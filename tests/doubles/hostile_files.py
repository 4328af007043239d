"""Files that would do harm, of every format: bombs, loops, lies, scripts; some hundreds in a minute, the same from the same seed."""

import io
import os
import random
import zipfile
from collections.abc import Iterator
from pathlib import Path

from tests.doubles import hostile_data, hostile_packed, hostile_pdf, hostile_text
from tests.doubles.hostile_kinds import HostileFile, Kind, PlacedKind, Size

_SEED = 20240305
_ODD_NAMES = ("\a", "\x1b[2J", "\n", "\u200b", "%00", "$(id)", "`id`", "; rm -rf .", "--help")


def hostile_files(folder: Path, count: int) -> list[HostileFile]:
    """Write `count` hostile files, one of each kind before any second; the first of a kind is the largest."""
    kinds: list[Kind | PlacedKind] = [
        *hostile_packed.KINDS,
        *hostile_pdf.KINDS,
        *hostile_data.KINDS,
        *hostile_text.KINDS,
        *PLACED,
    ]
    made: list[HostileFile] = []
    for place, kind in zip(range(count), _again_and_again(kinds), strict=False):
        round_, dice = place // len(kinds), random.Random(f"{_SEED} {place}")
        size = Size(1.0 if round_ == 0 else dice.uniform(0.02, 0.25), dice)
        inside = folder / f"{place:04}"
        inside.mkdir(parents=True)
        made.append(HostileFile(_written(kind, inside, size), kind.name, kind.expected))
    return made


def _again_and_again(kinds: list[Kind | PlacedKind]) -> Iterator[Kind | PlacedKind]:
    while True:
        yield from kinds


def _written(kind: Kind | PlacedKind, folder: Path, size: Size) -> Path:
    if isinstance(kind, PlacedKind):
        return kind.put(folder, size)
    path = folder / f"{kind.name.replace(' ', '-')}{kind.suffix}"
    path.write_bytes(kind.made(size))
    return path


def _link_out(folder: Path, size: Size) -> Path:
    path = folder / f"notes{size.dice.choice(['.md', '.txt', '.json'])}"
    path.symlink_to(size.dice.choice(["/etc/passwd", "/proc/self/environ", "../../../../../../../../etc/passwd"]))
    return path


def _link_to_nothing(folder: Path, size: Size) -> Path:
    path = folder / "notes.md"
    path.symlink_to(size.dice.choice(["notes.md", "gone.md", "/dev/zero"]))
    return path


def _pipe(folder: Path, size: Size) -> Path:
    os.mkfifo(folder / "notes.md")
    return folder / "notes.md"


def _closed(folder: Path, size: Size) -> Path:
    path = folder / "closed.md"
    path.write_bytes(b"# Closed\n\nNobody but the administrator may read this.\n")
    path.chmod(0)
    return path


def _named(folder: Path, name: str) -> Path:
    path = folder / name
    path.write_bytes(b"# Named oddly\n\nThe text is harmless.\n")
    return path


def _odd_name(folder: Path, size: Size) -> Path:
    return _named(folder, f"{size.dice.choice(_ODD_NAMES)}x.md")


def _long_name(folder: Path, size: Size) -> Path:
    return _named(folder, "x" * size.dice.randint(200, 252) + ".md")


def _reversed_name(folder: Path, size: Size) -> Path:
    return _named(folder, "report\u202efdp.md")


def _archive_as_sheet(folder: Path, size: Size) -> Path:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr(size.dice.choice(["evil.exe", "xl/workbook.xml", "[Content_Types].xml"]), "x")
    path = folder / "archive.xlsx"
    path.write_bytes(target.getvalue())
    return path


PLACED = (
    PlacedKind("a link out of the folder", "refused", _link_out),
    PlacedKind("a link to itself, to nothing or to a device", "refused", _link_to_nothing),
    PlacedKind("a pipe that never ends", "refused", _pipe),
    PlacedKind("a file that may not be opened", "either", _closed),
    PlacedKind("a name with control characters or commands", "read", _odd_name),
    PlacedKind("a name of hundreds of characters", "read", _long_name),
    PlacedKind("a name that reads backwards", "read", _reversed_name),
    PlacedKind("archive called spreadsheet", "refused", _archive_as_sheet),
)
