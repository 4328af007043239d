"""Two versions of an artifact side by side: which items came, went and changed, and word by word how."""

import difflib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from errors import Language
from stages.catalog import CatalogedStage
from stages.declaration import Artifact, Item

PieceKind = Literal["same", "added", "removed"]
ChangeKind = Literal["same", "changed", "added", "removed"]
# A word, a run of white space, or one character of anything else: Chinese is compared character by character.
_WORD = re.compile(r"[A-Za-z0-9_]+(?:['’-][A-Za-z0-9_]+)*|\s+|.", re.DOTALL)
# difflib takes quadratic time in the worst case: longer texts are compared line by line.
_MOST_WORDS = 4000


@dataclass(frozen=True)
class Piece:
    """A run of characters that both texts have, that came, or that went."""

    kind: PieceKind
    text: str


@dataclass(frozen=True)
class ItemChange:
    """What became of one item; `before` and `after` are its texts as a person edits them, empty where it is not there."""

    item: str
    kind: ChangeKind
    title: str
    before: str
    after: str
    pieces: tuple[Piece, ...]


@dataclass(frozen=True)
class Comparison:
    """What differs between two versions of an artifact, in the order of the later one; what went stands where it stood."""

    artifact_id: str
    before: int
    after: int
    changes: tuple[ItemChange, ...]

    @property
    def differs(self) -> bool:
        """Tell whether any item changed, came or went."""
        return any(change.kind != "same" for change in self.changes)


def pieces(before: str, after: str) -> tuple[Piece, ...]:
    """Return two texts as one, in pieces: joined without what was added they are the first, without what was removed the second."""
    old, new = _cut(before), _cut(after)
    if len(old) + len(new) > _MOST_WORDS:
        old, new = before.splitlines(keepends=True), after.splitlines(keepends=True)
    found: list[Piece] = []
    for how, start, end, start_new, end_new in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if how == "equal":
            found.append(Piece("same", "".join(old[start:end])))
            continue
        if end > start:
            found.append(Piece("removed", "".join(old[start:end])))
        if end_new > start_new:
            found.append(Piece("added", "".join(new[start_new:end_new])))
    return tuple(found)


def compare(stage: CatalogedStage, before: Artifact, after: Artifact, language: Language) -> tuple[ItemChange, ...]:
    """Return what became of each item."""
    old = {item.id: item for item in before.items()}
    new = {item.id: item for item in after.items()}
    return tuple(change(stage, item_id, old.get(item_id), new.get(item_id), language) for item_id in _in_order(old, new))


def change(stage: CatalogedStage, item_id: str, before: Item | None, after: Item | None, language: Language) -> ItemChange:
    """Return what became of one item; at least one of both is there."""
    shown = after or before
    assert shown is not None
    old, new = (stage.stage.edit(item, language) if item is not None else "" for item in (before, after))
    kind: ChangeKind = "added" if before is None else "removed" if after is None else "same" if before == after else "changed"
    return ItemChange(item_id, kind, stage.stage.view(shown, language).title, old, new, pieces(old, new))


def _cut(text: str) -> list[str]:
    return _WORD.findall(text)


def _in_order(old: Sequence[str] | dict[str, Item], new: dict[str, Item]) -> list[str]:
    """Return every id once: those of the new version in their order, each that went after the one that it followed."""
    order = list(new)
    before = ""
    for item_id in old:
        if item_id not in new:
            order.insert(order.index(before) + 1 if before else 0, item_id)
        before = item_id
    return order
