"""Attempts at signing in: after a few failures, each further one has to wait longer."""

import hashlib
from datetime import timedelta

import sqlalchemy as sa

from records.database import Database, now
from records.people_tables import sign_in_attempts as attempts

_FIRST_WAIT, _LONGEST_WAIT = timedelta(seconds=15), timedelta(minutes=15)
_FORGOTTEN = timedelta(hours=24)
# 15 s doubled more often than this is beyond the longest wait.
_MOST_DOUBLINGS = 10


class Attempts:
    """Counts attempts in the database, so that every process and a restart know of them. Raises RecordsError as it is in trouble."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def reserve(self, who: str, *, free: int) -> timedelta | None:
        """Take one attempt for a name or an address, counted as failed until `forgive` or `forget`; return how long to wait where none is left.

        The first `free` are given at once. Counting before looking is what holds many attempts at the same moment to the limit.
        """
        key, moment = _key(who), now()
        async with self._database.begin() as connection:
            await connection.execute(attempts.delete().where(attempts.c.last < moment - _FORGOTTEN))
            row = (await connection.execute(attempts.select().where(attempts.c.who == key).with_for_update())).mappings().first()
            if row is not None and row["until"] > moment:
                wait: timedelta = row["until"] - moment
                return wait
            failures = 1 if row is None else row["failures"] + 1
            values = {"failures": failures, "last": moment, "until": moment + _wait_after(failures - free)}
            if row is not None:
                await connection.execute(attempts.update().where(attempts.c.who == key).values(values))
                return None
            try:
                async with connection.begin_nested():
                    await connection.execute(attempts.insert().values(who=key, **values))
            except sa.exc.IntegrityError:
                # Two first attempts at the same moment: the other one is counted.
                return _FIRST_WAIT
        return None

    async def forgive(self, who: str) -> None:
        """Take one attempt back: it succeeded."""
        taken_back = {"failures": attempts.c.failures - 1, "until": now()}
        async with self._database.begin() as connection:
            await connection.execute(attempts.update().where(attempts.c.who == _key(who)).values(taken_back))

    async def forget(self, who: str) -> None:
        """Forget every failure of a name: its owner is here."""
        async with self._database.begin() as connection:
            await connection.execute(attempts.delete().where(attempts.c.who == _key(who)))


def _wait_after(beyond: int) -> timedelta:
    """Return the wait after so many failures beyond the free ones."""
    if beyond < 0:
        return timedelta()
    return min(_FIRST_WAIT * (1 << min(beyond, _MOST_DOUBLINGS)), _LONGEST_WAIT)


def _key(who: str) -> str:
    return hashlib.sha256(who.encode("utf-8", "surrogatepass")).hexdigest()
