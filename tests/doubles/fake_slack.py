"""Slack as the door meets it, on loopback: a real server that records every call, keeps messages, and refuses as Slack does.

    async with FakeSlack() as slack:
        slack.person("UANA", email="ana@bank.example")
        ... base_url=slack.base_url ...
        slack.said("C1", "1700000001.000100")     the texts of our messages in a thread

`refuse(method, error, times)` has the next calls of a method fail with an error of Slack's, `busy(method, seconds, times)` with 429.
"""

import asyncio
import json
import socket
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

import aiohttp
from aiohttp import web

BOT, BOT_ID, TEAM = "UBOT", "BBOT", "T1"
Json = dict[str, Any]
_PARTS = ("blocks", "view", "files", "prompts")
_STREAMS = ("chat.startStream", "chat.appendStream", "chat.stopStream")


@dataclass
class Call:
    """One call of the Web API."""

    method: str
    arguments: Json
    refused: str = ""


@dataclass
class Message:
    """A message as the channel shows it."""

    channel: str
    ts: str
    text: str
    user: str
    thread: str = ""
    blocks: list[Json] = field(default_factory=list)
    streaming: bool = False
    changes: int = 0


class FakeSlack:
    """See the module."""

    def __init__(self, port: int = 0) -> None:
        self.calls: list[Call] = []
        self.people: dict[str, Json] = {}
        self.conversations: dict[str, Json] = {}
        self.members: dict[str, list[str]] = {}
        self.messages: dict[tuple[str, str], Message] = {}
        self.files: list[Json] = []
        self.sent_over_socket: list[Json] = []
        self.delay = 0.0
        self._refusals: dict[str, list[str]] = defaultdict(list)
        self._ts = 1_800_000_000
        self._port = port
        self._runner: web.AppRunner | None = None
        self._sockets: list[web.WebSocketResponse] = []
        self.person(BOT, email="", is_bot=True)

    @property
    def base_url(self) -> str:
        """The address that stands for https://slack.com/api/."""
        return f"http://127.0.0.1:{self._port}/api/"

    def person(
        self, user: str, *, email: str, locale: str = "en-US", team: str = TEAM, confirmed: bool = True, **flags: Any
    ) -> None:
        """Let somebody be known to Slack."""
        profile = {"email": email} if email else {}
        self.people[user] = {
            "id": user,
            "team_id": team,
            "locale": locale,
            "profile": profile,
            "is_email_confirmed": confirmed,
            **flags,
        }

    def refuse(self, method: str, error: str, times: int = 1) -> None:
        """Have the next calls of a method refused."""
        self._refusals[method] += [error] * times

    def busy(self, method: str, seconds: int, times: int = 1) -> None:
        """Have the next calls of a method answered with 429."""
        self._refusals[method] += [f"429:{seconds}"] * times

    def of(self, *methods: str) -> list[Json]:
        """Return the arguments of every call of these methods that was not refused."""
        return [call.arguments for call in self.calls if call.method in methods and not call.refused]

    def ours(self, channel: str, thread: str = "") -> list[Message]:
        """Return our messages in a conversation (of one thread), in their order."""
        found = [one for one in self.messages.values() if one.channel == channel and one.user == BOT]
        return [one for one in found if not thread or one.thread == thread]

    def write(self, channel: str, user: str, text: str, ts: str, thread: str = "") -> None:
        """Let somebody's message stand in a channel, as conversations.replies shows it."""
        self.messages[channel, ts] = Message(channel, ts, text, user, thread or ts)

    async def __aenter__(self) -> "FakeSlack":
        """Begin to serve."""
        application = web.Application(client_max_size=50 * 1024 * 1024)
        application.router.add_route("*", "/api/{method}", self._serve)
        application.router.add_post("/upload/{file}", self._upload)
        application.router.add_post("/response/{name}", self._responded)
        application.router.add_get("/socket", self._socket)
        self._runner = web.AppRunner(application, shutdown_timeout=0.1)
        await self._runner.setup()
        with socket.socket() as free:
            free.bind(("127.0.0.1", self._port))
            self._port = free.getsockname()[1]
        await web.TCPSite(self._runner, "127.0.0.1", self._port).start()
        return self

    async def __aexit__(self, *_: object) -> None:
        """Stop serving."""
        for one in self._sockets:
            await one.close()
        assert self._runner is not None
        await self._runner.cleanup()

    async def _serve(self, request: web.Request) -> web.Response:
        method = request.match_info["method"]
        arguments = await _arguments(request)
        if self.delay:
            await asyncio.sleep(self.delay)
        call = Call(method, arguments)
        self.calls.append(call)
        refusal = self._refusals[method].pop(0) if self._refusals[method] else ""
        if refusal.startswith("429:"):
            call.refused = "ratelimited"
            return web.json_response({"ok": False, "error": "ratelimited"}, status=429, headers={"Retry-After": refusal[4:]})
        call.refused = refusal or _unsound(arguments)
        if not call.refused:
            answer = self._answer(method, arguments)
            call.refused = str(answer.get("error", ""))
            if not call.refused:
                return web.json_response({"ok": True, **answer})
        return web.json_response({"ok": False, "error": call.refused})

    def _answer(self, method: str, arguments: Json) -> Json:
        if method in _STREAMS:
            return self._stream(method, arguments)
        answers = {
            "auth.test": self._auth,
            "users.info": self._user,
            "conversations.info": self._conversation,
            "conversations.members": self._members,
            "conversations.replies": self._replies,
            "chat.postMessage": self._post,
            "chat.update": self._update,
            "files.getUploadURLExternal": self._upload_address,
            "files.completeUploadExternal": self._uploaded,
            "apps.connections.open": self._connection,
        }
        return answers[method](arguments) if method in answers else {}

    def _auth(self, _arguments: Json) -> Json:
        return {
            "url": "https://bank.slack.com/",
            "team": "Bank",
            "team_id": TEAM,
            "user": "stagecraft",
            "user_id": BOT,
            "bot_id": BOT_ID,
        }

    def _user(self, arguments: Json) -> Json:
        found = self.people.get(arguments.get("user", ""))
        return {"user": found} if found is not None else {"error": "user_not_found"}

    def _conversation(self, arguments: Json) -> Json:
        channel = arguments["channel"]
        return {"channel": {"id": channel, "is_im": channel.startswith("D"), **self.conversations.get(channel, {})}}

    def _members(self, arguments: Json) -> Json:
        return {"members": self.members.get(arguments["channel"], [BOT]), "response_metadata": {"next_cursor": ""}}

    def _replies(self, arguments: Json) -> Json:
        thread = arguments["ts"]
        found = [one for one in self.messages.values() if one.channel == arguments["channel"] and thread in (one.thread, one.ts)]
        told = [
            {"ts": one.ts, "user": one.user, "text": one.text, **({"bot_id": BOT_ID} if one.user == BOT else {})}
            for one in sorted(found, key=lambda one: one.ts)
        ]
        return {"messages": told}

    def _post(self, arguments: Json) -> Json:
        return {"ts": self._new(arguments, str(arguments.get("text", ""))).ts, "channel": arguments["channel"]}

    def _update(self, arguments: Json) -> Json:
        message = self.messages.get((arguments["channel"], arguments["ts"]))
        if message is None:
            return {"error": "message_not_found"}
        if message.streaming:
            return {"error": "streaming_state_conflict"}
        message.text, message.blocks = str(arguments.get("text", "")), arguments.get("blocks") or []
        message.changes += 1
        return {"ts": message.ts, "channel": message.channel}

    def _stream(self, method: str, arguments: Json) -> Json:
        if method == "chat.startStream":
            message = self._new(arguments, str(arguments.get("markdown_text", "")))
            message.streaming = True
            return {"ts": message.ts, "channel": message.channel}
        held = self.messages.get((arguments["channel"], arguments["ts"]))
        if held is None or not held.streaming:
            return {"error": "message_not_in_streaming_state"}
        held.text += str(arguments.get("markdown_text", ""))
        held.changes += 1
        held.streaming = method != "chat.stopStream"
        return {"ts": held.ts}

    def _new(self, arguments: Json, text: str) -> Message:
        self._ts += 1
        ts, channel = f"{self._ts}.000000", str(arguments["channel"])
        message = Message(channel, ts, text, BOT, str(arguments.get("thread_ts") or ts), arguments.get("blocks") or [])
        self.messages[channel, ts] = message
        return message

    def _upload_address(self, _arguments: Json) -> Json:
        return {"upload_url": f"http://127.0.0.1:{self._port}/upload/F{len(self.files)}", "file_id": f"F{len(self.files)}"}

    async def _upload(self, request: web.Request) -> web.Response:
        self.files.append({"content": await request.read()})
        return web.Response(text="OK")

    def _uploaded(self, arguments: Json) -> Json:
        self.files[-1] |= {
            "channel": arguments.get("channel_id"),
            "thread": arguments.get("thread_ts"),
            "files": arguments["files"],
        }
        return {"files": [{"id": "F1", "title": "file"}]}

    async def _responded(self, request: web.Request) -> web.Response:
        self.calls.append(Call("response_url", await request.json()))
        return web.Response(text="ok")

    def _connection(self, _arguments: Json) -> Json:
        return {"url": f"ws://127.0.0.1:{self._port}/socket"}

    async def _socket(self, request: web.Request) -> web.WebSocketResponse:
        connection = web.WebSocketResponse()
        await connection.prepare(request)
        self._sockets.append(connection)
        await connection.send_json({"type": "hello", "num_connections": 1, "debug_info": {}, "connection_info": {"app_id": "A1"}})
        async for message in connection:
            if message.type is aiohttp.WSMsgType.TEXT and message.data.startswith("{"):
                self.sent_over_socket.append(json.loads(message.data))
        return connection

    async def over_socket(self, payload: Json, kind: str = "events_api", envelope: str = "e1") -> None:
        """Send a payload over the open socket."""
        while not self._sockets:
            await asyncio.sleep(0.02)
        await self._sockets[-1].send_json(
            {"type": kind, "envelope_id": envelope, "payload": payload, "accepts_response_payload": True}
        )


async def _arguments(request: web.Request) -> Json:
    """Return the arguments of a call, wherever they stand."""
    if request.content_type == "application/json":
        arguments = dict(await request.json())
    else:
        arguments = {name: value for name, value in (await request.post()).items() if isinstance(value, str)}
    arguments |= dict(request.query)
    for name in _PARTS:
        if isinstance(arguments.get(name), str):
            arguments[name] = json.loads(arguments[name])
    return arguments


def _unsound(arguments: Json) -> str:
    """Return the error by which Slack refuses blocks that are too many or too long, or a text that is."""
    blocks = arguments.get("blocks") or (arguments.get("view") or {}).get("blocks") or []
    if len(blocks) > 50 or any(_too_long(block) for block in blocks):
        return "invalid_blocks"
    if len(str(arguments.get("markdown_text", ""))) > 12_000 or len(str(arguments.get("text", ""))) > 40_000:
        return "msg_too_long"
    return ""


def _too_long(block: Json) -> bool:
    """Tell whether a block breaks one of the limits that Slack documents."""
    kind, text = block.get("type"), block.get("text") or {}
    if kind == "section":
        return not 1 <= len(text.get("text", "")) <= 3000
    if kind == "header":
        return not 1 <= len(text.get("text", "")) <= 150
    elements = block.get("elements") or []
    if kind == "context":
        return not 1 <= len(elements) <= 10 or any(not 1 <= len(one.get("text", "")) <= 3000 for one in elements)
    if kind == "actions":
        ids = [one["action_id"] for one in elements]
        return not 1 <= len(elements) <= 25 or len(set(ids)) != len(ids) or any(_unsound_element(one) for one in elements)
    return False


def _unsound_element(element: Json) -> bool:
    if element["type"] == "static_select":
        options = element["options"]
        return not 1 <= len(options) <= 100 or any(len(one["value"]) > 150 or len(one["text"]["text"]) > 75 for one in options)
    return not 1 <= len(element["text"]["text"]) <= 75 or len(element["value"]) > 2000
