"""One person at the page, over socket.io as the browser does: sends briefs and notes when what was shown."""

import asyncio
import json
import time
import uuid
from dataclasses import dataclass, field
from typing import Any

import socketio

_ENDED = ("ready", "failed", "stopped", "questions")


@dataclass
class Shown:
    """What a person saw of one brief: moments in seconds since the epoch, 0 where it never came."""

    mark: str
    sent: float
    # The card that says that the brief is being worked on.
    begun: float = 0.0
    # Anything at all about this brief: its place, "busy", the first words.
    told: float = 0.0
    waited: bool = False
    writing: float = 0.0
    first_item: float = 0.0
    ended: float = 0.0
    phase: str = ""
    error: str = ""
    cards: int = 0
    events: int = 0
    characters: int = 0
    done: asyncio.Event = field(default_factory=asyncio.Event, repr=False)

    def row(self) -> dict[str, Any]:
        """Return it as JSON."""
        return {name: value for name, value in vars(self).items() if name != "done"}

    def take_card(self, props: dict[str, Any]) -> None:
        """Note what a card says."""
        now = time.time()
        self.cards += 1
        self.begun = self.begun or now
        progress = props.get("progress") or {}
        if progress.get("waits"):
            self.waited = True
        if props["phase"] == "working" and (progress.get("writing") or props["items"]):
            self.writing = self.writing or now
            self.first_item = self.first_item or (now if props["items"] else 0.0)
        if self.waited or self.writing or props["phase"] in _ENDED:
            self.told = self.told or now
        if props["phase"] in _ENDED:
            self.ended, self.phase, self.error = now, props["phase"], props.get("error", "")
            self.done.set()


class Visitor:
    """A person with one page open."""

    def __init__(self, address: str, number: int) -> None:
        self.address, self.number = address, number
        self.shown: list[Shown] = []
        self.lost = self._closing = False
        self._welcome = asyncio.Event()
        self._socket = socketio.AsyncClient(reconnection=False)
        self._socket.on("*", self._hear)
        self._socket.on("disconnect", self._leave)

    async def open(self) -> float:
        """Open the page and return the seconds until its welcome stood there."""
        began = time.time()
        auth = {"sessionId": str(uuid.uuid4()), "threadId": "", "clientType": "webapp", "userEnv": "{}", "chatProfile": ""}
        await self._socket.connect(
            self.address, auth=auth, socketio_path="/ws/socket.io", transports=["websocket"], wait_timeout=30
        )
        await self._socket.emit("connection_successful")
        async with asyncio.timeout(60):
            await self._welcome.wait()
        return time.time() - began

    async def ask(self, brief: str, most_seconds: float) -> Shown:
        """Send a brief and return what was shown until it ended; a phase of `lost` where nothing ended it in time."""
        shown = Shown(f"{self.number}-{len(self.shown)}", time.time())
        self.shown.append(shown)
        text = f"Place {shown.mark}: {brief}"
        message = {
            "id": str(uuid.uuid4()),
            "output": text,
            "type": "user_message",
            "name": "User",
            "modes": {"stage": "user_stories"},
        }
        await self._socket.emit("client_message", {"message": message, "fileReferences": None})
        try:
            async with asyncio.timeout(most_seconds):
                await shown.done.wait()
        except TimeoutError:
            shown.phase = "lost"
        return shown

    async def close(self) -> None:
        """Close the page."""
        self._closing = True
        await self._socket.disconnect()

    async def _leave(self, *_reason: Any) -> None:
        self.lost = not self._closing

    async def _hear(self, event: str, *data: Any) -> None:
        told = data[0] if data else None
        if self.shown and not self.shown[-1].done.is_set():
            self.shown[-1].events += 1
            self.shown[-1].characters += len(json.dumps(told))
        if event != "element" or not isinstance(told, dict):
            return
        if told["name"] == "Welcome":
            self._welcome.set()
        elif told["name"] == "ArtifactCard" and self.shown and not self.shown[-1].done.is_set():
            self.shown[-1].take_card(told["props"])
