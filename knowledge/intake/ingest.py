"""Takes a pack, a folder, a repository or a file in: to SQL first, then to vectors, so that it may stop anywhere and go on."""

import asyncio
import json
import tempfile
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from errors import KnowledgeError
from knowledge.embeddings.embedding import Embedding
from knowledge.embeddings.vectorising import require_space, vectorise
from knowledge.intake.hashing import hash_files
from knowledge.intake.intake import Intake, Reads
from knowledge.intake.pack import Problem, read_terms
from knowledge.intake.progress import Progress, Watcher, unwatched
from knowledge.intake.source import Listing, list_source
from knowledge.terms.overlay import decided_in
from records.knowledge import KnowledgeRecords
from records.terms import TermRecords

__all__ = ["Ingested", "Progress", "Reads", "Watcher", "commit", "ingest", "unwatched"]

# The pack of what people drop into the chat.
UPLOADS = "uploads"


@dataclass(frozen=True)
class Ingested:
    """What an ingest changed; `problems` are the files that were refused, `left_out` those that nobody expects to be read."""

    pack: str
    added: int
    changed: int
    unchanged: int
    removed: int
    passages: int
    terms: int
    problems: tuple[Problem, ...]
    moved: int = 0
    left_out: tuple[str, ...] = ()


async def ingest(
    records: KnowledgeRecords,
    source: Path,
    *,
    embedding: Embedding | None,
    data_dir: Path,
    passage_tokens: int = 120,
    progress: Watcher = unwatched,
    reader: Reads | None = None,
    retry: bool = False,
    as_pack: str = "",
) -> Ingested:
    """Take in what `source` holds, with its vectors; unchanged files are not touched, files that are gone vanish.

    Raises as `commit` does, and EndpointError where a server that embeds fails. A server beside this process follows
    within five seconds.
    """
    ingested = await commit(
        records,
        source,
        data_dir=data_dir,
        passage_tokens=passage_tokens,
        progress=progress,
        reader=reader,
        retry=retry,
        as_pack=as_pack,
    )
    if embedding is not None:
        await vectorise(records, embedding, data_dir=data_dir, progress=progress)
    return ingested


async def commit(
    records: KnowledgeRecords,
    source: Path,
    *,
    data_dir: Path,
    passage_tokens: int = 120,
    progress: Watcher = unwatched,
    reader: Reads | None = None,
    retry: bool = False,
    as_pack: str = "",
    by: str = "",
) -> Ingested:
    """Take in assets, passages and terms; words find them from then on.

    Only files whose hash is not on record are read; `retry` reads those again that were refused. `as_pack` names the pack
    where its folder's name will not do, `by` the person who asked. Raises KnowledgeError where nothing is there, under
    500 MB are free, or another folder's pack has that name; ConfigurationError where the pack is unsound.
    """
    require_space(data_dir)
    with tempfile.TemporaryDirectory(prefix="stagecraft-") as scratch:
        roots = await records.pack_roots()
        packs = {root: name for name, root in roots.items()}
        listing = await asyncio.to_thread(list_source, source, as_pack, Path(scratch), packs)
        await _claim(records, listing, roots.get(listing.name))
        terms = await _commit_terms(records, listing)
        files = await asyncio.to_thread(hash_files, listing, passage_tokens)
        async with _reading(reader) as reads:
            intake = Intake(records, listing, reads, passage_tokens=passage_tokens, by=by, progress=progress)
            changes = await intake.run(files, retry=retry)
    return Ingested(
        pack=listing.name,
        added=changes.added,
        changed=changes.changed,
        unchanged=changes.unchanged,
        removed=changes.removed,
        passages=changes.passages,
        terms=terms,
        problems=tuple(changes.problems),
        moved=changes.moved,
        left_out=tuple(listing.left_out),
    )


@asynccontextmanager
async def _reading(reader: Reads | None) -> AsyncIterator[Reads]:
    """Yield the reader, or one of our own, whose process ends with the ingest."""
    if reader is not None:
        yield reader
        return
    from knowledge.reading.reader import Reader

    mine = Reader()
    try:
        yield mine
    finally:
        await mine.close()


async def _claim(records: KnowledgeRecords, listing: Listing, former: str | None) -> None:
    """Commit where the pack lies. Raises KnowledgeError where that would take the place of another folder, or empty the pack."""
    root = str(listing.root)
    if listing.name == UPLOADS:
        raise KnowledgeError(
            f"The name '{UPLOADS}' is kept for files from the chat. Give this folder another one: --as-pack NAME.",
            f"“{UPLOADS}”保留给对话中上传的文件。请用 --as-pack NAME 另取名称。",
        )
    other = former is not None and former != root and listing.heading is None
    if other and await asyncio.to_thread(Path(former or "").is_dir):
        raise KnowledgeError(
            f"The pack '{listing.name}' was taken in from {former}. Give this folder a name of its own: --as-pack NAME.",
            f"知识包“{listing.name}”来自 {former}。请用 --as-pack NAME 为此文件夹另取名称。",
        )
    if listing.whole and not (listing.files or listing.problems or listing.left_out) and await records.assets(listing.name):
        raise KnowledgeError(
            f"The folder {root} is empty now. Is a drive missing? To remove its assets: stagecraft knowledge remove --pack {listing.name}.",
            f"文件夹 {root} 现在为空，是否有磁盘未挂载？若要移除其资产：stagecraft knowledge remove --pack {listing.name}。",
        )
    if former != root:
        await records.put_pack_root(listing.name, root)


async def _commit_terms(records: KnowledgeRecords, listing: Listing) -> int:
    """Commit the glossary where it differs from what is committed, note what contradicts in it; return how many terms it has."""
    if not listing.whole:
        return 0
    decided = decided_in(listing.name, await TermRecords(records.database).decisions())
    found, problems = await asyncio.to_thread(read_terms, listing.root, decided)
    listing.problems.extend(problems)
    rows = [term.row() for term in found]
    former = [{name: row[name] for name in row if name not in ("pack", "place")} for row in await records.terms(listing.name)]
    if _comparable(rows) != _comparable(former):
        await records.put_terms(listing.name, rows)
    return len(rows)


def _comparable(rows: Sequence[dict[str, object]]) -> str:
    """Write terms so that those of a file and those of the database are alike (JSON knows no tuples)."""
    return json.dumps(rows, sort_keys=True, ensure_ascii=False)
