"""Columns that read the same from both databases."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
import sqlalchemy as sa

from records.columns import Json, Moment, Prose, storable_json
from records.database import Database

kept = sa.Table("kept", sa.MetaData(), sa.Column("moment", Moment), sa.Column("prose", Prose), sa.Column("json", Json))


@pytest.fixture
async def table(blank: Database) -> Database:
    async with blank.begin() as connection:
        await connection.run_sync(kept.create)
    return blank


async def stored(database: Database, **values: object) -> sa.Row[tuple[object, ...]]:
    async with database.begin() as connection:
        await connection.execute(kept.insert().values(values))
    async with database.read() as connection:
        return (await connection.execute(kept.select())).one()


async def test_a_moment_comes_back_in_utc_from_whatever_zone(table: Database) -> None:
    shanghai = datetime(2026, 3, 1, 7, 30, 0, 123456, tzinfo=timezone(timedelta(hours=8)))
    found = await stored(table, moment=shanghai)
    assert found.moment == datetime(2026, 2, 28, 23, 30, 0, 123456, tzinfo=UTC)
    assert found.moment.tzinfo is UTC
    async with table.read() as connection:
        assert (await connection.execute(kept.select().where(kept.c.moment <= shanghai))).all()


async def test_a_moment_without_a_zone_is_refused(table: Database) -> None:
    with pytest.raises(sa.exc.StatementError, match="without a time zone"):
        await stored(table, moment=datetime(2026, 1, 1))  # noqa: DTZ001


async def test_what_no_database_can_store_does_not_lose_the_text(table: Database) -> None:
    found = await stored(table, prose="冻\x00结\ud800", json={"a\x00": ["\udfff", {"b": "ok"}]})
    assert found.prose == "冻\ufffd结\ufffd"
    assert found.json == {"a\ufffd": ["\ufffd", {"b": "ok"}]}


async def test_json_keeps_the_order_of_its_keys(table: Database) -> None:
    found = await stored(table, json={"zebra": 1, "a": {"long name": 1, "b": None}})
    assert list(found.json) == ["zebra", "a"]
    assert list(found.json["a"]) == ["long name", "b"]


async def test_nothing_is_null_and_not_the_word_null(table: Database) -> None:
    await stored(table, json=None, prose=None, moment=None)
    async with table.read() as connection:
        assert (await connection.execute(kept.select().where(kept.c.json.is_(None)))).one() == (None, None, None)


async def test_chinese_stands_readable_in_the_database(table: Database) -> None:
    await stored(table, json={"title": "冻结"})
    async with table.read() as connection:
        assert "冻结" in (await connection.execute(sa.select(sa.cast(kept.c.json, sa.Text)))).scalar_one()


async def test_a_number_that_is_none_is_refused(table: Database) -> None:
    with pytest.raises(sa.exc.StatementError):
        await stored(table, json={"score": float("nan")})


def test_storable_json_leaves_numbers_and_turns_tuples_into_lists() -> None:
    assert storable_json({"a": (1, 2.5, True, None)}) == {"a": [1, 2.5, True, None]}
