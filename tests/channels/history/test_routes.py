"""The history's addresses answer each person with their own chats, and with 404 for everything else."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest
from fastapi import FastAPI, Request

from chains.events import Person
from channels.history.routes import history_routes
from channels.people import NotSignedIn
from records.chat_pages import ChatPages
from records.chats import Chats
from records.database import Database, sqlite_url

NOBODY = str(uuid4())


def whoever_says_so(request: Request) -> Person:
    name = request.headers.get("x-test-person")
    if name is None:
        raise NotSignedIn
    return Person(name, name)


class Door:
    """The routes over one database, as a browser of a person reaches them."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.chats, self.pages = Chats(database), ChatPages(database)
        application = FastAPI()
        application.include_router(history_routes(lambda: self.database, whoever_says_so))
        self.client = httpx.AsyncClient(transport=httpx.ASGITransport(application), base_url="http://door")

    async def ask(self, method: str, path: str, body: Any = None, person: str = "ana") -> httpx.Response:
        return await self.client.request(method, path, json=body, headers={"x-test-person": person, "accept-language": "en"})

    async def chat(self, owner: str, name: str) -> tuple[str, str, str]:
        """Keep a chat with a message and a file; return the ids of the three."""
        thread, step, element = (str(uuid4()) for _ in range(3))
        await self.chats.name(thread, owner, name)
        await self.chats.keep_step(thread, owner, {"id": step, "type": "user_message", "output": name}, words=name)
        await self.chats.keep_element(thread, owner, {"id": element, "step": step, "name": "要点.html"}, content=b"<script>")
        return thread, step, element


@pytest.fixture
async def door(database: Database) -> AsyncIterator[Door]:
    door = Door(database)
    yield door
    await door.client.aclose()


async def names(door: Door, person: str = "ana", **wanted: Any) -> list[str]:
    body = (await door.ask("POST", "/project/threads", {"pagination": {"first": 20}, **wanted}, person)).json()
    return [thread["name"] for thread in body["data"]]


async def test_the_list_is_paged_and_searched(door: Door) -> None:
    for name in ("Freeze 冻结", "Thaw", "Return"):
        await door.chat("ana", name)
    await door.chat("ben", "Freeze too")
    assert await names(door) == ["Return", "Thaw", "Freeze 冻结"]
    first = (await door.ask("POST", "/project/threads", {"pagination": {"first": 2}})).json()
    assert first["pageInfo"]["hasNextPage"] is True
    rest = {"pagination": {"first": 2, "cursor": first["pageInfo"]["endCursor"]}}
    assert [one["name"] for one in (await door.ask("POST", "/project/threads", rest)).json()["data"]] == ["Freeze 冻结"]
    assert await names(door, filter={"search": "FREEZE"}) == await names(door, filter={"search": "冻"}) == ["Freeze 冻结"]
    assert await names(door, filter={"feedback": 0}) == []


async def test_a_chat_is_read_renamed_judged_and_deleted_by_its_owner(door: Door) -> None:
    thread, step, element = await door.chat("ana", "First")
    told = (await door.ask("GET", f"/project/thread/{thread}")).json()
    assert [one["id"] for one in told["steps"]] == [step]
    assert (await door.ask("GET", f"/project/thread/{thread}/element/{element}")).json()["name"] == "要点.html"
    assert (await door.ask("PUT", "/project/thread", {"threadId": thread, "name": "Second"})).json() == {"success": True}
    thumb = {"feedback": {"forId": step, "value": 0, "comment": "wrong"}, "sessionId": "any"}
    feedback = (await door.ask("PUT", "/feedback", thumb)).json()["feedbackId"]
    assert await names(door, filter={"feedback": 0}) == ["Second"]
    assert (await door.ask("DELETE", "/feedback", {"feedbackId": feedback})).status_code == 200
    assert (await door.ask("DELETE", "/project/thread", {"threadId": thread})).status_code == 200
    assert await names(door) == []
    assert (await door.ask("GET", f"/chats/files/{element}")).status_code == 404


async def test_a_file_is_saved_and_never_opened(door: Door) -> None:
    _thread, _step, element = await door.chat("ana", "files")
    answer = await door.ask("GET", f"/chats/files/{element}")
    assert answer.content == b"<script>"
    assert answer.headers["content-type"] == "application/octet-stream"
    assert answer.headers["content-disposition"].startswith("attachment; ")


@pytest.mark.parametrize("whose", ["another's", "nobody's"])
async def test_what_is_not_the_persons_is_not_found_and_stays_as_it_is(door: Door, whose: str) -> None:
    thread, step, element = await door.chat("ana", "Ana's")
    feedback = await door.chats.judge("ana", step, 1, "")
    if whose == "nobody's":
        thread = step = element = feedback = NOBODY
    thumb = {"feedback": {"forId": step, "value": 0}, "sessionId": "s"}
    for method, path, body in (
        ("GET", f"/project/thread/{thread}", None),
        ("GET", f"/project/thread/{thread}/element/{element}", None),
        ("PUT", "/project/thread", {"threadId": thread, "name": "Ben's"}),
        ("DELETE", "/project/thread", {"threadId": thread}),
        ("PUT", "/feedback", thumb),
        ("DELETE", "/feedback", {"feedbackId": feedback}),
        ("GET", f"/chats/files/{element}", None),
    ):
        answer = await door.ask(method, path, body, "ben")
        assert answer.status_code == 404, path
        assert answer.json() == {"error": "There is no such chat; choose one from the list."}
    assert await names(door) == ["Ana's"]
    assert await names(door, "ben") == []
    assert await names(door, filter={"feedback": 1}) == ["Ana's"]


@pytest.mark.parametrize("thread", ["x", "' OR 1=1 --", "../../etc"])
async def test_an_id_that_is_no_uuid_is_turned_away_without_a_fault(door: Door, thread: str) -> None:
    for method in ("PUT", "DELETE"):
        assert (await door.ask(method, "/project/thread", {"threadId": thread, "name": "n"})).status_code == 422
    assert (await door.ask("GET", f"/project/thread/{thread}")).status_code == 404


async def test_trouble_of_the_records_is_a_sentence(door: Door, tmp_path: Path) -> None:
    door.database = Database(sqlite_url(tmp_path / "missing"))
    answer = await door.ask("POST", "/project/threads", {"pagination": {"first": 20}})
    assert answer.status_code == 503
    assert "nothing of your text is lost" in answer.json()["error"]
    await door.database.close()
