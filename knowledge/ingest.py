"""Takes a pack, a folder or a file in: to SQL first, then to vectors, batch by batch, so that it may stop anywhere and go on."""

import asyncio
import hashlib
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from errors import KnowledgeError
from knowledge.embedding import Embedding
from knowledge.index import digest_of
from knowledge.pack import Manuscript, Pack, Problem, read_pack
from knowledge.splitting import split
from records.database import now
from records.knowledge import Asset, KnowledgeRecords, Passage, text_hash

# A full disk makes Chroma fail until space is freed; SQLite needs room for its log as well.
_FREE_BYTES = 500 * 1024 * 1024
# Vectors committed at a time: about a second of work is lost by a stop.
_BATCH = 16
# Moves when splitting changes, so that unchanged files are cut anew.
_SPLITTING = 1


@dataclass(frozen=True)
class Progress:
    """How far an ingest is."""

    doing: Literal["reading", "embedding"]
    done: int
    total: int


@dataclass(frozen=True)
class Ingested:
    """What an ingest changed; `problems` are the files that were left out."""

    pack: str
    added: int
    changed: int
    unchanged: int
    removed: int
    passages: int
    terms: int
    problems: tuple[Problem, ...]


Watcher = Callable[[Progress], None]


def unwatched(_progress: Progress) -> None:
    """Watch nothing."""


async def ingest(
    records: KnowledgeRecords,
    source: Path,
    *,
    embedding: Embedding | None,
    data_dir: Path,
    passage_tokens: int = 120,
    progress: Watcher = unwatched,
) -> Ingested:
    """Take in what `source` holds, with its vectors; unchanged files are not touched, files that are gone vanish.

    Raises KnowledgeError where nothing is there or under 500 MB are free, ConfigurationError where the pack is unsound.
    A server beside this process follows within five seconds.
    """
    ingested = await commit(records, source, data_dir=data_dir, passage_tokens=passage_tokens, progress=progress)
    if embedding is not None:
        await embed(records, embedding, data_dir=data_dir, progress=progress)
    return ingested


async def commit(
    records: KnowledgeRecords, source: Path, *, data_dir: Path, passage_tokens: int = 120, progress: Watcher = unwatched
) -> Ingested:
    """Take in assets, passages and terms; words find them from then on. Raises as `ingest` does."""
    _require_space(data_dir)
    pack = await asyncio.to_thread(read_pack, source)
    await _commit_terms(records, pack)
    former = {asset.path: asset for asset in await records.assets(pack.name)}
    changed = added = pieces = 0
    for done, manuscript in enumerate(pack.manuscripts):
        progress(Progress("reading", done, len(pack.manuscripts)))
        asset = _asset(pack.name, manuscript, passage_tokens)
        known = former.get(asset.path)
        if known is not None and known.content_hash == asset.content_hash:
            continue
        passages = await asyncio.to_thread(_passages, asset, manuscript, passage_tokens)
        await records.put_asset(asset, passages)
        pieces += len(passages)
        changed, added = changed + (known is not None), added + (known is None)
    gone = _gone(pack, list(former.values()))
    if gone:
        await records.remove_assets(gone)
    elif changed:
        await records.drop_unused_vectors()
    progress(Progress("reading", len(pack.manuscripts), len(pack.manuscripts)))
    unchanged = len(pack.manuscripts) - changed - added
    return Ingested(pack.name, added, changed, unchanged, len(gone), pieces, len(pack.terms), pack.problems)


async def embed(records: KnowledgeRecords, embedding: Embedding, *, data_dir: Path, progress: Watcher = unwatched) -> None:
    """Make the vectors that are missing, whoever committed the passages, and settle what an index must hold."""
    waiting = await records.texts_without_vector(embedding.name)
    for start in range(0, len(waiting), _BATCH):
        _require_space(data_dir)
        progress(Progress("embedding", start, len(waiting)))
        batch = waiting[start : start + _BATCH]
        found = await asyncio.to_thread(embedding.passages, [text for _, text in batch])
        raw = {name: row.astype("<f4").tobytes() for (name, _), row in zip(batch, found, strict=True)}
        await records.put_vectors(embedding.name, raw)
    if waiting:
        progress(Progress("embedding", len(waiting), len(waiting)))
    await records.put_digests(embedding.name, await _digests(records))


async def _digests(records: KnowledgeRecords) -> dict[str, str]:
    """Return, by partition, the digest of the passages that can be found."""
    held: dict[str, list[str]] = {}
    for piece, asset in await records.passages():
        if asset.status == "approved":
            held.setdefault(asset.partition, []).append(piece.id)
    return {partition: digest_of(ids) for partition, ids in held.items()}


async def _commit_terms(records: KnowledgeRecords, pack: Pack) -> None:
    """Commit the glossary where it differs from what is committed."""
    rows = [term.row() for term in pack.terms]
    former = [{name: row[name] for name in row if name not in ("pack", "place")} for row in await records.terms(pack.name)]
    if pack.whole and _comparable(rows) != _comparable(former):
        await records.put_terms(pack.name, rows)


def _comparable(rows: Sequence[dict[str, object]]) -> str:
    """Write terms so that those of a file and those of the database are alike (JSON knows no tuples)."""
    import json

    return json.dumps(rows, sort_keys=True, ensure_ascii=False)


def _gone(pack: Pack, former: list[Asset]) -> list[str]:
    """Return the assets whose files are no longer there; a file that cannot be read at the moment is not gone."""
    if not pack.whole:
        return []
    present = {manuscript.path for manuscript in pack.manuscripts} | {problem.file for problem in pack.problems}
    return [asset.id for asset in former if asset.path not in present]


def _asset(pack: str, manuscript: Manuscript, passage_tokens: int) -> Asset:
    """Make the asset; its hash moves with the file and with the way that it is cut."""
    front = manuscript.front
    version = f"{manuscript.content_hash}/{front.model_dump_json()}/{_SPLITTING}/{passage_tokens}"
    return Asset(
        id=_hash(f"{pack}\n{manuscript.path}"),
        pack=pack,
        path=manuscript.path,
        content_hash=_hash(version),
        title=front.title,
        shelf=front.shelf,
        type=front.type,
        owner=front.owner,
        groups=front.groups,
        status=front.status,
        language=front.language,
        updated=now(),
    )


def _passages(asset: Asset, manuscript: Manuscript, passage_tokens: int) -> list[Passage]:
    """Cut the manuscript; a passage's id names the version of its asset, so that a citation never moves to other words."""
    return [
        Passage(
            id=_hash(f"{asset.id}/{asset.content_hash}/{place}/{piece.text}"),
            asset=asset.id,
            place=place,
            breadcrumb=piece.breadcrumb,
            text=piece.text,
            text_hash=text_hash(piece.breadcrumb, piece.text),
            language=asset.language,
            tokens=piece.tokens,
        )
        for place, piece in enumerate(split(asset.title, manuscript.body, passage_tokens))
    ]


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def _require_space(data_dir: Path) -> None:
    """Raise KnowledgeError where the disk is nearly full."""
    free = shutil.disk_usage(data_dir).free
    if free < _FREE_BYTES:
        megabytes = free // (1024 * 1024)
        raise KnowledgeError(
            f"Only {megabytes} MB are free in {data_dir}; an ingest needs 500 MB. Free some space and run it again: it goes on.",
            f"{data_dir} 仅剩 {megabytes} MB 可用空间，导入需要 500 MB。请清理空间后重新运行，导入会接着进行。",
        )
