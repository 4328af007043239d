"""The organisation's knowledge as it is committed: assets, their passages, the vectors of those, and the terms."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from records.asset_events import AssetEventRecords, Happening, note
from records.assets import Asset, Closing, Passage, embedded_text, text_hash
from records.knowledge_access import CONTENT, asset_of, move, slices
from records.knowledge_tables import assets, passages, terms
from records.loading import LoadingRecords
from records.serving import ServingRecords
from records.sources import SourceRecords
from records.vectors import UNUSED_VECTORS, VectorRecords

__all__ = ["Asset", "Closing", "KnowledgeRecords", "Passage", "embedded_text", "text_hash"]


class KnowledgeRecords(LoadingRecords, VectorRecords, ServingRecords, AssetEventRecords, SourceRecords):
    """Reads and writes the knowledge; what belongs together is committed together. Every method may raise KnowledgeError."""

    async def assets(self, pack: str | None = None) -> list[Asset]:
        """Return the assets of one pack, or of all, in the order of their paths."""
        mine = assets.c.pack == pack if pack is not None else sa.true()
        query = sa.select(assets).where(mine).order_by(assets.c.pack, assets.c.path)
        async with self._reading() as connection:
            return [asset_of(row) for row in (await connection.execute(query)).mappings()]

    async def asset(self, asset_id: str) -> Asset | None:
        """Return one asset, or None where it is gone."""
        async with self._reading() as connection:
            return await _asset(connection, assets.c.id == asset_id)

    async def passage_counts(self) -> dict[str, int]:
        """Return the number of passages by asset."""
        query = sa.select(passages.c.asset, sa.func.count()).group_by(passages.c.asset)
        async with self._reading() as connection:
            return {row[0]: row[1] for row in await connection.execute(query)}

    async def put_asset(self, asset: Asset, pieces: Sequence[Passage], *, by: str = "") -> bool:
        """Commit an asset with all its passages in place of the former version, under what a curator settled of that one.

        Tells whether it did: not where another process has just taken in the same file.
        """
        place = (assets.c.pack == asset.pack) & (assets.c.path == asset.path)
        async with self._alone() as connection:
            former = await _asset(connection, place) or await _asset(connection, assets.c.id == asset.id)
            if former is not None and asset.file_hash and (former.file_hash, former.path) == (asset.file_hash, asset.path):
                return False
            asset = asset.settled_by(former.settled) if former is not None and former.id == asset.id else asset
            await _delete(connection, [asset.id, former.id] if former is not None else [asset.id])
            await connection.execute(sa.insert(assets), [_row(asset)])
            if pieces:
                await connection.execute(sa.insert(passages), [dict(vars(piece)) for piece in pieces])
            what: Happening = "added" if former is None else "changed" if former.path == asset.path else "moved"
            await note(connection, asset, what, by)
            await move(connection, CONTENT, "")
        return True

    async def settle_asset(self, asset_id: str, settled: Mapping[str, Any], what: Happening, by: str) -> Asset | None:
        """Commit what a curator sets of an asset, beside what was set before; None where the asset is gone."""
        async with self._alone() as connection:
            former = await _asset(connection, assets.c.id == asset_id)
            if former is None:
                return None
            asset = former.settled_by({**former.settled, **settled})
            await connection.execute(sa.update(assets).where(assets.c.id == asset_id).values(_row(asset)))
            await note(connection, asset, what, by)
            await move(connection, CONTENT, "")
        return asset

    async def remove_assets(self, ids: Iterable[str], *, by: str = "") -> None:
        """Remove assets with their passages, and vectors that no passage needs any more."""
        async with self._alone() as connection:
            for some in slices(list(ids)):
                query = sa.select(assets).where(assets.c.id.in_(some))
                for row in (await connection.execute(query)).mappings().all():
                    await note(connection, asset_of(row), "removed", by)
                await _delete(connection, some)
            await connection.execute(UNUSED_VECTORS)
            await move(connection, CONTENT, "")

    async def remove_pack(self, pack: str, *, by: str = "") -> None:
        """Remove a pack with its terms, its refusals and the note of its folder, where it is there at all."""
        present = await self.assets(pack)
        if present or await self.terms(pack):
            await self.remove_assets([asset.id for asset in present], by=by)
            await self.put_terms(pack, [])
        await self.forget_pack(pack)

    async def put_terms(self, pack: str, rows: Sequence[Mapping[str, Any]]) -> None:
        """Commit the whole glossary of a pack in place of the former one."""
        async with self._alone() as connection:
            await connection.execute(sa.delete(terms).where(terms.c.pack == pack))
            if rows:
                await connection.execute(sa.insert(terms), [{**row, "pack": pack, "place": n} for n, row in enumerate(rows)])
            await move(connection, CONTENT, "")

    async def terms(self, pack: str | None = None) -> list[dict[str, Any]]:
        """Return the terms of one pack, or of all, in their order, each as a mapping of its columns."""
        mine = terms.c.pack == pack if pack is not None else sa.true()
        query = sa.select(terms).where(mine).order_by(terms.c.pack, terms.c.place)
        async with self._reading() as connection:
            return [dict(row) for row in (await connection.execute(query)).mappings()]


async def _asset(connection: AsyncConnection, which: sa.ColumnElement[bool]) -> Asset | None:
    row = (await connection.execute(sa.select(assets).where(which))).mappings().one_or_none()
    return asset_of(row) if row is not None else None


async def _delete(connection: AsyncConnection, ids: Collection[str]) -> None:
    await connection.execute(sa.delete(passages).where(passages.c.asset.in_(ids)))
    await connection.execute(sa.delete(assets).where(assets.c.id.in_(ids)))


def _row(asset: Asset) -> dict[str, Any]:
    """Return an asset as a row of `assets`."""
    return {**vars(asset), "groups": list(asset.groups), "settled": dict(asset.settled)}
