"""The real knowledge on a data folder of its own, with the embedding and the index that a benchmark chooses."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Literal

from knowledge.embeddings.embedding import Embedding
from knowledge.knowledge import Knowledge
from records.database import Database, sqlite_url
from records.migrate import migrate


@asynccontextmanager
async def database_in(folder: Path) -> AsyncGenerator[Database, None]:
    """Open the SQLite database of a data folder, both made where they are missing."""
    folder.mkdir(parents=True, exist_ok=True)
    database = Database(sqlite_url(folder))
    try:
        await migrate(database)
        yield database
    finally:
        await database.close()


@asynccontextmanager
async def knowledge_in(
    folder: Path, embedding: Embedding | None, index: Literal["chroma", "memory"] = "memory", pack: Path | None = None
) -> AsyncGenerator[Knowledge, None]:
    """Open the knowledge of a data folder; without an embedding it goes by words."""
    async with database_in(folder) as database:
        knowledge = await Knowledge.open(database, folder, pack, embedding, index)
        try:
            yield knowledge
        finally:
            await knowledge.close()
