"""Chats on record: what was said and shown in each thread is written here, and deleted for real.

Every write names the thread and its owner. What belongs to another thread or another person answers as if it did not exist.
"""

from collections.abc import Mapping
from typing import Any
from uuid import uuid4

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert as postgres_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.ext.asyncio import AsyncConnection

from errors import BriefError
from records.chat_tables import chat_elements, chat_feedback, chat_files, chat_steps, chat_threads
from records.database import Database, now
from records.tables import turns

Row = Mapping[str, Any]
# What a person may keep in files of chats, all together, and in one file; both in bytes.
MOST_BYTES_A_PERSON, MOST_BYTES_A_FILE = 500_000_000, 20_000_000
# By so many characters a step or an element is found; what lies beyond is no word of a search.
_SOUGHT_CHARACTERS = 20_000


class Chats:
    """Writes chats; each call is one transaction. Every method raises RecordsError where the database is in trouble."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def open(self, thread: str, owner: str) -> None:
        """Keep a thread from its first moment on. Raises BriefError where it is somebody else's."""
        async with self._database.begin() as connection:
            await self._demand(connection, thread, owner)

    async def name(self, thread: str, owner: str, name: str, *, anew: bool = True) -> None:
        """Name a thread; without `anew` only where it has no name yet. Raises BriefError."""
        async with self._database.begin() as connection:
            await self._demand(connection, thread, owner)
            here = chat_threads.c.id == thread
            still = here if anew else sa.and_(here, chat_threads.c.name.is_(None))
            await connection.execute(chat_threads.update().where(still).values(name=name, sought=sought(name)))

    async def note(self, thread: str, owner: str, *, metadata: Any = None, tags: Any = None) -> None:
        """Keep what belongs to a thread as a whole; a None leaves what is on record. Raises BriefError."""
        changed = {key: value for key, value in (("metadata", metadata), ("tags", tags)) if value is not None}
        async with self._database.begin() as connection:
            await self._demand(connection, thread, owner)
            if changed:
                await connection.execute(chat_threads.update().where(chat_threads.c.id == thread).values(changed))

    async def keep_step(self, thread: str, owner: str, step: Row, *, words: str = "") -> None:
        """Keep a step, new or changed: what `step` does not name stays. It is found by `words`. Raises BriefError."""
        row = {"type": "undefined", "name": "", **step, "sought": sought(words)}
        async with self._database.begin() as connection:
            await self._demand(connection, thread, owner)
            await self._put(connection, chat_steps, thread, row, changed={**step, "sought": row["sought"]})

    async def keep_element(self, thread: str, owner: str, element: Row, *, words: str = "", content: bytes | None = None) -> bool:
        """Keep an element, new or changed, with the content of a file; it is found by `words`.

        Returns whether the content was kept: a file that is too large, or too much beside the person's others, is not.
        Raises BriefError.
        """
        row = {"type": "file", "name": "", **element, "sought": sought(words)}
        async with self._database.begin() as connection:
            await self._demand(connection, thread, owner)
            await self._put(connection, chat_elements, thread, row, changed={**element, "sought": row["sought"]})
            return content is None or await self._kept(connection, str(element["id"]), owner, content)

    async def delete_step(self, thread: str, owner: str, step: str) -> None:
        """Delete a step with what was shown at it. Raises BriefError where the thread is somebody else's."""
        async with self._database.begin() as connection:
            await self._demand(connection, thread, owner)
            for table, column in (
                (chat_steps, chat_steps.c.id),
                (chat_elements, chat_elements.c.step),
                (chat_feedback, chat_feedback.c.step),
            ):
                await connection.execute(table.delete().where(table.c.thread == thread, column == step))

    async def delete_element(self, thread: str, owner: str, element: str) -> None:
        """Delete an element and its file. Raises BriefError where the thread is somebody else's."""
        async with self._database.begin() as connection:
            await self._demand(connection, thread, owner)
            gone = chat_elements.delete().where(chat_elements.c.thread == thread, chat_elements.c.id == element)
            await connection.execute(gone)

    async def delete_thread(self, thread: str, owner: str) -> None:
        """Delete a thread with everything in it, files and thumbs included. Raises BriefError where there is none of this person's."""
        gone = chat_threads.delete().where(chat_threads.c.id == thread, chat_threads.c.owner == owner)
        async with self._database.begin() as connection:
            if (await connection.execute(gone)).rowcount != 1:
                raise no_such_chat()

    async def delete_of(self, owner: str) -> int:
        """Delete every chat of a person and return how many there were."""
        async with self._database.begin() as connection:
            return (await connection.execute(chat_threads.delete().where(chat_threads.c.owner == owner))).rowcount

    async def judge(self, owner: str, step: str, value: int, comment: str) -> str:
        """Keep what a person thinks of an answer (1 good, 0 bad), beside the turn that gave it, and return the id of that.

        Raises BriefError where the step is in no thread of theirs.
        """
        async with self._database.begin() as connection:
            thread = await _thread_of(connection, step, owner)
            row = {"turn": await _turn_shown(connection, step, owner), "value": value, "comment": comment, "created": now()}
            new = self._insert(chat_feedback).values(id=str(uuid4()), thread=thread, step=step, **row)
            await connection.execute(new.on_conflict_do_update(index_elements=["step"], set_=row))
            found = await connection.execute(sa.select(chat_feedback.c.id).where(chat_feedback.c.step == step))
            return str(found.scalar_one())

    async def unjudge(self, owner: str, feedback: str) -> None:
        """Take a thumb back. Raises BriefError where there is none of this person's."""
        theirs = sa.select(chat_threads.c.id).where(chat_threads.c.owner == owner)
        gone = chat_feedback.delete().where(chat_feedback.c.id == feedback, chat_feedback.c.thread.in_(theirs))
        async with self._database.begin() as connection:
            if (await connection.execute(gone)).rowcount != 1:
                raise no_such_chat()

    async def _demand(self, connection: AsyncConnection, thread: str, owner: str) -> None:
        """Open the thread where there is none. Raises BriefError where it is somebody else's."""
        new = self._insert(chat_threads).values(id=thread, owner=owner, sought="", created=now())
        await connection.execute(new.on_conflict_do_nothing())
        found = await connection.execute(sa.select(chat_threads.c.owner).where(chat_threads.c.id == thread))
        if found.scalar_one() != owner:
            raise no_such_chat()

    async def _put(self, connection: AsyncConnection, table: sa.Table, thread: str, row: Row, *, changed: Row) -> None:
        """Insert or update a row of a thread. Raises BriefError where its id is another thread's."""
        values = {"created": now(), **row, "thread": thread}
        set_ = {name: value for name, value in changed.items() if name not in ("id", "thread", "created")}
        put = (
            self._insert(table)
            .values(values)
            .on_conflict_do_update(index_elements=["id"], set_=set_, where=table.c.thread == thread)
        )
        if (await connection.execute(put)).rowcount != 1:
            raise no_such_chat()

    async def _kept(self, connection: AsyncConnection, element: str, owner: str, content: bytes) -> bool:
        """Keep a file's content where it fits beside what the person has kept already."""
        others = sa.and_(chat_files.c.owner == owner, chat_files.c.element != element)
        held = (
            await connection.execute(sa.select(sa.func.coalesce(sa.func.sum(chat_files.c.bytes), 0)).where(others))
        ).scalar_one()
        if len(content) > MOST_BYTES_A_FILE or held + len(content) > MOST_BYTES_A_PERSON:
            return False
        row = {"bytes": len(content), "content": content}
        put = self._insert(chat_files).values(element=element, owner=owner, **row)
        await connection.execute(put.on_conflict_do_update(index_elements=["element"], set_=row))
        return True

    def _insert(self, table: sa.Table) -> Any:
        return (sqlite_insert if self._database.is_sqlite else postgres_insert)(table)


def sought(words: str) -> str:
    """Return words as they are searched: without case, in one line."""
    return " ".join(words.casefold().split())[:_SOUGHT_CHARACTERS]


def no_such_chat() -> BriefError:
    """Return the one sentence for a chat, or a part of one, that is missing or somebody else's."""
    return BriefError("There is no such chat; choose one from the list.", "没有这个对话，请从列表中选择。")


async def _thread_of(connection: AsyncConnection, step: str, owner: str) -> str:
    asked = (
        sa.select(chat_steps.c.thread)
        .join(chat_threads, chat_threads.c.id == chat_steps.c.thread)
        .where(chat_steps.c.id == step, chat_threads.c.owner == owner)
    )
    thread = (await connection.execute(asked)).scalar_one_or_none()
    if thread is None:
        raise no_such_chat()
    return str(thread)


async def _turn_shown(connection: AsyncConnection, step: str, owner: str) -> str | None:
    """Return the owner's turn whose card was shown last below a step or at it; None where there is none on record."""
    below = sa.select(chat_steps.c.id).where(sa.or_(chat_steps.c.id == step, chat_steps.c.parent == step))
    asked = sa.select(chat_elements.c.props).where(chat_elements.c.step.in_(below)).order_by(chat_elements.c.created.desc())
    for props in (await connection.execute(asked)).scalars():
        if isinstance(props, dict) and (turn := props.get("turnId")):
            known = await connection.execute(sa.select(turns.c.id).where(turns.c.id == turn, turns.c.asker == owner))
            return known.scalar_one_or_none()
    return None
