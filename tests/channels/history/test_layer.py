"""Chainlit's data layer of ours: what a page says is on record, in order, for its person alone, and trouble is never swallowed."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from chainlit.context import ChainlitContext, context_var
from chainlit.element import CustomElement, File
from chainlit.session import HTTPSession, WebsocketSession, ws_sessions_id, ws_sessions_sid
from chainlit.types import Feedback, Pagination, ThreadFilter
from chainlit.user import User

from channels.history.layer import ChatHistory
from errors import BriefError, RecordsError
from records.database import Database, sqlite_url
from records.migrate import migrate


class Page:
    """A history over one database, and how often a person was told that something waits."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.told = 0
        self.history = ChatHistory(lambda: self.database, self._tell)

    async def _tell(self) -> None:
        self.told += 1


def at_hand(person: str, thread: str | None = None) -> str:
    """Have a person's page at hand, without a websocket; return the id of its thread."""
    session = HTTPSession(id=str(uuid4()), client_type="webapp", thread_id=thread, user=User(identifier=person))
    context_var.set(ChainlitContext(session))
    return str(session.thread_id)


def typed(thread: str, output: str = "Freeze a card") -> dict[str, Any]:
    return {"id": str(uuid4()), "threadId": thread, "type": "user_message", "name": "Ana", "output": output}


@pytest.fixture
async def page(database: Database) -> AsyncIterator[Page]:
    page = Page(database)
    yield page
    await page.history.close()


async def names_of(page: Page, person: str, **wanted: Any) -> list[str | None]:
    found = await page.history.list_threads(Pagination(first=20), ThreadFilter(userId=person, **wanted))
    return [thread["name"] for thread in found.data]


async def test_a_chat_is_kept_named_after_its_first_message_and_found(page: Page) -> None:
    thread = at_hand("ana")
    for step in (typed(thread, "Freeze a card 冻结"), typed(thread, "And now?")):
        await page.history.create_step(step)
    await page.history.update_thread(
        thread, name="open_desk", metadata={"chat_settings": {"language": "zh"}, "env": {"KEY": "s"}}
    )
    assert await names_of(page, "ana") == await names_of(page, "ana", search="冻结") == ["Freeze a card 冻结"]
    assert await names_of(page, "ben") == await names_of(page, "ana", search="thaw") == []
    chat = await page.history.get_thread(thread)
    assert chat is not None
    assert [step["output"] for step in chat["steps"]] == ["Freeze a card 冻结", "And now?"]
    assert chat["metadata"] == {"chat_settings": {"language": "zh"}}
    assert await page.history.get_thread_author(thread) == "ana"


async def test_a_custom_element_and_a_file_survive(page: Page, tmp_path: Path) -> None:
    thread = at_hand("ana")
    message = typed(thread)
    await page.history.create_step(message)
    card = CustomElement(name="ArtifactCard", props={"phase": "working", "items": []}, for_id=message["id"])
    await page.history.create_element(card)
    card.props = {"phase": "ready", "items": [{"title": "One"}]}
    await page.history.create_element(card)
    (tmp_path / "notes.txt").write_text("要点", "utf-8")
    file = File(name="notes.txt", path=str(tmp_path / "notes.txt"), for_id=message["id"])
    await page.history.create_element(file)
    gone = File(name="gone.txt", path=str(tmp_path / "gone.txt"), for_id=message["id"])
    await page.history.create_element(gone)
    chat = await page.history.get_thread(thread)
    assert chat is not None
    elements = {element["name"]: element for element in chat["elements"] or []}
    assert elements["ArtifactCard"]["props"] == {"phase": "ready", "items": [{"title": "One"}]}
    assert elements["notes.txt"]["url"] == f"/chats/files/{file.id}"
    assert elements["gone.txt"]["url"] is None
    assert await page.history.get_element(thread, card.id) == elements["ArtifactCard"]
    await page.history.delete_element(card.id, thread)
    assert await page.history.get_element(thread, card.id) is None


async def test_writes_that_chainlit_starts_and_never_awaits_keep_their_order(page: Page) -> None:
    thread = at_hand("ana")
    message = typed(thread, "first")
    started = [
        asyncio.ensure_future(page.history.update_step({**message, "output": output})) for output in ("first", "second", "third")
    ]
    await page.history.flush()
    assert all(task.done() for task in started)
    chat = await page.history.get_thread(thread)
    assert chat is not None
    assert [step["output"] for step in chat["steps"]] == ["third"]


async def test_nothing_of_another_persons_thread_can_be_read_or_written(page: Page) -> None:
    thread = at_hand("ana")
    message = typed(thread)
    await page.history.create_step(message)
    at_hand("ben", thread)
    assert await page.history.get_thread(thread) is None
    for attempt in (
        page.history.create_step(typed(thread)),
        page.history.update_step({**message, "output": "mine"}),
        page.history.delete_step(message["id"]),
        page.history.update_thread(thread, metadata={"is_shared": True}),
        page.history.delete_thread(thread),
        page.history.upsert_feedback(Feedback(forId=message["id"], value=0)),
        page.history.delete_feedback(str(uuid4())),
    ):
        with pytest.raises(BriefError):
            await attempt
    at_hand("ana", thread)
    await page.history.upsert_feedback(Feedback(forId=message["id"], value=0, comment="no"))
    assert await names_of(page, "ana", feedback=0) == ["Freeze a card"]
    await page.history.delete_thread(thread)
    assert await page.history.get_thread(thread) is None


@pytest.mark.parametrize("thread", ["", "x", "' OR 1=1 --", "8047F700-0932-465F-80DA-CA4829C2E0FC"])
async def test_an_id_that_is_no_uuid_of_ours_is_not_found_and_never_written(page: Page, thread: str) -> None:
    at_hand("ana")
    assert await page.history.get_thread(thread) is None
    assert await page.history.get_thread_author(thread) == ""
    if thread:
        with pytest.raises(BriefError):
            await page.history.update_thread(thread, metadata={})


async def test_while_the_records_are_in_trouble_it_is_told_once_and_written_afterwards(page: Page, tmp_path: Path) -> None:
    thread, sound = at_hand("ana"), page.database
    page.database = Database(sqlite_url(tmp_path / "missing"))
    for output in ("one", "two"):
        with pytest.raises(RecordsError):
            await page.history.create_step(typed(thread, output))
    assert page.told == 1
    with pytest.raises(RecordsError):
        await page.history.get_thread(thread)
    await page.database.close()
    page.database = sound
    await page.history.flush()
    chat = await page.history.get_thread(thread)
    assert chat is not None
    assert [step["output"] for step in chat["steps"]] == ["one", "two"]


async def test_a_chat_in_which_nothing_was_asked_leaves_no_trace(page: Page) -> None:
    thread = str(uuid4())
    session = WebsocketSession(
        id=str(uuid4()),
        socket_id=str(uuid4()),
        emit=lambda *_: None,
        emit_call=lambda *_: None,
        user_env={},
        client_type="webapp",
        thread_id=thread,
        user=User(identifier="ana"),
    )
    context_var.set(ChainlitContext(session))
    await page.history.create_step({**typed(thread, "waits"), "type": "assistant_message"})
    assert await page.history.get_thread_author(thread) == ""
    session.has_first_interaction = True
    await page.history.create_step(typed(thread, "asks"))
    chat = await page.history.get_thread(thread)
    assert chat is not None
    assert [step["output"] for step in chat["steps"]] == ["waits", "asks"]
    ws_sessions_id.pop(session.id)
    ws_sessions_sid.pop(session.socket_id)


async def test_a_person_is_whom_the_sign_in_vouched_for(page: Page) -> None:
    found = await page.history.get_user("ana")
    made = await page.history.create_user(User(identifier="ana"))
    assert found is not None
    assert made is not None
    assert (found.id, found.identifier) == (made.id, made.identifier) == ("ana", "ana")


async def test_what_is_closed_is_written_before_the_database_goes(tmp_path: Path) -> None:
    database = Database(sqlite_url(tmp_path))
    await migrate(database)
    page, thread = Page(database), at_hand("ana")
    task = asyncio.ensure_future(page.history.create_step(typed(thread)))
    await page.history.close()
    assert task.done()
    assert await page.history.get_thread_author(thread) == "ana"
    await database.close()
