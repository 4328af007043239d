"""A model server on loopback that writes a known answer slowly, piece by piece: `python -m benchmarks.faults.slow_model PORT SECONDS`.

It answers every call with user stories, held to what the call's schema allows; `SECONDS` is how long one answer takes.
"""

import asyncio
import json
import sys
from typing import Any

VERBS = ("view", "add", "change", "delete", "export", "share")
_PIECES = 40


def stories(schema: dict[str, Any]) -> dict[str, Any]:
    """Return six stories under a schema's enumerations."""
    allowed = schema["properties"]["stories"]["items"]["properties"]
    return {
        "stories": [_story(f"S{number}", verb, allowed) for number, verb in enumerate(VERBS, 1)],
        "questions": [],
    }


def _story(name: str, verb: str, allowed: dict[str, Any]) -> dict[str, Any]:
    told = {"id": name, "want": f"{verb} the income records of an account", "benefit": f"I can {verb} what I earn"}
    return {field: told.get(field, _first(part)) for field, part in allowed.items()}


def _first(part: dict[str, Any]) -> Any:
    if part.get("type") == "array":
        return []
    return (part.get("enum") or ["income"])[0]


async def serve(port: int, seconds: float) -> None:
    """Serve until the process ends."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
                lengths = [line.split(":")[1] for line in head.lower().split("\r\n") if line.startswith("content-length")]
                body = json.loads(await reader.readexactly(int(lengths[0]))) if lengths else {}
                await _reply(writer, body, seconds)
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", port)
    await server.serve_forever()


async def _reply(writer: asyncio.StreamWriter, body: dict[str, Any], seconds: float) -> None:
    """Stream the answer; a question for the models gets the one there is."""
    if "messages" not in body:
        listed = json.dumps({"object": "list", "data": [{"id": "slow", "max_model_len": 32768}]}).encode()
        writer.write(b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: %d\r\n\r\n" % len(listed) + listed)
        await writer.drain()
        return
    writer.write(b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n")
    text = json.dumps(stories(body["response_format"]["json_schema"]["schema"]))
    size = max(1, len(text) // _PIECES)
    for start in range(0, len(text), size):
        await asyncio.sleep(seconds / _PIECES)
        await _event(writer, {"content": text[start : start + size]}, None)
    await _event(writer, {}, "stop")
    _chunk(writer, b"data: [DONE]\n\n")
    writer.write(b"0\r\n\r\n")
    await writer.drain()


async def _event(writer: asyncio.StreamWriter, delta: dict[str, Any], finish: str | None) -> None:
    choice = {"index": 0, "delta": delta, "finish_reason": finish}
    event = {"id": "slow", "object": "chat.completion.chunk", "created": 0, "model": "slow", "choices": [choice]}
    _chunk(writer, f"data: {json.dumps(event)}\n\n".encode())
    await writer.drain()


def _chunk(writer: asyncio.StreamWriter, raw: bytes) -> None:
    writer.write(b"%x\r\n%s\r\n" % (len(raw), raw))


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1]), float(sys.argv[2])))
