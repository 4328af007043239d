"""A person in a chat without a browser: asks over the websocket, sees the card grow, opens a chat again, presses a button."""

import asyncio
import contextlib
import time
import uuid
from collections.abc import AsyncIterator, Callable
from typing import Any

import httpx
import socketio

Json = dict[str, Any]


class Chatter:
    """One open page; `card` is the artifact's card as it was shown last."""

    def __init__(self, address: str) -> None:
        self._address = address
        self._session = str(uuid.uuid4())
        self._socket = socketio.AsyncClient(reconnection=False)
        self._socket.on("*", self._hear)
        self._grown: list[tuple[float, int]] = []
        self.thread = ""
        self.card: Json = {"phase": "", "items": []}

    @classmethod
    @contextlib.asynccontextmanager
    async def at(cls, address: str) -> AsyncIterator["Chatter"]:
        """Yield a person who is about to open a page."""
        chatter = cls(address)
        try:
            yield chatter
        finally:
            await chatter._socket.disconnect()

    @staticmethod
    async def answers(address: str, seconds: float) -> None:
        """Wait until a server answers. Raises TimeoutError."""
        async with asyncio.timeout(seconds), httpx.AsyncClient() as client:
            while True:
                with contextlib.suppress(httpx.HTTPError):
                    if (await client.get(f"{address}/health")).status_code == 200:
                        return
                await asyncio.sleep(0.1)

    async def ask(self, brief: str) -> None:
        """Open a new chat and send a brief."""
        await self._connect("")
        message = {"id": str(uuid.uuid4()), "output": brief, "command": None, "modes": None}
        await self._socket.emit("client_message", {"message": message, "fileReferences": None})

    async def open(self, thread: str) -> None:
        """Open a chat again, and wait for its card. Raises TimeoutError."""
        await self._connect(thread)
        await self.until(lambda: bool(self.card["phase"]), 30.0)

    async def go_on(self, turn_id: str) -> None:
        """Press the button that lets an answer go on. Raises RuntimeError where it is refused."""
        action = {"name": "go_on", "payload": {"turn_id": turn_id}}
        async with httpx.AsyncClient(base_url=self._address, timeout=30) as client:
            told = (await client.post("/project/action", json={"sessionId": self._session, "action": action})).json()
        if not told["response"]["ok"]:
            raise RuntimeError(told["response"]["error"])

    async def until(self, happened: Callable[[], bool], seconds: float) -> None:
        """Wait until something is true. Raises TimeoutError."""
        async with asyncio.timeout(seconds):
            while not happened():
                await asyncio.sleep(0.02)

    def items(self) -> int:
        """Return how many items the card shows."""
        return len(self.card["items"])

    def items_before(self, seconds: float) -> int:
        """Return how many whole items the card showed so many seconds ago; the last one may still have been in the making."""
        return max((count - 1 for moment, count in self._grown if moment <= time.monotonic() - seconds), default=0)

    async def _connect(self, thread: str) -> None:
        auth = {"sessionId": self._session, "threadId": thread, "clientType": "webapp", "userEnv": "{}", "chatProfile": ""}
        await self._socket.connect(
            self._address, auth=auth, socketio_path="/ws/socket.io", transports=["websocket"], wait_timeout=20
        )
        await self._socket.emit("connection_successful")

    async def _hear(self, event: str, *data: Any) -> None:
        heard: Any = data[0] if data else None
        if event == "first_interaction":
            self.thread = heard["thread_id"]
        shown = heard["elements"] if event == "resume_thread" else [heard] if event == "element" else []
        for element in shown:
            if element["name"] == "ArtifactCard":
                self.card = element["props"]
                self._grown.append((time.monotonic(), self.items()))
