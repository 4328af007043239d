"""Bring the database to the version of this program, also when several processes start at the same moment."""

from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from errors import ConfigurationError
from records.database import Database

# PostgreSQL's advisory locks are numbers; this one spells "stagecra".
_LOCK = int.from_bytes(b"stagecra", "big")


async def migrate(database: Database) -> None:
    """Upgrade the database to this program's version, in one transaction; a second process waits and finds it done.

    SQLite's writer lock is held from the first statement on (`Database.begin`), PostgreSQL's advisory lock until the commit.
    Raises ConfigurationError where the database was written by a newer program, RecordsError where it cannot be reached or
    another process holds it for more than five seconds (SQLite).
    """
    async with database.begin() as connection:
        if not database.is_sqlite:
            await connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_LOCK)))
        await connection.run_sync(_upgrade)


def _upgrade(connection: sa.Connection) -> None:
    """Run the steps that are missing."""
    config = _config()
    steps = ScriptDirectory.from_config(config)
    known = {step.revision for step in steps.walk_revisions()}
    unknown = set(MigrationContext.configure(connection).get_current_heads()) - known
    if unknown:
        newest, found = steps.get_current_head(), ", ".join(sorted(unknown))
        raise ConfigurationError(
            f"The database is at version {found}, newer than this program, which knows versions up to {newest}. "
            "Start the newer program, or restore the backup made before the upgrade.",
            f"数据库版本为 {found}，比本程序支持的最高版本 {newest} 更新。请启动新版程序，或恢复升级前的备份。",
        )
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def _config() -> Config:
    """Return Alembic's configuration, made here so that no ini file has to travel with the package."""
    config = Config()
    folder = Path(__file__).parent / "migrations"
    # A lone % would be read as a reference to another option.
    config.set_main_option("script_location", str(folder).replace("%", "%%"))
    return config
