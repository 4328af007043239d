"""How an artifact stands on its card: what of it is stale, what is proposed, what its brief leaves open, which versions there are."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from channels.elements.cards import Json, findings_of
from channels.texts import Texts

if TYPE_CHECKING:
    from chains.cards.comparing import Comparison, Piece
    from chains.cards.proposal_views import ProposalView
    from chains.changing.staleness import StaleItem
    from chains.gathering.clarifying import OpenPoint
    from chains.workspace.rows import VersionRow


def with_standing(
    card: Json,
    stale: "Sequence[StaleItem]",
    proposals: "Sequence[ProposalView]",
    open_points: "Sequence[OpenPoint]",
    texts: Texts,
) -> Json:
    """Return the card's properties with what is stale and proposed beside its items, and what is new or open below them."""
    reasons = {one.item: _reasons(one) for one in stale}
    offered = {one.item: _proposal(one, texts) for one in proposals if one.is_current}
    items = [
        {**item, "stale": [] if item["id"] in offered else reasons.get(item["id"], []), "proposal": offered.pop(item["id"], None)}
        for item in card["items"]
    ]
    waiting = sum(1 for item in items if item["stale"])
    return {
        **card,
        "items": items,
        "proposals": list(offered.values()),
        "staleText": texts("stale_items", count=waiting) if waiting else "",
        "openPoints": [{"id": one.id, "question": one.question, "suggestions": list(one.suggestions)} for one in open_points],
        "canRedo": True,
    }


def versions_told(versions: "Sequence[VersionRow]", texts: Texts) -> list[Json]:
    """Return the versions, the newest first, each in one line."""
    return [
        {
            "number": one.number,
            "told": texts(
                "version_told",
                reason=one.reason_text,
                author=texts("author_assistant") if one.author == "assistant" else one.author,
                time=one.created.strftime("%Y-%m-%d %H:%M UTC"),
            ),
        }
        for one in versions
    ]


def compared(comparison: "Comparison", texts: Texts) -> Json:
    """Return what differs between two versions; where nothing does, say so."""
    changes = [
        {"item": change.item, "title": change.title, "pieces": _pieces(change.pieces)}
        for change in comparison.changes
        if change.kind != "same"
    ]
    key = "compared" if changes else "compared_same"
    return {"title": texts(key, before=comparison.before, after=comparison.after), "changes": changes}


def _reasons(one: "StaleItem") -> list[Json]:
    return [{"sentence": reason.sentence, "pieces": _pieces(reason.pieces)} for reason in one.reasons]


def _proposal(one: "ProposalView", texts: Texts) -> Json:
    return {
        "id": one.id,
        "title": " ".join(part for part in (texts(f"proposal_{one.kind}", item=one.item), one.reason) if part),
        "remark": one.remark,
        "pieces": _pieces(one.pieces),
        "findings": findings_of(one.findings, texts),
    }


def _pieces(pieces: "Sequence[Piece]") -> list[Json]:
    return [{"kind": piece.kind, "text": piece.text} for piece in pieces]
