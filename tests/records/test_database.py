"""The engine: durable, patient, and clear about trouble."""

import asyncio
import sqlite3
import threading
from pathlib import Path

import pytest
import sqlalchemy as sa

from errors import RecordsError
from records.database import Database, now, sqlite_url
from records.ledger import Ledger
from records.tables import workspaces
from records.turns import TurnStart


def row(name: str) -> dict[str, object]:
    return {"id": name, "name": name, "owner": "ana", "created": now()}


async def test_every_sqlite_connection_is_durable_and_patient(tmp_path: Path) -> None:
    database = Database(sqlite_url(tmp_path))
    async with database.read() as first, database.read() as second:
        for connection in (first, second):
            found = {
                pragma: (await connection.exec_driver_sql(f"PRAGMA {pragma}")).scalar_one()
                for pragma in ("journal_mode", "synchronous", "busy_timeout", "foreign_keys")
            }
            assert found == {"journal_mode": "wal", "synchronous": 2, "busy_timeout": 5000, "foreign_keys": 1}
    await database.close()


async def test_a_transaction_that_fails_leaves_nothing(database: Database) -> None:
    async def keep_half() -> None:
        async with database.begin() as connection:
            await connection.execute(workspaces.insert().values(row("half")))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await keep_half()
    async with database.read() as connection:
        assert (await connection.execute(workspaces.select())).all() == []


async def test_what_a_sqlite_transaction_has_read_no_other_writer_changes_before_its_end(tmp_path: Path) -> None:
    database = Database(sqlite_url(tmp_path))
    async with database.begin() as connection:
        await connection.exec_driver_sql("CREATE TABLE counter (value INTEGER)")
        await connection.exec_driver_sql("INSERT INTO counter VALUES (0)")

    async def count_on() -> None:
        async with database.begin() as connection:
            value = (await connection.exec_driver_sql("SELECT value FROM counter")).scalar_one()
            await asyncio.sleep(0)
            await connection.exec_driver_sql(f"UPDATE counter SET value = {value + 1}")

    await asyncio.gather(*(count_on() for _ in range(20)))
    async with database.read() as connection:
        assert (await connection.exec_driver_sql("SELECT value FROM counter")).scalar_one() == 20
    await database.close()


async def test_a_locked_database_is_told_in_a_sentence_and_works_again_afterwards(tmp_path: Path) -> None:
    database = Database(sqlite_url(tmp_path))
    sa.event.listen(database.engine.sync_engine, "connect", lambda raw, _: raw.execute("PRAGMA busy_timeout=50"))
    async with database.begin() as connection:
        await connection.exec_driver_sql("CREATE TABLE t (a INTEGER)")
    other = sqlite3.connect(tmp_path / "stagecraft.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(RecordsError, match="nothing of your text is lost") as caught:
        async with database.begin():
            pass
    assert "locked" in caught.value.detail
    assert "没有丢失" in caught.value.sentence("zh")
    async with database.read() as connection:
        assert (await connection.exec_driver_sql("SELECT * FROM t")).all() == []
    other.execute("ROLLBACK")
    other.close()
    async with database.begin() as connection:
        await connection.exec_driver_sql("INSERT INTO t VALUES (1)")
    await database.close()


async def test_a_new_file_that_another_program_is_just_making_is_waited_for(tmp_path: Path) -> None:
    other = sqlite3.connect(tmp_path / "stagecraft.db", isolation_level=None, check_same_thread=False)
    other.execute("CREATE TABLE begun (step INTEGER)")
    other.execute("BEGIN IMMEDIATE")
    threading.Timer(0.3, other.execute, ["COMMIT"]).start()
    database = Database(sqlite_url(tmp_path))
    async with database.read() as connection:
        assert (await connection.exec_driver_sql("PRAGMA journal_mode")).scalar_one() == "wal"
    await database.close()
    other.close()


@pytest.mark.parametrize(
    "address",
    ["127.0.0.1:1/x", "nowhere.invalid/x", "127.0.0.1:5432/no_such_database"],
    ids=["refused", "no host", "no database"],
)
async def test_a_postgresql_out_of_reach_is_told_in_a_sentence_without_its_address(address: str) -> None:
    database = Database(f"postgresql+asyncpg://root@{address}")
    with pytest.raises(RecordsError) as written:
        async with database.begin():
            pass
    with pytest.raises(RecordsError) as read:
        async with database.read():
            pass
    assert "cannot be written" in str(written.value)
    assert "cannot be read" in str(read.value)
    assert written.value.detail
    assert address not in str(written.value)
    await database.close()


async def test_a_postgresql_session_that_is_cut_is_told_and_the_next_one_works(postgres: str) -> None:
    database = Database(postgres)
    with pytest.raises(RecordsError):
        async with database.begin() as connection:
            await connection.execute(sa.text("SELECT pg_terminate_backend(pg_backend_pid())"))
    async with database.read() as connection:
        assert (await connection.execute(sa.text("SELECT 1"))).scalar_one() == 1
    await database.close()


@pytest.mark.parametrize("content", [b"no database at all" * 400, None], ids=["damaged", "no folder"])
async def test_a_file_that_is_no_database_is_told_in_a_sentence(tmp_path: Path, content: bytes | None) -> None:
    folder = tmp_path if content else tmp_path / "missing"
    if content:
        (tmp_path / "stagecraft.db").write_bytes(content)
    database = Database(sqlite_url(folder))
    with pytest.raises(RecordsError):
        async with database.read():
            pass
    await database.close()
    # aiosqlite ends the thread of a connection that failed without waiting for it; the loop must outlast that thread.
    await asyncio.sleep(0.1)
    assert not [thread for thread in threading.enumerate() if "_connection_worker" in thread.name]


async def test_a_wrong_statement_stays_the_bug_that_it_is(database: Database) -> None:
    with pytest.raises(sa.exc.DBAPIError, match="nowhere"):
        async with database.read() as connection:
            await connection.execute(sa.text("SELECT * FROM nowhere"))


async def test_an_exception_of_the_caller_passes_unchanged(database: Database) -> None:
    with pytest.raises(FileNotFoundError):
        async with database.begin():
            raise FileNotFoundError


async def test_the_exception_of_a_statement_does_not_hold_the_text_of_a_person(database: Database) -> None:
    with pytest.raises(sa.exc.IntegrityError) as caught:
        async with database.begin() as connection:
            await connection.execute(workspaces.insert().values(row("secret plan") | {"created": None}))
    assert "secret plan" not in str(caught.value).split("DETAIL")[0]


async def test_a_full_disk_is_told_as_one(tmp_path: Path) -> None:
    database = Database(sqlite_url(tmp_path))

    async def written() -> None:
        async with database.begin() as connection:
            await connection.exec_driver_sql("PRAGMA max_page_count=4")
            await connection.exec_driver_sql("CREATE TABLE notes (text TEXT)")
            await connection.exec_driver_sql("INSERT INTO notes VALUES (hex(zeroblob(100000)))")

    with pytest.raises(RecordsError, match="disk that holds the records is full") as caught:
        await written()
    assert "磁盘已满" in caught.value.zh
    await database.close()


async def test_what_is_begun_together_is_one_transaction(ledger: Ledger, database: Database, start: TurnStart) -> None:
    begun: list[str] = []

    async def begin_and_fail() -> None:
        async with database.together():
            begun.append(await ledger.begin_turn(start))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await begin_and_fail()
    async with database.together():
        kept = [await ledger.begin_turn(start) for _ in range(2)]
    assert await ledger.turn(begun[0], owner=start.asker) is None
    assert all([await ledger.turn(turn, owner=start.asker) for turn in kept])


async def test_many_writers_of_one_program_all_come_to_their_turn(ledger: Ledger, start: TurnStart) -> None:
    turns = await asyncio.gather(*(ledger.begin_turn(start) for _ in range(40)))
    assert len(set(turns)) == 40
