"""Chainlit's data layer over our records: every method awaits and raises, and everything belongs to one person.

Chainlit starts most writes as tasks that nobody awaits. They go through the outbox of their page, which keeps their order and tries again
what the database refused; the person is told once.
"""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, cast
from weakref import WeakKeyDictionary

from chainlit.context import context
from chainlit.data.base import BaseDataLayer
from chainlit.types import Feedback, PageInfo, PaginatedResponse, Pagination, ThreadDict, ThreadFilter
from chainlit.user import PersistedUser, User

from chains.gathering.gathered import first_words
from channels.history.at_hand import content_of, has_begun, is_id, person_at_hand, take_seen
from channels.history.dictionaries import (
    Json,
    chat_dict,
    element_row,
    shown_words,
    spoken_words,
    step_row,
    thread_dict,
)
from channels.history.outbox import Outbox, Write
from errors import AssistantError, RecordsError
from records.chat_pages import ChatPages
from records.chats import Chats, no_such_chat
from records.database import Database

if TYPE_CHECKING:
    from chainlit.element import Element, ElementDict
    from chainlit.step import StepDict

# What belongs to a thread as a whole; the rest of a session is made anew when the thread is opened again.
_OF_A_THREAD = ("chat_settings", "client_type")
_FLUSH_PAUSE = 0.02


class ChatHistory(BaseDataLayer):  # type: ignore[misc]  # Chainlit is untyped
    """See the module. `database` is asked for at each call; `unsaved` tells the person that a write waits."""

    def __init__(self, database: Callable[[], Database], unsaved: Callable[[], Awaitable[None]]) -> None:
        self._database = database
        self._unsaved = unsaved
        self._outboxes: WeakKeyDictionary[Any, Outbox] = WeakKeyDictionary()

    async def get_user(self, identifier: str) -> PersistedUser | None:
        """Return whom our sign-in vouched for: the identifier is a person's id, and people are on record elsewhere."""
        return PersistedUser(id=identifier, identifier=identifier, createdAt=datetime.now(UTC).isoformat())

    async def create_user(self, user: User) -> PersistedUser | None:
        """Return the person as they are; they need no row here."""
        return await self.get_user(user.identifier)

    async def create_step(self, step_dict: "StepDict") -> None:
        """Keep a step; the first message of a thread gives it its name. Raises AssistantError."""
        step = cast(Json, dict(step_dict))
        thread, owner = self._place(step.get("threadId"))

        async def write() -> None:
            if step.get("type") == "user_message" and (name := first_words(str(step.get("output") or ""))):
                await self._chats.name(thread, owner, name, anew=False)
            await self._chats.keep_step(thread, owner, step_row(step), words=spoken_words(step))

        await self._written(write)

    async def update_step(self, step_dict: "StepDict") -> None:
        """Keep a step as it is now. Raises AssistantError."""
        await self.create_step(step_dict)

    async def delete_step(self, step_id: str) -> None:
        """Delete a step of the thread at hand. Raises AssistantError."""
        thread, owner = self._place(None)
        await self._written(lambda: self._chats.delete_step(thread, owner, step_id))

    async def create_element(self, element: "Element") -> None:
        """Keep an element, with the content of a file. Raises AssistantError."""
        shown = cast(Json, element.to_dict())
        thread, owner = self._place(shown.get("threadId"))
        row, words = element_row(shown), shown_words(shown.get("props"))

        async def write() -> None:
            content = None if shown.get("type") == "custom" else await content_of(element)
            await self._chats.keep_element(thread, owner, row, words=words, content=content)

        await self._written(write)

    async def get_element(self, thread_id: str, element_id: str) -> "ElementDict | None":
        """Return an element of a thread of the person at hand; None where there is none."""
        thread = await self.get_thread(thread_id)
        found = [element for element in (thread or {}).get("elements") or [] if element["id"] == element_id]
        return found[0] if found else None

    async def delete_element(self, element_id: str, thread_id: str | None = None) -> None:
        """Delete an element. Raises AssistantError."""
        thread, owner = self._place(thread_id)
        await self._written(lambda: self._chats.delete_element(thread, owner, element_id))

    async def get_thread_author(self, thread_id: str) -> str:
        """Return whose a thread is; nothing where there is none."""
        return await self._pages.owner_of(thread_id) or "" if is_id(thread_id) else ""

    async def get_thread(self, thread_id: str) -> ThreadDict | None:
        """Return a thread, to a page with everything in it; None where there is none of the person at hand.

        Before a page is there, Chainlit only looks whose the thread is.
        """
        if not is_id(thread_id):
            return None
        who = person_at_hand()
        owner = who or await self._pages.owner_of(thread_id)
        if owner is None:
            return None
        if who is None:
            bare = {"id": thread_id, "created": None, "name": None, "owner": owner, "tags": None, "metadata": None}
            return cast(ThreadDict, thread_dict(bare, [], []))
        chat = await self._pages.chat(thread_id, owner)
        return None if chat is None else cast(ThreadDict, chat_dict(chat))

    async def list_threads(self, pagination: Pagination, filters: ThreadFilter) -> PaginatedResponse[ThreadDict]:
        """Return a page of a person's threads, the newest first, without what is in them."""
        after = pagination.cursor if pagination.cursor and is_id(pagination.cursor) else None
        page = await self._pages.page(
            filters.userId or "", first=pagination.first, after=after, search=filters.search or "", value=filters.feedback
        )
        threads = [cast(ThreadDict, thread_dict(row, [], [])) for row in page.threads]
        ends = (threads[0]["id"], threads[-1]["id"]) if threads else (None, None)
        return PaginatedResponse(pageInfo=PageInfo(page.more, *ends), data=threads)

    async def update_thread(
        self,
        thread_id: str,
        name: str | None = None,  # noqa: ARG002  Chainlit hands it over by name
        user_id: str | None = None,  # noqa: ARG002
        metadata: dict[str, Any] | None = None,
        tags: list[str] | None = None,
    ) -> None:
        """Keep what belongs to a thread as a whole. Raises AssistantError.

        `name` is what Chainlit takes for one: the first message, or the button that was pressed first. The first message names it
        anyhow, and people rename it by a route of ours.
        """
        thread, owner = self._place(thread_id)
        kept = None if metadata is None else {key: metadata[key] for key in _OF_A_THREAD if metadata.get(key)}
        await self._written(lambda: self._chats.note(thread, owner, metadata=kept, tags=tags))

    async def delete_thread(self, thread_id: str) -> None:
        """Delete a thread of the person at hand for real. Raises AssistantError."""
        await self._chats.delete_thread(*self._place(thread_id))

    async def upsert_feedback(self, feedback: Feedback) -> str:
        """Keep what the person at hand thinks of an answer. Raises AssistantError."""
        return await self._chats.judge(self._owner(), feedback.forId, feedback.value, feedback.comment or "")

    async def delete_feedback(self, feedback_id: str) -> bool:
        """Take a thumb of the person at hand back. Raises AssistantError."""
        await self._chats.unjudge(self._owner(), feedback_id)
        return True

    async def get_favorite_steps(self, user_id: str) -> list["StepDict"]:  # noqa: ARG002
        """Return nothing: favourites are off."""
        return []

    async def build_debug_url(self) -> str:
        """Return nothing: there is no page of that kind."""
        return ""

    async def flush(self) -> None:
        """Wait until the page at hand has put everything on record. Raises RecordsError where it cannot."""
        # The tasks that Chainlit started have to reach the outbox first.
        await asyncio.sleep(_FLUSH_PAUSE)
        await self._outbox(context.session).flush()

    async def close(self) -> None:
        """Put everything on record that still waits; called before the database is closed."""
        await asyncio.sleep(_FLUSH_PAUSE)
        started = [box for session, box in self._outboxes.items() if has_begun(session)]
        await asyncio.gather(*(box.close() for box in started))

    async def _written(self, write: Write) -> None:
        """Write in order, or keep the write until the chat begins. Raises AssistantError."""
        session = context.session
        box = self._outbox(session)
        if not has_begun(session):
            box.hold(write)
            return
        is_news = not box.is_in_trouble
        try:
            await box.put(write)
        except AssistantError as error:
            take_seen(asyncio.current_task())
            if is_news and isinstance(error, RecordsError):
                await self._unsaved()
            raise

    def _outbox(self, session: Any) -> Outbox:
        return self._outboxes.setdefault(session, Outbox(together=lambda: self._database().together()))

    def _place(self, thread: str | None) -> tuple[str, str]:
        """Return the thread and its owner, who is at hand. Raises BriefError where either is unsound."""
        found = thread or context.session.thread_id
        if not is_id(found):
            raise no_such_chat()
        return found, self._owner()

    def _owner(self) -> str:
        who = person_at_hand()
        if who is None:
            raise no_such_chat()
        return who

    @property
    def _chats(self) -> Chats:
        return Chats(self._database())

    @property
    def _pages(self) -> ChatPages:
        return ChatPages(self._database())
