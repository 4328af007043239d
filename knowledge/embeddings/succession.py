"""Which embedding answers, and how another one takes its place without a gap."""

import asyncio
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Protocol

from errors import AssistantError
from knowledge.embeddings.embedding import Embedding
from knowledge.embeddings.vectorising import vectorise
from knowledge.following import Following
from knowledge.intake.progress import Progress, Watcher, unwatched
from knowledge.notices import CHANGED_BESIDE, Notice, by_words_until, changing, vectors_later
from records.knowledge import KnowledgeRecords
from records.serving import Serving


class Choice(Protocol):
    """The embedding that the settings choose. Making one blocks."""

    @property
    def origin(self) -> Mapping[str, Any]:
        """What is committed, so that it can be made again when the settings choose another one."""
        ...

    @property
    def is_wanted(self) -> bool:
        """Tell whether it may yet come, where it could not be made at the start."""
        ...

    def make(self) -> Embedding | None:
        """Make it, None where words alone are chosen. Raises AssistantError where that fails for now."""
        ...

    def former(self, served: Serving) -> Embedding | None:
        """Make the embedding that served before, None where it is not to be had any more."""
        ...


class Succession:
    """Makes vectors for the embedding that answers, or for the next one, which takes its place when all are made.

    `lasting` tells a server, which commits the change and drops the former vectors, from a terminal, which does neither.
    """

    def __init__(
        self, records: KnowledgeRecords, following: Following, data_dir: Path, choice: Choice | None, *, lasting: bool
    ) -> None:
        self.next: Embedding | None = None
        self._records, self._following, self._data_dir, self._choice = records, following, data_dir, choice
        self._lasting = lasting
        self._served = ""
        self._done = self._total = 0
        self._making = asyncio.Lock()
        self.is_awaited = False

    @property
    def is_making(self) -> bool:
        """Tell whether vectors are being made in this process."""
        return self._making.locked()

    @property
    def progress(self) -> tuple[int, int]:
        """Return how many vectors the next embedding has made, of how many."""
        return (self._done, self._total) if self.next is not None else (0, 0)

    @property
    def notice(self) -> Notice | None:
        """Tell that another embedding is made ready."""
        return changing(*self.progress) if self.next is not None else None

    async def begin(self, embedding: Embedding | None, *, awaited: bool) -> Embedding | None:
        """Return the embedding that answers for the present: the chosen one, or, until that is ready, the former one.

        `awaited` tells that the chosen one could not be made yet; `fetch` tries again.
        """
        served = await self._records.serving()
        self._served = served.embedding if served else ""
        self.is_awaited = awaited
        if (
            served is None
            or (embedding is None and not awaited)
            or (embedding is not None and served.embedding == embedding.name)
        ):
            return embedding
        if embedding is not None and not await self._records.missing_vectors(embedding.name):
            return embedding
        former = await asyncio.to_thread(self._choice.former, served) if self._choice else None
        if former is None:
            return embedding
        self.next = embedding
        return former

    async def fetch(self) -> None:
        """Try to make the embedding that could not be made at the start. Raises AssistantError."""
        assert self._choice is not None
        try:
            embedding = await asyncio.to_thread(self._choice.make)
        except AssistantError as error:
            self._following.notices["embedding"] = by_words_until(error)
            raise
        present = self._following.stand.embedding
        if embedding is not None and present is not None and present.name != embedding.name:
            self.next = embedding
        elif embedding is not None:
            await self._following.put_in_place(embedding)
        self.is_awaited = False
        self._following.notices.pop("embedding", None)

    async def catch_up(self, progress: Watcher = unwatched) -> None:
        """Make the vectors that are missing; when the next embedding has them all it takes its place.

        Raises KnowledgeError, EndpointError, RecordsError; what was made until then is committed.
        """

        def watched(step: Progress) -> None:
            self._done, self._total = step.done, step.total
            progress(step)

        async with self._making:
            target = self.next or self._following.stand.embedding
            if target is not None and not await self._is_superseded(target):
                try:
                    await vectorise(self._records, target, data_dir=self._data_dir, progress=watched)
                except AssistantError as error:
                    self._following.notices["vectors"] = vectors_later(error)
                    raise
                self._following.notices.pop("vectors", None)
                if self.next is not None:
                    await self._following.put_in_place(self.next)
                    self.next = None
                await self._settle(target)
        await self._following.load()
        await self._following.fill()

    async def _is_superseded(self, target: Embedding) -> bool:
        """Tell whether another server has let another embedding answer: making its vectors again would never end."""
        served = await self._records.serving()
        superseded = served is not None and served.embedding not in (target.name, self._served)
        if superseded:
            self._following.notices["embedding"] = CHANGED_BESIDE
        return superseded

    async def _settle(self, target: Embedding) -> None:
        """Commit that the target answers, and drop the vectors of others; a stop in between is made good the next time."""
        served = await self._records.serving()
        if served is None or (self._lasting and served.embedding != target.name):
            origin = self._choice.origin if self._choice else {}
            await self._records.put_serving(target.name, {**origin, "dimensions": target.dimensions})
            self._served = target.name
        if self._lasting and await self._records.embeddings() - {target.name}:
            await self._records.keep_vectors_of([target.name])
