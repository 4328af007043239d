"""Workspaces: the artifacts of an initiative, their versions, and how they are linked."""

from typing import Any
from uuid import uuid4

import sqlalchemy as sa

from errors import BriefError
from records.artifacts import Artifact, ArtifactVersion, Link, NewArtifact, Status, Workspace
from records.columns import storable_text
from records.database import Database, now
from records.ownership import demand_artifact, demand_workspace, owned_artifacts
from records.tables import artifact_versions, artifacts, workspaces
from records.turns import Rows
from records.versions import (
    changed_meanwhile,
    current_version_of,
    demand_current,
    keep_version,
    links_of,
    version_in,
    versions_of,
)

_LONGEST_NAME = 255


class Workspaces:
    """Keeps artifacts. Every method raises RecordsError where the database is in trouble.

    `owner` is the signed-in person who asks. What belongs to somebody else is not found: reading gives None or nothing,
    writing raises the same BriefError as for an id that does not exist.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    @property
    def database(self) -> Database:
        """Where artifacts are kept, for what else is kept beside them."""
        return self._database

    async def open(self, name: str, owner: str) -> Workspace:
        """Return the person's workspace of that name, made at the first call. Raises BriefError for an unusable name."""
        name = " ".join(storable_text(name).split())
        if not name or len(name) > _LONGEST_NAME:
            raise BriefError(
                f"A workspace needs a name of 1 to {_LONGEST_NAME} characters.", f"工作区名称须为 1 至 {_LONGEST_NAME} 个字符。"
            )
        asked = workspaces.select().where(workspaces.c.owner == owner, workspaces.c.name == name)
        new = {"id": str(uuid4()), "name": name, "owner": owner, "created": now()}
        # Every turn opens one, and hardly ever a new one: nobody waits for the writers then.
        async with self._database.read() as connection:
            row = (await connection.execute(asked)).mappings().first()
        if row is not None:
            return Workspace(**row)
        async with self._database.begin() as connection:
            try:
                async with connection.begin_nested():
                    await connection.execute(workspaces.insert().values(new))
            except sa.exc.IntegrityError:
                # Another window opened it between the look and the insert; both shall have the same one.
                pass
            return Workspace(**(await connection.execute(asked)).mappings().one())

    async def list(self, owner: str) -> tuple[Workspace, ...]:
        """Return the person's workspaces by name."""
        asked = workspaces.select().where(workspaces.c.owner == owner).order_by(workspaces.c.name)
        async with self._database.read() as connection:
            return tuple(Workspace(**row) for row in (await connection.execute(asked)).mappings())

    async def add_artifact(self, new: NewArtifact, *, owner: str) -> ArtifactVersion:
        """Keep a new artifact, a draft, as its version 1.

        Raises BriefError where the workspace, or an artifact that a link points to, is not the person's.
        """
        artifact = Artifact(str(uuid4()), new.workspace, new.stage, new.title, new.language, "draft", 1, new.author, now())
        version = ArtifactVersion(
            artifact, 1, new.body, new.sources, new.findings, new.mends, new.author, new.reason, new.turn, artifact.created
        )
        async with self._database.begin() as connection:
            await demand_workspace(connection, new.workspace, owner)
            await connection.execute(artifacts.insert().values(vars(artifact)))
            await keep_version(connection, version, new.links, owner)
        return version

    async def add_version(
        self,
        artifact_id: str,
        *,
        based_on: int,
        body: dict[str, Any],
        findings: Rows = (),
        mends: Rows = (),
        author: str,
        reason: str,
        owner: str,
        turn: str | None = None,
        sources: Rows | None = None,
        links: tuple[Link, ...] | None = None,
    ) -> ArtifactVersion:
        """Keep a new version of an artifact, which becomes a draft again: what was reviewed or approved was the other text.

        Without `sources` or `links` those of the version `based_on` are carried over. Raises BriefError where the artifact
        is not the person's, or where `based_on` is not the current version any more: nothing is then written, what the
        other wrote stays, and the caller still holds the text of this one.
        """
        async with self._database.begin() as connection:
            await demand_artifact(connection, artifact_id, owner)
            await demand_current(connection, artifact_id, based_on)
            base = version_in((await connection.execute(versions_of(artifact_id, owner, based_on))).mappings().one())
            kept = base.sources if sources is None else sources
            version = ArtifactVersion(base.artifact, based_on + 1, body, kept, findings, mends, author, reason, turn, now())
            linked = await links_of(connection, artifact_id, based_on) if links is None else links
            await keep_version(connection, version, linked, owner)
        return version

    async def set_status(self, artifact_id: str, status: Status, *, owner: str, version: int | None = None) -> Artifact:
        """Review, approve, reject or reopen an artifact and return it.

        `version` is the one that the person saw: where it is not current any more, nobody approves a text unseen. Raises
        BriefError then, and where the artifact is not the person's.
        """
        asked = owned_artifacts(owner).where(artifacts.c.id == artifact_id)
        seen = sa.true() if version is None else artifacts.c.current == version
        async with self._database.begin() as connection:
            await demand_artifact(connection, artifact_id, owner)
            change = artifacts.update().where(artifacts.c.id == artifact_id, seen).values(status=status)
            changed = await connection.execute(change)
            row = (await connection.execute(asked)).mappings().one()
            if changed.rowcount != 1 and version is not None:
                raise changed_meanwhile(row["current"], version)
            return Artifact(**row)

    async def artifact(self, artifact_id: str, version: int | None = None, *, owner: str) -> ArtifactVersion | None:
        """Return the current or the given version; None where it is missing or somebody else's."""
        asked = current_version_of(artifact_id, owner) if version is None else versions_of(artifact_id, owner, version)
        async with self._database.read() as connection:
            row = (await connection.execute(asked)).mappings().first()
        return None if row is None else version_in(row)

    async def artifacts(self, workspace_id: str, stage: str | None = None, *, owner: str) -> tuple[Artifact, ...]:
        """Return the artifacts of the person's workspace, of one stage or of all, oldest first."""
        asked = owned_artifacts(owner).where(artifacts.c.workspace == workspace_id)
        if stage is not None:
            asked = asked.where(artifacts.c.stage == stage)
        async with self._database.read() as connection:
            rows = await connection.execute(asked.order_by(artifacts.c.created, artifacts.c.id))
            return tuple(Artifact(**row) for row in rows.mappings())

    async def versions(self, artifact_id: str, *, owner: str) -> tuple[ArtifactVersion, ...]:
        """Return every version of the person's artifact, oldest first."""
        asked = versions_of(artifact_id, owner).order_by(artifact_versions.c.number)
        async with self._database.read() as connection:
            return tuple(version_in(row) for row in (await connection.execute(asked)).mappings())

    async def links(self, artifact_id: str, version: int | None = None, *, owner: str) -> tuple[Link, ...]:
        """Return where the items of the current or the given version come from, in the order they were given."""
        found = await self.artifact(artifact_id, version, owner=owner)
        if found is None:
            return ()
        async with self._database.read() as connection:
            return await links_of(connection, artifact_id, found.number)
