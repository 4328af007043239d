"""What a caller that is no well-behaved browser gets from the page: the websocket and the buttons, driven by hand."""

import asyncio
import contextlib
import uuid
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import socketio

from records.chat_pages import ChatPages
from records.chats import Chats
from records.database import Database, sqlite_url
from tests.journeys.served import served_page

pytestmark = pytest.mark.slow
BRIEF = "A cardholder can freeze a debit card."


class Caller:
    """A caller over the websocket; `heard` holds every event that came."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.session_id = str(uuid.uuid4())
        self.heard: list[tuple[str, Any]] = []
        self.socket = socketio.AsyncClient(reconnection=False)
        self.socket.on("*", self._hear)

    async def _hear(self, event: str, *data: Any) -> None:
        self.heard.append((event, data[0] if data else None))

    async def connect(self, origin: str | None = None, **changed: Any) -> None:
        """Open the websocket as the page does, with these fields of the handshake changed, and wait for the welcome."""
        await self._open(origin, **changed)
        await self.until(lambda: self.cards("Welcome"))

    async def resume(self, thread: str) -> None:
        """Open a thread again."""
        await self._open(None, threadId=thread)
        await self.until(lambda: [event for event, _data in self.heard if event == "resume_thread"])

    async def _open(self, origin: str | None, **changed: Any) -> None:
        auth = {
            "sessionId": self.session_id,
            "threadId": "",
            "clientType": "webapp",
            "userEnv": "{}",
            "chatProfile": "",
            **changed,
        }
        headers = {"Origin": origin} if origin else {}
        await self.socket.connect(
            self.address, headers=headers, auth=auth, socketio_path="/ws/socket.io", transports=["websocket"], wait_timeout=10
        )
        await self.socket.emit("connection_successful")

    async def send(self, brief: str, **forged: Any) -> None:
        """Send a message, with these fields forged."""
        message = {
            "id": str(uuid.uuid4()),
            "output": brief,
            "type": "user_message",
            "name": "User",
            "command": None,
            "modes": None,
        }
        await self.socket.emit("client_message", {"message": {**message, **forged}, "fileReferences": None})

    async def press(self, name: str, payload: Any) -> dict[str, Any]:
        """Press a button of a card."""
        body = {"sessionId": self.session_id, "action": {"name": name, "payload": payload}}
        async with httpx.AsyncClient(base_url=self.address) as client:
            answer: dict[str, Any] = (await client.post("/project/action", json=body)).json()["response"]
        return answer

    def cards(self, name: str = "ArtifactCard", phase: str = "") -> list[dict[str, Any]]:
        """Return the properties of the cards heard of."""
        elements = [data for event, data in self.heard if event == "element" and data["name"] == name]
        return [element["props"] for element in elements if not phase or element["props"]["phase"] == phase]

    async def until(self, happened: Any) -> None:
        """Wait until something is true."""
        async with asyncio.timeout(30):
            while not happened():
                await asyncio.sleep(0.05)


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("page")


@pytest.fixture(scope="module")
def address(data: Path) -> Iterator[str]:
    with served_page(data) as address:
        yield address


@contextlib.asynccontextmanager
async def calling(address: str) -> AsyncIterator[Caller]:
    caller = Caller(address)
    try:
        yield caller
    finally:
        await caller.socket.disconnect()


async def test_another_sites_page_cannot_open_the_websocket(address: str) -> None:
    async with calling(address) as caller:
        with pytest.raises(socketio.exceptions.ConnectionError):
            await caller.connect(origin="https://evil.test")


async def test_a_session_id_cannot_name_a_folder_of_its_own_choice(address: str, tmp_path: Path) -> None:
    async with calling(address) as caller:
        with pytest.raises(socketio.exceptions.ConnectionError):
            await caller.connect(sessionId="../../..")


async def test_briefs_sent_at_once_are_answered_one_after_the_other(address: str) -> None:
    async with calling(address) as caller:
        await caller.connect()
        await caller.send(BRIEF)
        await caller.send(BRIEF)
        await caller.until(lambda: len(caller.cards(phase="ready")) == 2)
        phases = [card["phase"] for card in caller.cards()]
        assert phases.index("ready") < len(phases) - phases[::-1].index("working")
        assert [phase for at, phase in enumerate(phases) if not at or phases[at - 1] != phase] == [
            "working",
            "ready",
            "working",
            "ready",
        ]
        assert any(event == "new_message" and "waits" in data["output"] for event, data in caller.heard)


async def test_a_card_is_sent_at_most_five_times_a_second_while_it_grows(address: str) -> None:
    async with calling(address) as caller:
        await caller.connect()
        began = asyncio.get_running_loop().time()
        await caller.send(BRIEF)
        await caller.until(lambda: caller.cards(phase="ready"))
        seconds = asyncio.get_running_loop().time() - began
        assert len(caller.cards()) <= 5 * seconds + 2


async def test_a_forged_message_is_nobodys_but_the_persons(address: str) -> None:
    async with calling(address) as caller:
        await caller.connect()
        await caller.send(BRIEF, type="system_message", name="Stagecraft", modes={"stage": "no_such_stage"})
        await caller.until(
            lambda: any("There is no stage" in data["output"] for event, data in caller.heard if event == "new_message")
        )
        await caller.send(BRIEF, id="not a uuid")
        await caller.send(" ")
        await caller.until(lambda: any("was empty" in data["output"] for event, data in caller.heard if event == "new_message"))
        assert caller.cards() == []


async def test_forged_buttons_are_told_and_change_nothing(address: str) -> None:
    async with calling(address) as caller:
        await caller.connect()
        await caller.send(BRIEF)
        await caller.until(lambda: caller.cards(phase="ready"))
        ids = {"artifact_id": caller.cards(phase="ready")[-1]["artifactId"], "version": 1}
        for payload in ({**ids, "status": "accepted"}, {**ids, "artifact_id": "../x"}, {}, {**ids, "version": True}):
            answer = await caller.press("accept", payload)
            assert answer["ok"] is False
            assert "cannot be read" in answer["error"]
        assert "no such artifact" in (await caller.press("accept", {**ids, "artifact_id": "a999"}))["error"]
        assert "changed this meanwhile" in (await caller.press("accept", {**ids, "version": 9}))["error"]
        assert (await caller.press("accept", {**ids, "item": "S1"}))["ok"] is True
        await caller.until(lambda: len(caller.cards(phase="ready")) == 2)
        assert caller.cards(phase="ready")[-1]["items"][0]["status"] == "accepted"


async def test_a_page_that_lost_track_of_a_card_gets_it_with_the_answer(address: str) -> None:
    async with calling(address) as first, calling(address) as second:
        await first.connect()
        await first.send(BRIEF)
        await first.until(lambda: first.cards(phase="ready"))
        await second.connect()
        answer = await second.press("accept", {"artifact_id": first.cards(phase="ready")[-1]["artifactId"], "version": 1})
        assert answer["card"]["badge"]["tone"] == "accepted"


async def test_closed_routes_stay_closed_behind_the_mount(address: str) -> None:
    async with httpx.AsyncClient(base_url=address) as client:
        for path in ("/docs", "/openapi.json", "/project/share/x", "/project/thread/share", "/project/element"):
            assert (await client.get(path)).status_code == 404
        body = b"x" * (2 * 1024 * 1024)
        large = await client.post("/project/action", content=body, headers={"content-type": "application/json"})
        assert large.status_code == 413
        assert (await client.get("/", headers={"host": "evil.test"})).status_code == 403


async def test_somebody_elses_thread_opens_as_one_that_does_not_exist(address: str, data: Path) -> None:
    foreign = str(uuid.uuid4())
    database = Database(sqlite_url(data))
    await Chats(database).keep_step(foreign, "ben", {"id": str(uuid.uuid4()), "type": "user_message", "output": "secret"})
    for thread in (foreign, str(uuid.uuid4())):
        async with calling(address) as caller:
            await caller.connect(threadId=thread)
            assert not [data for event, data in caller.heard if event == "resume_thread"]
            await caller.send(BRIEF)
            await caller.until(lambda: caller.cards(phase="ready"))
    chat = await ChatPages(database).chat(foreign, "ben")
    assert chat is not None
    assert [step["output"] for step in chat.steps] == ["secret"]
    await database.close()


async def test_a_chat_opens_again_with_what_was_said_and_shown(address: str) -> None:
    async with calling(address) as first, calling(address) as second:
        await first.connect()
        await first.send(BRIEF)
        await first.until(lambda: first.cards(phase="ready"))
        # It is on record when the page is told that nothing runs any more.
        await first.until(lambda: first.heard[-1][0] == "task_end")
        (thread,) = {data["thread_id"] for event, data in first.heard if event == "first_interaction"}
        await second.resume(thread)
        (told,) = [data for event, data in second.heard if event == "resume_thread"]
        assert [step["output"] for step in told["steps"] if step["type"] == "user_message"] == [BRIEF]
        (card,) = [element["props"] for element in told["elements"] if element["name"] == "ArtifactCard"]
        assert card["phase"] == "ready"
        answer = await second.press("accept", {"artifact_id": card["artifactId"], "version": card["version"]})
        assert answer == {"ok": True}
        await second.until(lambda: any(shown["badge"]["tone"] == "accepted" for shown in second.cards(phase="ready")))
