"""The work of every open page: one answer at a time, a few briefs waiting, every task known so that Stop and shutdown reach it."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any
from weakref import WeakKeyDictionary

_MOST_WAITING = 5
_END_SECONDS = 8.0


class DeskFull(Exception):
    """Too many briefs wait at this desk already."""


@dataclass(eq=False)
class Desk:
    """One page's work."""

    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    tasks: set[asyncio.Task[Any]] = field(default_factory=set)

    @contextlib.asynccontextmanager
    async def turn(self, wait: Callable[[asyncio.Lock], Awaitable[None]]) -> AsyncIterator[None]:
        """Hold the desk while a brief is answered; `wait` takes the lock where somebody else holds it.

        Raises DeskFull where too many wait already.
        """
        task = asyncio.current_task()
        if task is None or len(self.tasks) >= _MOST_WAITING + 1:
            raise DeskFull
        self.tasks.add(task)
        try:
            await (wait(self.lock) if self.lock.locked() else self.lock.acquire())
            try:
                yield
            finally:
                self.lock.release()
        finally:
            self.tasks.discard(task)

    def stop(self) -> None:
        """Cancel the answer and what waits behind it."""
        for task in tuple(self.tasks):
            task.cancel()


_desks: WeakKeyDictionary[Any, Desk] = WeakKeyDictionary()


def desk_of(session: Any) -> Desk:
    """Return the desk of a session; it goes when the session goes."""
    return _desks.setdefault(session, Desk())


async def stop_all() -> None:
    """Cancel every answer and wait until each has recorded that it was: the records close after this."""
    tasks = [task for desk in _desks.values() for task in desk.tasks]
    for task in tasks:
        task.cancel()
    if tasks:
        await asyncio.wait(tasks, timeout=_END_SECONDS)
