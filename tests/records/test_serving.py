"""What the programs of a house tell each other about search."""

from records.database import Database
from records.knowledge import KnowledgeRecords


async def test_the_last_embedding_that_was_put_serves(database: Database) -> None:
    records = KnowledgeRecords(database)
    assert await records.serving() is None
    await records.put_serving("a", {"choice": "embedded"})
    await records.put_serving("b", {"choice": "folder", "folder": "/模型"})
    serving = await records.serving()
    assert serving is not None
    assert (serving.embedding, serving.origin) == ("b", {"choice": "folder", "folder": "/模型"})


async def test_asking_for_a_rebuild_is_counted_and_moves_no_content(database: Database) -> None:
    records = KnowledgeRecords(database)
    assert await records.rebuilds_asked() == 0
    await records.ask_rebuild()
    await records.ask_rebuild()
    assert await records.rebuilds_asked() == 2
    assert await records.generation("") == (0, 0)
