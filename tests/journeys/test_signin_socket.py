"""A websocket outlives the request that opened it: it must not outlive the session."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
import socketio

from records.people import People
from records.sessions import Sessions
from tests.doubles.directory_aside import SECRET, add_people, in_records
from tests.journeys.served import served_page
from tests.journeys.test_page_socket import BRIEF, Caller

pytestmark = pytest.mark.slow


class SignedIn(Caller):
    """A caller with a session."""

    def __init__(self, address: str, token: str) -> None:
        super().__init__(address)
        self.cookie = f"stagecraft_session={token}"

    async def open(self) -> None:
        """Open the websocket with the session, as a browser does."""
        auth = {"sessionId": self.session_id, "threadId": "", "clientType": "webapp", "userEnv": "{}", "chatProfile": ""}
        headers = {"Cookie": self.cookie}
        await self.socket.connect(
            self.address, headers=headers, auth=auth, socketio_path="/ws/socket.io", transports=["websocket"], wait_timeout=10
        )
        await self.socket.emit("connection_successful")
        await self.until(lambda: self.cards("Welcome"))

    async def pressed(self, name: str, payload: Any) -> httpx.Response:
        """Press a button of a card with the session."""
        body = {"sessionId": self.session_id, "action": {"name": name, "payload": payload}}
        async with httpx.AsyncClient(base_url=self.address, headers={"Cookie": self.cookie}) as client:
            return await client.post("/project/action", json=body)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("page")


@pytest.fixture(scope="module")
def ids(folder: Path) -> dict[str, str]:
    return add_people(folder, ana="Ana Lim", ben="Ben")


@pytest.fixture(scope="module")
def address(folder: Path, ids: dict[str, str]) -> Iterator[str]:
    with served_page(folder, "password") as address:
        yield address


async def token_of(address: str, name: str) -> str:
    """Sign in with the password, and return the token."""
    async with httpx.AsyncClient(base_url=address) as client:
        answer = await client.post("/signin/password", data={"email": f"{name}@bank.test", "password": SECRET})
        assert answer.status_code == 303
        return client.cookies["stagecraft_session"]


@asynccontextmanager
async def page_of(address: str, name: str) -> AsyncIterator[SignedIn]:
    caller = SignedIn(address, await token_of(address, name))
    try:
        await caller.open()
        yield caller
    finally:
        await caller.socket.disconnect()


async def is_refused(address: str, token: str) -> bool:
    """Tell whether a token opens no websocket."""
    caller = SignedIn(address, token)
    try:
        await caller.open()
    except socketio.exceptions.ConnectionError:
        return True
    finally:
        await caller.socket.disconnect()
    return False


def was_sent_away(caller: SignedIn) -> bool:
    return not caller.socket.connected and any(event == "reload" for event, _ in caller.heard)


async def test_nobody_opens_the_websocket_without_a_session(address: str) -> None:
    for token in ("", "forged", "x" * 5000):
        assert await is_refused(address, token)


async def test_a_page_says_who_is_signed_in_and_answers_them(address: str) -> None:
    async with page_of(address, "ana") as ana:
        assert ana.cards("Welcome")[0]["person"] == "You are signed in as Ana Lim."
        await ana.send(BRIEF)
        await ana.until(lambda: ana.cards(phase="ready"))


async def test_a_revoked_session_gets_no_message_answered_and_no_button_pressed(
    address: str, folder: Path, ids: dict[str, str]
) -> None:
    async with page_of(address, "ana") as ana, page_of(address, "ben") as ben:
        await in_records(folder, lambda database: Sessions(database).revoke_all(ids["ana"]))
        assert (await ana.pressed("accept", {})).status_code == 401
        await ana.send(BRIEF)
        await ana.until(lambda: was_sent_away(ana))
        assert ana.cards() == []
        assert ben.socket.connected


async def test_signing_out_stops_the_answer_under_way_and_closes_every_page_of_the_session(address: str) -> None:
    async with page_of(address, "ana") as ana, page_of(address, "ana") as elsewhere:
        await ana.send(BRIEF)
        await ana.until(lambda: ana.cards(phase="working"))
        async with httpx.AsyncClient(base_url=address, headers={"Cookie": ana.cookie}) as client:
            assert (await client.post("/logout")).status_code == 200
        await ana.until(lambda: was_sent_away(ana))
        assert ana.cards(phase="ready") == []
        assert elsewhere.socket.connected, "another session of hers goes on"


async def test_a_page_that_only_listens_is_closed_when_its_person_is_deactivated(
    address: str, folder: Path, ids: dict[str, str]
) -> None:
    async with page_of(address, "ben") as ben:
        await in_records(folder, lambda database: People(database).deactivate(ids["ben"]))
        await ben.until(lambda: was_sent_away(ben))
        assert await is_refused(address, ben.cookie.partition("=")[2])
