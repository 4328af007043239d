"""What a hostile file is made of: its kind, its ending, what must become of it, and how it is written."""

import random
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

Expected = Literal["refused", "read", "either"]

MEGABYTE = 1024 * 1024
# Where a file would show that something was executed, followed or fetched.
EVIL = "STOLEN-BY-SCRIPT"


@dataclass(frozen=True)
class HostileFile:
    """A file on the disk; "read" means that it may be read with its hostile parts inert, "either" that both are right."""

    path: Path
    kind: str
    expected: Expected


@dataclass(frozen=True)
class Size:
    """How large this variation is: 1.0 for the first of a kind, less for the others, so that hundreds fit a disk."""

    share: float
    dice: random.Random

    def of(self, full: int, least: int = 1) -> int:
        """Return the share of a full number, never less than what still makes the file hostile."""
        return max(least, int(full * self.share))

    def text(self, full: int, least: int, *parts: str) -> str:
        """Return one of the texts repeated to about as many characters."""
        part = self.dice.choice(parts)
        return part * (self.of(full, least) // len(part) + 1)


@dataclass(frozen=True)
class Kind:
    """A kind of hostile file whose content is made of nothing but its size and its dice."""

    name: str
    suffix: str
    expected: Expected
    made: Callable[[Size], bytes]


@dataclass(frozen=True)
class PlacedKind:
    """A kind whose harm lies in its name or place; `put` writes it into a folder and returns its path."""

    name: str
    expected: Expected
    put: Callable[[Path, Size], Path]
