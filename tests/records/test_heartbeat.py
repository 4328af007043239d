from records.database import Database
from records.heartbeat import beat
from records.knowledge import KnowledgeRecords


async def test_a_beat_is_committed_again_and_again_and_is_nobodys_embedding(database: Database) -> None:
    await beat(database)
    await beat(database)
    assert await KnowledgeRecords(database).serving() is None
