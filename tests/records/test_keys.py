"""A key opens what its owner gave it, for as long as they let it, and is kept as a hash alone."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from errors import BriefError
from records.database import Database, now
from records.key_tables import access_keys
from records.keys import PREFIX, Keys


@pytest.fixture
def keys(database: Database) -> Keys:
    return Keys(database)


async def age(database: Database, **columns: object) -> None:
    async with database.begin() as connection:
        await connection.execute(access_keys.update().values(columns))


async def test_a_key_is_found_by_its_text_with_what_it_opens(keys: Keys) -> None:
    text, made = await keys.create("ana", " IDE  at work 冻结 ", ["ask", "read"], "Transfers")
    assert text.startswith(PREFIX)
    found = await keys.find(text)
    assert found is not None
    assert (found.id, found.person, found.name, found.workspace) == (made.id, "ana", "IDE at work 冻结", "Transfers")
    assert found.scopes == {"ask", "read"}
    assert found.expires - found.created == timedelta(days=180)
    assert text.endswith(found.ending)


async def test_two_keys_are_never_alike(keys: Keys) -> None:
    texts = {(await keys.create("ana", "same"))[0] for _ in range(20)}
    assert len(texts) == 20
    assert all(len(text) == len(PREFIX) + 43 for text in texts)


async def test_the_text_of_a_key_stands_nowhere_in_the_database(keys: Keys, database: Database) -> None:
    text, _ = await keys.create("ana", "IDE")
    async with database.read() as connection:
        row = (await connection.execute(sa.select(access_keys))).one()
    assert text.removeprefix(PREFIX) not in repr(tuple(row))


@pytest.mark.parametrize("text", ["", "sk-stagecraft-", "sk-stagecraft-" + "x" * 43, "sk-other-key", "\ud800", "x" * 10_000_000])
async def test_a_text_that_is_no_key_opens_nothing(keys: Keys, text: str) -> None:
    await keys.create("ana", "IDE")
    assert await keys.find(text) is None


async def test_a_revoked_key_opens_nothing_from_that_moment_on(keys: Keys) -> None:
    text, key = await keys.create("ana", "IDE")
    await keys.revoke(key.id, "ana")
    assert await keys.find(text) is None
    assert await keys.list("ana") == ()
    with pytest.raises(BriefError, match="no such key"):
        await keys.revoke(key.id, "ana")


async def test_nobody_lists_or_revokes_the_key_of_another(keys: Keys) -> None:
    text, key = await keys.create("ana", "IDE")
    assert await keys.list("ben") == ()
    with pytest.raises(BriefError, match="no such key"):
        await keys.revoke(key.id, "ben")
    assert await keys.find(text) is not None


async def test_every_key_of_a_person_ends_at_once_and_those_of_others_stay(keys: Keys) -> None:
    mine = [(await keys.create("ana", f"key {number}"))[0] for number in range(3)]
    other, _ = await keys.create("ben", "IDE")
    assert await keys.revoke_all("ana") == 3
    assert [await keys.find(text) for text in mine] == [None, None, None]
    assert await keys.find(other) is not None


async def test_a_key_ends_by_itself(keys: Keys, database: Database) -> None:
    text, _ = await keys.create("ana", "IDE")
    await age(database, expires=now() - timedelta(seconds=1))
    assert await keys.find(text) is None
    assert await keys.list("ana") == ()


async def test_the_lifetime_of_keys_is_the_houses(database: Database) -> None:
    _, key = await Keys(database, timedelta(days=7)).create("ana", "IDE")
    assert key.expires - key.created == timedelta(days=7)


async def test_the_last_use_is_noted_at_most_once_a_minute(keys: Keys, database: Database) -> None:
    text, key = await keys.create("ana", "IDE")
    assert key.last_used is None
    await keys.find(text)
    (first,) = await keys.list("ana")
    assert first.last_used is not None
    recent = now() - timedelta(seconds=30)
    await age(database, last_used=recent)
    await keys.find(text)
    assert [key.last_used for key in await keys.list("ana")] == [recent]
    await age(database, last_used=now() - timedelta(seconds=61))
    await keys.find(text)
    (noted,) = await keys.list("ana")
    assert noted.last_used is not None
    assert noted.last_used > recent


async def test_keys_are_listed_newest_first(keys: Keys) -> None:
    for name in ("one", "two", "three"):
        await keys.create("ana", name)
    assert [key.name for key in await keys.list("ana")] == ["three", "two", "one"]


@pytest.mark.parametrize(
    ("name", "scopes", "workspace"),
    [
        ("", ["ask"], "default"),
        ("x" * 101, ["ask"], "default"),
        ("IDE", [], "default"),
        ("IDE", ["admin"], "default"),
        ("IDE", ["ask"], " "),
        ("IDE", ["ask"], "x" * 256),
    ],
)
async def test_an_unsound_key_is_refused_with_a_sentence(keys: Keys, name: str, scopes: list[str], workspace: str) -> None:
    with pytest.raises(BriefError) as refused:
        await keys.create("ana", name, scopes, workspace)  # type: ignore[arg-type]
    assert refused.value.sentence("zh") != refused.value.sentence("en")
    assert await keys.list("ana") == ()


async def test_nobody_piles_up_keys(keys: Keys) -> None:
    for number in range(50):
        await keys.create("ana", f"key {number}")
    with pytest.raises(BriefError, match="50 keys"):
        await keys.create("ana", "one more")
    await keys.revoke((await keys.list("ana"))[0].id, "ana")
    await keys.create("ana", "one more")
