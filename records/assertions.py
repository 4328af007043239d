"""What a portal vouches for, taken once: its assertions, and the tickets that a browser exchanges for a session."""

import base64
import hashlib
import secrets
from datetime import datetime, timedelta

import sqlalchemy as sa

from records.database import Database, now
from records.widget_tables import widget_assertions as assertions
from records.widget_tables import widget_tickets as tickets

TICKET_SECONDS = 60
_TOKEN_BYTES = 32


class Assertions:
    """Remembers the assertions that were taken. Raises RecordsError where the database is in trouble."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def take(self, issuer: str, assertion_id: str, until: datetime) -> bool:
        """Take an assertion that ends at `until`; False where it was taken before, here or by another process."""
        mark = _digest(f"{issuer}\n{assertion_id}")
        async with self._database.begin() as connection:
            await connection.execute(assertions.delete().where(assertions.c.until <= now()))
            try:
                async with connection.begin_nested():
                    await connection.execute(assertions.insert().values(mark=mark, until=until))
            except sa.exc.IntegrityError:
                return False
        return True


class Tickets:
    """Keeps tickets: each is for one person and one browser, and serves once. Raises RecordsError where the database is in trouble."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def issue(self, person_id: str, challenge: str, seconds: int = TICKET_SECONDS) -> str:
        """Return a new ticket for a person, for the browser that knows the secret behind `challenge` (see `challenge_of`)."""
        ticket, moment = secrets.token_urlsafe(_TOKEN_BYTES), now()
        row = {"person": person_id, "challenge": challenge, "until": moment + timedelta(seconds=seconds)}
        async with self._database.begin() as connection:
            await connection.execute(tickets.delete().where(tickets.c.until <= moment))
            await connection.execute(tickets.insert().values(ticket_hash=_digest(ticket), **row))
        return ticket

    async def redeem(self, ticket: str, secret: str) -> str | None:
        """Return the id of the person a ticket is for, once; None where it is used, too old, or another browser's.

        A ticket that comes with a wrong secret is spent: whoever has it is not whom it is for.
        """
        spent = (
            tickets.delete()
            .where(tickets.c.ticket_hash == _digest(ticket))
            .returning(tickets.c.person, tickets.c.challenge, tickets.c.until)
        )
        async with self._database.begin() as connection:
            row = (await connection.execute(spent)).mappings().first()
        if row is None or row["until"] <= now():
            return None
        is_same = secrets.compare_digest(row["challenge"], challenge_of(secret))
        return str(row["person"]) if is_same else None


def challenge_of(secret: str) -> str:
    """Return what a browser shows of its secret beforehand: its SHA-256 in base64url, without padding."""
    digest = hashlib.sha256(secret.encode("utf-8", "surrogatepass")).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
