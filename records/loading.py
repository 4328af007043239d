"""What search loads of the knowledge, and how it learns that there is something new."""

from collections.abc import Collection, Sequence
from dataclasses import fields

import sqlalchemy as sa

from records.assets import Asset, Passage
from records.knowledge_access import CONTENT, FINDABLE, KnowledgeAccess, asset_of, slices
from records.knowledge_tables import assets, index_state, passages, refusals, vectors

# Asked by every search, thus put together once: 2 ms instead of 5.
_PIECE, _OWNER = [field.name for field in fields(Passage)], [column.name for column in assets.c]
_BY_ID = (
    sa.select(*(passages.c[name] for name in _PIECE), *assets.c)
    .join(assets, passages.c.asset == assets.c.id)
    .where(passages.c.id.in_(sa.bindparam("ids", expanding=True)))
)


class LoadingRecords(KnowledgeAccess):
    """Reads assets and passages for search."""

    async def passages(self) -> list[tuple[Passage, Asset]]:
        """Return every passage with its asset, in the order of paths and places."""
        async with self._reading() as connection:
            rows = (await connection.execute(sa.select(assets).order_by(assets.c.pack, assets.c.path))).mappings()
            owners = {row["id"]: asset_of(row) for row in rows}
            found = (await connection.execute(sa.select(passages).order_by(passages.c.place))).mappings()
            by_asset: dict[str, list[Passage]] = {}
            for row in found:
                by_asset.setdefault(row["asset"], []).append(Passage(**row))
        return [(piece, asset) for name, asset in owners.items() for piece in by_asset.get(name, ())]

    async def passages_by_id(self, ids: Sequence[str]) -> dict[str, tuple[Passage, Asset]]:
        """Return the named passages that still exist, with their assets as they are now."""
        found: dict[str, tuple[Passage, Asset]] = {}
        owners: dict[str, Asset] = {}
        async with self._reading() as connection:
            for some in slices(list(ids)):
                for row in await connection.execute(_BY_ID, {"ids": some}):
                    piece = Passage(*row[: len(_PIECE)])
                    if piece.asset not in owners:
                        owners[piece.asset] = asset_of(dict(zip(_OWNER, row[len(_PIECE) :], strict=True)))
                    found[piece.id] = (piece, owners[piece.asset])
        return found

    async def passages_of(self, owners: Sequence[str]) -> list[Passage]:
        """Return the passages of the named assets, in the order of assets and places."""
        found: list[Passage] = []
        async with self._reading() as connection:
            for some in slices(list(owners)):
                query = sa.select(passages).where(passages.c.asset.in_(some)).order_by(passages.c.asset, passages.c.place)
                found += [Passage(**row) for row in (await connection.execute(query)).mappings()]
        return found

    async def assets_by_id(self, ids: Collection[str]) -> dict[str, Asset]:
        """Return the named assets that still exist, as they are now."""
        found: dict[str, Asset] = {}
        async with self._reading() as connection:
            for some in slices(list(ids)):
                rows = (await connection.execute(sa.select(assets).where(assets.c.id.in_(some)))).mappings()
                found |= {row["id"]: asset_of(row) for row in rows}
        return found

    async def ids_with_vector(self, embedding: str) -> dict[str, list[str]]:
        """Return, by partition, the ids of the passages that an index of this embedding must hold."""
        known = sa.exists().where(vectors.c.text_hash == passages.c.text_hash, vectors.c.embedding == embedding)
        found: dict[str, list[str]] = {}
        async with self._reading() as connection:
            rows = (await connection.execute(sa.select(assets).where(FINDABLE))).mappings()
            partitions = {row["id"]: asset_of(row).partition for row in rows}
            for passage, owner in await connection.execute(sa.select(passages.c.id, passages.c.asset).where(known)):
                if owner in partitions:
                    found.setdefault(partitions[owner], []).append(passage)
        return found

    async def refused(self) -> int:
        """Return how many files could not be taken in."""
        async with self._reading() as connection:
            return int((await connection.execute(sa.select(sa.func.count()).select_from(refusals))).scalar_one())

    async def passages_at(self, places: Sequence[tuple[str, int]]) -> list[Passage]:
        """Return the passages that stand at these places (asset, place), where there are any, and few others."""
        # Assets and places apart: SQLite reads every row for a list of pairs.
        mine = passages.c.asset.in_({asset for asset, _ in places})
        query = sa.select(passages).where(mine, passages.c.place.in_({place for _, place in places}))
        async with self._reading() as connection:
            return [Passage(**row) for row in (await connection.execute(query)).mappings()]

    async def generation(self, embedding: str) -> tuple[int, int]:
        """Return two counters: one moves with every change of content, one with every batch of this embedding's vectors."""
        query = sa.select(index_state.c.embedding, index_state.c.generation)
        query = query.where(index_state.c.partition == CONTENT, index_state.c.embedding.in_(["", embedding]))
        async with self._reading() as connection:
            found: dict[str, int] = {row[0]: row[1] for row in await connection.execute(query)}
        return found.get("", 0), found.get(embedding, 0) if embedding else 0
