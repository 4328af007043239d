"""What Slack sends, as a test writes it down, and signed as Slack signs it."""

import json
import time
from itertools import count
from typing import Any
from urllib.parse import urlencode

from channels.slack.signing import signed
from tests.doubles.fake_slack import BOT, TEAM

SECRET = "a-signing-secret"
Json = dict[str, Any]
_number = count(1)


def moment(number: int | None = None) -> str:
    """Return a timestamp of Slack's; later ones are greater."""
    return f"{1_700_000_000 + (next(_number) if number is None else number)}.000100"


def event(inner: Json, event_id: str = "", team: str = TEAM) -> Json:
    """Return an event as Slack wraps it."""
    return {
        "token": "unused",
        "team_id": team,
        "api_app_id": "A1",
        "type": "event_callback",
        "event_id": event_id or f"Ev{next(_number):08d}",
        "event_time": 1_700_000_000,
        "authorizations": [{"team_id": TEAM, "user_id": BOT, "is_bot": True}],
        "event": inner,
    }


def mention(text: str, *, user: str = "UANA", channel: str = "C1", ts: str = "", thread: str = "", **more: Any) -> Json:
    """Return somebody's mention of the bot in a channel."""
    ts = ts or moment()
    said = {
        "type": "app_mention",
        "user": user,
        "text": f"<@{BOT}> {text}",
        "ts": ts,
        "event_ts": ts,
        "channel": channel,
        "team": TEAM,
    }
    return said | ({"thread_ts": thread} if thread else {}) | more


def message(text: str, *, user: str = "UANA", channel: str = "D1", ts: str = "", thread: str = "", **more: Any) -> Json:
    """Return a message: a direct one where the channel's id begins with D."""
    ts, kind = ts or moment(), "im" if channel.startswith("D") else "channel"
    said = {
        "type": "message",
        "channel_type": kind,
        "user": user,
        "text": text,
        "ts": ts,
        "event_ts": ts,
        "channel": channel,
        "team": TEAM,
    }
    return said | ({"thread_ts": thread} if thread else {}) | more


def opened(*, user: str = "UANA", channel: str = "D1", thread: str = "") -> Json:
    """Return that somebody opened the assistant's panel."""
    ts = thread or moment()
    held = {"user_id": user, "channel_id": channel, "thread_ts": ts, "context": {}}
    return {"type": "assistant_thread_started", "assistant_thread": held, "event_ts": ts}


def press(action: Json, message_: Any, *, user: str = "UANA", team: str = TEAM) -> Json:
    """Return a press of a button (an element of a block) of one of our messages."""
    pressed = {"action_id": action["action_id"], "block_id": "b", "type": action["type"], "action_ts": moment()}
    if action["type"] == "static_select":
        pressed["selected_option"] = action["options"][0]
    else:
        pressed["value"] = action["value"]
    return {
        "type": "block_actions",
        "team": {"id": team},
        "user": {"id": user, "team_id": team},
        "trigger_id": f"{next(_number)}.trigger",
        "channel": {"id": message_.channel},
        "container": {"type": "message", "message_ts": message_.ts, "channel_id": message_.channel},
        "message": {"ts": message_.ts, "thread_ts": message_.thread, "text": message_.text},
        "actions": [pressed],
    }


def submission(view: Json, value: str, *, user: str = "UANA") -> Json:
    """Return a modal that was filled in and sent."""
    block = view["blocks"][0]
    name = block["block_id"]
    return {
        "type": "view_submission",
        "team": {"id": TEAM},
        "user": {"id": user, "team_id": TEAM},
        "trigger_id": f"{next(_number)}.trigger",
        "view": {**view, "id": f"V{next(_number)}", "state": {"values": {name: {name: {"value": value}}}}},
    }


def command(text: str, *, user: str = "UANA", channel: str = "C1", response_url: str = "") -> Json:
    """Return the fields of a slash command."""
    fields = {"command": "/stagecraft", "text": text, "user_id": user, "channel_id": channel, "team_id": TEAM}
    return {**fields, "trigger_id": f"{next(_number)}.trigger", "response_url": response_url}


def shortcut(ts: str, *, user: str = "UANA", channel: str = "C1", thread: str = "", text: str = "") -> Json:
    """Return the message shortcut, used on a message."""
    return {
        "type": "message_action",
        "callback_id": "stories_from_thread",
        "team": {"id": TEAM},
        "user": {"id": user, "team_id": TEAM},
        "channel": {"id": channel},
        "trigger_id": f"{next(_number)}.trigger",
        "action_ts": moment(),
        "message": {"ts": ts, "text": text, **({"thread_ts": thread} if thread else {})},
    }


def as_json(payload: Json) -> tuple[bytes, str]:
    """Return the body and content type of an event."""
    return json.dumps(payload, ensure_ascii=False).encode(), "application/json"


def as_form(payload: Json) -> tuple[bytes, str]:
    """Return the body and content type of an interaction, or of a command."""
    fields = payload if "command" in payload else {"payload": json.dumps(payload, ensure_ascii=False)}
    return urlencode(fields).encode(), "application/x-www-form-urlencoded"


def headers(body: bytes, content_type: str, *, secret: str = SECRET, at: float | None = None) -> dict[str, str]:
    """Return the headers of a request that Slack signed at a moment."""
    stamp = str(int(time.time() if at is None else at))
    return {
        "content-type": content_type,
        "x-slack-request-timestamp": stamp,
        "x-slack-signature": signed(secret, stamp, body),
    }
