"""Assets, packs, refusals and the state of the index, as text and as JSON."""

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from channels.terminal.harmless import harmless, one_line
from errors import Language

if TYPE_CHECKING:
    from knowledge.following import Difference
    from knowledge.status import KnowledgeStatus
    from knowledge.upkeep import AssetDetail, AssetRow, PackRow
    from records.assets import Asset
    from records.sources import Refusal

_INDENT = "   "


def assets_text(rows: "Sequence[AssetRow]") -> str:
    """Return assets as a list that a person reads, below the names of their packs."""
    if not rows:
        return "No asset fits. `stagecraft ingest PATH` takes files in."
    lines, pack = [], None
    for row in rows:
        if row.asset.pack != pack:
            pack = row.asset.pack
            lines.append(f"Pack {one_line(pack)}")
        lines.append(f"{asset_line(row.asset)} · {row.passages} passages")
    return "\n".join(lines)


def asset_line(asset: "Asset") -> str:
    """Return an asset on two lines: its id and title, and what is known of it."""
    facts = [asset.type, asset.shelf, asset.status, f"for {', '.join(sorted(asset.readers)) or 'nobody'}", asset.path]
    return f"{asset.id[:8]}  {one_line(asset.title)}\n{_INDENT}{one_line(' · '.join(facts))}"


def assets_json(rows: "Sequence[AssetRow]") -> str:
    """Return assets as a JSON list."""
    return _json([{**_asset(row.asset), "passages": row.passages} for row in rows])


def asset_json(asset: "Asset") -> str:
    """Return one asset as a JSON object."""
    return _json(_asset(asset))


def detail_text(detail: "AssetDetail") -> str:
    """Return an asset with its history and passages."""
    asset = detail.asset
    facts = (
        ("Owner", asset.owner),
        ("Language", asset.language),
        ("Groups", ", ".join(asset.groups)),
        ("Uploaded by", asset.uploaded_by),
        ("Set by a curator", ", ".join(sorted(asset.settled))),
        ("File", detail.source),
    )
    lines = [asset_line(asset), *(f"{_INDENT}{label}: {one_line(text)}" for label, text in facts if text)]
    lines += [
        f"{_INDENT}{event.at:%Y-%m-%d %H:%M} {event.what}{f' by {one_line(event.person)}' if event.person else ''}"
        for event in detail.events
    ]
    for piece in detail.passages:
        lines += ["", f"{piece.place + 1}. {one_line(piece.breadcrumb)} ({piece.tokens} tokens)"]
        lines += [f"{_INDENT}{line}" for line in harmless(piece.text).splitlines()]
    return "\n".join(lines)


def detail_json(detail: "AssetDetail") -> str:
    """Return an asset with its history and passages as a JSON object."""
    events = [{"what": event.what, "path": event.path, "by": event.person, "at": event.at.isoformat()} for event in detail.events]
    pieces = [
        {"passage": piece.id, "breadcrumb": piece.breadcrumb, "text": piece.text, "tokens": piece.tokens}
        for piece in detail.passages
    ]
    return _json({**_asset(detail.asset), "file": detail.source, "events": events, "passages": pieces})


def removed_text(detail: "AssetDetail") -> str:
    """Tell that an asset is removed, and that its file would bring it back."""
    told = f"{one_line(detail.asset.title)} is removed with {len(detail.passages)} passages."
    if not detail.source:
        return told
    return f"{told}\nThe next ingest of its folder takes it in again: delete {one_line(detail.source)}, or retire the asset."


def refusals_text(rows: "Sequence[Refusal]", language: Language) -> str:
    """Return refused files with their reasons."""
    if not rows:
        return "No file is refused."
    return "\n".join(f"{one_line(row.pack)} · {one_line(row.path)}: {one_line(row.reason[language])}" for row in rows)


def refusals_json(rows: "Sequence[Refusal]") -> str:
    """Return refused files as a JSON list."""
    return _json([{"pack": row.pack, "file": row.path, "reason": row.reason, "at": row.at.isoformat()} for row in rows])


def status_text(packs: "Sequence[PackRow]", stands: "KnowledgeStatus") -> str:
    """Tell what there is and what searches it."""
    waiting = f", {stands.waiting} wait for their vectors" if stands.waiting else ""
    lines = [f"{stands.passages} passages can be found{waiting}; {stands.terms} terms."]
    lines += [f"Embedding: {stands.embedding or 'none'}; searched in: {stands.index}."]
    lines += [str(notice) for notice in stands.notices]
    for pack in packs:
        statuses = ", ".join(f"{count} {status}" for status, count in sorted(pack.statuses.items()))
        counts = f"{pack.assets} assets{f' ({statuses})' if statuses else ''}, {pack.passages} passages, {pack.terms} terms"
        refused = f", {pack.refused} refused" if pack.refused else ""
        lines += [f"Pack {one_line(pack.name)}: {counts}{refused}", *([f"{_INDENT}{one_line(pack.root)}"] if pack.root else [])]
    return "\n".join(lines)


def status_json(packs: "Sequence[PackRow]", stands: "KnowledgeStatus") -> str:
    """Return the same as a JSON object."""
    told = {name: getattr(stands, name) for name in ("passages", "waiting", "terms", "embedding", "index")}
    notices = [{"en": notice.sentence("en"), "zh": notice.sentence("zh")} for notice in stands.notices]
    return _json({**told, "notices": notices, "packs": [vars(pack) for pack in packs]})


def verified_text(differences: "Sequence[Difference]", index: str) -> str:
    """Tell whether the index holds what it must."""
    if index == "words":
        return "There is no index: search goes by words alone."
    if index == "memory":
        return "A running server has the index folder, and compares it at each start; `stagecraft knowledge rebuild` asks it to fill it anew."
    if not differences:
        return f"The index ({index}) holds what the records say."
    lines = [
        f"  {one_line(row.partition)}: {row.passages} passages, {'complete' if row.complete else 'not complete'}, {row.found:.0%} found"
        for row in differences
    ]
    return "\n".join([f"The index ({index}) differs; `stagecraft knowledge rebuild` fills it anew:", *lines])


def verified_json(differences: "Sequence[Difference]", index: str) -> str:
    """Return the same as a JSON object."""
    return _json(
        {
            "index": index,
            "compared": index not in ("memory", "words"),
            "sound": not differences,
            "differences": [vars(row) for row in differences],
        }
    )


def _asset(asset: "Asset") -> dict[str, Any]:
    """Return an asset as JSON holds it."""
    names = ("id", "pack", "path", "title", "shelf", "type", "owner", "status", "language", "uploaded_by")
    told = {name: getattr(asset, name) for name in names}
    return {**told, "groups": list(asset.groups), "settled": dict(asset.settled), "updated": asset.updated.isoformat()}


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2)
