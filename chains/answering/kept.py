"""What a turn that was cut off had written already: an answer that goes on reuses what is whole, and asks for the rest."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from chains.answering.reading import read_json, without_broken_items
from chains.events import Request
from chains.sentences import refuse
from records.ledger import Ledger
from records.turns import Turn
from stages.declaration import Entry, Stage
from stages.material import Material, Source

Json = dict[str, Any]


@dataclass(frozen=True)
class Kept:
    """The draft as text; of an answer led item by item also its outline, its replies and what each was asked about, by entry.

    `passages` tells which passage each key of the draft meant: a search done again may give them other keys.
    """

    draft: str = ""
    outline: Json | None = None
    texts: Mapping[str, str] = field(default_factory=dict)
    replies: Mapping[str, Json] = field(default_factory=dict)
    passages: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, turn: Turn) -> "Kept":
        """Return what a turn on record had written."""
        known = turn.written
        return cls(
            turn.draft,
            known.get("outline"),
            known.get("texts") or {},
            known.get("replies") or {},
            known.get("passages") or {},
        )

    def replies_to(self, entries: Sequence[Entry], sources: Sequence[Source]) -> dict[str, Json]:
        """Return the replies to entries that ask for the same as then, by entry id."""
        same = [entry.id for entry in entries if entry.id in self.replies and self.texts.get(entry.id) == entry.text]
        return {entry: self._cited_anew(self.replies[entry], sources) for entry in same}

    def body(self, stage: Stage, material: Material) -> Json | None:
        """Return the draft with its whole items; None where it has none."""
        read = read_json(self.draft) if self.draft else None
        if read is None:
            return None
        cited = self._cited_anew(read, material.sources)
        whole = without_broken_items(stage.artifact, stage.way.completed(cited, material))
        return whole if whole[stage.artifact.ITEMS] else None

    def _cited_anew(self, value: Any, sources: Sequence[Source]) -> Any:
        """Return JSON whose `sources` name the passages by the keys that they have now; what is not in hand is left out."""
        keys = {source.passage_id: source.key for source in sources}
        renamed = {old: keys[passage] for old, passage in self.passages.items() if passage in keys}
        return _renamed(value, renamed)


async def kept_for(request: Request, ledger: Ledger) -> Kept:
    """Return what the turn that a request goes on from had written. Raises BriefError where it is not the person's, or of another stage."""
    if not request.continues:
        return Kept()
    turn = await ledger.turn(request.continues, owner=request.person.id)
    if turn is None or turn.stage != request.stage:
        raise refuse("no-turn")
    return Kept.of(turn)


def keys_of(sources: Sequence[Source]) -> dict[str, str]:
    """Return which passage each key means, to be kept with a draft."""
    return {source.key: source.passage_id for source in sources}


def with_kept(body: Json, kept: Json, items: str) -> Json:
    """Return a body in which the kept items stand first, as they were; a new one of the same id gives way."""
    there = {item.get("id") for item in kept[items] if isinstance(item, dict)}
    listed = body.get(items)
    new = [
        item for item in (listed if isinstance(listed, list) else []) if not isinstance(item, dict) or item.get("id") not in there
    ]
    return {**kept, **body, items: [*kept[items], *new]}


def _renamed(value: Any, keys: Mapping[str, str]) -> Any:
    if isinstance(value, list):
        return [_renamed(one, keys) for one in value]
    if not isinstance(value, dict):
        return value
    return {name: _keys(part, keys) if name == "sources" else _renamed(part, keys) for name, part in value.items()}


def _keys(listed: Any, keys: Mapping[str, str]) -> Any:
    return [keys[key] for key in listed if key in keys] if isinstance(listed, list) else listed
