"""Sessions: that a person has signed in through a door, until they sign out, somebody ends it, or a working day is over."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from errors import BriefError
from records.database import Database, now
from records.people import DirectoryPerson, person_in_row
from records.people_tables import people, sessions

LONGEST_SECONDS = 8 * 60 * 60
_TOKEN_BYTES = 32


@dataclass(frozen=True)
class SessionFound:
    """A session that goes on: whose, by which door, until when."""

    person: DirectoryPerson
    door: str
    ends: datetime

    @property
    def person_id(self) -> str:
        """The id of whose session it is."""
        return self.person.id


class Sessions:
    """Keeps sessions. Every method raises RecordsError where the database is in trouble."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def begin(self, person_id: str, door: str, seconds: int = LONGEST_SECONDS) -> str:
        """Begin a session and return its token, which is kept nowhere.

        Raises BriefError where there is no such person or they were deactivated, ValueError for more than 8 hours.
        """
        if not 0 < seconds <= LONGEST_SECONDS:
            raise ValueError(f"a session of {seconds} seconds")
        token, began = secrets.token_urlsafe(_TOKEN_BYTES), now()
        active = sa.select(people.c.id).where(people.c.id == person_id, people.c.active).with_for_update()
        async with self._database.begin() as connection:
            await connection.execute(sessions.delete().where(sessions.c.ends <= began))
            if (await connection.execute(active)).first() is None:
                raise _closed()
            row = {"token_hash": _hash(token), "person": person_id, "door": door, "began": began}
            await connection.execute(sessions.insert().values(row | {"ends": began + timedelta(seconds=seconds)}))
        return token

    async def find(self, token: str) -> SessionFound | None:
        """Return the session of a token; None where it has ended, was revoked, or its person was deactivated."""
        asked = (
            sa.select(*people.c, sessions.c.door, sessions.c.ends)
            .join_from(sessions, people)
            .where(sessions.c.token_hash == _hash(token), sessions.c.ends > now(), people.c.active)
        )
        async with self._database.read() as connection:
            row = (await connection.execute(asked)).mappings().first()
        return None if row is None else SessionFound(person_in_row(row), row["door"], row["ends"])

    async def revoke(self, token: str) -> None:
        """End a session; nothing happens where there is none."""
        async with self._database.begin() as connection:
            await connection.execute(sessions.delete().where(sessions.c.token_hash == _hash(token)))

    async def revoke_all(self, person_id: str) -> int:
        """End every session of a person and return how many there were."""
        async with self._database.begin() as connection:
            return (await connection.execute(sessions.delete().where(sessions.c.person == person_id))).rowcount


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def _closed() -> BriefError:
    return BriefError(
        "This account is closed. Ask an admin of Stagecraft to open it again.", "该账户已停用，请联系 Stagecraft 管理员重新启用。"
    )
