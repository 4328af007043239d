"""Calls that replicas share out among them: each call holds a lease of the database, renewed while it lasts."""

import asyncio
import logging
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from errors import RecordsError
from records.leases import Lease, Leases

log = logging.getLogger(__name__)
_SHORTEST_PAUSE, _LONGEST_PAUSE = 0.05, 0.25


class LeasedSlots:
    """Leases as the gate holds them; those of a replica that was killed come back when they expire."""

    def __init__(self, leases: Leases) -> None:
        self._leases = leases
        self._held: set[Lease] = set()
        self._renewing: asyncio.Task[None] | None = None

    @asynccontextmanager
    async def held(self) -> AsyncIterator[None]:
        """Hold a lease until the block ends; waits for one. Raises RecordsError where the database is in trouble."""
        lease = await self._taken()
        self._held.add(lease)
        if self._renewing is None:
            self._renewing = asyncio.create_task(self._renew())
        try:
            yield
        finally:
            self._held.discard(lease)
            # Also where the call was cancelled: otherwise nobody could use it until it expires.
            await asyncio.shield(asyncio.create_task(self._give_back(lease)))

    async def close(self) -> None:
        """End the renewing."""
        renewing, self._renewing = self._renewing, None
        if renewing is not None:
            renewing.cancel()
            await asyncio.wait({renewing})

    async def _taken(self) -> Lease:
        """Return a lease as soon as there is one."""
        while True:
            lease = await self._leases.take()
            if lease is not None:
                return lease
            # By chance, so that replicas do not ask in step.
            await asyncio.sleep(random.uniform(_SHORTEST_PAUSE, _LONGEST_PAUSE))  # noqa: S311

    async def _give_back(self, lease: Lease) -> None:
        try:
            await self._leases.give_back(lease)
        except RecordsError as error:
            log.warning("a lease of the endpoint was not given back and expires: %s", error.detail)

    async def _renew(self) -> None:
        """Renew what is held, three times in the life of a lease, for as long as the house is open."""
        while True:
            await asyncio.sleep(self._leases.seconds / 3)
            if self._held:
                try:
                    await self._leases.renew(tuple(self._held))
                except RecordsError as error:
                    log.warning("the leases of the endpoint were not renewed: %s", error.detail)
