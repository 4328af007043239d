"""What Slack has sent, each taken in once, answered once, and in order, by however many replicas share the database."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal
from uuid import uuid4

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from records.database import Database, now
from records.instances import is_gone
from records.slack_tables import slack_inbox, slack_threads

Kind = Literal["message", "command", "shortcut", "press", "submission", "opened"]
# How long a replica may be silent before another takes over what it was doing, and how often it says that it is alive.
LEASE_SECONDS, RENEW_SECONDS = 60.0, 15.0
_HELD_FOR = timedelta(minutes=2)
_KEPT_FOR = timedelta(days=3)


@dataclass(frozen=True)
class Arrival:
    """Something that Slack sent: `event` is its id there, `post` the message it is about, `lane` what it stands in line with.

    `starts` says that whoever wrote it wants the assistant in this thread (`channel`, `thread`) from here on.
    """

    team: str
    event: str
    kind: Kind
    lane: str
    position: str
    person: str
    channel: str
    payload: dict[str, Any]
    post: str | None = None
    thread: str = ""
    starts: bool = False


@dataclass(frozen=True)
class Work:
    """One arrival that this program is to answer; `artifact` is what an earlier attempt got to."""

    id: str
    team: str
    kind: Kind
    lane: str
    position: str
    person: str
    channel: str
    payload: dict[str, Any]
    attempts: int
    artifact: str | None


class SlackInbox:
    """Takes arrivals in and deals them out. Every method raises RecordsError where the database is in trouble."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def take(self, arrival: Arrival) -> bool:
        """Commit an arrival as waiting; tell whether it is new. Who starts a thread wakes what came too early for it."""
        async with self._database.begin() as connection:
            fresh = await self._insert(connection, arrival, "waiting", arrival.payload)
            if fresh and arrival.starts:
                await self._join(connection, arrival)
        if fresh and arrival.starts:
            # In a transaction of its own, so that it sees all that was held until the thread was on record.
            await self._wake(arrival.lane, since=arrival.position)
        return fresh

    async def take_if_known(self, arrival: Arrival) -> bool:
        """Commit a message of a thread in which the assistant takes part; tell whether it is new.

        Slack may send it before the mention that starts the thread: it is held for two minutes, without its text.
        """
        if await self.takes_part(arrival.channel, arrival.thread):
            return await self.take(arrival)
        event = {name: value for name, value in arrival.payload["event"].items() if name not in _PRIVATE}
        async with self._database.begin() as connection:
            fresh = await self._insert(connection, arrival, "held", {**arrival.payload, "event": event})
        if fresh and await self.takes_part(arrival.channel, arrival.thread):
            await self._wake(arrival.lane, since=arrival.position)
        return False

    async def takes_part(self, channel: str, thread: str) -> bool:
        """Tell whether the assistant takes part in a thread."""
        asked = sa.select(slack_threads.c.thread).where(slack_threads.c.channel == channel, slack_threads.c.thread == thread)
        async with self._database.read() as connection:
            return (await connection.execute(asked)).first() is not None

    async def claim(self, instance: str, kinds: Collection[Kind]) -> Work | None:
        """Return the next arrival of these kinds for this program: the first of its lane, where nobody works; None if there is none."""
        earlier = slack_inbox.alias()
        before = sa.or_(
            earlier.c.state == "working",
            sa.and_(
                earlier.c.state == "waiting",
                sa.tuple_(earlier.c.position, earlier.c.id) < sa.tuple_(slack_inbox.c.position, slack_inbox.c.id),
            ),
        )
        chosen = (
            sa.select(slack_inbox.c.id)
            .where(slack_inbox.c.state == "waiting", slack_inbox.c.kind.in_(kinds))
            .where(~sa.exists().where(earlier.c.lane == slack_inbox.c.lane, earlier.c.id != slack_inbox.c.id, before))
            .order_by(slack_inbox.c.received, slack_inbox.c.position)
            .limit(1)
            .with_for_update(skip_locked=True)
        )
        taken = (
            slack_inbox.update()
            .where(slack_inbox.c.id == chosen.scalar_subquery(), slack_inbox.c.state == "waiting")
            .values(state="working", instance=instance, lease=_lease(), attempts=slack_inbox.c.attempts + 1)
            .returning(*(slack_inbox.c[name] for name in Work.__dataclass_fields__))
        )
        try:
            async with self._database.begin() as connection:
                row = (await connection.execute(taken)).mappings().first()
        except sa.exc.IntegrityError:
            # Another replica took an earlier one of the same lane at this moment.
            return None
        return None if row is None else Work(**row)

    async def renew(self, work: Work, instance: str) -> bool:
        """Say that this program is alive; False where the work is no longer its own."""
        return await self._change(work, instance, lease=_lease())

    async def note_artifact(self, work: Work, instance: str, artifact: str) -> None:
        """Commit that the artifact of an answer is on record: a later attempt has only to show it."""
        await self._change(work, instance, artifact=artifact)

    async def end(self, work: Work, instance: str, state: Literal["done", "failed"] = "done") -> bool:
        """Commit that an arrival is answered and forget what it said; False where the work was no longer this program's."""
        return await self._change(work, instance, state=state, payload=None, lease=None, ended=now())

    async def give_back(self, work: Work, instance: str) -> None:
        """Let whoever comes next go on with it; the attempt counts."""
        await self._change(work, instance, state="waiting", instance=None, lease=None)

    async def release_left(self, instance: str) -> int:
        """Put back in line what a program left behind that died or went silent, and return how many."""
        working = sa.select(slack_inbox.c.id, slack_inbox.c.instance, slack_inbox.c.lease).where(slack_inbox.c.state == "working")
        async with self._database.begin() as connection:
            rows = (await connection.execute(working)).all()
            left = [row.id for row in rows if _is_left(row.instance, row.lease, instance)]
            for one in left:
                still = sa.and_(slack_inbox.c.id == one, slack_inbox.c.state == "working")
                await connection.execute(slack_inbox.update().where(still).values(state="waiting", instance=None, lease=None))
        return len(left)

    async def sweep(self) -> None:
        """Forget what was held in vain, and after three days that something was answered: Slack repeats for an hour at most."""
        old = sa.or_(
            sa.and_(slack_inbox.c.state == "held", slack_inbox.c.received < now() - _HELD_FOR),
            sa.and_(slack_inbox.c.state.in_(["done", "failed"]), slack_inbox.c.received < now() - _KEPT_FOR),
        )
        async with self._database.begin() as connection:
            await connection.execute(slack_inbox.delete().where(old))

    async def _insert(self, connection: Any, arrival: Arrival, state: str, payload: dict[str, Any]) -> bool:
        insert = sqlite.insert if self._database.is_sqlite else postgresql.insert
        names = ("team", "event", "post", "lane", "position", "kind", "person", "channel")
        row = {name: getattr(arrival, name) for name in names}
        row |= {"id": str(uuid4()), "payload": payload, "state": state, "attempts": 0, "received": now()}
        done = await connection.execute(insert(slack_inbox).values(row).on_conflict_do_nothing())
        return bool(done.rowcount == 1)

    async def _join(self, connection: Any, arrival: Arrival) -> None:
        insert = sqlite.insert if self._database.is_sqlite else postgresql.insert
        row = {"channel": arrival.channel, "thread": arrival.thread, "team": arrival.team, "seen": now()}
        await connection.execute(insert(slack_threads).values(row).on_conflict_do_nothing())

    async def _wake(self, lane: str, since: str) -> None:
        held = sa.and_(slack_inbox.c.lane == lane, slack_inbox.c.state == "held", slack_inbox.c.position >= since)
        async with self._database.begin() as connection:
            await connection.execute(slack_inbox.update().where(held).values(state="waiting"))

    async def _change(self, work: Work, program: str, /, **values: Any) -> bool:
        mine = sa.and_(slack_inbox.c.id == work.id, slack_inbox.c.state == "working", slack_inbox.c.instance == program)
        async with self._database.begin() as connection:
            done = await connection.execute(slack_inbox.update().where(mine).values(**values))
        return bool(done.rowcount == 1)


# What somebody wrote to others is not kept before it is known to be meant for the assistant.
_PRIVATE = frozenset({"text", "blocks", "attachments", "files"})


def _lease() -> datetime:
    return now() + timedelta(seconds=LEASE_SECONDS)


def _is_left(written_by: str | None, lease: datetime | None, instance: str) -> bool:
    """Tell whether nobody works on it any more: its program ended, or has been silent for the length of a lease."""
    if written_by is None or lease is None or lease < now():
        return True
    return is_gone(written_by, seen_from=instance) is True
