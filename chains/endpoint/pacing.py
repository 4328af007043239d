"""Lets the tokens of a reply through within a time budget, gathered into pieces that a page can keep up with."""

import asyncio
import time
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass, replace

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
    """Yield the first text at once and then what gathers in 30 ms.

    Raises TimeoutError where nothing arrives for `silence_seconds` (before the first token as between two), or the whole takes
    longer than `whole_seconds`; what had gathered is yielded before.
    """
    deadline = time.monotonic() + whole_seconds
    gathered, last_yield, next_chunk = Chunk(), 0.0, None
    async with aclosing(chunks):
        try:
            heard = time.monotonic()
            while True:
                next_chunk = next_chunk or asyncio.ensure_future(anext(chunks, None))
                limit = min(heard + silence_seconds, deadline)
                due = min(limit, last_yield + GATHER_SECONDS) if gathered.text else limit
                await asyncio.wait({next_chunk}, timeout=max(0.0, due - time.monotonic()))
                if next_chunk.done():
                    if next_chunk.exception() is not None and gathered.text:
                        yield gathered
                    chunk, next_chunk, heard = next_chunk.result(), None, time.monotonic()
                    if chunk is None:
                        break
                    gathered = gathered.and_then(chunk)
                now = time.monotonic()
                if gathered.text and (now - last_yield >= GATHER_SECONDS or now >= limit):
                    yield gathered
                    gathered, last_yield = replace(gathered, text=""), now
                if now >= limit and now >= min(heard + silence_seconds, deadline):
                    raise TimeoutError("silent for too long" if now < deadline else "not finished in time")
            yield gathered
        finally:
            await _end(next_chunk)


async def _end(waiting: "asyncio.Future[Chunk | None] | None") -> None:
    """Cancel the read under way and wait until it has ended: a generator that still runs cannot be closed."""
    if waiting is not None:
        waiting.cancel()
        await asyncio.wait({waiting})
