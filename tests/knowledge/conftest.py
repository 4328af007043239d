"""A database with the tables of the knowledge, and a small pack."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from records.database import Database, metadata, sqlite_url
from records.knowledge import KnowledgeRecords
from tests.doubles.packs import write_pack
from tests.doubles.vector_postgres import NoVectorPostgres, VectorPostgres


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    database = Database(sqlite_url(tmp_path))
    async with database.begin() as connection:
        await connection.run_sync(metadata.create_all)
    yield database
    await database.close()


@pytest.fixture
def records(database: Database) -> KnowledgeRecords:
    return KnowledgeRecords(database)


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    return write_pack(tmp_path / "pack")


@pytest.fixture(scope="session")
def vector_postgres() -> Iterator[VectorPostgres]:
    """The session's PostgreSQL with pgvector; tests keep apart by the names of their embeddings or databases."""
    try:
        server = VectorPostgres()
    except NoVectorPostgres as reason:
        pytest.skip(str(reason))
    yield server
    server.end()
