"""The organisation's knowledge as it is committed: assets, their passages, the vectors of those, and the terms."""

import hashlib
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert as postgres_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection

from errors import KnowledgeError, Language
from records.database import Database
from records.knowledge_tables import assets, index_state, passages, terms, vectors

# The row of `index_state` that moves with every change of assets, passages or terms, and, with an embedding's name, of vectors.
CONTENT = "*"
# Ids asked for in one statement: SQLite takes 32,766 variables, PostgreSQL's driver 32,767.
_IDS_AT_A_TIME = 10_000
_UNUSED_VECTORS = sa.delete(vectors).where(~sa.exists().where(passages.c.text_hash == vectors.c.text_hash))


@dataclass(frozen=True)
class Asset:
    """One file of the organisation; `groups` are the groups of people that may read it once it is approved.

    `file_hash` stands for the bytes of the file and the way it was read, `uploaded_by` for who put it in by hand.
    """

    id: str
    pack: str
    path: str
    content_hash: str
    title: str
    shelf: str
    type: str
    owner: str
    groups: tuple[str, ...]
    status: str
    language: Language
    updated: datetime
    file_hash: str = ""
    uploaded_by: str = ""

    @property
    def readers(self) -> frozenset[str]:
        """The groups that find it now: its own when it is approved; of a draft, the person alone who put it in."""
        if self.status == "approved":
            return frozenset(self.groups)
        return frozenset([f"@{self.uploaded_by}"]) if self.status == "draft" and self.uploaded_by else frozenset()

    @property
    def partition(self) -> str:
        """The part of the index that holds the asset: one for each language and set of readers; "" where nobody finds it."""
        return f"{self.language}:{'|'.join(sorted(self.readers))}" if self.readers else ""


@dataclass(frozen=True)
class Passage:
    """One piece of an asset; `text_hash` names its vector, so that a text that stays keeps its vector."""

    id: str
    asset: str
    place: int
    breadcrumb: str
    text: str
    text_hash: str
    language: Language
    tokens: int


def embedded_text(breadcrumb: str, text: str) -> str:
    """Return what the embedding reads of a passage: where it stands, then what it says."""
    return f"{breadcrumb}\n{text}"


def text_hash(breadcrumb: str, text: str) -> str:
    """Return the name under which the passage's vector is kept."""
    return hashlib.sha256(embedded_text(breadcrumb, text).encode()).hexdigest()


class KnowledgeRecords:
    """Reads and writes the knowledge; what belongs together is committed together. Every method may raise KnowledgeError."""

    def __init__(self, database: Database) -> None:
        self.database = database

    @asynccontextmanager
    async def _reading(self) -> AsyncIterator[AsyncConnection]:
        """Open a connection. Raises KnowledgeError where the database cannot be read."""
        try:
            async with self.database.read() as connection:
                yield connection
        except SQLAlchemyError as error:
            raise KnowledgeError("The knowledge cannot be read now.", "目前无法读取知识库。", detail=str(error)) from error

    @asynccontextmanager
    async def _writing(self) -> AsyncIterator[AsyncConnection]:
        """Open a transaction. Raises KnowledgeError where the database cannot be written; nothing is half written then."""
        try:
            async with self.database.begin() as connection:
                yield connection
        except SQLAlchemyError as error:
            raise KnowledgeError("The knowledge cannot be written now.", "目前无法写入知识库。", detail=str(error)) from error

    async def assets(self, pack: str | None = None) -> list[Asset]:
        """Return the assets of one pack, or of all, in the order of their paths."""
        mine = assets.c.pack == pack if pack is not None else sa.true()
        query = sa.select(assets).where(mine).order_by(assets.c.pack, assets.c.path)
        async with self._reading() as connection:
            return [_asset(row) for row in (await connection.execute(query)).mappings()]

    async def put_asset(self, asset: Asset, pieces: Sequence[Passage]) -> None:
        """Commit an asset with all its passages in place of the former version."""
        row = {**vars(asset), "groups": list(asset.groups)}
        async with self._writing() as connection:
            await connection.execute(sa.delete(passages).where(passages.c.asset == asset.id))
            await connection.execute(sa.delete(assets).where(assets.c.id == asset.id))
            await connection.execute(sa.insert(assets), [row])
            if pieces:
                await connection.execute(sa.insert(passages), [dict(vars(piece)) for piece in pieces])
            await _move(connection, CONTENT, "")

    async def remove_assets(self, ids: Iterable[str]) -> None:
        """Remove assets with their passages, and vectors that no passage needs any more."""
        async with self._writing() as connection:
            for some in _slices(list(ids)):
                await connection.execute(sa.delete(passages).where(passages.c.asset.in_(some)))
                await connection.execute(sa.delete(assets).where(assets.c.id.in_(some)))
            await connection.execute(_UNUSED_VECTORS)
            await _move(connection, CONTENT, "")

    async def remove_pack(self, pack: str) -> None:
        """Remove a pack with its terms, where it is there at all."""
        if await self.terms(pack) or await self.assets(pack):
            await self.remove_assets([asset.id for asset in await self.assets(pack)])
            await self.put_terms(pack, [])

    async def drop_unused_vectors(self) -> None:
        """Remove the vectors of texts that no passage holds any more."""
        async with self._writing() as connection:
            await connection.execute(_UNUSED_VECTORS)

    async def passages(self) -> list[tuple[Passage, Asset]]:
        """Return every passage with its asset, in the order of paths and places."""
        async with self._reading() as connection:
            rows = (await connection.execute(sa.select(assets).order_by(assets.c.pack, assets.c.path))).mappings()
            owners = {row["id"]: _asset(row) for row in rows}
            found = (await connection.execute(sa.select(passages).order_by(passages.c.place))).mappings()
            by_asset: dict[str, list[Passage]] = {}
            for row in found:
                by_asset.setdefault(row["asset"], []).append(Passage(**row))
        return [(piece, asset) for name, asset in owners.items() for piece in by_asset.get(name, ())]

    async def passages_by_id(self, ids: Sequence[str]) -> dict[str, tuple[Passage, Asset]]:
        """Return the named passages that still exist, with their assets as they are now."""
        found: dict[str, tuple[Passage, Asset]] = {}
        owner = [column.label(f"asset_{column.name}") for column in assets.c]
        async with self._reading() as connection:
            for some in _slices(list(ids)):
                query = sa.select(passages, *owner).join(assets, passages.c.asset == assets.c.id).where(passages.c.id.in_(some))
                for row in (await connection.execute(query)).mappings():
                    piece = Passage(**{column.name: row[column.name] for column in passages.c})
                    found[piece.id] = (piece, _asset({column.name: row[f"asset_{column.name}"] for column in assets.c}))
        return found

    async def texts_without_vector(self, embedding: str) -> list[tuple[str, str]]:
        """Return (text hash, text to embed) of approved passages that this embedding has not read yet."""
        known = sa.exists().where(vectors.c.text_hash == passages.c.text_hash, vectors.c.embedding == embedding)
        query = (
            sa.select(passages.c.text_hash, passages.c.breadcrumb, passages.c.text)
            .join(assets, passages.c.asset == assets.c.id)
            .where(assets.c.status == "approved", ~known)
            .order_by(assets.c.pack, assets.c.path, passages.c.place)
        )
        async with self._reading() as connection:
            rows = (await connection.execute(query)).all()
        return list({row[0]: (row[0], embedded_text(row[1], row[2])) for row in rows}.values())

    async def put_vectors(self, embedding: str, found: Mapping[str, bytes]) -> None:
        """Commit a batch of vectors (little-endian float32); those already there stay as they are."""
        insert = sqlite_insert if self.database.is_sqlite else postgres_insert
        rows = [{"text_hash": name, "embedding": embedding, "vector": vector} for name, vector in found.items()]
        async with self._writing() as connection:
            await connection.execute(insert(vectors).on_conflict_do_nothing(), rows)
            await _move(connection, CONTENT, embedding)

    async def vectors(self, embedding: str, without: frozenset[str] = frozenset()) -> dict[str, bytes]:
        """Return this embedding's vectors by text hash, less those that the asker already holds."""
        async with self._reading() as connection:
            names = (await connection.execute(sa.select(vectors.c.text_hash).where(vectors.c.embedding == embedding))).scalars()
            wanted = [name for name in names if name not in without]
            found: dict[str, bytes] = {}
            for some in _slices(wanted):
                query = sa.select(vectors.c.text_hash, vectors.c.vector)
                query = query.where(vectors.c.embedding == embedding, vectors.c.text_hash.in_(some))
                found.update({row[0]: bytes(row[1]) for row in await connection.execute(query)})
        return found

    async def put_terms(self, pack: str, rows: Sequence[Mapping[str, Any]]) -> None:
        """Commit the whole glossary of a pack in place of the former one."""
        async with self._writing() as connection:
            await connection.execute(sa.delete(terms).where(terms.c.pack == pack))
            if rows:
                await connection.execute(sa.insert(terms), [{**row, "pack": pack, "place": n} for n, row in enumerate(rows)])
            await _move(connection, CONTENT, "")

    async def terms(self, pack: str | None = None) -> list[dict[str, Any]]:
        """Return the terms of one pack, or of all, in their order, each as a mapping of its columns."""
        mine = terms.c.pack == pack if pack is not None else sa.true()
        query = sa.select(terms).where(mine).order_by(terms.c.pack, terms.c.place)
        async with self._reading() as connection:
            return [dict(row) for row in (await connection.execute(query)).mappings()]

    async def generation(self, embedding: str) -> tuple[int, int]:
        """Return two counters: one moves with every change of content, one with every batch of this embedding's vectors."""
        query = sa.select(index_state.c.embedding, index_state.c.generation)
        query = query.where(index_state.c.partition == CONTENT, index_state.c.embedding.in_(["", embedding]))
        async with self._reading() as connection:
            found: dict[str, int] = {row[0]: row[1] for row in await connection.execute(query)}
        return found.get("", 0), found.get(embedding, 0) if embedding else 0

    async def digests(self, embedding: str) -> dict[str, str]:
        """Return, by partition, the digest of the passages that an index of this embedding must hold."""
        query = sa.select(index_state.c.partition, index_state.c.digest)
        query = query.where(index_state.c.partition != CONTENT, index_state.c.embedding == embedding)
        async with self._reading() as connection:
            return {row[0]: row[1] for row in await connection.execute(query)}

    async def put_digests(self, embedding: str, found: Mapping[str, str]) -> None:
        """Commit what an index of this embedding must hold, partition by partition; partitions that are gone vanish."""
        former = await self.digests(embedding)
        gone = index_state.c.partition.in_(sorted(former.keys() - found.keys()))
        async with self._writing() as connection:
            await connection.execute(sa.delete(index_state).where(index_state.c.embedding == embedding, gone))
            for partition, digest in found.items():
                if former.get(partition) != digest:
                    await _move(connection, partition, embedding, digest)


async def _move(connection: AsyncConnection, partition: str, embedding: str, digest: str = "") -> None:
    """Advance a row of the index state by one generation, in the transaction of the change that it announces."""
    insert = sqlite_insert if connection.dialect.name == "sqlite" else postgres_insert
    row = insert(index_state).values(partition=partition, embedding=embedding, generation=1, digest=digest)
    changed = {"generation": index_state.c.generation + 1, "digest": digest}
    await connection.execute(row.on_conflict_do_update(index_elements=["partition", "embedding"], set_=changed))


def _asset(row: Any) -> Asset:
    """Read a row of `assets`."""
    return Asset(**{**row, "groups": tuple(row["groups"])})


def _slices(ids: list[str]) -> Iterable[list[str]]:
    """Cut a list of ids into pieces that fit one statement."""
    return (ids[start : start + _IDS_AT_A_TIME] for start in range(0, len(ids), _IDS_AT_A_TIME))
