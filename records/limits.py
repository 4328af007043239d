"""How often something may be done within so many seconds, counted for all replicas together."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert as postgres_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from records.database import Database
from records.limit_tables import limits

# Sums of seconds since the epoch are exact to less than that.
_TOLERANCE = 0.001
_SWEEP_EVERY = 500


@dataclass(frozen=True)
class Limit:
    """`name` (at most 255 characters) may be done `most` times in `seconds`: so many at once, then one each `seconds / most`."""

    name: str
    most: int
    seconds: float


@dataclass(frozen=True)
class Taken:
    """Whether it may be done now; where not, the seconds until it may be."""

    allowed: bool
    retry_after: float = 0.0


class Limits:
    """Counts in the database, so that it holds for every replica and over a restart.

    Of a limit one number is kept: the moment until which it is used up. What is done moves that on by its share of the time, in one
    statement, and is refused where that would lie further ahead than the limit's seconds. Replicas whose clocks differ by a second
    are wrong by a second. Every method raises RecordsError where the database is in trouble.
    """

    def __init__(self, database: Database, clock: Callable[[], float] = time.time, sweep_every: int = _SWEEP_EVERY) -> None:
        self._database = database
        self._clock = clock
        self._sweep_every = self._until_sweep = sweep_every

    async def take(self, name: str, most: int, seconds: float) -> Taken:
        """Count one more where the limit allows it. Raises ValueError for a limit that allows nothing."""
        return await self.take_all(Limit(name, most, seconds))

    async def take_all(self, *asked: Limit) -> Taken:
        """Count one more for each of these limits, or for none of them where one does not allow it; the longest wait is told.

        Raises ValueError for a limit that allows nothing.
        """
        if any(one.most < 1 or one.seconds <= 0 for one in asked):
            raise ValueError("a limit that allows nothing")
        now = self._clock()
        try:
            async with self._database.begin() as connection:
                # In one order, so that two who take the same limits do not wait for each other.
                waits = [await self._wait(connection, one, now) for one in sorted(asked, key=lambda one: one.name)]
                if max(waits) > 0:
                    raise _Refused(max(waits))
        except _Refused as refused:
            return Taken(allowed=False, retry_after=refused.retry_after)
        await self._sweep_now_and_then()
        return Taken(allowed=True)

    async def sweep(self) -> int:
        """Forget the limits that nothing is held against any more, and return how many there were."""
        done = limits.delete().where(limits.c.filled < self._clock())
        async with self._database.begin() as connection:
            return int((await connection.execute(done)).rowcount)

    async def _wait(self, connection: Any, asked: Limit, now: float) -> float:
        """Count one more and return 0, or count nothing and return the seconds until it may be done."""
        share = asked.seconds / asked.most
        insert = sqlite_insert if self._database.is_sqlite else postgres_insert
        filled = sa.case((limits.c.filled > now, limits.c.filled), else_=now) + share
        row = insert(limits).values(name=asked.name, filled=now + share)
        counted = row.on_conflict_do_update(
            index_elements=["name"], set_={"filled": filled}, where=filled <= now + asked.seconds + _TOLERANCE
        )
        if (await connection.execute(counted.returning(limits.c.name))).one_or_none() is not None:
            return 0.0
        held = (await connection.execute(sa.select(limits.c.filled).where(limits.c.name == asked.name))).scalar_one()
        return max(_TOLERANCE, float(held) + share - now - asked.seconds)

    async def _sweep_now_and_then(self) -> None:
        """Sweep after every few hundred times, so that nobody has to remember it."""
        self._until_sweep -= 1
        if self._until_sweep <= 0:
            self._until_sweep = self._sweep_every
            await self.sweep()


class _Refused(Exception):
    """Ends the transaction without a trace where one of its limits is used up."""

    def __init__(self, retry_after: float) -> None:
        super().__init__(retry_after)
        self.retry_after = retry_after
