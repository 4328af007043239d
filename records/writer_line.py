"""Who writes next to a database that lets one writer in at a time: in order, and before those who can wait."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


class WriterLine:
    """One writer at a time. SQLite itself would let those who wait poll by chance, until one of them gives up after five seconds."""

    def __init__(self) -> None:
        self._is_taken = False
        self._waiting: tuple[deque[asyncio.Event], deque[asyncio.Event]] = (deque(), deque())

    @asynccontextmanager
    async def turn(self, *, patient: bool = False) -> AsyncIterator[None]:
        """Hold the turn until the block ends; the patient come after all others."""
        if self._is_taken:
            await self._wait(self._waiting[patient])
        self._is_taken = True
        try:
            yield
        finally:
            self._pass_on()

    async def _wait(self, line: deque[asyncio.Event]) -> None:
        called = asyncio.Event()
        line.append(called)
        try:
            await called.wait()
        except asyncio.CancelledError:
            if called.is_set():
                # The turn came at the same moment: it is the next one's.
                self._pass_on()
            else:
                line.remove(called)
            raise

    def _pass_on(self) -> None:
        """Call the next one; the turn stays taken meanwhile, so that nobody steps in between."""
        for line in self._waiting:
            if line:
                line.popleft().set()
                return
        self._is_taken = False
