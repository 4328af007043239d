"""What Slack sends, read strictly: each payload becomes something to answer, a question of Slack's own, or nothing."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal
from urllib.parse import parse_qs

from records.slack import Arrival, Kind

Json = dict[str, Any]
# Subtypes under which somebody still says something; every other one tells of an edit, a join, a topic.
_SAID = (None, "file_share", "thread_broadcast")
_TIMESTAMP = re.compile(r"([0-9]{1,12})\.([0-9]{1,9})")
_ID = re.compile(r"[A-Za-z0-9_.:-]{1,200}")
# Presses after which something is written in the thread, so that they stand in line with its messages.
WRITING_PRESSES = ("carry_on", "retry")
SHORTCUT = "stories_from_thread"


class Malformed(Exception):
    """A payload that is none of Slack's; the route answers 400."""


@dataclass(frozen=True)
class Delivery:
    """What came: an `arrival` for the inbox, or a payload that is answered at once (`verification`, `submission`), or neither.

    `only_if_known` says that the arrival matters only where the assistant takes part in its thread.
    """

    kind: Literal["arrival", "verification", "submission", "ignored"]
    payload: Json
    arrival: Arrival | None = None
    only_if_known: bool = False


IGNORED = Delivery("ignored", {})


def read_http(body: bytes, content_type: str) -> Delivery:
    """Read the body of a request. Raises Malformed."""
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError as error:
        raise Malformed from error
    if content_type.partition(";")[0].strip().lower() == "application/x-www-form-urlencoded":
        return read_payload(_form(text))
    return read_payload(_object(text))


def read_payload(payload: Json) -> Delivery:
    """Read a payload, however it came. Raises Malformed."""
    kind = payload.get("type")
    if kind == "url_verification":
        return Delivery("verification", {"challenge": _text(payload, "challenge")})
    if kind == "view_submission":
        _part(payload, "view")
        return Delivery("submission", payload)
    read = _READ.get("command" if "command" in payload else str(kind))
    if read is not None:
        return read(payload)
    if isinstance(kind, str) or payload.get("ssl_check"):
        return IGNORED
    raise Malformed


def _form(text: str) -> Json:
    """Return the fields of a form, or the payload that one of them holds."""
    try:
        fields = {name: values[0] for name, values in parse_qs(text, keep_blank_values=True, max_num_fields=100).items()}
    except ValueError as error:
        raise Malformed from error
    return _object(fields["payload"]) if "payload" in fields else fields


def _object(text: str) -> Json:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise Malformed from error
    if not isinstance(found, dict):
        raise Malformed
    return found


def _event(payload: Json) -> Delivery:
    event = _part(payload, "event")
    team, event_id, kind = _id(payload, "team_id"), _id(payload, "event_id"), _text(event, "type")
    if kind == "assistant_thread_started":
        return _opened(payload, team, event_id, _part(event, "assistant_thread"))
    if kind not in ("message", "app_mention") or event.get("subtype") not in _SAID:
        return IGNORED
    if event.get("bot_id") or event.get("bot_profile") or not event.get("user"):
        return IGNORED
    channel, ts = _id(event, "channel"), _moment(event, "ts")
    thread = _moment(event, "thread_ts") if event.get("thread_ts") else ts
    said = event.get("text", "")
    if not isinstance(said, str):
        raise Malformed
    alone = event.get("channel_type") == "im"
    addressed = kind == "app_mention" or alone or _mentions_us(payload, said)
    if not addressed and thread == ts:
        return IGNORED
    arrival = Arrival(
        team=team,
        event=event_id,
        kind="message",
        lane=f"{channel}:{thread}",
        position=_position(ts),
        person=_id(event, "user"),
        channel=channel,
        payload=payload,
        post=f"{channel}:{ts}",
        thread=thread,
        starts=addressed,
    )
    return Delivery("arrival", payload, arrival, only_if_known=not addressed)


def _mentions_us(payload: Json, said: str) -> bool:
    """Tell whether a message names the bot user that the event was sent for."""
    sent_for = payload.get("authorizations")
    first = sent_for[0] if isinstance(sent_for, list) and sent_for and isinstance(sent_for[0], dict) else {}
    us = first.get("user_id") if first.get("is_bot") else None
    return isinstance(us, str) and f"<@{us}" in said


def _opened(payload: Json, team: str, event_id: str, thread: Json) -> Delivery:
    channel, ts = _id(thread, "channel_id"), _moment(thread, "thread_ts")
    lane = f"{channel}:{ts}:opened"
    return Delivery(
        "arrival", payload, Arrival(team, event_id, "opened", lane, _position(ts), _id(thread, "user_id"), channel, payload)
    )


def _press(payload: Json) -> Delivery:
    actions = payload.get("actions")
    if not isinstance(actions, list) or not actions or not isinstance(actions[0], dict):
        raise Malformed
    name = _text(actions[0], "action_id").partition(":")[0]
    channel = _id(payload["channel"], "id") if isinstance(payload.get("channel"), dict) else ""
    if not channel:
        return IGNORED
    container = payload.get("message") if isinstance(payload.get("message"), dict) else {}
    thread = (container or {}).get("thread_ts") or (container or {}).get("ts") or ""
    event = f"press:{_id(payload, 'trigger_id')}"
    lane = f"{channel}:{thread}" if name in WRITING_PRESSES and thread else event
    position = _position(_moment(actions[0], "action_ts"))
    return Delivery("arrival", payload, _interaction("press", event, lane, position, payload, channel))


def _shortcut(payload: Json) -> Delivery:
    if payload.get("callback_id") != SHORTCUT:
        return IGNORED
    message = _part(payload, "message")
    channel, ts = _id(_part(payload, "channel"), "id"), _moment(message, "ts")
    thread = _moment(message, "thread_ts") if message.get("thread_ts") else ts
    position = _position(_moment(payload, "action_ts"))
    event = f"shortcut:{_id(payload, 'trigger_id')}"
    return Delivery("arrival", payload, _interaction("shortcut", event, f"{channel}:{thread}", position, payload, channel))


def _interaction(kind: Kind, event: str, lane: str, position: str, payload: Json, channel: str) -> Arrival:
    team = _id(_part(payload, "team"), "id")
    return Arrival(team, event, kind, lane, position, _id(_part(payload, "user"), "id"), channel, payload)


def _command(payload: Json) -> Delivery:
    _text(payload, "text")
    event = f"command:{_id(payload, 'trigger_id')}"
    person, channel = _id(payload, "user_id"), _id(payload, "channel_id")
    return Delivery("arrival", payload, Arrival(_id(payload, "team_id"), event, "command", event, "0", person, channel, payload))


def _part(payload: Json, name: str) -> Json:
    found = payload.get(name)
    if not isinstance(found, dict):
        raise Malformed
    return found


def _text(payload: Json, name: str) -> str:
    found = payload.get(name)
    if not isinstance(found, str):
        raise Malformed
    return found


def _id(payload: Json, name: str) -> str:
    found = _text(payload, name)
    if not _ID.fullmatch(found):
        raise Malformed
    return found


def _moment(payload: Json, name: str) -> str:
    found = _text(payload, name)
    if not _TIMESTAMP.fullmatch(found):
        raise Malformed
    return found


def _position(ts: str) -> str:
    """Return a timestamp at a fixed width, so that text in order is time in order."""
    seconds, fraction = ts.split(".")
    return f"{int(seconds):012d}.{fraction:0<9}"


_READ: dict[str, Callable[[Json], Delivery]] = {
    "event_callback": _event,
    "block_actions": _press,
    "message_action": _shortcut,
    "command": _command,
}
