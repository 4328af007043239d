"""The ledger: every turn from its brief to its end, and what people made of the artifacts."""

from collections.abc import Sequence
from dataclasses import asdict, fields
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import sqlalchemy as sa

from records.database import Database, now
from records.instances import is_gone
from records.ownership import demand_artifact, demand_workspace, no_such_artifact
from records.tables import adoptions, artifact_versions, artifacts, turns, workspaces
from records.turns import Adoption, AdoptionRate, Draft, RecordedAdoption, Turn, TurnEnd, TurnStart
from records.watcher import Unwatched, Watcher

# No answer lasts that long: a turn that is still `answering` then, of a program that cannot be asked for, was left behind.
_LEFT_BEHIND = timedelta(hours=1)
# A turn that was called interrupted by mistake may still be written to by the program that answers it.
_OPEN = ("answering", "interrupted")
_UNWRITTEN: dict[str, Any] = {
    "outcome": "answering",
    "draft": "",
    "passages": [],
    "steps": [],
    "findings": [],
    "mends": [],
    "prompt": [],
    "tokens": {},
}
_ROWS = ("passages", "steps", "findings", "mends", "prompt")


class Ledger:
    """Writes and reads turns and adoptions, and tells a watcher. Every method raises RecordsError where the database is in trouble."""

    def __init__(self, database: Database, watcher: Watcher | None = None) -> None:
        self._database = database
        self._watcher = watcher or Unwatched()

    async def begin_turn(self, start: TurnStart) -> str:
        """Commit the turn as `answering` before the answer starts, and return its id.

        Raises BriefError where the workspace, or the artifact the brief is about, is not the asker's.
        """
        turn_id = str(uuid4())
        async with self._database.begin() as connection:
            await demand_workspace(connection, start.workspace, start.asker)
            if start.artifact is not None:
                await demand_artifact(connection, start.artifact, start.asker)
            row = {**_UNWRITTEN, **asdict(start), "id": turn_id, "started": now()}
            await connection.execute(turns.insert().values(row))
        self._watcher.began(turn_id, start)
        return turn_id

    async def save_draft(self, turn_id: str, text: str, written: dict[str, Any] | None = None) -> None:
        """Commit the text that has arrived so far and what of it is whole; a turn that has ended keeps the draft it ended with."""
        changed: dict[str, Any] = {"draft": text} if written is None else {"draft": text, "written": written}
        async with self._database.begin() as connection:
            await connection.execute(turns.update().where(_is_open(turn_id)).values(**changed))

    async def save_drafts(self, drafts: Sequence[Draft]) -> None:
        """Commit the drafts of several turns at once, as `save_draft` does each."""
        if not drafts:
            return
        async with self._database.begin() as connection:
            grown = (
                turns.update()
                .where(_is_open(sa.bindparam("open_turn", type_=sa.String())))
                .values(draft=sa.bindparam("text"), written=sa.bindparam("whole"))
            )
            # In one order, so that nobody waits for somebody who waits for them.
            rows = [{"open_turn": one.turn, "text": one.text, "whole": one.written} for one in sorted(drafts, key=_by_turn)]
            await connection.execute(grown, rows)

    async def end_turn(self, turn_id: str, end: TurnEnd) -> bool:
        """Commit how the turn ended, and return whether this call ended it: the first end stands.

        A turn marked `interrupted` still takes its true end, should its program be alive after all.
        """
        row = {name: value for name, value in asdict(end).items() if value is not None}
        async with self._database.begin() as connection:
            ended = await connection.execute(turns.update().where(_is_open(turn_id)).values(**row, ended=now()))
        if ended.rowcount == 1:
            self._watcher.ended(turn_id, end)
        return ended.rowcount == 1

    async def mark_interrupted(self, instance: str) -> tuple[str, ...]:
        """Mark, at the start of a program, the turns whose program died while answering, and return their ids.

        No heartbeat is needed. On the host of `instance`, the program that starts, the system knows: the process is not
        there, or its id belongs to one that started later. Of another host nothing can be known, so that its turns count as
        left behind after an hour, much longer than any answer may last. Drafts are kept.
        """
        async with self._database.begin() as connection:
            open_turns = sa.select(turns.c.id, turns.c.instance, turns.c.started).where(turns.c.outcome == "answering")
            rows = (await connection.execute(open_turns)).all()
            left = tuple(row.id for row in rows if _is_left(row.instance, row.started, instance))
            for turn_id in left:
                still = sa.and_(turns.c.id == turn_id, turns.c.outcome == "answering")
                await connection.execute(turns.update().where(still).values(outcome="interrupted", ended=now()))
        return left

    async def turn(self, turn_id: str, *, owner: str) -> Turn | None:
        """Return the person's turn; None where there is none or it is somebody else's."""
        asked = turns.select().where(turns.c.id == turn_id, turns.c.asker == owner)
        async with self._database.read() as connection:
            row = (await connection.execute(asked)).mappings().first()
        return None if row is None else _turn(row)

    async def turns(self, workspace: str, limit: int = 50, *, owner: str) -> tuple[Turn, ...]:
        """Return the person's newest turns in a workspace, newest first; none from somebody else's."""
        asked = turns.select().where(turns.c.workspace == workspace, turns.c.asker == owner)
        newest = asked.order_by(turns.c.started.desc(), turns.c.id).limit(limit)
        async with self._database.read() as connection:
            return tuple(_turn(row) for row in (await connection.execute(newest)).mappings())

    async def record_adoption(self, adoption: Adoption) -> str:
        """Commit what a person made of a version or an item of it, and return the record's id.

        Raises BriefError where the version is missing or not the person's.
        """
        judged = (
            sa.select(artifact_versions.c.turn, artifacts.c.stage)
            .join_from(artifact_versions, artifacts, artifact_versions.c.artifact == artifacts.c.id)
            .join(workspaces, artifacts.c.workspace == workspaces.c.id)
            .where(artifact_versions.c.artifact == adoption.artifact, artifact_versions.c.number == adoption.version)
            .where(workspaces.c.owner == adoption.person)
        )
        row = {**asdict(adoption), "id": str(uuid4()), "created": now()}
        async with self._database.begin() as connection:
            version = (await connection.execute(judged)).first()
            if version is None:
                raise no_such_artifact()
            await connection.execute(adoptions.insert().values({**row, "turn": adoption.turn or version.turn}))
        self._watcher.adopted(version.stage, adoption)
        return str(row["id"])

    async def adoptions(self, artifact: str, *, owner: str) -> tuple[RecordedAdoption, ...]:
        """Return what was made of the person's artifact, oldest first; nothing for somebody else's."""
        asked = (
            sa.select(*adoptions.c)
            .join_from(adoptions, artifacts, adoptions.c.artifact == artifacts.c.id)
            .join(workspaces, artifacts.c.workspace == workspaces.c.id)
            .where(adoptions.c.artifact == artifact, workspaces.c.owner == owner)
            .order_by(adoptions.c.created, adoptions.c.id)
        )
        names = [field.name for field in fields(Adoption)]
        async with self._database.read() as connection:
            rows = (await connection.execute(asked)).mappings()
            return tuple(
                RecordedAdoption(row["id"], Adoption(**{name: row[name] for name in names}), row["created"]) for row in rows
            )

    async def adoption_rates(self) -> tuple[AdoptionRate, ...]:
        """Return how answers were adopted, for each stage and version of its prompt, over everybody's turns.

        A person who changes their mind about an item is counted once, with the last word. For an operator: it names nobody.
        """
        async with self._database.read() as connection:
            return tuple(AdoptionRate(**row) for row in (await connection.execute(_rates())).mappings())


def _is_left(written_by: str, started: datetime, instance: str) -> bool:
    """Tell whether nobody answers the turn any more."""
    gone = is_gone(written_by, seen_from=instance)
    return now() - started > _LEFT_BEHIND if gone is None else gone


def _by_turn(draft: Draft) -> str:
    return draft.turn


def _is_open(turn_id: "str | sa.BindParameter[str]") -> sa.ColumnElement[bool]:
    """Return the condition that the turn may still be written to."""
    return sa.and_(turns.c.id == turn_id, sa.or_(*(turns.c.outcome == outcome for outcome in _OPEN)))


def _turn(row: sa.RowMapping) -> Turn:
    """Return the turn of a row; lists of JSON come back as tuples."""
    lists = {name: tuple(row[name]) for name in _ROWS}
    return Turn(**{**row, **lists, "upstream": tuple(row["upstream"] or ()), "written": row["written"] or {}})


def _rates() -> sa.Select[Any]:
    """Return the question for the counts of each kind of adoption."""
    theme = (adoptions.c.artifact, adoptions.c.version, adoptions.c.item, adoptions.c.person)
    order = sa.func.row_number().over(partition_by=theme, order_by=(adoptions.c.created.desc(), adoptions.c.id))
    words = sa.select(adoptions.c.turn, adoptions.c.kind, order.label("age")).subquery()
    counts = (sa.func.count().filter(words.c.kind == kind).label(kind) for kind in ("accepted", "edited", "rejected"))
    return (
        sa.select(turns.c.stage, turns.c.prompt_hash, *counts)
        .join_from(words, turns, words.c.turn == turns.c.id)
        .where(words.c.age == 1)
        .group_by(turns.c.stage, turns.c.prompt_hash)
        .order_by(turns.c.stage, turns.c.prompt_hash)
    )
