"""Puts the drafts of all answers that are under way on record together, so that a crash loses little and a hundred of them cost one write."""

import asyncio
import logging
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from chains.answering.turn import RunningTurn
from errors import RecordsError
from records.ledger import Ledger
from records.turns import Draft

logger = logging.getLogger("stagecraft.chain")

# A crash loses at most so much of a draft.
DRAFT_SECONDS = 2.0


class Drafts:
    """The drafts of one house; they are written behind the answers, which do not wait for it."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._growing: list[RunningTurn] = []
        self._keeping: asyncio.Task[None] | None = None
        self._none_grows = asyncio.Event()

    @contextmanager
    def kept(self, turn: RunningTurn) -> Iterator[None]:
        """Put a turn's draft on record every two seconds until the block ends; its end is written by whoever ends it."""
        self._growing.append(turn)
        self._none_grows.clear()
        if self._keeping is None or self._keeping.done():
            self._keeping = asyncio.create_task(self._keep())
        try:
            yield
        finally:
            self._growing.remove(turn)
            if not self._growing:
                self._none_grows.set()

    async def _keep(self) -> None:
        """Write what has grown since the last time, as long as anything grows."""
        written: dict[str, Draft] = {}
        while self._growing:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._none_grows.wait(), DRAFT_SECONDS)
                break
            drafts = {turn.id: Draft(turn.id, turn.furthest, dict(turn.written)) for turn in self._growing}
            grown = [draft for name, draft in drafts.items() if (draft.text or draft.written) and draft != written.get(name)]
            try:
                await self._ledger.save_drafts(grown)
            except RecordsError as error:
                # The answers go on: the next time more is written, and at the end all of it.
                logger.warning("drafts were not put on record: %s", error.detail)
            else:
                written = drafts
