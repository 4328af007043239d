"""So many of something at a time for all replicas together: each one held is a lease that expires, should its holder be killed."""

import time
from collections.abc import Callable, Collection
from dataclasses import dataclass
from uuid import uuid4

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert as postgres_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from records.database import Database
from records.limit_tables import leases


@dataclass(frozen=True)
class Lease:
    """One of a pool's numbers, held until it is given back or expires."""

    number: int
    holder: str


class Leases:
    """The leases of one pool (a name of at most 64 characters), `most` of them; each lasts `seconds` unless it is renewed.

    Replicas whose clocks differ take a lease so much too early or too late as a holder died. Every method raises RecordsError where
    the database is in trouble.
    """

    def __init__(
        self, database: Database, pool: str, most: int, seconds: float = 30.0, clock: Callable[[], float] = time.time
    ) -> None:
        self._database = database
        self._pool = pool
        self._most = most
        self._clock = clock
        self._is_prepared = False
        self.seconds = seconds

    async def take(self) -> Lease | None:
        """Return a lease, or None where all are held."""
        await self._prepare()
        now, holder = self._clock(), str(uuid4())
        free = sa.select(leases.c.number).where(
            leases.c.pool == self._pool, leases.c.number < self._most, leases.c.expires <= now
        )
        # Whoever takes the same one at this moment is passed by instead of waited for.
        first = free.order_by(leases.c.number).limit(1).with_for_update(skip_locked=True).scalar_subquery()
        taken = (
            leases.update()
            .where(leases.c.pool == self._pool, leases.c.number == first)
            .values(holder=holder, expires=now + self.seconds)
            .returning(leases.c.number)
        )
        async with self._database.begin() as connection:
            number = (await connection.execute(taken)).scalar_one_or_none()
        return None if number is None else Lease(number, holder)

    async def renew(self, held: Collection[Lease]) -> None:
        """Have these last as long again from now on; one that had expired and is somebody else's now stays theirs."""
        renewed = self._of(held).values(expires=self._clock() + self.seconds)
        async with self._database.begin() as connection:
            await connection.execute(renewed)

    async def give_back(self, *held: Lease) -> None:
        """Let go of these."""
        async with self._database.begin() as connection:
            await connection.execute(self._of(held).values(expires=0.0))

    def _of(self, held: Collection[Lease]) -> sa.Update:
        return leases.update().where(leases.c.pool == self._pool, leases.c.holder.in_([lease.holder for lease in held]))

    async def _prepare(self) -> None:
        """Write the pool's numbers, once; those that are there stay as they are."""
        if self._is_prepared:
            return
        insert = sqlite_insert if self._database.is_sqlite else postgres_insert
        rows = [{"pool": self._pool, "number": number, "holder": "", "expires": 0.0} for number in range(self._most)]
        async with self._database.begin() as connection:
            await connection.execute(insert(leases).values(rows).on_conflict_do_nothing())
        self._is_prepared = True
