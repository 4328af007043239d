"""What the glossary's commands found, as text and as JSON."""

import json
from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import TYPE_CHECKING, Any

from channels.terminal.harmless import harmless, one_line
from channels.terminal.texts import TerminalTexts
from errors import Language

if TYPE_CHECKING:
    from knowledge.terms.findings import TermFinding
    from knowledge.terms.overlay import Held
    from knowledge.terms.stewardship import Imported
    from records.terms import Offer

_INDENT = "  "


def imported_text(imported: "Imported", language: Language, *, dry_run: bool) -> str:
    """Return what an import took in, then what is to be settled."""
    texts = TerminalTexts(language)
    counts = {status: imported.statuses.get(status, 0) for status in ("approved", "draft", "retired")}
    head = texts("glossary_imported", pack=one_line(imported.pack), rows=imported.rows, terms=imported.terms, **counts)
    parts = [f"{head} {texts('glossary_dry')}" if dry_run else head]
    if imported.findings:
        parts.append(report_text(imported.findings, language))
    return "\n\n".join(parts)


def report_text(findings: "Sequence[TermFinding]", language: Language) -> str:
    """Return findings as a steward reads them: how many there are of each kind, then each one, then how to settle the kind."""
    from knowledge.terms.findings import said

    texts = TerminalTexts(language)
    if not findings:
        return texts("glossary_clean")
    groups = [(kind, list(those)) for kind, those in groupby(findings, key=lambda finding: finding.kind)]
    disputes = [f"{len(those):6}  {said(kind, 'title', language)}" for kind, those in groups if those[0].disputed]
    notes = [f"{_told(those):6}  {said(kind, 'title', language)}" for kind, those in groups if not those[0].disputed]
    count = sum(finding.disputed for finding in findings)
    blocks = [[texts("glossary_to_settle", count=count), *disputes]] if disputes else []
    blocks += [[texts("glossary_to_know"), *notes]] if notes else []
    for kind, those in groups:
        lines = [f"{_INDENT}{one_line(finding.sentence(language))}" for finding in those]
        way = said(kind, "way", language)
        blocks.append([said(kind, "title", language), *lines, *([f"{_INDENT}→ {way}"] if way else [])])
    return "\n\n".join("\n".join(block) for block in blocks)


def _told(findings: "Sequence[TermFinding]") -> int:
    """Return how many terms a note is about, which is one finding for all of them."""
    return sum(len(finding.options) for finding in findings)


def imported_json(imported: "Imported", *, dry_run: bool) -> str:
    """Return an import as a JSON object."""
    counts = {"rows": imported.rows, "terms": imported.terms, **imported.statuses}
    return _json({"pack": imported.pack, "dry_run": dry_run, **counts, "findings": _findings(imported.findings)})


def report_json(findings: "Sequence[TermFinding]") -> str:
    """Return findings as a JSON list."""
    return _json(_findings(findings))


def _findings(findings: "Sequence[TermFinding]") -> list[dict[str, Any]]:
    return [
        {
            "kind": finding.kind,
            "disputed": finding.disputed,
            "name": finding.name,
            "en": finding.sentence("en"),
            "zh": finding.sentence("zh"),
            "terms": [
                {
                    "id": entry.term.id,
                    "en": entry.term.en,
                    "zh": entry.term.zh,
                    "places": [{place.what: place.of} for place in entry.places],
                }
                for entry in finding.entries
            ],
        }
        for finding in findings
    ]


def terms_text(held: "Sequence[Held]", language: Language) -> str:
    """Return terms, one a line: names, status, kind, context, and the name by which a command finds the term."""
    if not held:
        return TerminalTexts(language)("glossary_no_terms")
    lines = []
    for one in held:
        term = one.term
        about = ", ".join(part for part in (term.status, term.kind, term.context) if part)
        lines.append(one_line(f"{' · '.join(name for name in (term.en, term.zh) if name)} ({about}) {one.ref}"))
    return "\n".join(lines)


def terms_json(held: "Sequence[Held]") -> str:
    """Return terms as a JSON list."""
    return _json([{"pack": one.pack, **one.term.row(), "decision": one.decision} for one in held])


def offers_text(offers: "Sequence[Offer]", language: Language) -> str:
    """Return offered nouns with the text that they stand in."""
    texts = TerminalTexts(language)
    if not offers:
        return texts("glossary_no_offers")
    blocks = []
    for offer in offers:
        head = texts("glossary_offer", name=one_line(offer.name), kind=offer.kind, seen=offer.seen, id=offer.id)
        blocks.append(f"{head}\n{_INDENT}{one_line(harmless(offer.example))}")
    return "\n".join(blocks)


def offers_json(offers: "Sequence[Offer]") -> str:
    """Return offered nouns as a JSON list."""
    return _json(
        [{**vars(offer), "created": offer.created.isoformat(), "updated": offer.updated.isoformat()} for offer in offers]
    )


def _json(value: Sequence[Mapping[str, Any]] | Mapping[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2)
