"""`python -m benchmarks.load.endpoint PORT RATE`: an endpoint in a process of its own that streams so many tokens a second.

It keeps when each call came and when its first token went out, by the mark that the brief carries (`Place 3-2:`); `/seen` gives that.
"""

import asyncio
import json
import re
import sys
import time
from dataclasses import dataclass, field
from typing import Any

from benchmarks.load.replies import reply_to, tokens_of

# As long as a warm model reads a prompt of this size.
PREFILL_SECONDS = 0.2
_MARK = re.compile(r"Place (\d+-\d+):")
Json = dict[str, Any]


@dataclass
class Endpoint:
    """The server; `seen` holds by mark when its first call came and when the first token went out (seconds since the epoch)."""

    rate: float
    seen: dict[str, tuple[float, float]] = field(default_factory=dict)
    calls: int = 0
    open: int = 0
    most_open: int = 0

    async def connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer what comes over one connection."""
        try:
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
                length = re.search(r"content-length: *(\d+)", head)
                body = json.loads(await reader.readexactly(int(length[1]))) if length else {}
                if body:
                    await self._stream(writer, body)
                else:
                    self._tell(writer)
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    def _tell(self, writer: asyncio.StreamWriter) -> None:
        """Answer a question about what was seen."""
        told = {"calls": self.calls, "most_open": self.most_open, "seen": self.seen}
        sent = json.dumps(told).encode()
        writer.write(b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: %d\r\n\r\n%s" % (len(sent), sent))

    async def _stream(self, writer: asyncio.StreamWriter, body: Json) -> None:
        """Stream the reply to one call at the rate of this endpoint."""
        came = time.time()
        self.calls += 1
        self.open += 1
        self.most_open = max(self.most_open, self.open)
        try:
            writer.write(b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n")
            await asyncio.sleep(PREFILL_SECONDS)
            mark = _MARK.search(str(body["messages"][-1]["content"]))
            if mark:
                self.seen.setdefault(mark[1], (came, time.time()))
            await self._say(writer, tokens_of(reply_to(body)))
        finally:
            self.open -= 1

    async def _say(self, writer: asyncio.StreamWriter, tokens: list[str]) -> None:
        """Say every token when it is due, and what it cost."""
        began = time.monotonic()
        for number, token in enumerate(tokens):
            _event(writer, {"choices": [{"index": 0, "delta": {"content": token}, "finish_reason": None}]})
            await writer.drain()
            await asyncio.sleep(max(0.0, began + (number + 1) / self.rate - time.monotonic()))
        usage = {"prompt_tokens": 900, "completion_tokens": len(tokens), "total_tokens": 900 + len(tokens)}
        _event(writer, {"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]})
        _event(writer, {"choices": [], "usage": usage})
        _chunk(writer, b"data: [DONE]\n\n")
        writer.write(b"0\r\n\r\n")


def _event(writer: asyncio.StreamWriter, told: Json) -> None:
    event = {"id": "c", "object": "chat.completion.chunk", "created": 1, "model": "load", **told}
    _chunk(writer, b"data: " + json.dumps(event).encode() + b"\n\n")


def _chunk(writer: asyncio.StreamWriter, raw: bytes) -> None:
    writer.write(b"%x\r\n%s\r\n" % (len(raw), raw))


async def serve(port: int, rate: float) -> None:
    """Serve until the process is ended."""
    server = await asyncio.start_server(Endpoint(rate).connected, "127.0.0.1", port, backlog=1024)
    async with server:
        await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1]), float(sys.argv[2])))
