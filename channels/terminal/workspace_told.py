"""What the terminal tells of a workspace: lists, reasons, the trace and word-by-word differences, as text and as JSON."""

import json
from collections.abc import Sequence
from dataclasses import fields, is_dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from channels.terminal.harmless import one_line
from channels.terminal.texts import TerminalTexts
from errors import Language

if TYPE_CHECKING:
    from chains.cards.comparing import Comparison, ItemChange, Piece
    from chains.cards.proposal_views import ProposalView
    from chains.changing.redoing import Refreshed
    from chains.changing.staleness import StaleItem
    from chains.workspace.files import ImportReport
    from chains.workspace.rows import Overview, VersionRow, WorkspaceRow
    from chains.workspace.trace import TraceItem, TraceTable

_MARKS = {"added": ("{+", "+}"), "removed": ("[-", "-]"), "same": ("", "")}


def as_data(value: object) -> str:
    """Return rows as JSON."""
    return json.dumps(_plain(value), ensure_ascii=False, indent=2)


def workspaces_text(rows: "Sequence[WorkspaceRow]", language: Language) -> str:
    """Return a line for each workspace."""
    texts = TerminalTexts(language)
    lines = [
        texts("workspace_row", name=one_line(row.name), count=row.artifacts, approved=row.approved, created=_day(row.created))
        for row in rows
    ]
    return "\n".join(lines) or texts("workspace_none")


def overview_text(found: "Overview", language: Language) -> str:
    """Return the artifacts of a workspace, each with its id, on which the other commands work."""
    texts = TerminalTexts(language)
    if not found.artifacts:
        return texts("workspace_empty", name=one_line(found.name))
    lines = []
    for row in found.artifacts:
        facts = [texts(f"status_{row.status}"), f"v{row.version}", texts("workspace_items", count=row.items)]
        facts += [texts("workspace_stale", count=row.stale)] if row.stale else []
        facts += [texts("workspace_proposed", count=row.open_proposals)] if row.open_proposals else []
        facts += [one_line(row.author), _day(row.changed)]
        lines += [f"{row.stage_title}: {one_line(row.title)}", f"   {' · '.join(facts)}", f"   {row.artifact_id}"]
    return "\n".join(lines)


def artifact_text(artifact: str, parts: dict[str, Any], language: Language) -> str:
    """Return an artifact's versions, its stale items with the reasons, and what is proposed."""
    texts = TerminalTexts(language)
    blocks = [artifact, *_versions(parts["versions"])]
    blocks += _stale(parts["stale"], texts)
    if parts["proposals"]:
        blocks.append(texts("workspace_proposals"))
        blocks += [_proposal(one, texts) for one in parts["proposals"]]
    return "\n".join(blocks)


def trace_text(table: "TraceTable", language: Language) -> str:
    """Return the trace as blocks, one a row: columns that were not begun are left out."""
    texts = TerminalTexts(language)
    shown = [number for number, column in enumerate(table.columns) if column.begun]
    lines = [texts("workspace_trace", name=one_line(table.workspace), rows=len(table.rows), gaps=table.gaps, stale=table.stale)]
    for row in table.rows:
        lines.append("")
        for number in shown:
            column, cell = table.columns[number], row.cells[number]
            missing = texts("workspace_gap") if column.name in row.gaps else "-"
            told = "; ".join(_traced(item, texts) for item in cell) or missing
            lines.append(f"{column.title}: {told}")
    return "\n".join(lines)


def refreshed_text(found: "Refreshed", version: int | None, language: Language) -> str:
    """Return what is proposed, word by word, what could not be written, and the version that it became, if it did."""
    texts = TerminalTexts(language)
    lines = [_proposal(one, texts) for one in found.proposals]
    lines += [found.notice] if found.notice else []
    if version is not None and found.proposals:
        lines.append(texts("workspace_accepted", count=len(found.proposals), version=version))
    return "\n".join(lines)


def comparison_text(found: "Comparison", language: Language) -> str:
    """Return what differs between two versions."""
    texts = TerminalTexts(language)
    head = texts("workspace_compared", before=found.before, after=found.after)
    if not found.differs:
        return f"{head}\n{texts('workspace_same')}"
    return "\n".join([head, *(_change(one, texts) for one in found.changes if one.kind != "same")])


def import_text(report: "ImportReport", language: Language) -> str:
    """Return what was brought in and what was refused."""
    texts = TerminalTexts(language)
    lines = [texts("workspace_kept", count=len(report.kept))]
    for row in report.kept:
        lines.append(f"   {one_line(row.name)} -> {row.stage} {one_line(row.title)} ({row.artifact_id})")
        lines += [f"      {texts('workspace_lost')} {one_line(lost)}" for lost in row.lost]
    if report.refused:
        lines.append(texts("workspace_refused", count=len(report.refused)))
        lines += [f"   {one_line(row.name)}: {one_line(row.reason)}" for row in report.refused]
    return "\n".join(lines)


def _versions(rows: "Sequence[VersionRow]") -> list[str]:
    return [f"   v{row.number} · {_day(row.created)} · {one_line(row.author)} · {one_line(row.reason_text)}" for row in rows]


def _stale(rows: "Sequence[StaleItem]", texts: TerminalTexts) -> list[str]:
    lines = [texts("workspace_stale", count=len(rows))] if rows else []
    for row in rows:
        lines.append(f"   {row.item} {one_line(row.title)}")
        for reason in row.reasons:
            lines.append(f"      {one_line(reason.sentence)}")
            lines += [f"      {_pieces(reason.pieces)}"] if reason.pieces else []
    return lines


def _proposal(one: "ProposalView", texts: TerminalTexts) -> str:
    head = f"{texts(f'workspace_{one.kind}')} {one.item} {one_line(one.title)}"
    lines = [head, *(f"   {one_line(text)}" for text in (one.reason, one.remark) if text), f"   {_pieces(one.pieces)}"]
    lines += [f"   ! {one_line(finding.message)}" for finding in one.findings]
    return "\n".join(lines)


def _change(one: "ItemChange", texts: TerminalTexts) -> str:
    kind = {"changed": "change", "added": "add", "removed": "remove"}[one.kind]
    return f"{texts(f'workspace_{kind}')} {one.item} {one_line(one.title)}\n   {_pieces(one.pieces)}"


def _pieces(pieces: "Sequence[Piece]") -> str:
    """Return a difference on one line, what came in {+ +}, what went in [- -]."""
    return one_line("".join(f"{_MARKS[one.kind][0]}{one.text}{_MARKS[one.kind][1]}" for one in pieces))


def _traced(item: "TraceItem", texts: TerminalTexts) -> str:
    stale = f" [{texts('workspace_is_stale')}]" if item.stale else ""
    return f"{item.item} {one_line(item.title)}{stale}"


def _day(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%d %H:%M")


def _plain(value: Any) -> Any:
    """Return a value as JSON can hold it."""
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, dict):
        return {key: _plain(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(part) for part in value]
    return value.isoformat() if isinstance(value, datetime) else value
