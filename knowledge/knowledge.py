"""The organisation's knowledge as the chains use it: its terms, its passages, and how it stands with both."""

import asyncio
import logging
from collections.abc import Collection, Coroutine, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, Literal

from errors import AssistantError, EndpointError
from knowledge.checklist import Point, read_checklist
from knowledge.embeddings.embedding import Embedding, MayFail
from knowledge.embeddings.succession import Choice, Succession
from knowledge.embeddings.vectorising import require_space
from knowledge.following import Difference, Following
from knowledge.indexes.choice import Indexes
from knowledge.indexes.index import MemoryIndex
from knowledge.intake.ingest import Ingested, Progress, Reads, Watcher, commit, unwatched
from knowledge.intake.pack import Problem, pack_name
from knowledge.notices import Notice
from knowledge.search.holdings import Holdings
from knowledge.search.ranking import Stand
from knowledge.search.reranking import Reranker
from knowledge.search.retrieval import PassageHit, Retriever
from knowledge.status import IndexStanding, KnowledgeStatus, index_standing
from knowledge.terms.glossary import Glossary, TermHit
from knowledge.watching import Watching
from records.database import Database
from records.knowledge import Asset, Closing, KnowledgeRecords, Passage

_log = logging.getLogger(__name__)

# The pack of a fictional bank that comes with the product.
SAMPLE_PACK = Path(__file__).parent / "pack"


class Knowledge:
    """Terms and passages over the records; made by `open`."""

    def __init__(
        self, records: KnowledgeRecords, data_dir: Path, pack: Path, following: Following, succession: Succession, tokens: int
    ) -> None:
        self.records = records
        self._data_dir, self._pack, self._passage_tokens = data_dir, pack, tokens
        # What a brief must settle, by the pack's checklist.
        self.checklist: tuple[Point, ...] = ()
        self._following, self._succession = following, succession
        self._retriever = Retriever(records, lambda: following.stand)
        self._ingesting = asyncio.Lock()
        self._watching: Watching | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._progress: Progress | None = None
        self._problems: tuple[Problem, ...] = ()
        self._reader: Reads | None = None

    @classmethod
    async def open(
        cls,
        database: Database,
        data_dir: Path,
        pack_folder: Path | None = None,
        embedding: Embedding | None = None,
        index: Literal["chroma", "memory", "pgvector", "auto"] = "memory",
        *,
        choice: Choice | None = None,
        reranker: Reranker | None = None,
        notice: Notice | None = None,
        reader: Reads | None = None,
        passage_tokens: int = 120,
        watch: bool = False,
        every: float = 2.0,
    ) -> "Knowledge":
        """Load what is committed; `sync_pack` brings it up to date, the index is filled behind the scenes.

        `chroma` raises KnowledgeError where another process has the index folder below `data_dir`; `auto` searches in
        memory then. `choice` is how `embedding` was made; an embedding that is None though one was chosen is tried again,
        and a former one answers until the chosen one is ready. `notice` is what there is to say about it. `reader` reads
        files, one of an ingest's own where there is none. With `watch`, as in a server, what other processes take in is
        looked for `every` so many seconds.
        """
        records = KnowledgeRecords(database)
        checklist = read_checklist(pack_folder or SAMPLE_PACK)
        indexes = Indexes("chroma" if index == "auto" else index, data_dir / "index", database.url)
        following = Following(records, indexes, Stand(Holdings((), 0), Glossary(()), MemoryIndex(), None, reranker))
        succession = Succession(records, following, data_dir, choice, lasting=watch)
        following.notices.update({"embedding": notice} if notice else {})
        awaited = choice is not None and choice.is_wanted and embedding is None
        following.stand.embedding = await succession.begin(embedding, awaited=awaited)
        await following.open_index(strict=index != "auto")
        opened = cls(records, data_dir, pack_folder or SAMPLE_PACK, following, succession, passage_tokens)
        opened._reader, opened.checklist = reader, checklist
        try:
            await following.load()
        except AssistantError:
            await following.close()
            raise
        opened._begin(following.fill())
        if watch:
            # In a server alone: a command of the terminal may end without asking anything.
            opened._begin(following.learn_questions())
            opened._watching = Watching(records, following, succession, opened._rebuild_here, every)
            opened._begin(opened._watching.go_on())
        return opened

    @property
    def glossary(self) -> Glossary:
        """The approved terms of all packs."""
        return self._following.stand.glossary

    @property
    def version(self) -> str:
        """What moves with every change of terms, passages or vectors: part of the key of a cached answer."""
        embedding = self._following.stand.embedding
        return ".".join(map(str, [*self._following.generation, embedding.name if embedding else ""]))

    def terms_in(self, text: str) -> list[TermHit]:
        """Return where a text uses terms of the glossary, in reading order."""
        return self._following.stand.glossary.found_in(text)

    async def search(self, text: str, *, groups: frozenset[str], shelves: Sequence[str] = (), limit: int = 6) -> list[PassageHit]:
        """Return the best passages that these groups may read, best first; none where the knowledge is silent."""
        return await self._retriever.search(text, groups=groups, shelves=shelves, limit=limit)

    async def passage(self, passage_id: str, groups: frozenset[str]) -> tuple[Passage, Asset] | None:
        """Return one passage with its asset, or None where it is gone or closed to these groups."""
        return await self._retriever.passage(passage_id, groups)

    async def closed(self, assets: Collection[str], passages: Collection[str], groups: frozenset[str]) -> dict[str, Closing]:
        """Return which of these assets and passages these groups may not read any more where they are cited, and why."""
        return await self._retriever.closed(assets, passages, groups)

    def status(self) -> KnowledgeStatus:
        """Tell how the knowledge stands at this moment."""
        stand, coming = self._following.stand, self._succession.next
        done, total = self._succession.progress
        return KnowledgeStatus(
            passages=stand.holdings.passages,
            waiting=stand.holdings.waiting if stand.embedding else 0,
            terms=len(stand.glossary.terms),
            embedding=stand.embedding.name if stand.embedding else None,
            index=stand.index.name if stand.embedding else "words",
            notices=self._notices(),
            progress=self._progress,
            problems=self._problems,
            next_embedding=coming.name if coming is not None else None,
            next_done=done,
            next_total=total,
            refused=self._following.refused,
        )

    async def index_standing(self) -> IndexStanding:
        """Tell how search stands to what is committed. Raises KnowledgeError, RecordsError."""
        return await index_standing(self._following)

    def _notices(self) -> tuple[Notice, ...]:
        embedding = self._following.stand.embedding
        trouble = embedding.trouble if isinstance(embedding, MayFail) else None
        found = [*self._following.notices.values(), self._succession.notice, trouble]
        return tuple(notice for notice in found if notice is not None)

    async def sync_pack(self, progress: Watcher = unwatched) -> Ingested:
        """Bring the records up to the pack's folder; a former sample pack makes way for the organisation's own.

        Words find new passages after the first second, vectors follow. Raises as `ingest` does.
        """
        if self._pack.resolve() != SAMPLE_PACK.resolve() and pack_name(self._pack) != pack_name(SAMPLE_PACK):
            await self.records.remove_pack(pack_name(SAMPLE_PACK))
        self.checklist = read_checklist(self._pack)
        return await self.ingest(self._pack, progress)

    async def ingest(
        self, source: Path, progress: Watcher = unwatched, *, retry: bool = False, as_pack: str = "", by: str = ""
    ) -> Ingested:
        """Take in a folder, a repository or a file, one ingest at a time; raises, and is led, as `commit`."""

        def watched(step: Progress) -> None:
            self._progress = step
            progress(step)

        async with self._ingesting:
            try:
                ingested = await commit(
                    self.records,
                    source,
                    data_dir=self._data_dir,
                    passage_tokens=self._passage_tokens,
                    progress=watched,
                    reader=self._reader,
                    retry=retry,
                    as_pack=as_pack,
                    by=by,
                )
                self._problems = ingested.problems
                await self._following.load()
                await self.catch_up(watched)
            finally:
                self._progress = None
        return ingested

    async def reload(self) -> None:
        """Let words find what was just committed; `catch_up` makes the vectors."""
        await self._following.load()

    async def catch_up(self, progress: Watcher = unwatched) -> None:
        """Make the vectors that are missing and bring search up to what is committed.

        Raises KnowledgeError where under 500 MB are free, EndpointError where the server that embeds fails; a server goes
        on by words then and tries again by itself.
        """
        try:
            await self._succession.catch_up(progress)
        except EndpointError as error:
            if self._watching is None:
                raise
            _log.warning("vectors are made later: %s (%s)", error, error.detail)
            await self._following.load()

    async def verify(self) -> list[Difference]:
        """Return the partitions whose index differs from what SQL says it must hold; none where all is well."""
        return await self._following.verify()

    async def rebuild(self) -> bool:
        """Throw the index away and fill it anew, beside the one that answers meanwhile; tell whether it was done here.

        A process that keeps no index asks the server for it. Raises KnowledgeError where it cannot be written.
        """
        if self._following.stand.index.name == "memory":
            await self.records.ask_rebuild()
            return False
        await self._rebuild_here()
        return True

    async def _rebuild_here(self) -> None:
        embedding = self._following.stand.embedding
        if embedding is not None:
            require_space(self._data_dir)
            await self._following.put_in_place(embedding)

    async def close(self) -> None:
        """Stop following, finish what is being written, and free the index folder."""
        for task in self._tasks:
            task.cancel()
        if self._watching is not None:
            await self._watching.stop()
        for task in list(self._tasks):
            with suppress(asyncio.CancelledError):
                await task
        await self._following.close()

    def _begin(self, work: Coroutine[Any, Any, None]) -> None:
        """Run work beside the answers and keep hold of it."""
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
