"""Looks every two seconds, in a server, for what changed: new passages, missing vectors, an index to be rebuilt."""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable

from errors import AssistantError, KnowledgeError
from knowledge.embeddings.succession import Succession
from knowledge.following import Following
from knowledge.indexes.choice import is_broken
from records.knowledge import KnowledgeRecords

_log = logging.getLogger(__name__)

# What another process takes in must be found within five seconds.
_EVERY_SECONDS = 2.0
# Vectors that another process is making move on all the time; who stands still for so long is not making them any more.
_STILL_SECONDS = 15.0
# What failed is tried again after so long, each time after twice as long.
_FIRST_PAUSE, _LONGEST_PAUSE = 5.0, 60.0


class _Duty:
    """Work that runs beside the looking, one at a time, and rests after it failed."""

    def __init__(self, work: Callable[[], Awaitable[object]], what: str) -> None:
        self._work, self._what = work, what
        self._task: asyncio.Task[None] | None = None
        self._pause, self._rests_until = _FIRST_PAUSE, 0.0

    def begin(self) -> bool:
        """Begin where it neither runs nor rests, and tell whether it did."""
        begins = (self._task is None or self._task.done()) and time.monotonic() >= self._rests_until
        if begins:
            self._task = asyncio.create_task(self._run())
        return begins

    async def _run(self) -> None:
        try:
            await self._work()
            self._pause = _FIRST_PAUSE
        except AssistantError as error:
            _log.warning("%s failed and is tried again in %.0f s: %s (%s)", self._what, self._pause, error, error.detail)
            self._rest()
        except Exception:  # noqa: BLE001 - the boundary of work behind the scenes
            # Nobody waits for this work: what ended it is told here, or nowhere.
            _log.exception("%s ended by a bug", self._what)
            self._rest()

    def _rest(self) -> None:
        self._rests_until = time.monotonic() + self._pause
        self._pause = min(self._pause * 2, _LONGEST_PAUSE)

    async def stop(self) -> None:
        """Cancel what runs."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)


class Watching:
    """The looking of one server."""

    def __init__(
        self,
        records: KnowledgeRecords,
        following: Following,
        succession: Succession,
        rebuild: Callable[[], Awaitable[object]],
        every: float = _EVERY_SECONDS,
    ) -> None:
        self._records, self._following, self._succession, self._every = records, following, succession, every
        self._loading = _Duty(self._load, "loading the knowledge")
        self._filling = _Duty(self._fill, "filling the index")
        self._making = _Duty(succession.catch_up, "making vectors")
        self._fetching = _Duty(self._fetch, "loading the embedding")
        self._rebuilding = _Duty(rebuild, "rebuilding the index")
        self._asked: int | None = None
        self._vectors, self._moved_at = -1, 0.0

    async def go_on(self) -> None:
        """Look until it is cancelled."""
        while True:
            try:
                await self._look()
            except AssistantError as error:
                _log.warning("the knowledge could not be looked after: %s (%s)", error, error.detail)
            await asyncio.sleep(self._every)

    async def stop(self) -> None:
        """End what was begun."""
        for duty in (self._loading, self._filling, self._making, self._fetching, self._rebuilding):
            await duty.stop()

    async def _look(self) -> None:
        """Begin what is due."""
        following, succession = self._following, self._succession
        if following.may_load:
            self._loading.begin()
        if succession.is_awaited:
            self._fetching.begin()
        elif self._wants_vectors():
            self._making.begin()
        if not following.is_filled:
            self._filling.begin()
        asked = await self._records.rebuilds_asked()
        self._asked = asked if self._asked is None else self._asked
        if (is_broken(following.stand.index) or asked != self._asked) and self._rebuilding.begin():
            self._asked = asked

    def _wants_vectors(self) -> bool:
        """Tell whether vectors are missing that nobody is making, here or in another process."""
        following, succession = self._following, self._succession
        if following.generation[1] != self._vectors:
            self._vectors, self._moved_at = following.generation[1], time.monotonic()
        if succession.is_making:
            return False
        if succession.next is not None:
            return True
        if "vectors" in following.notices:
            return True
        missing = following.stand.embedding is not None and following.stand.holdings.waiting > 0
        return missing and time.monotonic() - self._moved_at >= _STILL_SECONDS

    async def _load(self) -> None:
        if await self._following.load():
            await self._following.fill()

    async def _fetch(self) -> None:
        await self._succession.fetch()
        await self._succession.catch_up()

    async def _fill(self) -> None:
        await self._following.fill()
        if self._following.stand.embedding is not None and not self._following.is_filled:
            raise KnowledgeError("The index could not be filled.", "无法填充索引。")
