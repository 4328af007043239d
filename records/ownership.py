"""What belongs to whom: a workspace, its artifacts and its turns belong to the one person who opened it.

What is somebody else's answers as if it did not exist, so that nobody learns by asking which ids there are.
"""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from errors import NothingThere
from records.tables import artifacts, workspaces


def owned_artifacts(owner: str) -> sa.Select[Any]:
    """Return the question for the artifacts of one person."""
    return (
        sa.select(*artifacts.c)
        .join_from(artifacts, workspaces, artifacts.c.workspace == workspaces.c.id)
        .where(workspaces.c.owner == owner)
    )


async def demand_artifact(connection: AsyncConnection, artifact_id: str, owner: str) -> None:
    """Raise BriefError unless the artifact is the person's."""
    found = await connection.execute(owned_artifacts(owner).where(artifacts.c.id == artifact_id))
    if found.first() is None:
        raise no_such_artifact()


async def demand_workspace(connection: AsyncConnection, workspace_id: str, owner: str) -> None:
    """Raise BriefError unless the workspace is the person's."""
    asked = sa.select(workspaces.c.id).where(workspaces.c.id == workspace_id, workspaces.c.owner == owner)
    if (await connection.execute(asked)).first() is None:
        raise NothingThere("There is no such workspace; open one first.", "没有这个工作区，请先打开一个工作区。")


def no_such_artifact() -> NothingThere:
    """Return the one sentence for an artifact, or a version of it, that is missing or somebody else's."""
    return NothingThere("There is no such artifact; choose one from the list.", "没有这个产物，请从列表中选择。")
