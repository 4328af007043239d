"""Proposals as a person decides on them: each item before and after, with every word that differs."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from chains.cards.cards import Opened
from chains.cards.comparing import Piece, change
from chains.cards.items import read_item
from errors import Language
from records.proposals import Proposal, ProposalKind
from stages.declaration import Item, ItemView
from stages.findings import Finding


@dataclass(frozen=True)
class ProposalView:
    """A proposed change as a person decides on it: the item before and after as texts, and in pieces; why; what stands against it.

    `view` is the item as it would be, none of one to be removed; `is_current` says that it can still be accepted.
    """

    id: str
    artifact_id: str
    based_on: int
    item: str
    kind: ProposalKind
    title: str
    reason: str
    remark: str
    before: str
    after: str
    pieces: tuple[Piece, ...]
    view: ItemView | None
    findings: tuple[Finding, ...]
    is_current: bool
    created: datetime


def seen(opened: Opened, proposals: Sequence[Proposal], language: Language) -> tuple[ProposalView, ...]:
    """Return proposals as a person decides on them, in the order of the artifact's items, additions last."""
    present = {item.id: item for item in opened.artifact.items()}
    order = {item_id: place for place, item_id in enumerate(present)}
    ordered = sorted(proposals, key=lambda one: order.get(one.new.item, len(order)))
    return tuple(_view(opened, one, present.get(one.new.item), language) for one in ordered)


def _view(opened: Opened, proposal: Proposal, present: Item | None, language: Language) -> ProposalView:
    new, stage, told = proposal.new, opened.stage, opened.version.artifact.language
    proposed = read_item(new.body, stage.stage)
    after = proposed if new.kind != "remove" else None
    before = present if new.kind != "add" else None
    differs = change(stage, new.item, before, after, told) if before or after else None
    return ProposalView(
        id=proposal.id,
        artifact_id=new.artifact,
        based_on=new.based_on,
        item=new.item,
        kind=new.kind,
        title=differs.title if differs else new.item,
        reason=new.reason.get(language, ""),
        remark=new.remark,
        before=differs.before if differs else "",
        after=differs.after if differs else "",
        pieces=differs.pieces if differs else (),
        view=stage.stage.view(after, told) if after is not None else None,
        findings=tuple(Finding(**row) for row in new.findings),
        is_current=new.based_on == opened.version.artifact.current,
        created=proposal.created,
    )
