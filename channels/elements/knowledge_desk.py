"""The curator's desk: uploads and what became of them, and the hits of a search, as plain JSON for the page."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from chains.events import Person
from channels.curation import Curation, may_curate
from channels.elements.cards import Json
from channels.texts import Texts
from records.uploads import Upload

if TYPE_CHECKING:
    from knowledge.search.retrieval import PassageHit
    from knowledge.upkeep import AssetRow
    from records.assets import Asset

# Uploads on the desk, newest first; the terminal lists them all.
_SHOWN = 20
_CRUMB = " › "
UNDER_WAY = frozenset({"queued", "reading"})


async def knowledge_desk(curation: Curation, person: Person, texts: Texts) -> Json:
    """Return the properties of the desk as it stands now. Raises KnowledgeError."""
    from knowledge.intake.ingest import UPLOADS
    from knowledge.upkeep import Wanted

    uploads = await curation.uploads.list(person.id)
    rows = await curation.upkeep.assets(person, Wanted(pack=UPLOADS)) if uploads else []
    status = curation.knowledge.status()
    embedding = status.embedding or texts("knowledge_words_only")
    by_id = {row.asset.id: row for row in rows}
    return {
        "counts": texts("knowledge_counts", passages=status.passages, terms=status.terms, embedding=embedding),
        "notices": [notice.sentence(texts.language) for notice in status.notices],
        "mayUpload": may_curate(person),
        "files": [_file(upload, by_id, person, texts) for upload in uploads[:_SHOWN]],
        "labels": texts.labels("desk_"),
    }


def is_settled(desk: Json) -> bool:
    """Tell whether no file of a desk is under way any more."""
    return not any(file["state"] in UNDER_WAY for file in desk["files"])


def hits_on_desk(hits: "Sequence[PassageHit]", texts: Texts) -> list[Json]:
    """Return what a search found."""
    return [
        {
            "id": hit.passage.id,
            "title": hit.asset.title,
            "section": _section(hit.passage.breadcrumb, hit.asset.title),
            "from": _origin(hit.asset, texts),
            "text": hit.text,
        }
        for hit in hits
    ]


def _origin(asset: "Asset", texts: Texts) -> str:
    """Return where an asset comes from; an upload's path begins with a number that says nothing to anybody."""
    name = asset.path.rpartition("/")[2]
    return texts("upload_source", name=name) if asset.uploaded_by else f"{asset.pack}/{asset.path}"


def _file(upload: Upload, rows: "Mapping[str, AssetRow]", person: Person, texts: Texts) -> Json:
    row = rows.get(upload.asset or "")
    draft = row is not None and row.asset.status == "draft"
    return {
        "id": upload.id,
        "name": upload.name,
        "state": upload.state,
        "stateText": texts(f"upload_{upload.state}"),
        "openness": _openness(row, texts) if row is not None else "",
        "about": _length(row, texts) if row is not None else "",
        "reason": upload.reason[texts.language] if upload.reason else "",
        "asset": upload.asset or "",
        "approvable": draft and may_curate(person),
        "approveText": texts("upload_approve", groups=", ".join(row.asset.groups)) if row is not None else "",
        "removable": upload.state == "refused" or draft,
    }


def _length(row: "AssetRow", texts: Texts) -> str:
    return texts("upload_passage") if row.passages == 1 else texts("upload_passages", count=row.passages)


def _openness(row: "AssetRow", texts: Texts) -> str:
    """Return who finds an asset."""
    groups = ", ".join(row.asset.groups)
    return texts(f"upload_{row.asset.status}", groups=groups)


def _section(breadcrumb: str, title: str) -> str:
    """Return the heading that a passage stands under, "" where it is the title."""
    heading = breadcrumb.rpartition(_CRUMB)[2]
    return "" if heading == title else heading
