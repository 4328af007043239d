"""Answers what waits in the inbox: several lanes at a time, each in its order, in step with every other replica."""

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable, Collection, Coroutine
from dataclasses import dataclass, field

from errors import RecordsError
from records.slack import RENEW_SECONDS, Kind, SlackInbox, Work

_log = logging.getLogger("stagecraft.slack")
# Another replica's arrivals, and those of one that died, are looked for this often.
_LOOK_SECONDS, _TIDY_SECONDS = 1.0, 5.0
_MOST_ATTEMPTS = 5
_CANCEL_SECONDS = 2.0
_LONGEST_PAUSE = 30.0
# A modal can only be opened within three seconds of a press: presses never wait behind answers.
_LONG: tuple[Kind, ...] = ("message", "command", "shortcut")
_QUICK: tuple[Kind, ...] = ("press", "opened")


@dataclass
class Worker:
    """`answer` answers an arrival and tells whether that is settled; `give_up` tells whoever asked that it never will be."""

    inbox: SlackInbox
    answer: Callable[[Work], Awaitable[bool]]
    give_up: Callable[[Work], Awaitable[None]]
    instance: str
    parallel: int = 8
    _woken: dict[tuple[Kind, ...], asyncio.Event] = field(default_factory=dict)
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)

    def start(self) -> None:
        """Begin; what a program before this one left behind comes first."""
        for kinds in (_LONG, _QUICK):
            self._woken[kinds] = asyncio.Event()
            self._run(self._deal(kinds))
        self._run(self._tidy())

    def wake(self) -> None:
        """Look at once: something has come."""
        for event in self._woken.values():
            event.set()

    async def stop(self) -> None:
        """Stop; what is being answered goes back into line, and what was begun of it is recorded."""
        # A cancellation can be lost on its way through vendors' code: it is repeated.
        while running := {task for task in self._tasks if not task.done()}:
            for task in running:
                task.cancel()
            await asyncio.wait(running, timeout=_CANCEL_SECONDS)

    def _run(self, work: Coroutine[None, None, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _deal(self, kinds: tuple[Kind, ...]) -> None:
        """Take what waits, one after the other, and have several answered at a time; one asks the database for all of them."""
        free = asyncio.Semaphore(self.parallel)
        while True:
            await free.acquire()
            work = await self._claimed(kinds)
            if work is None:
                free.release()
                await self._wait(kinds)
            else:
                self._run(self._bounded(work, free))

    async def _claimed(self, kinds: Collection[Kind]) -> Work | None:
        try:
            return await self.inbox.claim(self.instance, kinds)
        except RecordsError as error:
            _log.warning("the inbox cannot be read: %s", error.detail)
        except Exception:  # noqa: BLE001 - what breaks once must not end the dealing for ever
            _log.exception("the inbox could not be read")
        return None

    async def _bounded(self, work: Work, free: asyncio.Semaphore) -> None:
        """Answer one piece of work; whatever breaks, the next one has its place."""
        try:
            await self._do(work)
        except RecordsError as error:
            _log.warning("an answer could not be settled: %s", error.detail)
        except Exception:  # noqa: BLE001 - the one boundary of the worker
            _log.exception("a piece of work of Slack's ended")
        finally:
            free.release()

    async def _wait(self, kinds: tuple[Kind, ...]) -> None:
        woken = self._woken[kinds]
        with contextlib.suppress(TimeoutError):
            # Not `wait_for`: Python 3.11 loses a cancellation there that comes together with what is waited for.
            async with asyncio.timeout(_LOOK_SECONDS):
                await woken.wait()
        woken.clear()

    async def _do(self, work: Work) -> None:
        """Answer one arrival while saying that we are alive; what cannot be settled now goes back into line after a pause."""
        try:
            if work.attempts > _MOST_ATTEMPTS:
                if await self.inbox.end(work, self.instance, "failed"):
                    await self.give_up(work)
                return
            if await self._answered(work):
                await self.inbox.end(work, self.instance)
                self.wake()
                return
            await asyncio.sleep(min(2.0**work.attempts, _LONGEST_PAUSE))
            await self.inbox.give_back(work, self.instance)
        except asyncio.CancelledError:
            await asyncio.shield(asyncio.create_task(self.inbox.give_back(work, self.instance)))
            raise

    async def _answered(self, work: Work) -> bool:
        answering = asyncio.ensure_future(self.answer(work))
        alive = asyncio.create_task(self._stay_alive(work, answering))
        try:
            return await answering
        except asyncio.CancelledError:
            current = asyncio.current_task()
            if current is not None and current.cancelling():
                raise
            # The lease was lost: whoever holds it settles it.
            return True
        finally:
            alive.cancel()
            if not answering.done():
                answering.cancel()
                await asyncio.wait({answering})

    async def _stay_alive(self, work: Work, answering: "asyncio.Future[bool]") -> None:
        """Renew the lease; work that another replica has taken over meanwhile is left alone."""
        while True:
            await asyncio.sleep(RENEW_SECONDS)
            with contextlib.suppress(RecordsError):
                if not await self.inbox.renew(work, self.instance):
                    _log.warning("another replica has taken over what was answered here")
                    answering.cancel()
                    return

    async def _tidy(self) -> None:
        while True:
            try:
                if await self.inbox.release_left(self.instance):
                    self.wake()
                await self.inbox.sweep()
            except RecordsError as error:
                _log.warning("the inbox cannot be tidied: %s", error.detail)
            await asyncio.sleep(_TIDY_SECONDS)
