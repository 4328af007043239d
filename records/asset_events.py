"""What happened to assets, kept beyond their end: taken in, changed, moved, approved, retired, settled, removed."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import uuid4

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from records.assets import Asset
from records.database import now
from records.knowledge_access import KnowledgeAccess
from records.knowledge_tables import asset_events

Happening = Literal["added", "changed", "moved", "approved", "retired", "settled", "removed"]


@dataclass(frozen=True)
class AssetEvent:
    """One thing that happened to an asset; `person` is empty where nobody did it by hand."""

    id: str
    asset: str
    what: Happening
    path: str
    content_hash: str
    person: str
    at: datetime


async def note(connection: AsyncConnection, asset: Asset, what: Happening, person: str) -> None:
    """Write down what happens to an asset, in the transaction in which it happens."""
    row = {
        "id": str(uuid4()),
        "asset": asset.id,
        "what": what,
        "path": asset.path,
        "content_hash": asset.content_hash,
        "person": person,
        "at": now(),
    }
    await connection.execute(sa.insert(asset_events), [row])


class AssetEventRecords(KnowledgeAccess):
    """Reads what happened."""

    async def asset_events(self, asset: str) -> list[AssetEvent]:
        """Return what happened to an asset, oldest first, also after its end."""
        query = sa.select(asset_events).where(asset_events.c.asset == asset).order_by(asset_events.c.at, asset_events.c.id)
        async with self._reading() as connection:
            return [AssetEvent(**row) for row in (await connection.execute(query)).mappings()]
