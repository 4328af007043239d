"""The database becomes this program's, once, whoever starts first."""

import asyncio
import sys
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext

import records.chat_tables
import records.key_tables
import records.knowledge_tables
import records.limit_tables
import records.people_tables
import records.slack_tables
import records.tables
import records.widget_tables  # noqa: F401  every table of the house enters `metadata`
from errors import ConfigurationError
from records.database import Database, metadata
from records.migrate import _config, migrate

ROOT = Path(__file__).parents[2]
NEWEST = "0009"
# Says that it is ready, waits for the word, and migrates.
STARTING_PROGRAM = """
import asyncio, sys
from records.database import Database
from records.migrate import migrate

async def main():
    database = Database(sys.argv[1])
    print("ready", flush=True)
    sys.stdin.readline()
    await migrate(database)
    await database.close()

asyncio.run(main())
"""


@pytest.fixture
async def database(blank: Database) -> Database:
    """A database of this test's own, whose tables it may break."""
    await migrate(blank)
    return blank


def differences(connection: sa.Connection) -> list[object]:
    context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
    return list(compare_metadata(context, metadata))


def constraints(connection: sa.Connection) -> dict[str, set[tuple[object, ...]]]:
    """What the comparison of Alembic leaves out: checks and primary keys."""
    inspector = sa.inspect(connection)
    return {
        name: {("pk", *inspector.get_pk_constraint(name)["constrained_columns"])}
        | {("check", check["name"]) for check in inspector.get_check_constraints(name)}
        for name in inspector.get_table_names()
        if name != "alembic_version"
    }


async def version(database: Database) -> list[str]:
    async with database.read() as connection:
        return list((await connection.execute(sa.text("SELECT version_num FROM alembic_version"))).scalars())


async def test_the_migrated_database_is_the_one_that_the_program_declares(database: Database) -> None:
    async with database.read() as connection:
        assert await connection.run_sync(differences) == []
        migrated = await connection.run_sync(constraints)
    assert set(migrated) == set(metadata.tables)
    for name, table in metadata.tables.items():
        checks = {("check", item.name) for item in table.constraints if isinstance(item, sa.CheckConstraint)}
        assert migrated[name] == checks | {("pk", *(column.name for column in table.primary_key))}


async def test_a_table_that_no_step_creates_would_be_noticed(database: Database) -> None:
    async with database.begin() as connection:
        await connection.execute(sa.text("DROP TABLE adoptions"))
    async with database.read() as connection:
        assert await connection.run_sync(differences) != []


async def test_migrating_twice_changes_nothing(database: Database) -> None:
    await migrate(database)
    assert await version(database) == [NEWEST]


async def test_a_database_of_a_newer_program_is_refused_and_left_alone(database: Database) -> None:
    async with database.begin() as connection:
        await connection.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(ConfigurationError, match=rf"9999, newer than this program.*{NEWEST}") as caught:
        await migrate(database)
    assert "9999" in caught.value.sentence("zh")
    assert await version(database) == ["9999"]


async def test_a_step_that_fails_leaves_nothing_half_done(blank: Database) -> None:
    async with blank.begin() as connection:
        await connection.execute(sa.text("CREATE TABLE turns (id INTEGER)"))
    with pytest.raises(sa.exc.DBAPIError, match="turns"):
        await migrate(blank)
    async with blank.read() as connection:
        assert await connection.run_sync(lambda sync: sa.inspect(sync).get_table_names()) == ["turns"]


async def test_programs_that_start_at_once_all_find_the_database_migrated(blank: Database) -> None:
    programs = [
        await asyncio.create_subprocess_exec(
            sys.executable,
            "-c",
            STARTING_PROGRAM,
            blank.url,
            cwd=ROOT,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        for _ in range(3)
    ]
    for program in programs:
        assert program.stdout is not None
        assert await program.stdout.readline() == b"ready\n"
    ends = await asyncio.gather(*(program.communicate(b"go\n") for program in programs))
    assert [program.returncode for program in programs] == [0, 0, 0], [error.decode() for _, error in ends]
    assert await version(blank) == [NEWEST]


def upgraded_to_0002(connection: sa.Connection) -> None:
    """Bring a database to the version before, with one accepted artifact on which a version and a turn rest."""
    config = _config()
    config.attributes["connection"] = connection
    command.upgrade(config, "0002")
    day = "'2026-01-01 00:00:00'"
    connection.exec_driver_sql(f"INSERT INTO workspaces VALUES ('w', 'default', 'ana', {day})")
    for name, status in (("a", "accepted"), ("d", "draft"), ("r", "rejected")):
        connection.exec_driver_sql(f"INSERT INTO artifacts VALUES ('{name}', 'w', 's', 't', 'en', '{status}', 1, 'ana', {day})")
        connection.exec_driver_sql(
            f"INSERT INTO artifact_versions VALUES ('{name}', 1, '{{}}', '[]', '[]', '[]', 'ana', '', NULL, {day})"
        )


async def test_what_was_accepted_before_there_was_an_approval_counts_as_reviewed(blank: Database) -> None:
    async with blank.begin() as connection:
        await connection.run_sync(upgraded_to_0002)
    await migrate(blank)
    async with blank.read() as connection:
        rows = (await connection.execute(sa.text("SELECT id, status FROM artifacts ORDER BY id"))).all()
        kept = (await connection.execute(sa.text("SELECT count(*) FROM artifact_versions"))).scalar_one()
    assert [tuple(row) for row in rows] == [("a", "reviewed"), ("d", "draft"), ("r", "rejected")]
    assert kept == 3
    with pytest.raises(sa.exc.IntegrityError):
        async with blank.begin() as connection:
            await connection.execute(sa.text("UPDATE artifacts SET status = 'accepted'"))
    with pytest.raises(sa.exc.IntegrityError):
        async with blank.begin() as connection:
            await connection.execute(sa.text("DELETE FROM artifacts WHERE id = 'a'"))
