"""Only Slack gets in at Slack's address, whatever else is sent there is refused, and nothing of it is our failure."""

import json
import time

import pytest
import sqlalchemy as sa

from records.slack_tables import slack_inbox
from tests.doubles.slack_payloads import as_form, as_json, event, headers, mention, message, press
from tests.doubles.slack_served import Served


async def rows(served: Served) -> int:
    async with served.database.read() as connection:
        return int((await connection.execute(sa.select(sa.func.count()).select_from(slack_inbox))).scalar_one())


async def test_slack_verifies_the_address(served: Served) -> None:
    answer = await served.send({"type": "url_verification", "challenge": "abc", "token": "x"})
    assert answer.json() == {"challenge": "abc"}
    assert (await served.raw(*signed_form({"ssl_check": "1", "token": "x"}))).status_code == 200


def signed_form(fields: dict[str, str]) -> tuple[bytes, dict[str, str]]:
    body, kind = (
        as_form({"command": "x", **fields})
        if "command" in fields
        else (b"ssl_check=1&token=x", "application/x-www-form-urlencoded")
    )
    return body, headers(body, kind)


def broken_headers() -> dict[str, dict[str, str | None]]:
    stamp, signature = "x-slack-request-timestamp", "x-slack-signature"
    return {
        "none": {stamp: None, signature: None},
        "no signature": {signature: None},
        "no timestamp": {stamp: None},
        "forged": {signature: "v0=" + "0" * 64},
        "short": {signature: "v0=00"},
        "other version": {signature: "v1=" + "0" * 64},
        "not hex": {signature: "v0=" + "z" * 64},
        "not ascii": {signature: "v0=" + "é" * 64},
        "words": {stamp: "yesterday"},
        "huge": {stamp: "9" * 400},
        "negative": {stamp: "-1"},
        "decimal": {stamp: "1.5"},
        "arabic digits": {stamp: "١٢٣"},
        "empty": {stamp: "", signature: ""},
    }


@pytest.mark.parametrize("what", broken_headers())
async def test_what_slack_did_not_sign_is_refused_and_leaves_no_trace(served: Served, what: str) -> None:
    body, kind = as_json(event(mention("hello")))
    sent = headers(body, kind)
    changed = {name: value for name, value in (sent | broken_headers()[what]).items() if value is not None}
    answer = await served.raw(body, {name: value.encode("utf-8") for name, value in changed.items()})  # type: ignore[misc]
    assert answer.status_code == 401
    assert await rows(served) == 0


async def test_what_was_signed_long_ago_or_lies_ahead_or_was_changed_is_refused(served: Served) -> None:
    body, kind = as_json(event(mention("hello")))
    for at in (time.time() - 301, time.time() + 301):
        assert (await served.raw(body, headers(body, kind, at=at))).status_code == 401
    assert (await served.raw(body + b" ", headers(body, kind))).status_code == 401
    assert (await served.raw(body, headers(body, kind, secret="another"))).status_code == 401
    assert await rows(served) == 0


MALFORMED = {
    "not json": b"{",
    "not utf-8": b"\xff\xfe{}",
    "a list": b"[]",
    "a number": b"1",
    "nothing": b"",
    "deep": b"[" * 100_000,
    "no type": b"{}",
    "no event": json.dumps({**event({}), "event": None}).encode(),
    "event is text": json.dumps({**event({}), "event": "x"}).encode(),
    "no event id": json.dumps({**event(mention("x")), "event_id": None}).encode(),
    "event id is a list": json.dumps({**event(mention("x")), "event_id": ["E"]}).encode(),
    "endless event id": json.dumps({**event(mention("x")), "event_id": "E" * 5000}).encode(),
    "no team": json.dumps({**event(mention("x")), "team_id": 7}).encode(),
    "ts is no moment": json.dumps(event({**mention("x"), "ts": "soon"})).encode(),
    "ts is a number": json.dumps(event({**mention("x"), "ts": 1.5})).encode(),
    "thread is no moment": json.dumps(event({**mention("x"), "thread_ts": "1;DROP"})).encode(),
    "user is a list": json.dumps(event({**mention("x"), "user": ["U"]})).encode(),
    "text is a list": json.dumps(event({**mention("x"), "text": []})).encode(),
    "channel missing": json.dumps(event({**message("x"), "channel": None})).encode(),
}


@pytest.mark.parametrize("what", MALFORMED)
async def test_a_signed_body_that_is_none_of_slacks_is_400(served: Served, what: str) -> None:
    body = MALFORMED[what]
    assert (await served.raw(body, headers(body, "application/json"))).status_code == 400
    assert await rows(served) == 0


@pytest.mark.parametrize(
    "body",
    [
        b"payload=%7B",
        b"payload=[]",
        b"command=/stagecraft",
        b"a=b",
        b"payload=" + json.dumps({"type": "block_actions", "actions": []}).encode(),
        b"payload=" + json.dumps({"type": "message_action", "callback_id": "stories_from_thread"}).encode(),
        b"payload=" + json.dumps({"type": "view_submission"}).encode(),
        b"&".join(b"a%d=1" % number for number in range(200)),
    ],
)
async def test_a_signed_form_that_is_none_of_slacks_is_400(served: Served, body: bytes) -> None:
    assert (await served.raw(body, headers(body, "application/x-www-form-urlencoded"))).status_code == 400


async def test_what_is_not_meant_for_us_is_taken_note_of_and_left(served: Served) -> None:
    for inner in ({"type": "reaction_added", "user": "U"}, {"type": "message", "subtype": "message_deleted"}):
        assert (await served.send(event(inner))).status_code == 200
    assert (await served.send({"type": "shortcut", "callback_id": "other"})).status_code == 200
    assert await rows(served) == 0


async def test_a_submission_of_a_modal_that_is_none_of_ours_harms_nobody(served: Served) -> None:
    for view in (
        {},
        {"callback_id": "other"},
        {"callback_id": "edit", "private_metadata": "{"},
        {"callback_id": "reject", "state": 1},
    ):
        payload = {"type": "view_submission", "team": {"id": "T1"}, "user": {"id": "UANA"}, "view": view}
        assert (await served.send(payload)).status_code == 200


async def test_slack_is_answered_before_anything_is_looked_up(served: Served) -> None:
    served.slack.delay = 0.3
    assert (await served.send(event(mention("hello")))).status_code == 200
    assert served.slack.calls == []
    served.slack.delay = 0.0
    await served.card()


async def test_a_press_without_a_channel_is_left(served: Served) -> None:
    payload = press(
        {"action_id": "accept", "type": "button", "value": "{}"},
        type("M", (), {"channel": "C1", "ts": "1.1", "thread": "", "text": ""}),
    )
    del payload["channel"]
    assert (await served.send(payload)).status_code == 200
    assert await rows(served) == 0
