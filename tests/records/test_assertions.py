"""What a portal vouches for is taken once, whoever looks: another process, another browser, a little later."""

import asyncio
from datetime import timedelta

import pytest
import sqlalchemy as sa

from records.assertions import Assertions, Tickets, challenge_of
from records.database import Database, now
from records.people import Identity, People
from records.widget_tables import widget_assertions, widget_tickets

SECRET = "the browser's own secret"


@pytest.fixture
async def ana(database: Database) -> str:
    return (await People(database).sign_in(Identity("portal", "1", "Ana"))).id


@pytest.fixture
def tickets(database: Database) -> Tickets:
    return Tickets(database)


async def count(database: Database, table: sa.Table) -> int:
    async with database.read() as connection:
        return int((await connection.execute(sa.select(sa.func.count()).select_from(table))).scalar_one())


async def test_an_assertion_is_taken_once_of_each_issuer(database: Database) -> None:
    until = now() + timedelta(seconds=60)
    assertions = Assertions(database)
    assert await assertions.take("portal", "a", until)
    assert not await assertions.take("portal", "a", until)
    assert not await Assertions(database).take("portal", "a", until)
    assert await assertions.take("portal", "b", until)
    assert await assertions.take("other", "a", until)


async def test_of_many_that_hand_an_assertion_in_at_once_one_succeeds(database: Database) -> None:
    until = now() + timedelta(seconds=60)
    taken = await asyncio.gather(*(Assertions(database).take("portal", "a", until) for _ in range(12)))
    assert taken.count(True) == 1


async def test_an_assertion_is_forgotten_when_it_has_ended(database: Database) -> None:
    assertions = Assertions(database)
    await assertions.take("portal", "a", now() - timedelta(seconds=1))
    await assertions.take("portal", "b", now() + timedelta(seconds=60))
    assert await count(database, widget_assertions) == 1


async def test_a_ticket_serves_once_and_only_the_browser_it_is_for(tickets: Tickets, ana: str) -> None:
    ticket = await tickets.issue(ana, challenge_of(SECRET))
    assert await tickets.redeem(ticket, SECRET) == ana
    assert await tickets.redeem(ticket, SECRET) is None


async def test_a_ticket_that_another_browser_brings_is_spent(tickets: Tickets, ana: str) -> None:
    ticket = await tickets.issue(ana, challenge_of(SECRET))
    assert await tickets.redeem(ticket, challenge_of(SECRET)) is None
    assert await tickets.redeem(ticket, SECRET) is None


async def test_a_ticket_that_was_never_issued_or_is_too_old_is_for_nobody(tickets: Tickets, ana: str, database: Database) -> None:
    assert await tickets.redeem("", SECRET) is None
    assert await tickets.redeem("\ud800", "\ud800") is None
    old = await tickets.issue(ana, challenge_of(SECRET), 0)
    assert await tickets.redeem(old, SECRET) is None
    await tickets.issue(ana, challenge_of(SECRET), 0)
    await tickets.issue(ana, challenge_of(SECRET))
    assert await count(database, widget_tickets) == 1


async def test_of_many_that_redeem_a_ticket_at_once_one_succeeds(tickets: Tickets, ana: str) -> None:
    ticket = await tickets.issue(ana, challenge_of(SECRET))
    found = await asyncio.gather(*(tickets.redeem(ticket, SECRET) for _ in range(12)))
    assert found.count(ana) == 1
    assert found.count(None) == 11


async def test_what_the_table_holds_opens_nothing(tickets: Tickets, ana: str, database: Database) -> None:
    ticket = await tickets.issue(ana, challenge_of(SECRET))
    async with database.read() as connection:
        row = (await connection.execute(widget_tickets.select())).mappings().one()
    assert ticket not in str(dict(row))
    assert SECRET not in str(dict(row))
    assert await tickets.redeem(row["ticket_hash"], SECRET) is None
