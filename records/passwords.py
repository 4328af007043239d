"""Passwords, kept as argon2id hashes; a name that nobody has costs as long to refuse as a wrong password."""

import asyncio
from functools import cached_property
from typing import TYPE_CHECKING

import sqlalchemy as sa

from errors import BriefError
from records.database import Database, now
from records.people import canonical_email, no_such_person
from records.people_tables import passwords, people, sessions

if TYPE_CHECKING:
    from argon2 import PasswordHasher

SHORTEST, LONGEST = 12, 1024
# Each hash takes 64 MB and a core.
_AT_A_TIME = 2


class Passwords:
    """Sets and checks passwords. Every method raises RecordsError where the database is in trouble."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._places = asyncio.Semaphore(_AT_A_TIME)

    async def set(self, person_id: str, password: str) -> None:
        """Give a person a new password and end all their sessions.

        Raises BriefError where it is too short or too long, or there is no such person.
        """
        if not SHORTEST <= len(password) <= LONGEST:
            raise BriefError(f"A password has {SHORTEST} to {LONGEST} characters.", f"密码须为 {SHORTEST} 至 {LONGEST} 个字符。")
        hashed = await self._hashed(password)
        async with self._database.begin() as connection:
            if (await connection.execute(sa.select(people.c.id).where(people.c.id == person_id))).first() is None:
                raise no_such_person()
            await connection.execute(passwords.delete().where(passwords.c.person == person_id))
            await connection.execute(passwords.insert().values(person=person_id, hash=hashed, changed=now()))
            await connection.execute(sessions.delete().where(sessions.c.person == person_id))

    async def owner(self, email: str, password: str) -> str | None:
        """Return the id of the active person with this e-mail and this password, or None."""
        asked = (
            sa.select(passwords.c.person, passwords.c.hash)
            .join_from(passwords, people)
            .where(people.c.verified_email == canonical_email(email), people.c.active)
        )
        async with self._database.read() as connection:
            row = (await connection.execute(asked)).mappings().first()
        is_right = await self._is_right(None if row is None else row["hash"], password[:LONGEST])
        return str(row["person"]) if row is not None and is_right else None

    @cached_property
    def _hasher(self) -> "PasswordHasher":
        from argon2 import PasswordHasher

        return PasswordHasher()

    @cached_property
    def _nobodys(self) -> str:
        """The hash that a password is held against where there is no such person."""
        return self._hasher.hash("nobody's")

    async def _hashed(self, password: str) -> str:
        async with self._places:
            return await asyncio.to_thread(self._hasher.hash, password.encode("utf-8", "surrogatepass"))

    async def _is_right(self, hashed: str | None, password: str) -> bool:
        async with self._places:
            return await asyncio.to_thread(self._matches, hashed, password.encode("utf-8", "surrogatepass"))

    def _matches(self, hashed: str | None, password: bytes) -> bool:
        from argon2.exceptions import InvalidHashError, VerificationError

        try:
            return self._hasher.verify(hashed or self._nobodys, password) and hashed is not None
        except (VerificationError, InvalidHashError):
            return False
