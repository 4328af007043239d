"""The Slack door as it is served: a real database, Slack on loopback, an assistant by script or the real one over a small house."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx
from fastapi import FastAPI

from chains.events import Person
from channels.slack.directory import SignedInPeople
from channels.slack.door import House, SlackDoor
from channels.slack.options import SlackOptions
from channels.slack.routes import slack_routes
from records.database import Database
from records.people import Identity, People
from records.slack_tables import slack_inbox
from tests.doubles.fake_slack import TEAM, FakeSlack
from tests.doubles.slack_payloads import SECRET, as_form, as_json, headers

Json = dict[str, Any]


class OpenEverywhere:
    """Everything may be shown everywhere."""

    async def may_show(self, artifact_id: str, whole: Person, here: Person) -> bool:
        return True


@dataclass
class Served:
    """A door that is open, and what it stands on."""

    slack: FakeSlack
    door: SlackDoor
    database: Database
    client: httpx.AsyncClient
    assistant: Any
    statuses: list[int] = field(default_factory=list)

    async def send(self, payload: Json, **signing: Any) -> httpx.Response:
        """Send what Slack would send, signed."""
        body, kind = as_json(payload) if payload.get("type") in ("event_callback", "url_verification") else as_form(payload)
        return await self.raw(body, headers(body, kind, **signing))

    async def raw(self, body: bytes, sent: dict[str, str]) -> httpx.Response:
        answer = await self.client.post("/slack/events", content=body, headers=sent)
        self.statuses.append(answer.status_code)
        return answer

    async def until(self, holds: Callable[[], Any], seconds: float = 45.0) -> Any:
        """Wait until something holds, and return it."""
        end = time.monotonic() + seconds
        while not (found := holds()):
            assert time.monotonic() < end, f"it did not come: {[(call.method, call.refused) for call in self.slack.calls][-12:]}"
            await asyncio.sleep(0.02)
        return found

    async def card(self, channel: str = "C1", at: int = 0) -> Any:
        """Return one of our messages, once it shows a finished card."""
        return await self.until(lambda: dict(enumerate(one for one in self.slack.ours(channel) if buttons(one))).get(at))

    def told(self, channel: str = "C1") -> list[str]:
        """Return what was whispered."""
        return [str(one["text"]) for one in self.slack.of("chat.postEphemeral") if one["channel"] == channel]

    async def settled(self) -> None:
        """Wait until the inbox is worked off."""

        async def left() -> int:
            async with self.database.read() as connection:
                rows = await connection.execute(slack_inbox.select().where(slack_inbox.c.state.in_(["waiting", "working"])))
                return len(rows.all())

        end = time.monotonic() + 20
        while await left():
            assert time.monotonic() < end, "the inbox is not worked off"
            await asyncio.sleep(0.03)


def buttons(message: Any) -> list[Json]:
    """Return the buttons and menus of a message."""
    return [element for block in message.blocks if block["type"] == "actions" for element in block["elements"]]


def named(message: Any, action: str, item: str = "") -> Json:
    """Return one button of a message; of an item, if it is named."""
    return next(
        one
        for one in buttons(message)
        if (one["action_id"].partition(":")[0] == action and f'"i":"{item}"' in one.get("value", ""))
        or (one["action_id"].partition(":")[0] == action and action in ("download", "carry_on", "retry"))
    )


def text_of(message: Any) -> str:
    """Return every text of a message's blocks."""
    texts = []
    for block in message.blocks:
        texts += [(block.get("text") or {}).get("text", "")]
        texts += [one.get("text", "") for one in block.get("elements", []) if isinstance(one.get("text"), str)]
    return "\n".join(filter(None, texts)) or message.text


def options(slack: FakeSlack, **more: Any) -> SlackOptions:
    return SlackOptions(
        bot_token="xoxb-1",
        signing_secret=SECRET,
        teams=frozenset({TEAM}),
        base_url=slack.base_url,
        public_url="https://stagecraft.bank.example",
        **{"send_seconds": 0.03, **more},
    )


async def ana_signs_in(database: Database, *, groups: frozenset[str] = frozenset()) -> str:
    """Let Ana and Ben come to the page once, and return Ana's id."""
    people = People(database)
    for name in ("ben", "ana"):
        identity = Identity("corp", name, name.title(), f"{name}@bank.example", True, groups, frozenset({"analyst"}))
        found = await people.sign_in(identity, door="page")
    return found.id


@asynccontextmanager
async def opened(database: Database, slack: FakeSlack, assistant: Any, resting: Any = None, **more: Any) -> AsyncIterator[Served]:
    """Open a door."""
    house = House(database, lambda: assistant, SignedInPeople(database), resting or OpenEverywhere())
    door = SlackDoor(options(slack, **more), house)
    application = FastAPI()
    application.include_router(slack_routes(lambda: door))
    await door.start()
    try:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(application), base_url="http://127.0.0.1") as client:
            yield Served(slack, door, database, client, assistant)
    finally:
        await door.stop()
