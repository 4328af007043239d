"""What an open page has still to put on record, in its order: nothing is lost while the database is in trouble."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager

from errors import AssistantError, RecordsError

Write = Callable[[], Awaitable[None]]
Together = Callable[[], AbstractAsyncContextManager[None]]
_FIRST_PAUSE, _LONGEST_PAUSE = 1.0, 30.0


class Outbox:
    """The writes of one page. One that the database refuses stays first in line and is tried again, ever more seldom.

    `pause` is the seconds before the first new try; within `together` many writes are done as one.
    """

    def __init__(self, pause: float = _FIRST_PAUSE, together: Together | None = None) -> None:
        self._waiting: deque[Write] = deque()
        self._turn = asyncio.Lock()
        self._first_pause = pause
        self._together = together
        self._again: asyncio.Task[None] | None = None

    @property
    def waiting(self) -> int:
        """How many writes wait."""
        return len(self._waiting)

    @property
    def is_in_trouble(self) -> bool:
        """Whether a write was refused and is tried again."""
        return self._again is not None and not self._again.done()

    def hold(self, write: Write) -> None:
        """Keep a write until the next `put`: a chat in which nothing was asked is not put on record."""
        self._waiting.append(write)

    async def put(self, write: Write) -> None:
        """Do the write when those before it are done. Raises RecordsError where it could not be done yet; it is not lost.

        Raises as the write does where that is no trouble of the database's; it is given up then.
        """
        self._waiting.append(write)
        try:
            while write in self._waiting:
                await self._next()
        except RecordsError:
            if not self.is_in_trouble:
                self._again = asyncio.create_task(self._try_again())
            raise

    async def flush(self) -> None:
        """Do everything that waits. Raises RecordsError where it cannot be done now."""
        while self._waiting:
            await self._next()

    async def close(self) -> int:
        """Try a last time, and return how many writes were not done."""
        if self._again is not None:
            self._again.cancel()
        try:
            await self.flush()
        except AssistantError:
            return len(self._waiting)
        return 0

    async def _next(self) -> None:
        """Do the first write of the line; only one is under way at a time."""
        async with self._turn:
            if not self._waiting or await self._did_all():
                return
            try:
                await self._waiting[0]()
            except (RecordsError, asyncio.CancelledError):
                # It is kept: to write the same again does no harm.
                raise
            except Exception:
                self._waiting.popleft()
                raise
            self._waiting.popleft()

    async def _did_all(self) -> bool:
        """Do everything that waits as one, and tell whether that went well; otherwise nothing was done and it is done one by one."""
        if self._together is None:
            return False
        done = 0
        try:
            async with self._together():
                # Counted here: more may have come while the database was somebody else's.
                for write in tuple(self._waiting):
                    await write()
                    done += 1
        except RecordsError:
            raise
        except Exception:  # noqa: BLE001 - the write that is at fault is found by doing them one by one
            return False
        for _ in range(done):
            self._waiting.popleft()
        return True

    async def _try_again(self) -> None:
        pause = self._first_pause
        while self._waiting:
            await asyncio.sleep(pause)
            try:
                await self.flush()
            except RecordsError:
                pause = min(pause * 2, _LONGEST_PAUSE)
