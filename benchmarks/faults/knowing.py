"""The knowledge as a process of the faults opens it: the real records and the real index, with a quick embedding or the real one."""

import sqlite3
from collections import defaultdict
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager, closing
from pathlib import Path
from typing import Literal

from benchmarks.faults.bank import broken, marks_in
from knowledge.embeddings.embedding import EmbeddedE5, Embedding
from knowledge.knowledge import Knowledge
from records.database import Database, sqlite_url
from records.migrate import migrate
from tests.doubles.hashed_embedding import HashedEmbedding


@asynccontextmanager
async def knowing(
    data: Path, pack: Path, *, real: bool = False, index: Literal["chroma", "memory"] = "chroma", watch: bool = False
) -> AsyncGenerator[Knowledge, None]:
    """Open the knowledge of a data folder as the server does (`chroma`, `watch`) or as the terminal does (`memory`)."""
    data.mkdir(parents=True, exist_ok=True)
    database = Database(sqlite_url(data))
    embedding: Embedding = EmbeddedE5() if real else HashedEmbedding(256)
    try:
        await migrate(database)
        knowledge = await Knowledge.open(database, data, pack, embedding, index, watch=watch)
        try:
            yield knowledge
        finally:
            await knowledge.close()
    finally:
        await database.close()


def committed(data: Path) -> dict[int, list[str]]:
    """Return file → texts of its passages as any other process reads them: what stands here is acknowledged."""
    rows = _asked(data, "SELECT a.path, p.text FROM assets a JOIN passages p ON p.asset = a.id ORDER BY p.place")
    texts: Mapping[str, list[str]] = defaultdict(list)
    for path, text in rows:
        texts[path].append(text)
    return {int(Path(path).name.split(".")[0].removeprefix("rule-")): found for path, found in texts.items()}


def versions(files: dict[int, list[str]]) -> dict[int, int]:
    """Return file → version of those that are whole."""
    return {file: marks_in(" ".join(texts))[0][1] for file, texts in files.items() if not broken(texts)}


def damage(data: Path) -> list[str]:
    """Return what SQLite holds against its file: broken pages, passages without an asset."""
    found = [str(row[0]) for row in _asked(data, "PRAGMA integrity_check") if row[0] != "ok"]
    return found + [f"orphan in {row[0]}" for row in _asked(data, "PRAGMA foreign_key_check")]


def _asked(data: Path, statement: str) -> list[tuple[str, ...]]:
    path = data / "stagecraft.db"
    if not path.exists():
        return []
    with closing(sqlite3.connect(path, timeout=10)) as connection:
        try:
            return connection.execute(statement).fetchall()
        except sqlite3.OperationalError as error:
            if "no such table" in str(error):  # killed before its tables were made
                return []
            raise
