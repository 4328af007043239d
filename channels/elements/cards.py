"""What a card shows: the artifact of one version as plain JSON for the page, every word of it in the reader's language."""

import re
from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from channels.texts import Texts, within_a_sentence
from errors import Language
from formats.diagram import Diagram
from formats.sheet import Sheet
from stages.declaration import ItemView, Line
from stages.findings import Finding, Mended
from stages.material import Source

if TYPE_CHECKING:
    from chains.assistant import Mark
    from chains.cards.cards import ArtifactCard, ItemCard, StageInfo

Json = dict[str, Any]
Marks = Callable[[str, Language], "tuple[Mark, ...]"]

_CRUMB = " › "
# What stands in the chat for a press on "carry on": a line, not a paragraph.
_TITLE_MOST: dict[Language, int] = {"en": 40, "zh": 50}
# A column's name in a step of an outline: its letters are no term.
_PLACEHOLDER = re.compile(r"<[^<>]+>")


def card_props(card: "ArtifactCard", texts: Texts, marks: Marks) -> Json:
    """Return the properties of a whole artifact's card; `marks` finds glossary terms in a text."""
    numbers = {source.key: number for number, source in enumerate(card.sources, 1)}
    own_mends = [mend for mend in card.mends if not mend.item]
    return {
        "phase": "ready",
        "artifactId": card.artifact_id,
        "version": card.version,
        "stageTitle": card.stage_title,
        "title": card.title,
        "language": card.language,
        "badge": _badge(card.status or "draft", texts),
        "versionText": texts("version", version=card.version) if card.versions > 1 else "",
        "demonstration": card.demonstration,
        "demonstrationText": texts("demonstration"),
        "notice": texts("demonstration_about") if card.demonstration else "",
        "notices": [texts("silent")] if card.silent else [],
        "items": [_item(item, card, numbers, texts, marks) for item in card.items],
        "sources": _sources(card.sources),
        "findings": _findings((finding for finding in card.findings if not finding.item), texts),
        "mends": _mends(own_mends),
        "questions": list(card.questions),
        "terms": [{"name": term.name, "definition": term.definition} for term in card.terms],
        "next": [_next(stage, card, texts) for stage in card.next],
        "downloads": [_download(card, name, title) for name, title in card.notations],
        "tables": [_table(sheet) for sheet in card.sheets if sheet.rows],
        "diagrams": [_diagram(card, diagram) for diagram in card.diagrams],
        "sourceHref": _source_address(card),
        "workspace": card.workspace,
        "promptHref": f"/turns/{card.turn_id}/prompt" if card.turn_id else "",
        "turnId": card.turn_id or "",
        "goOn": bool(card.turn_id) and any(finding.rule == "cut" for finding in card.findings),
        "labels": texts.labels(),
    }


def draft_items(views: Sequence[ItemView]) -> list[Json]:
    """Return the items of a draft that still grows: words only, nothing to press."""
    return [
        {
            "id": view.id,
            "title": view.title,
            "section": view.section,
            "badges": list(view.badges),
            "lines": [_line(line, [{"text": line.text}]) for line in view.lines],
        }
        for view in views
    ]


def findings_of(findings: Iterable[Finding], texts: Texts) -> list[Json]:
    """Return findings as the card shows them, the gravest first."""
    return _findings(findings, texts)


def _item(item: "ItemCard", card: "ArtifactCard", numbers: dict[str, int], texts: Texts, marks: Marks) -> Json:
    view = item.view
    return {
        "id": view.id,
        "title": view.title,
        "titleParts": _parts(view.title, card.language, marks),
        "section": view.section,
        "badges": list(view.badges),
        "lines": [_line(line, _parts(line.text, card.language, marks)) for line in view.lines],
        "sources": [numbers[key] for key in view.sources if key in numbers],
        "link": texts("rests_on", item=", ".join(view.links)) if view.links else "",
        "findings": _findings(item.findings, texts),
        "mends": _mends(mend for mend in card.mends if mend.item == view.id),
        "status": item.status,
        "badge": _badge(item.status, texts) if item.status else None,
        "editText": item.edit_text,
    }


def _line(line: Line, parts: list[Json]) -> Json:
    return {"keyword": line.keyword, "depth": line.depth, "parts": parts, "cells": list(line.cells)}


def _parts(text: str, language: Language, marks: Marks) -> list[Json]:
    """Return the text cut at its glossary terms; marks that overlap an earlier one, or lie in a placeholder, are left out."""
    found = []
    end = 0
    placeholders = [place.span() for place in _PLACEHOLDER.finditer(text)]
    for mark in sorted(marks(text, language), key=lambda mark: (mark.start, -mark.end)):
        inside = any(start < mark.end and mark.start < stop for start, stop in placeholders)
        if mark.start >= end and mark.end > mark.start and not inside:
            found.append(mark)
            end = mark.end
    parts: list[Json] = []
    edges = [0, *(edge for mark in found for edge in (mark.start, mark.end)), len(text)]
    by_start = {mark.start: mark for mark in found}
    for start, stop in pairwise(edges):
        if start == stop:
            continue
        part: Json = {"text": text[start:stop]}
        here = by_start.get(start)
        if here is not None:
            part |= {"term": here.name, "definition": here.definition, "kind": here.kind}
        parts.append(part)
    return parts


def _sources(sources: Sequence[Source]) -> list[Json]:
    return [
        {
            "n": number,
            "title": source.title,
            "section": _section(source),
            "breadcrumb": source.breadcrumb,
            "shelf": source.shelf,
            "text": source.text,
        }
        for number, source in enumerate(sources, 1)
    ]


def _section(source: Source) -> str:
    """Return the heading that a passage stands under: by it two passages of one document are told apart."""
    heading = source.breadcrumb.rpartition(_CRUMB)[2]
    return "" if heading == source.title else heading


def _findings(findings: Iterable[Finding], texts: Texts) -> list[Json]:
    order = ("error", "warning", "hint")
    return [
        {"severity": finding.severity, "severityText": texts(f"label_{finding.severity}"), "message": finding.message}
        for finding in sorted(findings, key=lambda finding: order.index(finding.severity))
    ]


def _mends(mends: Iterable[Mended]) -> list[Json]:
    return [{"before": mend.before, "after": mend.after} for mend in mends]


def _badge(status: str, texts: Texts) -> Json:
    return {"tone": status, "text": texts(f"status_{status}")}


def _next(stage: "StageInfo", card: "ArtifactCard", texts: Texts) -> Json:
    title = within_a_sentence(stage.title)
    return {
        "stage": stage.name,
        "paste": stage.paste,
        "label": texts("carry_on", stage=title),
        "shown": texts("carry_on_brief", stage=title, title=_shortened(card.title, _TITLE_MOST[texts.language])),
    }


def _shortened(title: str, most: int) -> str:
    return title if len(title) <= most else title[: most - 1].rstrip() + "…"


def _download(card: "ArtifactCard", notation: str, title: str) -> Json:
    return {"title": title, "href": f"/artifacts/{card.artifact_id}/export/{notation}?version={card.version}"}


def _table(sheet: Sheet) -> Json:
    return {"title": sheet.title, "columns": list(sheet.columns), "rows": [list(row) for row in sheet.rows]}


def _diagram(card: "ArtifactCard", diagram: Diagram) -> Json:
    address = f"/artifacts/{card.artifact_id}/diagrams/{diagram.name}?version={card.version}"
    return {"title": diagram.title, "href": address, "mermaid": diagram.mermaid}


def _source_address(card: "ArtifactCard") -> str:
    """Return where the artifact is read in its own notation, such as Gherkin; nothing where the stage has no such notation."""
    names = [name for name, _title in card.notations]
    return f"/artifacts/{card.artifact_id}/export/{card.source}?version={card.version}" if card.source in names else ""
