"""Whether the house is ready for people, part by part, in words that hold no text, no address and no secret.

Only a database that takes no writes makes it unready: nothing could be put on record then. Where the endpoint rests, the queue is
full or the index is rebuilt, people still read, decide and take away, and a brief is answered by a sentence or from memory; taking
the page from them as well would help nobody. That is `degraded`.
"""

import asyncio
import logging
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal

from channels.watching.house import WatchedHouse
from errors import AssistantError
from records.heartbeat import beat

_log = logging.getLogger("stagecraft.readiness")
State = Literal["ready", "degraded", "unready"]
# Whoever asks in between gets the last answer: the address is open to everybody, and each look writes a row.
_FRESH_SECONDS = 1.0
_LOOK_SECONDS = 2.0
_WELL = {"database": ("writes",), "index": ("in step", "words alone"), "endpoint": ("closed",), "queue": ("free",)}


@dataclass(frozen=True)
class Standing:
    """How the house stands: a word for each part, and figures for who may see them."""

    state: State
    parts: Mapping[str, str]
    figures: Mapping[str, Any]


class Readiness:
    """Looks at the parts, each within two seconds, at most once a second."""

    def __init__(self, house: WatchedHouse) -> None:
        self._house = house
        self._looking = asyncio.Lock()
        self._seen: tuple[float, Standing] | None = None
        self._beating: asyncio.Task[None] | None = None

    async def standing(self) -> Standing:
        """Return how the house stands now, or stood less than a second ago."""
        async with self._looking:
            if self._seen is None or time.monotonic() - self._seen[0] >= _FRESH_SECONDS:
                found = await self._look()
                self._seen = (time.monotonic(), found)
            return self._seen[1]

    async def _look(self) -> Standing:
        (database, took), (index, told) = await asyncio.gather(self._database(), self._index())
        queue = self._house.queue()
        full = bool(queue.most_waiting) and queue.waiting >= queue.most_waiting
        parts = {"database": database, "index": index, "endpoint": self._house.breaker(), "queue": "full" if full else "free"}
        known = self._house.knowledge.status()
        figures = {
            "database": {"seconds": round(took, 3)},
            "index": {**told, "passages": known.passages, "searched_in": known.index},
            "queue": asdict(queue),
        }
        well = all(word in _WELL[part] for part, word in parts.items())
        state: State = "unready" if database != "writes" else "ready" if well else "degraded"
        return Standing(state, parts, figures)

    async def _database(self) -> tuple[str, float]:
        """Write a row. One that still waits for a lock is waited for again, instead of setting another behind it."""
        if self._beating is None or self._beating.done():
            self._beating = asyncio.create_task(beat(self._house.database))
            self._beating.add_done_callback(_seen)
        begun = time.monotonic()
        done, _ = await asyncio.wait({self._beating}, timeout=_LOOK_SECONDS)
        took = time.monotonic() - begun
        if not done:
            return "waits", took
        return ("fails" if self._beating.exception() else "writes"), took

    async def _index(self) -> tuple[str, dict[str, Any]]:
        """Return how search stands to SQL."""
        try:
            async with asyncio.timeout(_LOOK_SECONDS):
                standing = await self._house.knowledge.index_standing()
        except (AssistantError, TimeoutError):
            return "unknown", {}
        return standing.state, {"held": standing.held, "committed": standing.committed, "waiting": standing.waiting}


def _seen(beating: "asyncio.Task[None]") -> None:
    """Tell the operator why a write failed; it may have ended when nobody waited for it any more."""
    error = None if beating.cancelled() else beating.exception()
    if isinstance(error, AssistantError):
        _log.warning("the database takes no writes: %s", error.detail or error)
    elif error is not None:
        _log.error("the look at the database ended by a bug", exc_info=error)
