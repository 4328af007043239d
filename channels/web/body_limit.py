"""How long the body of a request may be, by its header and by its counted bytes: Chainlit reads it whole before it looks."""

import asyncio
import contextlib
from dataclasses import dataclass

from starlette.types import Message, Receive, Send

MEGABYTE = 1024 * 1024
# A multipart body carries its file's name and boundaries besides the file.
_FRAME = 64 * 1024
# Whoever is not signed in yet has little to say.
_SHORT = ("/ws/", "/v1/", "/api/", "/signin", "/login", "/logout")
_DRAINED = 64 * MEGABYTE
_DRAIN_SECONDS = 10.0


@dataclass(frozen=True)
class Limit:
    """The most bytes of a body, and the sentence for whoever sends more."""

    size: int
    sentence: str


JSON_LIMIT = Limit(MEGABYTE, "The request is longer than 1 MB. Send a shorter text.")
FILE_LIMIT = Limit(20 * MEGABYTE + _FRAME, "The file is larger than 20 MB. Split it, or leave out what is not needed.")
REQUEST_LIMIT = Limit(110 * MEGABYTE, "The request is larger than 110 MB. Send fewer files at a time.")


def limit_of(path: str, content_type: str) -> Limit:
    """Return the limit of a request: a file alone; JSON, the page's polling and the sign-in; or everything else."""
    if path.startswith("/project/file"):
        return FILE_LIMIT
    if content_type.partition(";")[0].strip().lower().endswith("json") or path.startswith(_SHORT):
        return JSON_LIMIT
    return REQUEST_LIMIT


class LimitedBody:
    """One request's body under a limit: what goes beyond it is not passed on, and an answer that comes after it is held back."""

    def __init__(self, limit: Limit, receive: Receive, send: Send) -> None:
        self._limit = limit
        self._receive = receive
        self._send = send
        self._counted = 0
        self._answered = False
        self._exceeded = False

    @property
    def must_refuse(self) -> bool:
        """Whether the body was too long and nothing has been answered yet."""
        return self._exceeded and not self._answered

    def announced_too_long(self, content_length: str | None) -> bool:
        """Whether the header already announces too many bytes (a header that is no number is left to the server)."""
        return content_length is not None and content_length.isdecimal() and int(content_length) > self._limit.size

    async def receive(self) -> Message:
        """Return the next part of the body, or a disconnect once the limit is passed."""
        if self._exceeded:
            return {"type": "http.disconnect"}
        message = await self._receive()
        self._counted += len(message.get("body", b""))
        if self._counted > self._limit.size:
            self._exceeded = True
            return {"type": "http.disconnect"}
        return message

    async def drain(self) -> None:
        """Read on and forget, within bounds: a caller who is cut off while sending never sees the sentence that refuses it."""
        forgotten, more = 0, True
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_DRAIN_SECONDS):
                while more and forgotten <= _DRAINED:
                    message = await self._receive()
                    forgotten += len(message.get("body", b""))
                    more = message["type"] == "http.request" and message.get("more_body", False)

    async def send(self, message: Message) -> None:
        """Pass the answer on, unless the body was too long before it began."""
        if self.must_refuse:
            return
        self._answered = True
        await self._send(message)
