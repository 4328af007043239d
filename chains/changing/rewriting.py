"""Ask for single items of an artifact again, or for further ones, each by a call of its own."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from chains.answering.calling import call_each
from chains.answering.checking import burden, checked, mended
from chains.answering.plan import Plan
from chains.answering.reading import read_json
from chains.answering.turn import RunningTurn
from chains.answering.writing import Writer, compact
from chains.cards.items import items_in, read_item
from chains.endpoint.asking import Ask, Endpoint
from stages.declaration import Artifact, Entry, Item
from stages.findings import Finding

Json = dict[str, Any]
Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Wanted:
    """An item to be written: the entries that it is made of, its present text where there is one, what stands against that, and what
    a person remarked on it."""

    item: str
    entries: tuple[Entry, ...]
    present: Item | None = None
    said: tuple[str, ...] = ()
    remark: str = ""


@dataclass(frozen=True)
class Rewriting:
    """The endpoint, the writer of the calls, what fits, and the artifact whose items are written."""

    endpoint: Endpoint
    writer: Writer
    planned: Plan
    artifact: Artifact

    async def written(self, wanted: Sequence[Wanted], turn: RunningTurn, progress: Progress) -> dict[str, Item]:
        """Return the items that came, by id, mended by rule; one that could not be read is asked for once more.

        Raises EndpointError as the endpoint does.
        """
        replies: dict[str, Json] = {}
        progress(0, len(wanted))
        items = await self._asked(wanted, replies, turn, progress)
        faulty = self._with_faults(wanted, items)
        if not faulty:
            return self._mended(items)
        again = await self._asked(faulty, {}, turn, lambda _done, _expected: None)
        better = {item_id: item for item_id, item in again.items() if self._is_better(item, items)}
        return self._mended(items | better)

    def findings(self, item: Item) -> tuple[Finding, ...]:
        """Return what stands against one item, were it in the artifact."""
        whole = with_items(self.artifact, {item.id: item})
        found = checked(self.writer.stage.stage, whole, self.writer.in_hand(self.planned))
        return tuple(finding for finding in found if finding.item == item.id)

    async def _asked(
        self, wanted: Sequence[Wanted], replies: dict[str, Json], turn: RunningTurn, progress: Progress
    ) -> dict[str, Item]:
        """Ask for each entry, and a second time for those whose reply made no item."""
        items: dict[str, Item] = {}
        waiting = list(wanted)
        for _ in range(2):
            asks = [(entry, partial(self._ask, one, entry)) for one in waiting for entry in one.entries]
            async for told in call_each(self.endpoint, asks, turn, self.writer.abilities.parallel):
                if isinstance(told, tuple):
                    replies[told[0].id] = read_json(told[1].text) or {}
                    items |= {one.item: item for one in waiting if (item := self._item(one, replies)) is not None}
                    progress(len(items), len(wanted))
            waiting = [one for one in waiting if one.item not in items]
        return items

    def _ask(self, wanted: Wanted, entry: Entry) -> Ask:
        """Return a call, with what is said of the present text; the demonstration model, which would repeat that text, is shown it
        for a person's remark alone."""
        ask = self.writer.item(self.planned, entry)
        told = () if self.writer.abilities.demonstration else wanted.said
        said = [Finding("said", "warning", wanted.item, text) for text in (*told, wanted.remark) if text]
        if not said:
            return ask
        return self.writer.again(ask, compact(wanted.present.model_dump()) if wanted.present is not None else "", said)

    def _item(self, wanted: Wanted, replies: dict[str, Json]) -> Item | None:
        """Return the item that the replies to its entries make; None where one is missing or its shape refuses it."""
        told = {entry.id: replies[entry.id] for entry in wanted.entries if replies.get(entry.id)}
        if len(told) < len(wanted.entries):
            return None
        stage = self.writer.stage.stage
        made = items_in(stage.way.assemble(told, wanted.entries, self.planned.material), stage)
        body = made.get(wanted.item) or next(iter(made.values()), None)
        return read_item({**body, "id": wanted.item}, stage) if body is not None else None

    def _with_faults(self, wanted: Sequence[Wanted], items: dict[str, Item]) -> list[Wanted]:
        """Return what came with errors, to be asked for again with these; the demonstration model has never mended any so."""
        if self.writer.abilities.demonstration:
            return []
        return [
            replace(one, present=items[one.item], said=tuple(finding.message for finding in self.findings(items[one.item])))
            for one in wanted
            if one.item in items and any(finding.severity == "error" for finding in self.findings(items[one.item]))
        ]

    def _is_better(self, item: Item, items: dict[str, Item]) -> bool:
        return burden(self.findings(item)) < burden(self.findings(items[item.id]))

    def _mended(self, items: dict[str, Item]) -> dict[str, Item]:
        """Return the items after the stage's deterministic mends; what such a mend does to other items is left alone."""
        whole, _ = mended(self.writer.stage.stage, with_items(self.artifact, items), self.writer.in_hand(self.planned))
        done = {item.id: item for item in whole.items()}
        return {item_id: done.get(item_id, item) for item_id, item in items.items()}


def with_items(artifact: Artifact, items: dict[str, Item], *, without: frozenset[str] = frozenset()) -> Artifact:
    """Return an artifact with some of its items in another form, further ones after them, and some taken out."""
    kept = [items.get(item.id, item) for item in artifact.items() if item.id not in without]
    there = {item.id for item in artifact.items()}
    return artifact.with_items([*kept, *(item for item_id, item in items.items() if item_id not in there)])
