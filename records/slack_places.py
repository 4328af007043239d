"""Where the assistant takes part in Slack: threads and what was answered last in them, what it posted, what a channel may see."""

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from records.database import Database, now
from records.slack_tables import slack_channels, slack_posts, slack_threads


@dataclass(frozen=True)
class SlackThread:
    """What was answered last in a thread, and to whom (ids of the directory, the ledger and the workspace)."""

    channel: str
    thread: str
    person: str | None
    stage: str | None
    turn: str | None
    artifact: str | None


@dataclass(frozen=True)
class SlackPost:
    """A message of ours: which part of which artifact it shows."""

    channel: str
    ts: str
    thread: str
    artifact: str | None
    part: int


@dataclass(frozen=True)
class SlackChannel:
    """What an admin settled for a channel: the group whose knowledge it sees, the workspace its artifacts belong to."""

    channel: str
    group: str | None
    workspace: str | None


class SlackPlaces:
    """Reads and writes threads, posts and channels. Every method raises RecordsError where the database is in trouble."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def thread(self, channel: str, thread: str) -> SlackThread | None:
        """Return a thread in which the assistant takes part."""
        asked = slack_threads.select().where(slack_threads.c.channel == channel, slack_threads.c.thread == thread)
        async with self._database.read() as connection:
            row = (await connection.execute(asked)).mappings().first()
        return None if row is None else SlackThread(**{name: row[name] for name in SlackThread.__dataclass_fields__})

    async def keep_thread(self, team: str, thread: SlackThread) -> None:
        """Commit what was answered last in a thread, in which the assistant takes part from here on."""
        await self._put(slack_threads, ["channel", "thread"], {**vars(thread), "team": team, "seen": now()})

    async def keep_post(self, post: SlackPost, inbox: str | None = None) -> None:
        """Commit that a message is ours, and what it shows."""
        await self._put(slack_posts, ["channel", "ts"], {**vars(post), "inbox": inbox, "posted": now()})

    async def posts_of(self, artifact: str) -> tuple[SlackPost, ...]:
        """Return every message that shows an artifact, in the order of their parts."""
        asked = slack_posts.select().where(slack_posts.c.artifact == artifact)
        return await self._posts(asked.order_by(slack_posts.c.thread, slack_posts.c.part))

    async def posts_for(self, inbox: str) -> tuple[SlackPost, ...]:
        """Return every message that answers an arrival."""
        return await self._posts(slack_posts.select().where(slack_posts.c.inbox == inbox).order_by(slack_posts.c.part))

    async def posts_in(self, channel: str, thread: str) -> frozenset[str]:
        """Return the timestamps of our messages in a thread that are on record."""
        asked = slack_posts.select().where(slack_posts.c.channel == channel, slack_posts.c.thread == thread)
        return frozenset(post.ts for post in await self._posts(asked))

    async def channel(self, channel: str) -> SlackChannel:
        """Return what was settled for a channel; nothing by default."""
        asked = slack_channels.select().where(slack_channels.c.channel == channel)
        async with self._database.read() as connection:
            row = (await connection.execute(asked)).mappings().first()
        return SlackChannel(channel, row["group"] if row else None, row["workspace"] if row else None)

    async def settle_channel(self, settled: SlackChannel) -> None:
        """Commit what a channel sees; a channel without group and workspace is forgotten."""
        if settled.group is None and settled.workspace is None:
            async with self._database.begin() as connection:
                await connection.execute(slack_channels.delete().where(slack_channels.c.channel == settled.channel))
            return
        await self._put(slack_channels, ["channel"], {**vars(settled), "changed": now()})

    async def channels(self) -> tuple[SlackChannel, ...]:
        """Return every channel for which something was settled."""
        async with self._database.read() as connection:
            rows = (await connection.execute(slack_channels.select().order_by(slack_channels.c.channel))).mappings()
            return tuple(SlackChannel(row["channel"], row["group"], row["workspace"]) for row in rows)

    async def _posts(self, asked: sa.Select[Any]) -> tuple[SlackPost, ...]:
        async with self._database.read() as connection:
            rows = (await connection.execute(asked)).mappings()
            return tuple(SlackPost(**{name: row[name] for name in SlackPost.__dataclass_fields__}) for row in rows)

    async def _put(self, table: sa.Table, keys: list[str], row: dict[str, Any]) -> None:
        insert = sqlite.insert if self._database.is_sqlite else postgresql.insert
        changed = {name: value for name, value in row.items() if name not in keys}
        async with self._database.begin() as connection:
            await connection.execute(insert(table).values(row).on_conflict_do_update(index_elements=keys, set_=changed))
