"""The steward's desk: offered nouns and disputed terms as plain JSON for the page, in the reader's language."""

import time
from collections.abc import Sequence
from typing import TYPE_CHECKING

from channels.elements.cards import Json
from channels.texts import Texts
from formats.language import has_han
from knowledge.terms.report import KINDS

if TYPE_CHECKING:
    from knowledge.terms.findings import TermFinding
    from knowledge.terms.overlay import Held
    from knowledge.terms.stewardship import Steward
    from records.terms import Offer

# More than these nobody settles in one sitting; the rest comes up as these go.
_SHOWN = 30
# Names that are suggested while one types; any other name of a term may be typed as well.
_SUGGESTED = 400


async def term_desk(steward: "Steward", texts: Texts, *, may_settle: bool) -> Json:
    """Return the properties of the desk as it stands now. Raises KnowledgeError."""
    offers = await steward.offers(limit=_SHOWN)
    held = await steward.terms()
    drafts = [one for one in held if one.term.status == "draft"]
    approved = [one for one in held if one.term.status == "approved"]
    report = await steward.report() if drafts else []
    return {
        "stamp": time.time_ns() // 1_000_000,
        "counts": texts("terms_counts", terms=len(approved)),
        "maySettle": may_settle,
        "kinds": [{"id": kind, "title": _kind(kind, texts)} for kind in KINDS],
        "terms": [{"id": one.ref, "title": _pair(one)} for one in approved[:_SUGGESTED]],
        "offers": [_offered(offer, texts) for offer in offers],
        "disputed": [_disputed(one, report, texts) for one in drafts[:_SHOWN]],
        "labels": texts.labels("desk_"),
    }


def _offered(offer: "Offer", texts: Texts) -> Json:
    language = texts(f"language_{offer.language}")
    seen = (
        texts("term_seen", count=offer.seen, language=language) if offer.seen > 1 else texts("term_seen_once", language=language)
    )
    names = {"en": "", "zh": offer.name} if has_han(offer.name) else {"en": offer.name, "zh": ""}
    return {
        "id": offer.id,
        "name": offer.name,
        "language": offer.language,
        "kindText": _kind(offer.kind, texts),
        "about": seen,
        "example": offer.example,
        "disputes": [],
        "term": {**names, "kind": offer.kind, "definition": ""},
    }


def _disputed(held: "Held", report: "Sequence[TermFinding]", texts: Texts) -> Json:
    term = held.term
    mine = [finding for finding in report if finding.disputed and any(entry.term == term for entry in finding.entries)]
    definition = (
        (term.definition.zh or term.definition.en) if texts.language == "zh" else (term.definition.en or term.definition.zh)
    )
    return {
        "id": held.ref,
        "name": _pair(held),
        "language": texts.language,
        "kindText": _kind(term.kind, texts),
        "about": held.pack,
        "example": definition,
        "disputes": [finding.sentence(texts.language) for finding in mine],
        "term": {"en": term.en, "zh": term.zh, "kind": term.kind, "definition": definition},
    }


def _pair(held: "Held") -> str:
    return " · ".join(name for name in (held.term.en, held.term.zh) if name)


def _kind(kind: str, texts: Texts) -> str:
    return texts(f"kind_{kind.replace('-', '_')}") if kind in KINDS else kind
