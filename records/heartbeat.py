"""Writes one row for the sake of writing: whether the database takes writes is known only by a write that was committed."""

from sqlalchemy.dialects.postgresql import insert as postgres_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from records.database import Database, now
from records.knowledge_tables import serving

_ROLE = "heartbeat"


async def beat(database: Database) -> None:
    """Commit the present moment. Raises RecordsError where the database does not take it."""
    insert = sqlite_insert if database.is_sqlite else postgres_insert
    moment = now()
    row = insert(serving).values(role=_ROLE, embedding="", origin={}, since=moment)
    async with database.begin() as connection:
        await connection.execute(row.on_conflict_do_update(index_elements=["role"], set_={"since": moment}))
