"""The organisation's knowledge as the chains use it: its terms, its passages, and how it stands with both."""

import asyncio
import logging
from collections.abc import Coroutine, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from errors import KnowledgeError
from knowledge.chroma import ChromaIndex
from knowledge.embedding import Embedding
from knowledge.glossary import Glossary, Term, TermHit
from knowledge.holdings import Holdings, held
from knowledge.index import Index, MemoryIndex
from knowledge.ingest import Ingested, Progress, Watcher, commit, embed, unwatched
from knowledge.pack import Problem, pack_name
from knowledge.ranking import Stand
from knowledge.retrieval import PassageHit, Retriever
from records.database import Database
from records.knowledge import Asset, KnowledgeRecords, Passage

_log = logging.getLogger(__name__)

# The pack of a fictional bank that comes with the product.
SAMPLE_PACK = Path(__file__).parent / "pack"
# What another process takes in must be found within five seconds.
_WATCH_SECONDS = 2.0


@dataclass(frozen=True)
class KnowledgeStatus:
    """How the knowledge stands: counts, what searches, what a person should know, and how far an ingest is."""

    passages: int
    waiting: int
    terms: int
    embedding: str | None
    index: str
    notices: tuple[str, ...]
    progress: Progress | None
    problems: tuple[Problem, ...]


class Knowledge:
    """Terms and passages over the records; made by `open`."""

    def __init__(self, records: KnowledgeRecords, data_dir: Path, pack: Path, stand: Stand, passage_tokens: int) -> None:
        self.records = records
        self._data_dir, self._pack, self._passage_tokens = data_dir, pack, passage_tokens
        self._stand = stand
        self._retriever = Retriever(records, lambda: self._stand)
        self._vectors: dict[str, bytes] = {}
        self._generation = (-1, -1)
        self._loading, self._filling, self._ingesting = asyncio.Lock(), asyncio.Lock(), asyncio.Lock()
        self._tasks: set[asyncio.Task[None]] = set()
        self._notices: dict[str, str] = {}
        self._progress: Progress | None = None
        self._problems: tuple[Problem, ...] = ()

    @classmethod
    async def open(
        cls,
        database: Database,
        data_dir: Path,
        pack_folder: Path | None = None,
        embedding: Embedding | None = None,
        index: Literal["chroma", "memory", "auto"] = "memory",
        *,
        notice: str = "",
        passage_tokens: int = 120,
        watch: bool = False,
    ) -> "Knowledge":
        """Load what is committed; `sync_pack` brings it up to date, the index is filled behind the scenes.

        `chroma` raises KnowledgeError where another process has the index folder below `data_dir`; `auto` searches in
        memory then. `notice` is what `embedding_for` has to say. With `watch`, what other processes take in is followed.
        """
        notices = {"embedding": notice} if notice else {}
        filling: Index = MemoryIndex()
        if embedding is not None and index != "memory":
            try:
                filling = await asyncio.to_thread(ChromaIndex, data_dir / "index", embedding.name)
            except KnowledgeError as error:
                if index == "chroma":
                    raise
                notices["index"] = f"{error} Until then vectors are searched in memory."
        stand = Stand(Holdings((), 0), Glossary(()), filling, embedding)
        opened = cls(KnowledgeRecords(database), data_dir, pack_folder or SAMPLE_PACK, stand, passage_tokens)
        opened._notices.update(notices)
        await opened._load()
        opened._begin(opened._fill())
        if watch:
            opened._begin(opened._watch())
        return opened

    @property
    def glossary(self) -> Glossary:
        """The approved terms of all packs."""
        return self._stand.glossary

    @property
    def version(self) -> str:
        """What moves with every change of terms, passages or vectors: part of the key of a cached answer."""
        return f"{self._generation[0]}.{self._generation[1]}"

    def terms_in(self, text: str) -> list[TermHit]:
        """Return where a text uses terms of the glossary, in reading order."""
        return self._stand.glossary.found_in(text)

    async def search(self, text: str, *, groups: frozenset[str], shelves: Sequence[str] = (), limit: int = 6) -> list[PassageHit]:
        """Return the best passages that these groups may read, best first; none where the knowledge is silent."""
        return await self._retriever.search(text, groups=groups, shelves=shelves, limit=limit)

    async def passage(self, passage_id: str, groups: frozenset[str]) -> tuple[Passage, Asset] | None:
        """Return one passage with its asset, or None where it is gone or closed to these groups."""
        return await self._retriever.passage(passage_id, groups)

    def status(self) -> KnowledgeStatus:
        """Tell how the knowledge stands at this moment."""
        stand = self._stand
        return KnowledgeStatus(
            passages=stand.holdings.passages,
            waiting=stand.holdings.waiting if stand.embedding else 0,
            terms=len(stand.glossary.terms),
            embedding=stand.embedding.name if stand.embedding else None,
            index=stand.index.name if stand.embedding else "words",
            notices=tuple(self._notices.values()),
            progress=self._progress,
            problems=self._problems,
        )

    async def sync_pack(self, progress: Watcher = unwatched) -> Ingested:
        """Bring the records up to the pack's folder; a former sample pack makes way for the organisation's own.

        Words find new passages after the first second, vectors follow. Raises as `ingest` does.
        """
        if self._pack.resolve() != SAMPLE_PACK.resolve() and pack_name(self._pack) != pack_name(SAMPLE_PACK):
            await self.records.remove_pack(pack_name(SAMPLE_PACK))
        return await self.ingest(self._pack, progress)

    async def ingest(self, source: Path, progress: Watcher = unwatched) -> Ingested:
        """Take in a folder or a file, one ingest at a time. Raises KnowledgeError, ConfigurationError."""

        def watched(step: Progress) -> None:
            self._progress = step
            progress(step)

        async with self._ingesting:
            try:
                ingested = await commit(
                    self.records, source, data_dir=self._data_dir, passage_tokens=self._passage_tokens, progress=watched
                )
                self._problems = ingested.problems
                await self._load()
                if self._stand.embedding is not None:
                    await embed(self.records, self._stand.embedding, data_dir=self._data_dir, progress=watched)
                    await self._load()
            finally:
                self._progress = None
        await self._fill()
        return ingested

    async def verify(self) -> list[str]:
        """Return the partitions whose index differs from what SQL says it must hold; none where all is well."""
        if self._stand.embedding is None:
            return []
        wanted = await self.records.digests(self._stand.embedding.name)
        return [name for name, digest in wanted.items() if self._stand.index.digest(name) != digest]

    async def close(self) -> None:
        """Stop following, finish what is being written, and free the index folder."""
        for task in self._tasks:
            task.cancel()
        for task in list(self._tasks):
            with suppress(asyncio.CancelledError):
                await task
        async with self._filling:
            await asyncio.to_thread(self._stand.index.close)

    async def _load(self) -> bool:
        """Load what is committed, where it moved since the last time; tell whether it did."""
        embedding = self._stand.embedding
        name = embedding.name if embedding else ""
        async with self._loading:
            generation = await self.records.generation(name)
            if generation == self._generation:
                return False
            rows = await self.records.passages()
            terms = await self.records.terms()
            if embedding is not None:
                used = {piece.text_hash for piece, _ in rows}
                found = await self.records.vectors(name, without=frozenset(self._vectors))
                self._vectors = {text: raw for text, raw in (self._vectors | found).items() if text in used}
            dimensions = embedding.dimensions if embedding else 0
            holdings = await asyncio.to_thread(held, rows, self._vectors, dimensions, self._stand.holdings)
            self._stand = replace(self._stand, holdings=holdings, glossary=Glossary(Term.of(row) for row in terms))
            self._generation = generation
        return True

    async def _fill(self) -> None:
        """Bring the index up to the holdings; search goes on in memory while that fails."""
        if self._stand.embedding is None:
            return
        async with self._filling:
            try:
                await asyncio.to_thread(_fill, self._stand.index, self._stand.holdings)
                self._notices.pop("filling", None)
            except KnowledgeError as error:
                _log.warning("The index could not be filled: %s", error.detail)
                self._notices["filling"] = str(error)

    async def _watch(self) -> None:
        """Follow what other processes commit."""
        while True:
            await asyncio.sleep(_WATCH_SECONDS)
            try:
                if await self._load():
                    await self._fill()
            except KnowledgeError as error:
                _log.warning("The knowledge could not be followed: %s", error.detail)

    def _begin(self, work: Coroutine[None, None, None]) -> None:
        """Run work beside the answers and keep hold of it."""
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


def _fill(index: Index, holdings: Holdings) -> None:
    """Make the index hold every passage that has a vector."""
    partitions = []
    for half in holdings.halves:
        for part in half.parts:
            stretch = slice(part.start, part.stop)
            embedded = half.embedded[stretch]
            ids = [passage for passage, known in zip(half.ids[stretch], embedded, strict=True) if known]
            if ids:
                # A slice is no copy; only a half-embedded partition pays for one.
                vectors = half.vectors[stretch] if embedded.all() else half.vectors[stretch][embedded]
                index.hold(part.name, ids, vectors)
                partitions.append(part.name)
    index.keep_only(partitions)
