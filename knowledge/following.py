"""What is committed is loaded, filled into the index, and kept up with while people search."""

import asyncio
import logging
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from errors import AssistantError, KnowledgeError
from knowledge.embeddings.embedding import Embedding
from knowledge.indexes.choice import Indexes
from knowledge.indexes.folder_lock import FolderInUse
from knowledge.indexes.index import TWIN_FROM, Index, digest_of
from knowledge.notices import Notice, in_memory
from knowledge.search.holdings import Half, Holdings, Part
from knowledge.search.ranking import Stand
from knowledge.search.stock import Stock, Vectors
from knowledge.terms.glossary import Glossary
from knowledge.terms.overlay import laid_over
from records.knowledge import KnowledgeRecords
from records.terms import TermRecords

_log = logging.getLogger(__name__)
_Item = TypeVar("_Item")

# Read at a time: the texts of so many assets, and so many vectors, are in memory at once.
_ASSETS_AT_A_TIME, _VECTORS_AT_A_TIME = 200, 5_000
# While an ingest goes on, loading takes at most a fifth of the time.
_REST = 4
_SAMPLE = 40


@dataclass(frozen=True)
class Difference:
    """A partition whose index is not what SQL says: `complete` tells that it holds the right `passages`, `found` which share
    of a sample finds itself by its own vector.
    """

    partition: str
    passages: int
    complete: bool
    found: float


class Following:
    """Holds the stand that people search; it is replaced as a whole, never half."""

    def __init__(self, records: KnowledgeRecords, indexes: Indexes, stand: Stand) -> None:
        self.stand = stand
        self.generation = (-1, -1)
        self.refused = 0
        self.notices: dict[str, Notice] = {}
        self.is_filled = False
        self._records, self._indexes = records, indexes
        self._stock = Stock()
        self._loading, self._filling = asyncio.Lock(), asyncio.Lock()
        self._beside: Index | None = None
        self._rests_until = 0.0

    @property
    def may_load(self) -> bool:
        """Tell whether the last load is long enough ago, measured by the time that it took."""
        return time.monotonic() >= self._rests_until

    async def open_index(self, *, strict: bool) -> None:
        """Open the index of the embedding that answers, or search in memory with a notice where it cannot be opened.

        Where another process has its folder, that is so only if it need not be `strict`; otherwise FolderInUse is raised.
        """
        if self.stand.embedding is None:
            return
        try:
            self.stand.index = await asyncio.to_thread(self._indexes.opened, self.stand.embedding)
        except KnowledgeError as error:
            if strict and isinstance(error, FolderInUse):
                raise
            self.notices["index"] = in_memory(error)

    async def load(self) -> bool:
        """Load what is committed, where it moved since the last time, and tell whether it did. Raises KnowledgeError, RecordsError."""
        async with self._loading:
            begun = time.monotonic()
            generation = await self.committed()
            if generation == self.generation:
                return False
            self.stand, self.generation = await self._current(self.stand, generation), generation
            self._rests_until = time.monotonic() + _REST * (time.monotonic() - begun)
        return True

    async def committed(self) -> tuple[int, int]:
        """Return the generation of content and vectors that SQL holds. Raises KnowledgeError, RecordsError."""
        return await self._records.generation(self.stand.embedding.name if self.stand.embedding else "")

    async def fill(self) -> None:
        """Bring the index up to the holdings; search goes on in memory while that fails."""
        if self.stand.embedding is None:
            return
        async with self._filling:
            try:
                await asyncio.to_thread(_fill, self.stand.index, self.stand.holdings)
            except KnowledgeError as error:
                _log.warning("The index could not be filled: %s", error.detail)
                self.is_filled, self.notices["filling"] = False, Notice(error.sentence("en"), error.sentence("zh"))
            else:
                self.is_filled = True
                self.notices.pop("filling", None)

    async def put_in_place(self, embedding: Embedding) -> None:
        """Fill a new index beside the one that answers, for this or another embedding, then let it answer.

        Raises KnowledgeError, RecordsError; the former one goes on then.
        """
        async with self._filling:
            former = self.stand
            same = former.embedding is not None and former.embedding.name == embedding.name
            async with self._loading:
                await self._take_stock()
                holdings = await self._holdings(embedding, former.holdings, known=same)
            await self.learn_questions(embedding)
            fresh = self._beside = await asyncio.to_thread(self._indexes.beside, former.index, embedding, same=same)
            try:
                await asyncio.to_thread(_fill, fresh, holdings)
                async with self._loading:
                    generation = await self._records.generation(embedding.name)
                    stand = replace(self.stand, embedding=embedding, index=fresh, holdings=holdings)
                    stand = await self._current(stand, generation)
                    await asyncio.to_thread(self._indexes.take_over, fresh, former.index)
                    self.stand, self.generation = stand, generation
            except AssistantError:
                # Where the work is cancelled instead, `close` discards it: its thread may still be writing.
                await asyncio.to_thread(self._indexes.discard, fresh, former.index)
                self._beside = None
                raise
            self._beside = None
        self.notices.pop("filling", None)
        await self.fill()

    async def learn_questions(self, embedding: Embedding | None = None) -> None:
        """Make what every question is compared with (a second), for the embedding that answers or another one.

        Where that fails, the first question tries again.
        """
        chosen = embedding or self.stand.embedding
        if chosen is not None:
            try:
                await asyncio.to_thread(self.stand.queries.means, chosen)
            except AssistantError as error:
                _log.warning("the first question will take a second longer: %s", error.detail or error)

    async def verify(self) -> list[Difference]:
        """Return the partitions whose index differs from what SQL says it must hold; none where all is well."""
        stand = self.stand
        if stand.embedding is None:
            return []
        wanted = await self._records.ids_with_vector(stand.embedding.name)
        return await asyncio.to_thread(_differences, stand, wanted)

    async def close(self) -> None:
        """Finish what is being written and close the index, and the one that is filled beside it."""
        if self._beside is not None:
            await asyncio.to_thread(self._indexes.discard, self._beside, self.stand.index)
        async with self._filling:
            await asyncio.to_thread(self.stand.index.close)

    async def _current(self, stand: Stand, generation: tuple[int, int]) -> Stand:
        """Return the stand with what is committed now."""
        glossary = stand.glossary
        if generation[0] != self.generation[0]:
            await self._take_stock()
            glossary = await self._glossary()
        self.refused = await self._records.refused()
        holdings = await self._holdings(stand.embedding, stand.holdings, known=True)
        return replace(stand, holdings=holdings, glossary=glossary)

    async def _glossary(self) -> Glossary:
        """Return the terms with what stewards decided laid over them."""
        decided = TermRecords(self._records.database)
        rows, decisions = await self._records.terms(), await decided.decisions()
        offers = await decided.offers("merged", "forbidden")
        return await asyncio.to_thread(lambda: Glossary(laid_over(rows, decisions, offers)))

    async def _take_stock(self) -> None:
        """Read the assets that are new or changed, and drop those that nobody may find any more."""
        assets = [asset for asset in await self._records.assets() if asset.readers]
        for some in _slices(self._stock.differing(assets), _ASSETS_AT_A_TIME):
            pieces = await self._records.passages_of([asset.id for asset in some])
            await asyncio.to_thread(self._stock.take, some, pieces)
        self._stock.keep_only(assets)

    async def _holdings(self, embedding: Embedding | None, former: Holdings, *, known: bool) -> Holdings:
        """Put together what is in stock; `known` tells that the former vectors are of this embedding."""
        shelves = await asyncio.to_thread(self._stock.shelves)
        found = {}
        for shelf in shelves:
            half = former.half(shelf.language) if known else None
            vectors = await asyncio.to_thread(Vectors, shelf.texts, embedding.dimensions if embedding else 0, half)
            if embedding is not None:
                for some in _slices(vectors.missing, _VECTORS_AT_A_TIME):
                    await asyncio.to_thread(vectors.put, await self._records.vectors(embedding.name, some))
            found[shelf.language] = vectors
        return await asyncio.to_thread(self._stock.holdings, shelves, found, former)


def _fill(index: Index, holdings: Holdings) -> None:
    """Make the index hold every passage that has a vector. Raises KnowledgeError."""
    partitions = []
    for half in holdings.halves:
        for part in half.parts:
            ids, rows = _embedded(half, part)
            if ids:
                # A slice is no copy; only a half-embedded partition pays for one.
                index.hold(part.name, ids, half.vectors[rows])
                partitions.append(part.name)
    index.keep_only(partitions)


def _embedded(half: Half, part: Part) -> tuple[list[str], slice | list[int]]:
    """Return the passages of a part that have a vector: their ids, and their rows."""
    stretch = slice(part.start, part.stop)
    if half.embedded[stretch].all():
        return list(half.ids[stretch]), stretch
    rows = [row for row in range(part.start, part.stop) if half.embedded[row]]
    return [half.ids[row] for row in rows], rows


def _differences(stand: Stand, wanted: dict[str, list[str]]) -> list[Difference]:
    """Compare each partition with its ids, and ask for a sample of it."""
    shares = {part.name: _share(stand.index, half, part) for half in stand.holdings.halves for part in half.parts}
    found = []
    for name, ids in wanted.items():
        complete, share = stand.index.digest(name) == digest_of(ids), shares.get(name, 0.0)
        if not complete or share < 1:
            found.append(Difference(name, len(ids), complete, share))
    return found


def _share(index: Index, half: Half, part: Part) -> float:
    """Return which share of a sample finds itself: counting would not notice a lost vector."""
    rows = [row for row in range(part.start, part.stop) if half.embedded[row]]
    sample = rows[:: max(1, len(rows) // _SAMPLE)]
    try:
        hits = [(half.ids[row], index.search(part.name, half.vectors[row], 3)) for row in sample]
    except KnowledgeError:
        return 0.0
    sound = sum(any(name == own or cosine >= TWIN_FROM for name, cosine in found) for own, found in hits)
    return sound / len(sample) if sample else 1.0


def _slices(items: Sequence[_Item], size: int) -> list[Sequence[_Item]]:
    """Cut a sequence into pieces."""
    return [items[start : start + size] for start in range(0, len(items), size)]
