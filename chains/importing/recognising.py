"""Recognise: which stage's notation a pasted text is, by asking each stage to read it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from errors import Language
from formats.language import has_han, language_of
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
    best = max(found, key=_rank, default=None)
    return best if best is None or language else _in_its_own_words(text, best)


def _in_its_own_words(text: str, found: Recognised) -> Recognised:
    """Return what was read in the language of its prose: of a Chinese OpenAPI file most letters are keys, paths and ids."""
    prose = "\n".join(told for told in _strings(found.imported.body) if has_han(told) or " " in told.strip())
    tongue = language_of(prose)
    if not prose or tongue == found.language:
        return found
    imported = found.stage.stage.read(text, tongue)
    again = Recognised(found.stage, imported, tongue) if imported is not None else found
    return again if _rank(again) >= _rank(found) else found


def _strings(value: Any) -> Iterator[str]:
    """Yield every text of a body."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list | tuple):
        for part in value.values() if isinstance(value, dict) else value:
            yield from _strings(part)


def _rank(one: Recognised) -> tuple[int, int, int]:
    read = one.imported
    items = read.body.get(one.stage.stage.artifact.ITEMS) or ()
    return len(items), -len(read.lost) - len(read.faults), one.stage.stage.place
