"""The directory: one person whatever door they come through, and what they may do."""

import contextlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import uuid4

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from errors import BriefError
from records.columns import storable_text
from records.database import Database, now
from records.people_tables import identities, people, sessions

EVERYONE = "everyone"
_LONGEST = 255
# The person may be new, then the identity, then the e-mail.
_MOST_CONFLICTS = 3


@dataclass(frozen=True)
class DirectoryPerson:
    """One person; `groups` open knowledge and always hold "everyone", `roles` are of analyst, curator, steward and admin."""

    id: str
    name: str
    email: str | None
    email_verified: bool
    groups: frozenset[str]
    roles: frozenset[str]
    active: bool
    last_seen: datetime


@dataclass(frozen=True)
class Identity:
    """How somebody who vouches for a person (`issuer`) knows them (`subject`).

    `groups` and `roles` are what the issuer says at this sign-in and take the place of what was said at the last; None where it
    says nothing of them, and what was said before stands. Raises ValueError where issuer or subject cannot be a name.
    """

    issuer: str
    subject: str
    name: str
    email: str | None = None
    email_verified: bool = False
    groups: frozenset[str] | None = None
    roles: frozenset[str] | None = None

    def __post_init__(self) -> None:
        for value in (self.issuer, self.subject):
            if not 0 < len(value) <= _LONGEST or storable_text(value) != value:
                raise ValueError("an identity needs an issuer and a subject of 1 to 255 characters")

    @property
    def address(self) -> str | None:
        """The e-mail as the directory keeps it, where it is one and verified."""
        return canonical_email(self.email) if self.email_verified else None


class People:
    """Keeps the directory. Every method raises RecordsError where the database is in trouble."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def sign_in(self, identity: Identity, *, door: str = "") -> DirectoryPerson:
        """Return the person of an identity, put into the directory at the first sign-in.

        An identity that is new belongs to the person with the same verified e-mail, if there is one. A person who was deactivated
        comes back as they were: the caller looks at `active`. The door "page" is noted, for `by_email`.
        """
        for _ in range(_MOST_CONFLICTS):
            # Another window may sign the same person in at the same moment: they are in the directory by the next look.
            with contextlib.suppress(sa.exc.IntegrityError):
                return await self._sign_in(identity, door)
        return await self._sign_in(identity, door)

    async def _sign_in(self, identity: Identity, door: str) -> DirectoryPerson:
        async with self._database.begin() as connection:
            found = await _known(connection, identity)
            person_id = await _put_person(connection, identity) if found is None else str(found["id"])
            if found is None or not found["is_known"]:
                row = {"issuer": identity.issuer, "subject": identity.subject, "person": person_id, "created": now()}
                await connection.execute(identities.insert().values(row))
            if found is None or found["active"]:
                changed = await _news(connection, identity, person_id, door)
                await connection.execute(people.update().where(people.c.id == person_id).values(changed))
            return person_in_row((await connection.execute(people.select().where(people.c.id == person_id))).mappings().one())

    async def person(self, person_id: str) -> DirectoryPerson | None:
        """Return the person with this id."""
        return await self._one(people.c.id == person_id)

    async def by_identity(self, issuer: str, subject: str) -> DirectoryPerson | None:
        """Return the person whom an issuer knows under a subject."""
        known = sa.select(identities.c.person).where(identities.c.issuer == issuer, identities.c.subject == subject)
        return await self._one(people.c.id.in_(known))

    async def by_email(self, email: str) -> DirectoryPerson | None:
        """Return the active person with this verified e-mail who has signed in to the page at least once."""
        address = canonical_email(email)
        seen = people.c.page_seen.is_not(None)
        return await self._one(people.c.verified_email == address, people.c.active, seen) if address else None

    async def look_up(self, name: str) -> DirectoryPerson | None:
        """Return the person with this id or verified e-mail, whether active or not."""
        address = canonical_email(name)
        return await self._one(people.c.verified_email == address if address else people.c.id == name)

    async def everyone(self) -> tuple[DirectoryPerson, ...]:
        """Return all people by name, also those who were deactivated."""
        async with self._database.read() as connection:
            rows = await connection.execute(people.select().order_by(people.c.name, people.c.id))
            return tuple(person_in_row(row) for row in rows.mappings())

    async def set_roles(self, person_id: str, roles: frozenset[str]) -> None:
        """Grant these roles in the place of those granted before. Raises BriefError where there is no such person."""
        await self._set(person_id, granted_roles=sorted(roles))

    async def set_groups(self, person_id: str, groups: frozenset[str]) -> None:
        """Put the person into these groups in the place of those given before. Raises BriefError where there is no such person."""
        await self._set(person_id, granted_groups=_usable(groups))

    async def deactivate(self, person_id: str) -> None:
        """Close every door to a person and end their sessions. Raises BriefError where there is no such person."""
        await self._set(person_id, active=False)

    async def activate(self, person_id: str) -> None:
        """Open the doors again. Raises BriefError where there is no such person."""
        await self._set(person_id, active=True)

    async def _one(self, *conditions: sa.ColumnElement[bool]) -> DirectoryPerson | None:
        async with self._database.read() as connection:
            row = (await connection.execute(people.select().where(*conditions))).mappings().first()
        return None if row is None else person_in_row(row)

    async def _set(self, person_id: str, **values: Any) -> None:
        async with self._database.begin() as connection:
            changed = await connection.execute(people.update().where(people.c.id == person_id).values(values))
            if changed.rowcount != 1:
                raise no_such_person()
            if values.get("active") is False:
                await connection.execute(sessions.delete().where(sessions.c.person == person_id))


def canonical_email(text: str | None) -> str | None:
    """Return an e-mail as the directory compares it, or None where the text is none."""
    address = (text or "").strip().lower()
    local, at, host = address.rpartition("@")
    sound = local and at and host and len(address) <= _LONGEST and not any(sign.isspace() for sign in address)
    return address if sound and storable_text(address) == address else None


def no_such_person() -> BriefError:
    """Return the one sentence for a person who is not in the directory."""
    return BriefError(
        "There is no such person; `stagecraft people list` shows them.", "没有这个人；可用 `stagecraft people list` 查看。"
    )


def person_in_row(row: sa.RowMapping) -> DirectoryPerson:
    """Return the person of a row of the directory."""
    return DirectoryPerson(
        row["id"],
        row["name"],
        row["verified_email"] or row["email"],
        row["verified_email"] is not None,
        frozenset((*row["claimed_groups"], *row["granted_groups"], EVERYONE)),
        frozenset((*row["claimed_roles"], *row["granted_roles"])),
        row["active"],
        row["last_seen"],
    )


async def _known(connection: AsyncConnection, identity: Identity) -> sa.RowMapping | None:
    """Return the row of the person behind an identity (`is_known`), or with the same verified e-mail."""
    known = sa.and_(identities.c.issuer == identity.issuer, identities.c.subject == identity.subject)
    asked = sa.select(*people.c, sa.literal(1).label("is_known")).join_from(people, identities).where(known)
    found = (await connection.execute(asked)).mappings().first()
    if found is None and identity.address is not None:
        asked = sa.select(*people.c, sa.literal(0).label("is_known")).where(people.c.verified_email == identity.address)
        found = (await connection.execute(asked)).mappings().first()
    return found


async def _put_person(connection: AsyncConnection, identity: Identity) -> str:
    """Put a person into the directory and return the id.

    The e-mail goes with the row: where another window has put the same person there since we looked, this fails and is tried again,
    instead of making a second person without it.
    """
    person_id, moment = str(uuid4()), now()
    row = {"id": person_id, "name": identity.subject, "active": True, "created": moment, "last_seen": moment}
    row["verified_email"] = identity.address
    nothing: dict[str, list[str]] = {f"{kind}_{what}": [] for kind in ("claimed", "granted") for what in ("groups", "roles")}
    await connection.execute(people.insert().values(**row, **nothing))
    return person_id


async def _news(connection: AsyncConnection, identity: Identity, person_id: str, door: str) -> dict[str, Any]:
    """Return what a sign-in changes of a person."""
    news: dict[str, Any] = {"last_seen": now()}
    if identity.name.strip():
        news["name"] = identity.name.strip()[:_LONGEST]
    if door == "page":
        news["page_seen"] = news["last_seen"]
    if identity.groups is not None:
        news["claimed_groups"] = _usable(identity.groups)
    if identity.roles is not None:
        news["claimed_roles"] = sorted(identity.roles)
    return news | await _address(connection, identity, person_id)


async def _address(connection: AsyncConnection, identity: Identity, person_id: str) -> dict[str, Any]:
    """Return the e-mail that a sign-in brings; one that belongs to another person is shown, and joins nobody."""
    email = canonical_email(identity.email)
    if email is None:
        return {}
    if identity.address is None:
        return {"email": email}
    taken = sa.select(people.c.id).where(people.c.verified_email == email, people.c.id != person_id)
    is_taken = (await connection.execute(taken)).first() is not None
    return {"email": email, "verified_email": None if is_taken else email}


def _usable(groups: frozenset[str]) -> list[str]:
    """Return the groups that may open knowledge: a name with @ in front would open somebody's drafts."""
    return sorted(group for group in groups if 0 < len(group) <= _LONGEST and not group.startswith("@"))
