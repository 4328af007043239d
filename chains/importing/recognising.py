"""Recognise: which stage's notation a pasted text is, by asking each stage to read it."""

from collections.abc import Iterable
from dataclasses import dataclass

from errors import Language
from stages.catalog import CatalogedStage
from stages.declaration import Imported


@dataclass(frozen=True)
class Recognised:
    """The stage whose notation a text is, what was read of it, and the language that it is in."""

    stage: CatalogedStage
    imported: Imported
    language: Language


def recognise(text: str, stages: Iterable[CatalogedStage], language: Language | None = None) -> Recognised | None:
    """Return what a text is, of the notations of these stages; None where it is none of them, such as a brief.

    Where several stages can read it, it is the one that reads the most items and, of these, the one that loses least: a feature file
    whose description tells a story is a feature file.
    """
    if not text.strip():
        return None
    found: list[Recognised] = []
    for stage in stages:
        tongue = language or stage.stage.speaks(text)
        imported = stage.stage.read(text, tongue)
        if imported is not None:
            found.append(Recognised(stage, imported, tongue))
    return max(found, key=_rank, default=None)


def _rank(one: Recognised) -> tuple[int, int, int]:
    read = one.imported
    items = read.body.get(one.stage.stage.artifact.ITEMS) or ()
    return len(items), -len(read.lost) - len(read.faults), one.stage.stage.place
