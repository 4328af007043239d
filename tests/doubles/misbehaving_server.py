"""A model server on loopback that really misbehaves: the fault is chosen by the model's name, `scripted` is a healthy one.

    async with MisbehavingServer(replies=['{"actions":["freeze a card"]}']) as server:
        endpoint = OpenAIEndpoint(EndpointOptions(server.base_url, model="scripted", structured="schema", context_tokens=8192))

A scripted reply is a text, a JSON value, or a function of the request's body; the last one is given again and again. A call
that finds out about the schema (`response_format` named `answer`) takes no reply from the script.
"""

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Any, Self

Body = dict[str, Any]
Scripted = str | dict[str, Any] | list[Any] | Callable[[Body], str]
USAGE = {
    "prompt_tokens": 40,
    "completion_tokens": 7,
    "total_tokens": 47,
    "prompt_tokens_details": {"cached_tokens": 32},
}


class Exchange:
    """One request and the means to answer it, properly or not."""

    def __init__(self, server: "MisbehavingServer", writer: asyncio.StreamWriter, body: Body, first: bool) -> None:
        self.server, self.writer, self.body, self.is_first_on_connection = server, writer, body, first
        self.is_streamed = bool(body.get("stream"))
        self.keeps_connection = True
        self._chunked = True

    async def answer(self, status: int, body: bytes | object, *headers: str, kind: str = "application/json") -> None:
        """Send a whole body; whatever is not bytes as JSON."""
        sent = body if isinstance(body, bytes) else json.dumps(body, ensure_ascii=False).encode()
        lines = [f"HTTP/1.1 {status} X", f"content-type: {kind}", f"content-length: {len(sent)}", *headers]
        self.writer.write("\r\n".join([*lines, "", ""]).encode() + sent)
        await self.writer.drain()

    async def refuse(self, status: int, message: str, code: str | None = None, *headers: str) -> None:
        """Send an error as the protocol has it."""
        await self.answer(status, {"error": {"message": message, "code": code, "type": "invalid_request_error"}}, *headers)

    async def begin(self, *, chunked: bool = True) -> None:
        """Send the head of an event stream; without chunks its end is the end of the connection."""
        self._chunked = chunked
        length = "transfer-encoding: chunked\r\n" if chunked else "connection: close\r\n"
        self.writer.write(f"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n{length}\r\n".encode())
        await self.writer.drain()

    async def send(self, raw: bytes) -> None:
        """Send bytes of the stream."""
        self.writer.write(b"%x\r\n%s\r\n" % (len(raw), raw) if self._chunked else raw)
        await self.writer.drain()

    async def event(self, value: Any) -> None:
        """Send one event of the stream."""
        await self.send(f"data: {json.dumps(value, ensure_ascii=False)}\n\n".encode())

    async def say(self, text: str | None, finish: str | None = None) -> None:
        """Send one piece of the reply."""
        choice = {"index": 0, "delta": {"content": text} if text is not None else {}, "finish_reason": finish}
        await self.event({"id": "c", "object": "chat.completion.chunk", "created": 1, "model": "m", "choices": [choice]})

    async def end(self) -> None:
        """End the stream as the protocol has it, with what it cost."""
        await self.event(
            {"id": "c", "object": "chat.completion.chunk", "created": 1, "model": "m", "choices": [], "usage": USAGE}
        )
        await self.send(b"data: [DONE]\n\n")
        if self._chunked:
            self.writer.write(b"0\r\n\r\n")
            await self.writer.drain()
        else:
            self.keeps_connection = False

    async def reply(self, text: str | None, finish: str = "stop", *, every: int = 4) -> None:
        """Give a whole healthy reply, streamed by a few characters where that was asked for."""
        if not self.is_streamed:
            choice = {"index": 0, "message": {"role": "assistant", "content": text}, "finish_reason": finish}
            await self.answer(
                200, {"id": "c", "object": "chat.completion", "created": 1, "model": "m", "choices": [choice], "usage": USAGE}
            )
            return
        await self.begin()
        for start in range(0, len(text or ""), every):
            await self.say((text or "")[start : start + every])
        await self.say(None, finish)
        await self.end()

    async def break_off(self) -> None:
        """Reset the connection."""
        self.keeps_connection = False
        self.writer.transport.abort()

    @property
    def schema(self) -> dict[str, Any] | None:
        """The JSON Schema of the request."""
        held = self.body.get("response_format")
        return held["json_schema"]["schema"] if held else None


Fault = Callable[[Exchange], Awaitable[None]]
FAULTS: dict[str, Fault] = {}


def fault(behave: Fault) -> Fault:
    """Register a behaviour under its function's name, the model's name that chooses it."""
    FAULTS[behave.__name__] = behave
    return behave


def refusal(name: str, status: int, message: str, code: str | None = None, *headers: str) -> None:
    """Register a behaviour that is one refusal."""

    async def refuse(exchange: Exchange) -> None:
        await exchange.refuse(status, message, code, *headers)

    FAULTS[name] = refuse


def opening(name: str, texts: str, then: Fault, *, chunked: bool = True) -> None:
    """Register a behaviour that begins a streamed reply with some pieces and goes on as `then` does."""

    async def open_and_fail(exchange: Exchange) -> None:
        await exchange.begin(chunked=chunked)
        for text in texts:
            await exchange.say(text)
        await then(exchange)

    FAULTS[name] = open_and_fail


async def _stay_silent(exchange: Exchange) -> None:
    exchange.keeps_connection = False
    await exchange.server.stopping.wait()


async def _close(exchange: Exchange) -> None:
    exchange.keeps_connection = False


async def _reset(exchange: Exchange) -> None:
    await asyncio.sleep(0.1)
    await exchange.break_off()


async def _error_event(exchange: Exchange) -> None:
    await exchange.event({"error": {"message": "CUDA out of memory", "code": 500}})
    await exchange.end()


async def _malformed_event(exchange: Exchange) -> None:
    await exchange.send(b'data: {"id": "c", "choi\n\n')
    await exchange.end()


async def _broken_characters(exchange: Exchange) -> None:
    await exchange.send(b'data: {"id":"c","choices":[{"index":0,"delta":{"content":"\xff\xfe"}}]}\n\n')
    await exchange.end()


async def _cut_by_length(exchange: Exchange) -> None:
    await exchange.say(None, "length")
    await exchange.end()


async def _withheld(exchange: Exchange) -> None:
    await exchange.say(None, "content_filter")
    await exchange.end()


async def _no_end(exchange: Exchange) -> None:
    await exchange.send(b"data: [DONE]\n\n")
    exchange.writer.write(b"0\r\n\r\n")


refusal("wrong_key", 401, "Incorrect API key provided: sk-very-secret", "invalid_api_key")
refusal("forbidden", 403, "this key may not use the model")
refusal("unknown_model", 404, "The model does not exist", "model_not_found")
refusal("bad_request", 400, "`response_format` is not supported")
refusal("rate_limited", 429, "rate limit", "rate_limit_exceeded", "retry-after: 0.1")
refusal("rate_limited_for_long", 429, "rate limit", "rate_limit_exceeded", "retry-after: 120")
refusal("loading", 503, "Loading model", None, "retry-after: 0.1")
refusal("gateway_timeout", 504, "upstream timed out")
refusal("internal_error", 500, "boom")
refusal("unavailable", 503, "no backend")
refusal("context_by_code", 400, "no room", "context_length_exceeded")
refusal("context_by_vllm_text", 400, "This model's maximum context length is 8192 tokens. However, you requested 9001 tokens")
refusal("context_by_llama_text", 400, "the request exceeds the available context size, try increasing it")
refusal("context_as_server_error", 500, "context shift is disabled", "exceed_context_size_error")
opening("slow_first_token", "", _stay_silent)
opening("stall", "abc", _stay_silent)
opening("cut", "abc", _close)
opening("cut_close_delimited", "abc", _close, chunked=False)
opening("no_finish_reason", "abc", _no_end)
opening("reset", "abc", _reset)
opening("error_event", "abc", _error_event)
opening("malformed_event", "abc", _malformed_event)
opening("broken_characters", "abc", _broken_characters)
opening("length", "abc", _cut_by_length)
opening("withheld", "abc", _withheld)


@fault
async def hang(exchange: Exchange) -> None:
    """Take the request and say nothing at all."""
    await _stay_silent(exchange)


@fault
async def drip(exchange: Exchange) -> None:
    """Send a character now and then, for ever."""
    await exchange.begin()
    while not exchange.server.stopping.is_set():
        await exchange.say("x y"[exchange.server.count("drip") % 3])
        await asyncio.sleep(0.05)


@fault
async def burst(exchange: Exchange) -> None:
    """Send 400 tokens as fast as they go."""
    await exchange.reply("".join(f"{number:03d} " for number in range(400)), every=4)


@fault
async def repetition(exchange: Exchange) -> None:
    """Say the same over and over."""
    await exchange.reply("a card is frozen, " * 3000, every=9)


@fault
async def html_page(exchange: Exchange) -> None:
    """The page of a proxy, as if all were well."""
    await exchange.answer(200, b"<html>sign in to the proxy</html>", kind="text/html; charset=utf-8")


@fault
async def unavailable_page(exchange: Exchange) -> None:
    """The page of a gateway whose backend is gone."""
    await exchange.answer(503, b"<html>503</html>", kind="text/html")


@fault
async def truncated_json(exchange: Exchange) -> None:
    """A body that ends in the middle."""
    await exchange.answer(200, b'{"id": "x", "choices": [')


@fault
async def no_choices(exchange: Exchange) -> None:
    """A reply without a choice."""
    if exchange.is_streamed:
        await exchange.begin()
        await exchange.end()
    else:
        await exchange.answer(200, {"id": "x", "object": "chat.completion", "created": 1, "model": "m", "choices": []})


@fault
async def null_content(exchange: Exchange) -> None:
    """A reply without a text."""
    await exchange.reply(None)


@fault
async def empty_stream(exchange: Exchange) -> None:
    """A stream without an event."""
    await exchange.begin()
    await _no_end(exchange)


@fault
async def fails_once(exchange: Exchange) -> None:
    """An error at the first call, healthy after."""
    await (exchange.refuse(500, "boom") if exchange.server.count("fails_once") == 1 else exchange.reply("recovered"))


@fault
async def rate_limited_once(exchange: Exchange) -> None:
    """Busy at the first call, healthy after."""
    first = exchange.server.count("rate_limited_once") == 1
    await (exchange.refuse(429, "rate", None, "retry-after: 0.2") if first else exchange.reply("recovered"))


@fault
async def drops_kept_connections(exchange: Exchange) -> None:
    """Reset a kept connection at its second request, as llama.cpp's server does."""
    await (exchange.reply("ok then") if exchange.is_first_on_connection else exchange.break_off())


@fault
async def does_not_stream(exchange: Exchange) -> None:
    """Answer in one body whatever was asked for."""
    exchange.is_streamed = False
    await keeps_to_schema(exchange)


@fault
async def keeps_to_schema(exchange: Exchange) -> None:
    """Decode under the schema of the finding out."""
    await exchange.reply('{"answer":"korvax"}' if exchange.schema else "Yes.")


@fault
async def ignores_schema(exchange: Exchange) -> None:
    """Take the schema and do not keep to it."""
    await exchange.reply('{"answer": "yes"}')


@fault
async def refuses_schema(exchange: Exchange) -> None:
    """Know no schema."""
    await (exchange.refuse(400, "response_format is not supported") if exchange.schema else exchange.reply("Yes."))


@fault
async def scripted(exchange: Exchange) -> None:
    """Give the replies of the script, one after the other."""
    held = exchange.body.get("response_format") or {}
    if held.get("json_schema", {}).get("name") == "answer":
        await keeps_to_schema(exchange)
    else:
        await exchange.reply(exchange.server.next_reply(exchange.body))


class MisbehavingServer:
    """The server; `requests` keeps the bodies of all calls, `seen_headers` their heads, `closed_early` counts callers that left."""

    def __init__(self, replies: list[Scripted] | None = None, *, models: Any = None, props: Any = None, port: int = 0) -> None:
        self.replies = list(replies or ["ok"])
        self.models = models if models is not None else {"object": "list", "data": [{"id": "scripted", "max_model_len": 4096}]}
        self.props = props
        self._port = port
        self.requests: list[Body] = []
        self.seen_headers: list[str] = []
        self.paths: list[str] = []
        self.closed_early = 0
        self.stopping = asyncio.Event()
        self.base_url = ""
        self._server: asyncio.Server | None = None
        self._connections: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._connected, "127.0.0.1", self._port)
        self.base_url = f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}/v1"
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._server is not None
        self.stopping.set()
        self._server.close()
        for connection in self._connections:
            connection.cancel()
        await asyncio.gather(*self._connections, return_exceptions=True)
        await self._server.wait_closed()

    def count(self, model: str) -> int:
        """Return how many calls were made to a model."""
        return sum(request.get("model") == model for request in self.requests)

    def next_reply(self, body: Body) -> str:
        """Return the next reply of the script as text."""
        reply = self.replies.pop(0) if len(self.replies) > 1 else self.replies[0]
        if callable(reply):
            return reply(body)
        return reply if isinstance(reply, str) else json.dumps(reply, ensure_ascii=False)

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._connections.add(task)
        try:
            first = True
            while await self._exchanged(reader, writer, first):
                first = False
        except asyncio.IncompleteReadError:
            pass
        except ConnectionError:
            self.closed_early += 1
        finally:
            self._connections.discard(task)
            writer.close()

    async def _exchanged(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, first: bool) -> bool:
        """Answer one request; tell whether the connection may be used again."""
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        path = head.split(" ", 2)[1]
        self.paths.append(path)
        self.seen_headers.append(head)
        lengths = [line.split(":")[1] for line in head.lower().split("\r\n") if line.startswith("content-length")]
        body = json.loads(await reader.readexactly(int(lengths[0]))) if lengths else {}
        exchange = Exchange(self, writer, body, first)
        if path.endswith("/chat/completions"):
            self.requests.append(body)
            await FAULTS[body["model"]](exchange)
        elif path == "/v1/models" and isinstance(self.models, str):
            await FAULTS[self.models](exchange)
        elif path == "/v1/models" and self.models:
            await exchange.answer(200, self.models)
        elif path == "/props" and self.props:
            await exchange.answer(200, self.props)
        else:
            await exchange.refuse(404, "no such path")
        return exchange.keeps_connection
