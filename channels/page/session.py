"""One person's open page: their language, preferences, the queue of their briefs, and the boundary that errors end at."""

import asyncio
import contextlib
import logging
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any
from weakref import WeakKeyDictionary

import chainlit as cl

from chains.events import Person
from channels.page.desks import DeskFull, desk_of
from channels.page.from_browser import Preferences, read_preferences
from channels.people import Again
from channels.rendering import plain
from channels.texts import Texts, language_of_reader, texts_in
from errors import AssistantError, RecordsError, failure_id_of

_log = logging.getLogger("stagecraft.page")


@dataclass(eq=False)
class _Visitor:
    """Who is behind an open page, as they were found last, and how to ask once more; messages wait for that in their order."""

    person: Person
    again: Again
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)


_visitors: WeakKeyDictionary[Any, _Visitor] = WeakKeyDictionary()


def note_visitor(session: Any, who: Person, again: Again) -> None:
    """Note who opened a page, and how to ask later whether they may go on; done whenever it connects."""
    _visitors[session] = _Visitor(who, again)


def visitor_of(session: Any) -> Person:
    """Return who is behind an open page."""
    return _visitors[session].person


async def visitor_now(session: Any) -> Person | None:
    """Ask who is behind an open page now, with the roles and groups of this moment; None where they may not go on.

    While the records cannot be read, whoever was found last stays: nobody can be answered then either.
    """
    visitor = _visitors[session]
    async with visitor.lock:
        try:
            found = await visitor.again()
        except RecordsError as error:
            _log.warning("a visitor cannot be asked for: %s (%s)", error, error.detail)
            return visitor.person
        if found is None or found.id != visitor.person.id:
            return None
        visitor.person = found
        return found


def open_pages() -> tuple[Any, ...]:
    """Return the sessions of the pages that are open, or were a moment ago."""
    return tuple(_visitors)


def person() -> Person:
    """Return who is at this page."""
    return visitor_of(cl.context.session)


def page_texts() -> Texts:
    """Return the texts in the language of the person's browser."""
    return texts_in(language_of_reader(cl.context.session.language))


def preferences() -> Preferences:
    """Return what the person chose beside the text field."""
    return read_preferences(cl.context.session.chat_settings)


async def say(text: str) -> Any:
    """Post a sentence of ours, shown as it is written."""
    return await cl.Message(plain(text)).send()


@contextlib.asynccontextmanager
async def guarded() -> AsyncIterator[None]:
    """End errors here: Chainlit would keep silent and yet send an exception's text to the browser."""
    try:
        yield
    except AssistantError as error:
        await say(error.sentence(page_texts().language))
    except Exception:  # noqa: BLE001 - the one boundary of the page
        await say(page_texts()("unexpected", id=logged("the chat")))


def logged(where: str) -> str:
    """Log the exception at hand once and return the number that the person is told."""
    failure_id = failure_id_of(sys.exception())
    _log.exception("failure %s in %s", failure_id, where)
    return failure_id


@contextlib.asynccontextmanager
async def turn() -> AsyncIterator[bool]:
    """Hold this page's desk while a brief is answered; yields False where too many wait already."""
    try:
        async with desk_of(cl.context.session).turn(_wait):
            yield True
    except DeskFull:
        await say(page_texts()("queue_full"))
        yield False


async def _wait(lock: asyncio.Lock) -> None:
    """Take the lock when it is free; the person is told that the brief waits."""
    texts = page_texts()
    note = await say(texts("queued"))
    try:
        await lock.acquire()
    except asyncio.CancelledError:
        note.content = plain(texts("queue_left"))
        await note.update()
        raise
    await note.remove()
    # The answer before this one has told the page that nothing runs any more.
    await cl.context.emitter.task_start()
