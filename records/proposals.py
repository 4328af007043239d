"""Proposals: changes of single items that wait for a person's word, kept with all that making a version of them needs."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal
from uuid import uuid4

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from errors import Language
from records.artifacts import Link
from records.database import Database, now
from records.ownership import demand_artifact, owned_artifacts
from records.tables import artifacts, proposals
from records.turns import Rows

ProposalKind = Literal["change", "add", "remove"]
Decision = Literal["open", "accepted", "discarded", "replaced"]


@dataclass(frozen=True)
class NewProposal:
    """A change to one item of a version; of an item to be removed the body is the one that goes.

    `links` are the item's links when the proposal is accepted, `sources` those that it cites beyond the version's own; `reason`
    says in each language why it was made, `remark` what a person asked for.
    """

    artifact: str
    based_on: int
    item: str
    kind: ProposalKind
    body: dict[str, Any]
    links: tuple[Link, ...] = ()
    sources: Rows = ()
    findings: Rows = ()
    reason: dict[Language, str] = field(default_factory=dict)
    remark: str = ""
    turn: str | None = None


@dataclass(frozen=True)
class Proposal:
    """A proposal on record; `replaced` is one that a later proposal for the same item took the place of."""

    id: str
    new: NewProposal
    decision: Decision
    created: datetime
    decided: datetime | None
    decided_by: str | None


class Proposals:
    """Keeps proposals; what is somebody else's is not found. Every method raises RecordsError where the database is in trouble."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, new: Sequence[NewProposal], *, owner: str) -> tuple[Proposal, ...]:
        """Keep proposals for one artifact; those that were open for the same items are replaced.

        Raises BriefError where the artifact is not the person's.
        """
        if not new:
            return ()
        artifact, moment = new[0].artifact, now()
        kept = tuple(Proposal(str(uuid4()), one, "open", moment, None, None) for one in new)
        async with self._database.begin() as connection:
            await demand_artifact(connection, artifact, owner)
            items = proposals.c.item.in_([one.item for one in new])
            await _settle(connection, artifact, items, "replaced", owner)
            await connection.execute(proposals.insert(), [_row(one) for one in kept])
        return kept

    async def of(self, artifact_id: str, *, owner: str, decision: Decision = "open") -> tuple[Proposal, ...]:
        """Return the person's proposals for an artifact, in the order in which they were made."""
        asked = owned_artifacts(owner).join(proposals, proposals.c.artifact == artifacts.c.id).with_only_columns(*proposals.c)
        chosen = asked.where(artifacts.c.id == artifact_id, proposals.c.decision == decision)
        async with self._database.read() as connection:
            rows = (await connection.execute(chosen.order_by(proposals.c.created, proposals.c.item))).mappings()
            return tuple(_proposal(row) for row in rows)

    async def open_in(self, workspace_id: str, *, owner: str) -> dict[str, int]:
        """Return how many proposals are open, by artifact, on the current versions of the person's workspace."""
        newest = (proposals.c.artifact == artifacts.c.id) & (proposals.c.based_on == artifacts.c.current)
        counted = owned_artifacts(owner).join(proposals, newest).with_only_columns(artifacts.c.id, sa.func.count())
        asked = counted.where(artifacts.c.workspace == workspace_id, proposals.c.decision == "open").group_by(artifacts.c.id)
        async with self._database.read() as connection:
            return {row[0]: row[1] for row in await connection.execute(asked)}

    async def decide(self, artifact_id: str, ids: Collection[str], decision: Decision, *, owner: str) -> int:
        """Record a decision on open proposals, and return on how many. Raises BriefError where the artifact is not the person's."""
        async with self._database.begin() as connection:
            await demand_artifact(connection, artifact_id, owner)
            return await _settle(connection, artifact_id, proposals.c.id.in_(list(ids)), decision, owner)

    async def carry_over(self, artifact_id: str, based_on: int, *, owner: str) -> None:
        """Let the proposals that are still open stand for the next version: it differs in other items alone.

        Raises BriefError where the artifact is not the person's.
        """
        still = (proposals.c.artifact == artifact_id) & (proposals.c.based_on == based_on) & (proposals.c.decision == "open")
        async with self._database.begin() as connection:
            await demand_artifact(connection, artifact_id, owner)
            await connection.execute(proposals.update().where(still).values(based_on=based_on + 1))


async def _settle(
    connection: AsyncConnection, artifact_id: str, which: sa.ColumnElement[bool], decision: Decision, owner: str
) -> int:
    still = (proposals.c.artifact == artifact_id) & (proposals.c.decision == "open") & which
    change = proposals.update().where(still).values(decision=decision, decided=now(), decided_by=owner)
    return (await connection.execute(change)).rowcount


def _row(one: Proposal) -> dict[str, Any]:
    told = {**vars(one.new), "links": [vars(link) for link in one.new.links]}
    return {**told, "id": one.id, "decision": one.decision, "created": one.created, "decided": None, "decided_by": None}


def _proposal(row: sa.RowMapping) -> Proposal:
    told = {name: row[name] for name in NewProposal.__dataclass_fields__}
    told |= {name: tuple(row[name]) for name in ("sources", "findings")}
    told["links"] = tuple(Link(**link) for link in row["links"])
    return Proposal(row["id"], NewProposal(**told), row["decision"], row["created"], row["decided"], row["decided_by"])
