"""Reads the events of a streamed reply out of its bytes, wherever these were cut."""

import asyncio
import contextlib
import json
import re
from collections.abc import AsyncGenerator, AsyncIterator, Iterator
from typing import Any

_END_OF_LINE = re.compile(rb"\r\n|\n|\r")
_MARK = b"\xef\xbb\xbf"
DONE = b"[DONE]"
# No event of a reply is that long: what never ends must not fill the memory.
_LONGEST_EVENT = 4_000_000
_DRAIN_SECONDS = 0.1


class EventBytes:
    """Takes bytes as they arrive and gives the data of each event that is whole; comments and other fields are passed over."""

    def __init__(self) -> None:
        self._rest = b""
        self._data: list[bytes] = []
        self._is_first = True

    def take(self, received: bytes) -> Iterator[bytes]:
        """Yield the data of the events that these bytes end. Raises ValueError for an event without end."""
        pending = self._rest + received
        if self._is_first and len(pending) >= len(_MARK):
            pending, self._is_first = pending.removeprefix(_MARK), False
        # A line feed may still follow a carriage return at the end.
        held = pending[-1:] == b"\r"
        lines = _END_OF_LINE.split(pending[:-1] if held else pending)
        self._rest = lines.pop() + (b"\r" if held else b"")
        for line in lines:
            if line:
                self._note(line)
            elif self._data:
                yield self._event()
        if len(self._rest) + sum(map(len, self._data)) > _LONGEST_EVENT:
            raise ValueError("an event of the stream has no end")

    def end(self) -> Iterator[bytes]:
        """Yield the event that the end of the stream cut before its empty line, where there is one."""
        if self._rest.strip():
            self._note(self._rest.strip())
        if self._data:
            yield self._event()

    def _note(self, line: bytes) -> None:
        name, _, value = line.partition(b":")
        if name == b"data":
            self._data.append(value.removeprefix(b" "))

    def _event(self) -> bytes:
        data, self._data = b"\n".join(self._data), []
        return data


async def events_of(received: AsyncIterator[bytes]) -> AsyncGenerator[dict[str, Any], None]:
    """Yield the JSON objects of a stream until it says that it is done or ends.

    Raises ValueError for an event that is no JSON object, and for a stream without one, which is another kind of body; of a last
    event that the end cut short nothing is heard.
    """
    stream, count = EventBytes(), 0
    async for part in received:
        for data in stream.take(part):
            if data.strip() == DONE:
                await _drained(received)
                _demand_one(count)
                return
            count += 1
            yield _object(data)
    with contextlib.suppress(ValueError):
        for data in stream.end():
            if data.strip() != DONE:
                yield _object(data)
    _demand_one(count)


async def _drained(received: AsyncIterator[bytes]) -> None:
    """Read what may be left for a moment: a connection whose end was not read cannot be used again."""
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(_DRAIN_SECONDS):
            async for _ in received:
                pass


def _demand_one(count: int) -> None:
    if not count:
        raise ValueError("the stream held no event")


def _object(data: bytes) -> dict[str, Any]:
    event = json.loads(data.decode("utf-8"))
    if not isinstance(event, dict):
        raise ValueError("an event of the stream is no object")
    return event
