"""Chats as they are read: lists page by page with a search, and one thread with everything that was said in it."""

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from records.chat_tables import chat_elements, chat_feedback, chat_files, chat_steps, chat_threads
from records.chats import sought
from records.database import Database

Row = dict[str, Any]
Rows = tuple[Row, ...]
_MOST_A_PAGE = 100


@dataclass(frozen=True)
class ChatPage:
    """Some of a person's threads, the newest first, without what is in them; `more` tells whether others follow."""

    threads: Rows
    more: bool


@dataclass(frozen=True)
class Chat:
    """A thread with its steps in their order, what was shown at them, and what the person thought of them."""

    thread: Row
    steps: Rows
    elements: Rows
    feedback: Rows
    files: frozenset[str]


class ChatPages:
    """Reads chats of one person at a time. Every method raises RecordsError where the database is in trouble."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def page(
        self, owner: str, *, first: int = 20, after: str | None = None, search: str = "", value: int | None = None
    ) -> ChatPage:
        """Return a page of the person's named threads behind the thread `after`.

        `search` is found in names, messages, briefs and cards, whatever its case; `value` keeps those with such a thumb (1 up,
        0 down).
        """
        first = max(1, min(first, _MOST_A_PAGE))
        threads = chat_threads.c
        asked = sa.select(*threads).where(threads.owner == owner, threads.name.is_not(None))
        if after is not None:
            asked = asked.where(_behind(after, owner))
        if words := sought(search):
            asked = asked.where(_speaks_of(words))
        if value is not None:
            judged = sa.select(chat_feedback.c.thread).where(chat_feedback.c.value == value)
            asked = asked.where(threads.id.in_(judged))
        asked = asked.order_by(threads.created.desc(), threads.id.desc()).limit(first + 1)
        async with self._database.read() as connection:
            found = _rows(await connection.execute(asked))
        return ChatPage(found[:first], len(found) > first)

    async def owner_of(self, thread: str) -> str | None:
        """Return whose a thread is; None where there is none."""
        asked = sa.select(chat_threads.c.owner).where(chat_threads.c.id == thread)
        async with self._database.read() as connection:
            return (await connection.execute(asked)).scalar_one_or_none()

    async def chat(self, thread: str, owner: str) -> Chat | None:
        """Return a thread of the person's; None where there is none."""
        async with self._database.read() as connection:
            here = (chat_threads.c.id == thread, chat_threads.c.owner == owner)
            row = (await connection.execute(sa.select(*chat_threads.c).where(*here))).mappings().first()
            if row is None:
                return None
            steps, elements, feedback = [
                _rows(await connection.execute(_parts(table, thread))) for table in (chat_steps, chat_elements, chat_feedback)
            ]
            files = sa.select(chat_files.c.element).join(chat_elements).where(chat_elements.c.thread == thread)
            return Chat(dict(row), steps, elements, feedback, frozenset((await connection.execute(files)).scalars()))

    async def file(self, element: str, owner: str) -> tuple[str, bytes] | None:
        """Return the name and the content of a file of the person's chats; None where there is none."""
        asked = (
            sa.select(chat_elements.c.name, chat_files.c.content)
            .join_from(chat_files, chat_elements)
            .join(chat_threads, chat_threads.c.id == chat_elements.c.thread)
            .where(chat_files.c.element == element, chat_threads.c.owner == owner)
        )
        async with self._database.read() as connection:
            row = (await connection.execute(asked)).first()
        return None if row is None else (row[0], row[1])

    async def feedback_on(self, turns: tuple[str, ...]) -> Rows:
        """Return what people thought of these turns' answers, oldest first; for an operator's figures, it names nobody."""
        columns = (chat_feedback.c.turn, chat_feedback.c.value, chat_feedback.c.comment, chat_feedback.c.created)
        asked = sa.select(*columns).where(chat_feedback.c.turn.in_(turns)).order_by(chat_feedback.c.created)
        async with self._database.read() as connection:
            return _rows(await connection.execute(asked))


def _rows(result: sa.CursorResult[Any]) -> Rows:
    return tuple(dict(row) for row in result.mappings())


def _parts(table: sa.Table, thread: str) -> sa.Select[Any]:
    """Return the question for the rows of a thread, in the order in which they were made."""
    return sa.select(*table.c).where(table.c.thread == thread).order_by(table.c.created, table.c.id)


def _behind(after: str, owner: str) -> sa.ColumnElement[bool]:
    """Return the condition that a thread stands behind another one of the same person in their list."""
    threads = chat_threads.c
    last = sa.select(threads.created).where(threads.id == after, threads.owner == owner).scalar_subquery()
    return sa.or_(threads.created < last, sa.and_(threads.created == last, threads.id < after))


def _speaks_of(words: str) -> sa.ColumnElement[bool]:
    """Return the condition that a thread's name, a message of it or a card in it holds these words."""

    def found(column: sa.Column[Any]) -> sa.ColumnElement[bool]:
        return column.contains(words, autoescape=True)

    said = sa.exists().where(chat_steps.c.thread == chat_threads.c.id, found(chat_steps.c.sought))
    shown = sa.exists().where(chat_elements.c.thread == chat_threads.c.id, found(chat_elements.c.sought))
    return sa.or_(found(chat_threads.c.sought), said, shown)
