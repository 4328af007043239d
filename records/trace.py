"""All that a workspace holds at once, read in a few questions: what the trace and the staleness of its items are made of."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from records.artifacts import Artifact, Link
from records.database import Database
from records.ownership import owned_artifacts
from records.tables import adoptions, artifact_links, artifact_versions, artifacts

Body = dict[str, Any]
_LINK = tuple(artifact_links.c[field.name] for field in fields(Link))
# SQLite takes 32,766 values in one question, older ones 999.
_AT_ONCE = 400


@dataclass(frozen=True)
class HeldArtifact:
    """An artifact with the body of its current version, who made that version, and when."""

    artifact: Artifact
    body: Body
    changed_by: str
    changed: datetime


@dataclass(frozen=True)
class Held:
    """Artifacts, oldest first; the links of their current versions; the bodies of the older versions that these links name.

    `words` is the last word on each item of an artifact ("" stands for the whole), the latest last: accepted, edited or rejected.
    """

    artifacts: tuple[HeldArtifact, ...]
    links: Mapping[str, tuple[Link, ...]]
    older: Mapping[tuple[str, int], Body]
    words: Mapping[str, dict[str, str]]


class Traces:
    """Reads what a person's workspace holds. Every method raises RecordsError where the database is in trouble."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def workspace(self, workspace_id: str, *, owner: str) -> Held:
        """Return all that a workspace of the person holds; nothing of somebody else's."""
        async with self._database.read() as connection:
            held = await _current(connection, owner, artifacts.c.workspace == workspace_id)
            if not held:
                return Held((), {}, {}, {})
            of_workspace = sa.select(artifacts.c.id).where(artifacts.c.workspace == workspace_id)
            links = await _links(connection, artifacts.c.workspace == workspace_id)
            words = await _words(connection, adoptions.c.artifact.in_(of_workspace))
            return Held(held, links, await _older(connection, held, links), words)

    async def upstream_of(self, artifact_id: str, *, owner: str) -> Held:
        """Return an artifact of the person with all that it rests on, at any distance."""
        links: dict[str, tuple[Link, ...]] = {}
        async with self._database.read() as connection:
            waiting = {artifact_id}
            while waiting:
                found = await _links(connection, artifacts.c.id.in_(waiting))
                links |= {one: found.get(one, ()) for one in waiting}
                waiting = {link.upstream_artifact for some in found.values() for link in some} - set(links)
            held = await _current(connection, owner, artifacts.c.id.in_(links))
            if not held:
                return Held((), {}, {}, {})
            links = {artifact_id: found for artifact_id, found in links.items() if found}
            words = await _words(connection, adoptions.c.artifact.in_([one.artifact.id for one in held]))
            return Held(held, links, await _older(connection, held, links), words)


async def _current(connection: AsyncConnection, owner: str, which: sa.ColumnElement[bool]) -> tuple[HeldArtifact, ...]:
    newest = (artifact_versions.c.artifact == artifacts.c.id) & (artifact_versions.c.number == artifacts.c.current)
    version = (
        artifact_versions.c.body,
        artifact_versions.c.author.label("changed_by"),
        artifact_versions.c.created.label("changed"),
    )
    asked = owned_artifacts(owner).join(artifact_versions, newest).where(which).with_only_columns(*artifacts.c, *version)
    rows = await connection.execute(asked.order_by(artifacts.c.created, artifacts.c.id))
    names = len(artifacts.c)
    return tuple(HeldArtifact(Artifact(*row[:names]), *row[names:]) for row in rows)


async def _links(connection: AsyncConnection, which: sa.ColumnElement[bool]) -> dict[str, tuple[Link, ...]]:
    """Return the links of the current versions, by artifact, in the order in which they were given."""
    newest = (artifact_links.c.artifact == artifacts.c.id) & (artifact_links.c.version == artifacts.c.current)
    asked = sa.select(artifact_links.c.artifact, *_LINK).join_from(artifacts, artifact_links, newest).where(which)
    found: dict[str, list[Link]] = {}
    for artifact_id, *link in await connection.execute(asked.order_by(artifact_links.c.artifact, artifact_links.c.place)):
        found.setdefault(artifact_id, []).append(Link(*link))
    return {artifact_id: tuple(links) for artifact_id, links in found.items()}


async def _older(
    connection: AsyncConnection, held: Collection[HeldArtifact], links: Mapping[str, tuple[Link, ...]]
) -> dict[tuple[str, int], Body]:
    """Return the bodies of the versions that the links name and that are not current any more."""
    current = {(one.artifact.id, one.artifact.current) for one in held}
    wanted = sorted({(link.upstream_artifact, link.upstream_version) for some in links.values() for link in some} - current)
    columns = (artifact_versions.c.artifact, artifact_versions.c.number)
    found: dict[tuple[str, int], Body] = {}
    for start in range(0, len(wanted), _AT_ONCE):
        named = sa.tuple_(*columns).in_(wanted[start : start + _AT_ONCE])
        rows = await connection.execute(sa.select(*columns, artifact_versions.c.body).where(named))
        found |= {(artifact_id, number): body for artifact_id, number, body in rows}
    return found


async def _words(connection: AsyncConnection, which: sa.ColumnElement[bool]) -> dict[str, dict[str, str]]:
    asked = sa.select(adoptions.c.artifact, adoptions.c.item, adoptions.c.kind).where(which)
    found: dict[str, dict[str, str]] = {}
    for artifact_id, item, kind in await connection.execute(asked.order_by(adoptions.c.created, adoptions.c.id)):
        words = found.setdefault(artifact_id, {})
        words.pop(item or "", None)
        words[item or ""] = kind
    return found
