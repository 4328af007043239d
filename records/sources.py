"""Where packs were taken in from, and which of their files were refused."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from errors import Language
from records.database import now
from records.knowledge_access import KnowledgeAccess, slices
from records.knowledge_tables import packs, refusals


@dataclass(frozen=True)
class Refusal:
    """A file that could not be read, and the reason in both languages; `file_hash` tells when it has changed since."""

    pack: str
    path: str
    file_hash: str
    reason: dict[Language, str]
    at: datetime


class SourceRecords(KnowledgeAccess):
    """Reads and writes what is known about the sources of packs."""

    async def pack_roots(self) -> dict[str, str]:
        """Return the folder of each pack that was taken in from one."""
        async with self._reading() as connection:
            return {row[0]: row[1] for row in await connection.execute(sa.select(packs.c.name, packs.c.root))}

    async def put_pack_root(self, pack: str, root: str) -> None:
        """Commit the folder that a pack is taken in from."""
        async with self._alone() as connection:
            await connection.execute(sa.delete(packs).where(packs.c.name == pack))
            await connection.execute(sa.insert(packs), [{"name": pack, "root": root, "updated": now()}])

    async def refusals(self, pack: str | None = None) -> list[Refusal]:
        """Return the refused files of one pack, or of all, in the order of their paths."""
        mine = refusals.c.pack == pack if pack is not None else sa.true()
        query = sa.select(refusals).where(mine).order_by(refusals.c.pack, refusals.c.path)
        async with self._reading() as connection:
            return [Refusal(**row) for row in (await connection.execute(query)).mappings()]

    async def put_refusal(self, refusal: Refusal) -> None:
        """Commit why a file was refused, in place of a former reason."""
        async with self._alone() as connection:
            same = (refusals.c.pack == refusal.pack) & (refusals.c.path == refusal.path)
            await connection.execute(sa.delete(refusals).where(same))
            await connection.execute(sa.insert(refusals), [vars(refusal)])

    async def drop_refusals(self, pack: str, paths: Collection[str]) -> None:
        """Forget the refusals of files that are gone or can be read now."""
        async with self._alone() as connection:
            for some in slices(sorted(paths)):
                await connection.execute(sa.delete(refusals).where(refusals.c.pack == pack, refusals.c.path.in_(some)))

    async def forget_pack(self, pack: str) -> None:
        """Forget the folder of a pack and the files of it that were refused."""
        async with self._alone() as connection:
            await connection.execute(sa.delete(packs).where(packs.c.name == pack))
            await connection.execute(sa.delete(refusals).where(refusals.c.pack == pack))
