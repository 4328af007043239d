"""What Chainlit knows of a chat goes on record and comes back whole, also after an upgrade."""

from typing import Any
from uuid import uuid4

import pytest
from chainlit.element import ElementDict
from chainlit.step import StepDict
from chainlit.types import FeedbackDict, ThreadDict

from channels.history.dictionaries import (
    ELEMENT,
    FEEDBACK,
    OF_THE_SESSION,
    STEP,
    THREAD,
    chat_dict,
    element_row,
    shown_words,
    spoken_words,
    step_row,
)
from records.chat_pages import ChatPages
from records.chat_tables import chat_elements, chat_feedback, chat_steps, chat_threads
from records.chats import Chats
from records.database import Database

ANA = "ana"
MOMENT = "2026-11-22T05:06:07.123456Z"


@pytest.mark.parametrize(
    ("theirs", "ours", "apart", "table"),
    [
        (StepDict, STEP, {"feedback"}, chat_steps),
        (ElementDict, ELEMENT, OF_THE_SESSION, chat_elements),
        (ThreadDict, THREAD, {"steps", "elements"}, chat_threads),
        (FeedbackDict, FEEDBACK, set(), chat_feedback),
    ],
)
def test_every_field_that_chainlit_knows_has_a_column(theirs: Any, ours: dict[str, str], apart: set[str], table: Any) -> None:
    assert set(theirs.__annotations__) == set(ours) | set(apart)
    assert set(ours.values()) <= set(table.c.keys())


async def test_a_step_and_an_element_come_back_as_they_were(chats: Chats, pages: ChatPages) -> None:
    thread, step_id, element_id = (str(uuid4()) for _ in range(3))
    step = {
        "id": step_id,
        "threadId": thread,
        "parentId": str(uuid4()),
        "type": "tool",
        "name": "How",
        "input": "in",
        "output": "out 冻结",
        "createdAt": MOMENT,
        "start": MOMENT,
        "end": MOMENT,
        "command": "User stories",
        "modes": {"stage": "faq"},
        "streaming": False,
        "waitForAnswer": True,
        "isError": False,
        "metadata": {"icon": "check"},
        "tags": ["a"],
        "generation": {"type": "CHAT"},
        "showInput": "json",
        "defaultOpen": True,
        "autoCollapse": False,
        "language": "json",
        "icon": "check",
    }
    element = {
        "id": element_id,
        "threadId": thread,
        "forId": step_id,
        "type": "custom",
        "name": "ArtifactCard",
        "display": "inline",
        "size": "small",
        "language": "en",
        "page": 2,
        "props": {"phase": "ready", "items": [{"id": "S1"}]},
        "autoPlay": False,
        "playerConfig": {"a": 1},
        "mime": "application/json",
    }
    assert (set(step) | {"feedback"}, set(element)) == (set(StepDict.__annotations__), set(ELEMENT))
    await chats.keep_step(thread, ANA, step_row(step))
    await chats.keep_element(thread, ANA, element_row(element), content=b"x")
    await chats.judge(ANA, step_id, 0, "no")
    chat = await pages.chat(thread, ANA)
    assert chat is not None
    told = chat_dict(chat)
    feedback = told["steps"][0].pop("feedback")
    assert told["steps"] == [step]
    assert (feedback["forId"], feedback["value"], feedback["comment"]) == (step_id, 0, "no")
    assert told["elements"][0].pop("url") == f"/chats/files/{element_id}"
    assert told["elements"] == [{**element, "chainlitKey": None, "path": None, "objectKey": None}]
    assert (told["userId"], told["userIdentifier"], told["createdAt"][-1]) == (ANA, ANA, "Z")


def test_a_step_without_its_moment_takes_the_present_one() -> None:
    assert "created" not in step_row({"id": "x", "createdAt": None})
    assert step_row({"id": "x", "end": None})["end"] is None


def test_a_card_is_found_by_its_brief_its_title_and_its_items() -> None:
    line = {"parts": [{"text": "as a customer"}, {"text": "冻结"}]}
    props = {
        "retry": {"brief": "Freeze"},
        "title": "Cards",
        "items": [{"title": "One", "lines": [line]}],
        "labels": {"x": "hidden"},
    }
    assert shown_words(props) == "Freeze Cards One as a customer 冻结"
    assert shown_words(None) == shown_words({"items": "none"}) == ""


def test_only_what_was_said_is_found_by_its_words() -> None:
    assert spoken_words({"type": "user_message", "output": "hello"}) == "hello"
    assert spoken_words({"type": "tool", "output": "hello"}) == ""


@pytest.fixture
def chats(database: Database) -> Chats:
    return Chats(database)


@pytest.fixture
def pages(database: Database) -> ChatPages:
    return ChatPages(database)
