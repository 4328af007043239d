"""Passwords, as they are kept and checked."""

import pytest

from errors import BriefError
from records.database import Database
from records.passwords import LONGEST, SHORTEST, Passwords
from records.people import Identity, People
from records.people_tables import passwords as table
from records.sessions import Sessions

SECRET = "four words 加 one more"


@pytest.fixture
def passwords(database: Database) -> Passwords:
    return Passwords(database)


@pytest.fixture
async def ana(database: Database) -> str:
    return (await People(database).sign_in(Identity("password", "ana@bank.test", "Ana", "ana@bank.test", email_verified=True))).id


async def test_only_the_right_password_tells_whose_it_is(passwords: Passwords, ana: str) -> None:
    assert await passwords.owner("ana@bank.test", SECRET) is None, "nobody has a password before one is given"
    await passwords.set(ana, SECRET)
    assert await passwords.owner(" Ana@bank.test", SECRET) == ana
    for email, password in (("ana@bank.test", SECRET + "x"), ("ana@bank.test", ""), ("ben@bank.test", SECRET), ("", SECRET)):
        assert await passwords.owner(email, password) is None


async def test_what_is_kept_is_an_argon2id_hash(passwords: Passwords, ana: str, database: Database) -> None:
    await passwords.set(ana, SECRET)
    async with database.read() as connection:
        kept = (await connection.execute(table.select())).mappings().one()["hash"]
    assert kept.startswith("$argon2id$")
    assert SECRET not in kept


async def test_a_new_password_replaces_the_old_one_and_ends_every_session(
    passwords: Passwords, ana: str, database: Database
) -> None:
    await passwords.set(ana, SECRET)
    token = await Sessions(database).begin(ana, "page")
    await passwords.set(ana, "another long secret")
    assert await passwords.owner("ana@bank.test", SECRET) is None
    assert await passwords.owner("ana@bank.test", "another long secret") == ana
    assert await Sessions(database).find(token) is None


async def test_who_is_deactivated_has_no_password(passwords: Passwords, ana: str, database: Database) -> None:
    await passwords.set(ana, SECRET)
    await People(database).deactivate(ana)
    assert await passwords.owner("ana@bank.test", SECRET) is None


async def test_short_and_endless_passwords_are_refused_and_so_is_a_stranger(passwords: Passwords, ana: str) -> None:
    for password in ("x" * (SHORTEST - 1), "x" * (LONGEST + 1)):
        with pytest.raises(BriefError, match="characters"):
            await passwords.set(ana, password)
    with pytest.raises(BriefError, match="no such person"):
        await passwords.set("nobody", SECRET)
