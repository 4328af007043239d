"""Files that people dropped into the chat, on their way to an asset."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

import sqlalchemy as sa

from errors import Language
from records.database import now
from records.knowledge_access import KnowledgeAccess
from records.knowledge_tables import uploads

UploadState = Literal["queued", "reading", "ready", "refused"]


@dataclass(frozen=True)
class Upload:
    """One file: `asset` is what became of it, `reason` why it was refused, in both languages."""

    id: str
    person: str
    name: str
    bytes: int
    state: UploadState
    reason: dict[Language, str] | None
    asset: str | None
    created: datetime
    updated: datetime


class UploadRecords(KnowledgeAccess):
    """Reads and writes uploads."""

    async def put_upload(self, upload: Upload, *, most_waiting: int) -> bool:
        """Commit a new upload; tell whether it was: not where that many of the person's files wait already."""
        waiting = uploads.c.state.in_(["queued", "reading"]) & (uploads.c.person == upload.person)
        async with self._alone() as connection:
            count = (await connection.execute(sa.select(sa.func.count()).select_from(uploads).where(waiting))).scalar_one()
            if count >= most_waiting:
                return False
            await connection.execute(sa.insert(uploads), [vars(upload)])
        return True

    async def uploads_of(self, person: str) -> list[Upload]:
        """Return a person's uploads, newest first."""
        query = sa.select(uploads).where(uploads.c.person == person).order_by(uploads.c.created.desc(), uploads.c.id)
        async with self._reading() as connection:
            return [Upload(**row) for row in (await connection.execute(query)).mappings()]

    async def upload(self, upload_id: str) -> Upload | None:
        """Return one upload, or None where it is gone."""
        async with self._reading() as connection:
            row = (await connection.execute(sa.select(uploads).where(uploads.c.id == upload_id))).mappings().one_or_none()
        return Upload(**row) if row is not None else None

    async def unfinished_uploads(self) -> list[Upload]:
        """Return what is queued or was being read when a process stopped, oldest first."""
        query = sa.select(uploads).where(uploads.c.state.in_(["queued", "reading"])).order_by(uploads.c.created, uploads.c.id)
        async with self._reading() as connection:
            return [Upload(**row) for row in (await connection.execute(query)).mappings()]

    async def set_upload(
        self, upload_id: str, state: UploadState, *, reason: dict[Language, str] | None = None, asset: str | None = None
    ) -> None:
        """Commit how far an upload is."""
        values = {"state": state, "reason": reason, "asset": asset, "updated": now()}
        async with self._writing() as connection:
            await connection.execute(sa.update(uploads).where(uploads.c.id == upload_id).values(values))

    async def uploads_to(self, asset: str) -> list[Upload]:
        """Return the uploads that led to an asset."""
        async with self._reading() as connection:
            found = (await connection.execute(sa.select(uploads).where(uploads.c.asset == asset))).mappings()
            return [Upload(**row) for row in found]

    async def drop_upload(self, upload_id: str) -> None:
        """Forget an upload."""
        async with self._writing() as connection:
            await connection.execute(sa.delete(uploads).where(uploads.c.id == upload_id))
