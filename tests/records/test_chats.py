"""Chats are kept, found, judged and deleted, and each is its owner's alone."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
import sqlalchemy as sa

from errors import BriefError
from records.chat_pages import ChatPages
from records.chat_tables import chat_elements, chat_feedback, chat_files, chat_steps, chat_threads
from records.chats import MOST_BYTES_A_FILE, Chats
from records.database import Database
from records.ledger import Ledger
from records.turns import TurnStart

ANA, BEN = "ana", "ben"
TABLES = (chat_threads, chat_steps, chat_elements, chat_files, chat_feedback)


@pytest.fixture
def chats(database: Database) -> Chats:
    return Chats(database)


@pytest.fixture
def pages(database: Database) -> ChatPages:
    return ChatPages(database)


def said(output: str, **changed: Any) -> dict[str, Any]:
    """A step in which something was said."""
    return {"id": str(uuid4()), "type": "user_message", "name": "Ana", "output": output, **changed}


async def counts(database: Database) -> dict[str, int]:
    async with database.read() as connection:
        return {
            table.name: (await connection.execute(sa.select(sa.func.count()).select_from(table))).scalar_one() for table in TABLES
        }


async def threads_of(chats: Chats, owner: str, *names: str) -> list[str]:
    """Threads of these names, each newer than the one before."""
    ids = [str(uuid4()) for _ in names]
    for thread, name in zip(ids, names, strict=True):
        await chats.name(thread, owner, name)
    return ids


async def test_a_step_comes_back_as_it_was_kept_and_a_change_leaves_what_it_does_not_name(chats: Chats, pages: ChatPages) -> None:
    thread, moment = str(uuid4()), datetime(2026, 11, 22, 5, 0, 0, 123_000, tzinfo=UTC)
    step = said(
        "Freeze 冻结", created=moment, start=moment, modes={"stage": "faq"}, metadata={"a": [1]}, show_input="json", tags=["x"]
    )
    await chats.keep_step(thread, ANA, step)
    await chats.keep_step(thread, ANA, {"id": step["id"], "output": "Thaw", "end": moment})
    chat = await pages.chat(thread, ANA)
    assert chat is not None
    (row,) = chat.steps
    assert {name: row[name] for name in step} == {**step, "output": "Thaw"}
    assert row["end"] == moment


async def test_the_steps_of_a_chat_come_in_the_order_in_which_they_were_made(chats: Chats, pages: ChatPages) -> None:
    thread, moment = str(uuid4()), datetime(2026, 11, 22, tzinfo=UTC)
    for at in (2, 0, 1):
        await chats.keep_step(thread, ANA, said(f"{at}", created=moment + timedelta(seconds=at)))
    chat = await pages.chat(thread, ANA)
    assert chat is not None
    assert [step["output"] for step in chat.steps] == ["0", "1", "2"]


async def test_nothing_of_another_persons_chat_can_be_read_changed_or_deleted(
    chats: Chats, pages: ChatPages, database: Database
) -> None:
    (thread,) = await threads_of(chats, ANA, "Ana's")
    step = said("secret")
    element: dict[str, Any] = {"id": str(uuid4()), "name": "a.txt"}
    await chats.keep_step(thread, ANA, step)
    await chats.keep_element(thread, ANA, element, content=b"x")
    judged = await chats.judge(ANA, step["id"], 1, "")
    before = await counts(database)
    for attempt in (
        chats.open(thread, BEN),
        chats.name(thread, BEN, "Ben's"),
        chats.note(thread, BEN, metadata={"is_shared": True}),
        chats.keep_step(thread, BEN, said("mine")),
        chats.keep_element(thread, BEN, element),
        chats.delete_step(thread, BEN, step["id"]),
        chats.delete_element(thread, BEN, element["id"]),
        chats.delete_thread(thread, BEN),
        chats.judge(BEN, step["id"], 0, "bad"),
        chats.unjudge(BEN, judged),
    ):
        with pytest.raises(BriefError, match="no such chat"):
            await attempt
    assert await counts(database) == before
    assert await pages.chat(thread, BEN) is None
    assert await pages.file(element["id"], BEN) is None
    assert await pages.file(element["id"], ANA) == ("a.txt", b"x")
    assert (await pages.page(BEN)).threads == ()
    assert await pages.owner_of(thread) == ANA


async def test_a_step_or_element_of_another_thread_cannot_be_taken_over_by_its_id(chats: Chats, pages: ChatPages) -> None:
    first, second = await threads_of(chats, ANA, "one", "two")
    step = said("here")
    element: dict[str, Any] = {"id": str(uuid4()), "props": {"a": 1}}
    await chats.keep_step(first, ANA, step)
    await chats.keep_element(first, ANA, element)
    with pytest.raises(BriefError):
        await chats.keep_step(second, ANA, {**step, "output": "there"})
    with pytest.raises(BriefError):
        await chats.keep_element(second, ANA, {**element, "props": {}})
    await chats.delete_step(second, ANA, step["id"])
    await chats.delete_element(second, ANA, element["id"])
    chat = await pages.chat(first, ANA)
    assert chat is not None
    assert [one["output"] for one in chat.steps] == ["here"]
    assert [one["props"] for one in chat.elements] == [{"a": 1}]


async def test_a_deleted_chat_leaves_nothing_behind(chats: Chats, database: Database) -> None:
    for _ in range(2):
        (thread,) = await threads_of(chats, ANA, "gone")
        step = said("x")
        await chats.keep_step(thread, ANA, step)
        await chats.keep_element(thread, ANA, {"id": str(uuid4()), "step": step["id"]}, content=b"file")
        await chats.judge(ANA, step["id"], 0, "why")
    await chats.delete_thread(thread, ANA)
    assert set((await counts(database)).values()) == {1}
    assert await chats.delete_of(ANA) == 1
    assert set((await counts(database)).values()) == {0}


async def test_a_deleted_step_takes_what_was_shown_at_it_along(chats: Chats, database: Database) -> None:
    (thread,) = await threads_of(chats, ANA, "kept")
    step = said("x")
    await chats.keep_step(thread, ANA, step)
    await chats.keep_element(thread, ANA, {"id": str(uuid4()), "step": step["id"]}, content=b"file")
    await chats.judge(ANA, step["id"], 1, "")
    await chats.delete_step(thread, ANA, step["id"])
    assert (await counts(database)) == {name: int(name == "chat_threads") for name in (await counts(database))}


async def test_the_list_goes_page_by_page_from_the_newest_on(chats: Chats, pages: ChatPages) -> None:
    ids = await threads_of(chats, ANA, *"abcde")
    await threads_of(chats, BEN, "other")
    seen: list[str] = []
    after, more = None, True
    while more:
        page = await pages.page(ANA, first=2, after=after)
        seen += [row["id"] for row in page.threads]
        after, more = seen[-1], page.more
    assert seen == ids[::-1]


async def test_a_thread_without_a_name_is_not_listed_until_it_has_one(chats: Chats, pages: ChatPages) -> None:
    thread = str(uuid4())
    await chats.open(thread, ANA)
    assert (await pages.page(ANA)).threads == ()
    await chats.name(thread, ANA, "First brief", anew=False)
    await chats.name(thread, ANA, "Second brief", anew=False)
    assert [row["name"] for row in (await pages.page(ANA)).threads] == ["First brief"]


@pytest.mark.parametrize("search", ["fröhlich", "STRASSE", "冻结", "50%", "a_b", "card words"])
async def test_a_chat_is_found_by_its_name_its_messages_and_its_cards(chats: Chats, pages: ChatPages, search: str) -> None:
    named, spoken, shown, _other = await threads_of(chats, ANA, "Fröhliche Straße 冻结 50% a_b card  WORDS", "b", "c", "5000 axb")
    text = "Fröhliche Straße 冻结 50% a_b card  WORDS"
    await chats.keep_step(spoken, ANA, said(text), words=text)
    await chats.keep_element(shown, ANA, {"id": str(uuid4())}, words=text)
    (bens,) = await threads_of(chats, BEN, text)
    found = [row["id"] for row in (await pages.page(ANA, search=search)).threads]
    assert found == [shown, spoken, named]
    assert [row["id"] for row in (await pages.page(BEN, search=search)).threads] == [bens]


async def test_a_thumb_is_kept_beside_the_turn_that_it_is_about(
    chats: Chats, pages: ChatPages, ledger: Ledger, start: TurnStart
) -> None:
    (thread,) = await threads_of(chats, ANA, "judged")
    turn = await ledger.begin_turn(replace(start, asker=ANA))
    run, message = said("", type="run"), said("", type="assistant_message")
    message["parent"] = run["id"]
    for step in (run, message):
        await chats.keep_step(thread, ANA, step)
    await chats.keep_element(thread, ANA, {"id": str(uuid4()), "step": message["id"], "props": {"turnId": turn}})
    first = await chats.judge(ANA, run["id"], 1, "")
    assert await chats.judge(ANA, run["id"], 0, "wrong role") == first
    (judged,) = await pages.feedback_on((turn,))
    assert (judged["value"], judged["comment"]) == (0, "wrong role")
    assert [row["id"] for row in (await pages.page(ANA, value=0)).threads] == [thread]
    assert (await pages.page(ANA, value=1)).threads == ()
    await chats.unjudge(ANA, first)
    assert await pages.feedback_on((turn,)) == ()


async def test_a_thumb_on_a_turn_of_nobody_is_kept_without_one(chats: Chats, pages: ChatPages) -> None:
    (thread,) = await threads_of(chats, ANA, "judged")
    step = said("x")
    await chats.keep_step(thread, ANA, step)
    await chats.keep_element(thread, ANA, {"id": str(uuid4()), "step": step["id"], "props": {"turnId": str(uuid4())}})
    await chats.judge(ANA, step["id"], 1, "")
    chat = await pages.chat(thread, ANA)
    assert chat is not None
    assert [row["turn"] for row in chat.feedback] == [None]


async def test_a_file_that_is_too_large_is_named_but_not_kept(chats: Chats, pages: ChatPages) -> None:
    (thread,) = await threads_of(chats, ANA, "files")
    small, large = str(uuid4()), str(uuid4())
    assert await chats.keep_element(thread, ANA, {"id": small, "name": "s"}, content=b"s") is True
    assert await chats.keep_element(thread, ANA, {"id": large, "name": "l"}, content=b"l" * (MOST_BYTES_A_FILE + 1)) is False
    chat = await pages.chat(thread, ANA)
    assert chat is not None
    assert {row["name"] for row in chat.elements} == {"s", "l"}
    assert chat.files == {small}
