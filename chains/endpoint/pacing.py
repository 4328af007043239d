"""Lets the tokens of a reply through within a time budget, gathered into pieces that a page can keep up with."""

import asyncio
import contextlib
import time
from collections.abc import AsyncGenerator
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass, field, replace

GATHER_SECONDS = 0.03


@dataclass(frozen=True)
class Chunk:
    """What one event of the stream says: some text, why the reply ended, what it cost in tokens."""

    text: str = ""
    finish: str | None = None
    prompt_tokens: int = 0
    completion_tokens: int = 0
    cached_tokens: int = 0

    def and_then(self, later: "Chunk") -> "Chunk":
        """Join with a later chunk; token counts are totals, so the later one that has any wins."""
        counted = later if later.prompt_tokens or later.completion_tokens else self
        return replace(counted, text=self.text + later.text, finish=later.finish or self.finish)


async def paced(chunks: AsyncGenerator[Chunk, None], silence_seconds: float, whole_seconds: float) -> AsyncGenerator[Chunk, None]:
    """Yield the first text at once and then what gathers in 30 ms; the last chunk, with or without text, tells the end.

    Raises TimeoutError where nothing arrives for `silence_seconds` (before the first token as between two), or the whole takes
    longer than `whole_seconds`; what had gathered is yielded before that, as before whatever `chunks` raises.
    """
    deadline, last_yield = time.monotonic() + whole_seconds, 0.0
    async with _reading(chunks) as read:
        while not read.ended.is_set():
            if not read.gathered.text:
                await _set_before(read.news, min(read.heard + silence_seconds, deadline))
                if not read.news.is_set() and time.monotonic() >= min(read.heard + silence_seconds, deadline):
                    raise TimeoutError("silent for too long" if time.monotonic() < deadline else "not finished in time")
                continue
            await _set_before(read.ended, min(last_yield + GATHER_SECONDS, deadline))
            last_yield = time.monotonic()
            yield read.taken()
            if last_yield >= deadline:
                raise TimeoutError("not finished in time")
        if read.error is None:
            yield read.gathered
            return
        if read.gathered.text:
            yield read.gathered
        raise read.error


@dataclass
class _Read:
    """What was read and not passed on yet; `news` is set by every text and by the end, `heard` tells when anything came."""

    gathered: Chunk = field(default_factory=Chunk)
    heard: float = field(default_factory=time.monotonic)
    error: Exception | None = None
    news: asyncio.Event = field(default_factory=asyncio.Event)
    ended: asyncio.Event = field(default_factory=asyncio.Event)

    def taken(self) -> Chunk:
        """Return what has gathered; its text is passed on once."""
        taken, self.gathered = self.gathered, replace(self.gathered, text="")
        if not self.ended.is_set():
            self.news.clear()
        return taken


@asynccontextmanager
async def _reading(chunks: AsyncGenerator[Chunk, None]) -> AsyncGenerator[_Read, None]:
    """Read in a task of its own, so that the time budget holds whatever the client waits for."""
    read = _Read()
    task = asyncio.create_task(_read_all(chunks, read))
    try:
        yield read
    finally:
        task.cancel()
        await asyncio.wait({task})


async def _read_all(chunks: AsyncGenerator[Chunk, None], read: _Read) -> None:
    """Gather all that arrives; what ends the reading is kept for whoever passes it on."""
    try:
        # Closed here: a generator that still runs cannot be closed by another task.
        async with aclosing(chunks):
            async for chunk in chunks:
                read.heard = time.monotonic()
                read.gathered = read.gathered.and_then(chunk)
                if chunk.text:
                    read.news.set()
    except Exception as error:  # noqa: BLE001 - raised again by `paced`
        read.error = error
    finally:
        read.ended.set()
        read.news.set()


async def _set_before(event: asyncio.Event, moment: float) -> None:
    """Wait for an event, but not beyond a moment (monotonic)."""
    left = moment - time.monotonic()
    if left <= 0 or event.is_set():
        return
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(left):
            await event.wait()
