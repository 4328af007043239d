"""The versions of an artifact and their links, read and written inside a transaction of `records.workspaces`."""

from dataclasses import fields
from typing import Any
from uuid import uuid4

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from errors import ChangedMeanwhile
from records.artifacts import Artifact, ArtifactVersion, Link
from records.ownership import no_such_artifact, owned_artifacts
from records.tables import artifact_links, artifact_versions, artifacts

# Both tables have an author and a moment; those of the artifact are read under this prefix.
_OF_ARTIFACT = "of_artifact_"
_ROWS = ("sources", "findings", "mends")


def versions_of(artifact_id: str, owner: str, number: int | None = None) -> sa.Select[Any]:
    """Return the question for the versions of the person's artifact: one by its number, or all."""
    asked = (
        owned_artifacts(owner)
        .join(artifact_versions, artifact_versions.c.artifact == artifacts.c.id)
        .where(artifacts.c.id == artifact_id)
        .with_only_columns(*artifact_versions.c, *(column.label(_OF_ARTIFACT + column.name) for column in artifacts.c))
    )
    return asked if number is None else asked.where(artifact_versions.c.number == number)


def current_version_of(artifact_id: str, owner: str) -> sa.Select[Any]:
    """Return the question for the current version of the person's artifact."""
    return versions_of(artifact_id, owner).where(artifact_versions.c.number == artifacts.c.current)


def version_in(row: sa.RowMapping) -> ArtifactVersion:
    """Return the version that a row of those questions holds; lists of JSON come back as tuples."""
    of_artifact = {name.removeprefix(_OF_ARTIFACT): value for name, value in row.items() if name.startswith(_OF_ARTIFACT)}
    of_version = {column.name: row[column.name] for column in artifact_versions.c}
    rows = {name: tuple(of_version[name]) for name in _ROWS}
    return ArtifactVersion(**{**of_version, **rows, "artifact": Artifact(**of_artifact)})


async def keep_version(connection: AsyncConnection, version: ArtifactVersion, links: tuple[Link, ...], owner: str) -> None:
    """Write a version and its links. Raises BriefError where a link does not point to the person's own workspace."""
    row = {column.name: getattr(version, column.name) for column in artifact_versions.c}
    await connection.execute(artifact_versions.insert().values({**row, "artifact": version.artifact.id}))
    if not links:
        return
    await _demand_upstream(connection, version, links, owner)
    of_version = {"artifact": version.artifact.id, "version": version.number}
    rows = [{**vars(link), **of_version, "id": str(uuid4()), "place": place} for place, link in enumerate(links)]
    await connection.execute(artifact_links.insert(), rows)


async def links_of(connection: AsyncConnection, artifact_id: str, number: int) -> tuple[Link, ...]:
    """Return the links of a version, in the order they were given."""
    columns = (artifact_links.c[field.name] for field in fields(Link))
    asked = sa.select(*columns).where(artifact_links.c.artifact == artifact_id, artifact_links.c.version == number)
    found = await connection.execute(asked.order_by(artifact_links.c.place))
    return tuple(Link(**row) for row in found.mappings())


async def demand_current(connection: AsyncConnection, artifact_id: str, based_on: int) -> None:
    """Move the artifact's number on from `based_on`, a draft again. Raises BriefError where somebody moved it before.

    The condition stands in the statement that writes, so that of two at once one moves the number and the other does not.
    """
    this = artifacts.c.id == artifact_id
    moves = artifacts.update().where(this, artifacts.c.current == based_on).values(current=based_on + 1, status="draft")
    if (await connection.execute(moves)).rowcount == 1:
        return
    current = (await connection.execute(sa.select(artifacts.c.current).where(this))).scalar_one()
    raise changed_meanwhile(current, based_on)


def changed_meanwhile(current: int, seen: int) -> ChangedMeanwhile:
    """Return the sentence for a change to a version that is not current any more."""
    return ChangedMeanwhile(
        f"The artifact was changed meanwhile: version {current} is current, you saw version {seen}. "
        "Nothing is lost: keep your text, reload, and make your change there.",
        f"该产物已被修改：当前为第 {current} 版，您看到的是第 {seen} 版。内容没有丢失：请保留您的文字，重新加载后再修改。",
    )


async def _demand_upstream(connection: AsyncConnection, version: ArtifactVersion, links: tuple[Link, ...], owner: str) -> None:
    for upstream, number in {(link.upstream_artifact, link.upstream_version) for link in links}:
        asked = versions_of(upstream, owner, number).where(artifacts.c.workspace == version.artifact.workspace)
        if (await connection.execute(asked)).first() is None:
            raise no_such_artifact()
