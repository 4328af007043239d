"""A crowd of Slack events: real ones in threads, and beside them repeated, reordered, forged, stale and malformed ones."""

import json
import random
import time
from dataclasses import dataclass, field
from typing import Any

from tests.doubles.fake_slack import TEAM
from tests.doubles.slack_payloads import as_json, event, headers, mention, message, moment

Json = dict[str, Any]
BRIEF = "A customer can view, add, change and delete the income records of an account"
KINDS = ("real", "repeated", "twin", "forged", "stale", "malformed")


@dataclass(frozen=True)
class Sending:
    """One request as it goes out: its kind decides what must come back."""

    kind: str
    body: bytes
    headers: dict[str, str]

    @property
    def expected(self) -> int:
        """The status that is right for it."""
        return {"forged": 401, "stale": 401, "malformed": 400}.get(self.kind, 200)


@dataclass
class Crowd:
    """What is sent, in the order in which it is sent, and how many answers each thread has to hold in the end."""

    sendings: list[Sending] = field(default_factory=list)
    answers: dict[tuple[str, str], int] = field(default_factory=dict)
    posts: list[tuple[str, str, str, str]] = field(default_factory=list)


def crowd(count: int, seed: int = 7) -> Crowd:
    """Return `count` requests: about two fifths of them real, each answered once, the others never."""
    chosen, made = random.Random(seed), Crowd()
    while len(made.sendings) < count:
        for inner in _thread(chosen, made):
            made.sendings += _with_company(chosen, inner)
    made.sendings = made.sendings[:count] if _whole(made, count) else made.sendings
    # Slack sends in order, mostly: neighbours change places, across the two replicas as well.
    for at in range(0, len(made.sendings) - 3, 3):
        if chosen.random() < 0.5:
            made.sendings[at : at + 3] = made.sendings[at : at + 3][::-1]
    return made


def _whole(made: Crowd, count: int) -> bool:
    """Tell whether nothing real would be cut off."""
    return all(sending.kind != "real" for sending in made.sendings[count:])


def _thread(chosen: random.Random, made: Crowd) -> list[Json]:
    """Return the real messages of one thread: a start, sometimes with one that follows."""
    alone = chosen.random() < 0.4
    channel = f"D{chosen.randrange(20)}" if alone else f"C{chosen.randrange(20)}"
    start = message(BRIEF, channel=channel) if alone else mention(BRIEF, channel=channel)
    inners = [start]
    if chosen.random() < 0.3:
        inners.append(message("Amounts are in EUR", channel=channel, thread=start["ts"]))
    made.answers[channel, start["ts"]] = len(inners)
    made.posts += [(channel, "UANA", str(inner["text"]), str(inner["ts"])) for inner in inners]
    return inners


def _with_company(chosen: random.Random, inner: Json) -> list[Sending]:
    """Return a real event with what comes along with it."""
    payload = event(inner)
    body, kind = as_json(payload)
    sendings = [Sending("real", body, headers(body, kind))]
    if chosen.random() < 0.6:
        repeated = {**headers(body, kind), "x-slack-retry-num": "1", "x-slack-retry-reason": "http_timeout"}
        sendings.append(Sending("repeated", body, repeated))
    if inner["type"] == "app_mention" and chosen.random() < 0.5:
        twin, twin_kind = as_json(event({**inner, "type": "message", "channel_type": "channel"}))
        sendings.append(Sending("twin", twin, headers(twin, twin_kind)))
    if chosen.random() < 0.8:
        sendings.append(_foul(chosen))
    return sendings


def _foul(chosen: random.Random) -> Sending:
    """Return a request that must not be answered."""
    body, kind = as_json(event(mention(BRIEF, ts=moment())))
    which = chosen.choice(("forged", "stale", "malformed"))
    if which == "forged":
        return Sending(which, body, _forged(chosen, headers(body, kind, secret="guessed")))
    if which == "stale":
        return Sending(which, body, headers(body, kind, at=time.time() - chosen.choice((301, 3600, 10**8))))
    broken = chosen.choice(
        (b"{", b"[]", b"", b"\xff", b"[" * 50_000, json.dumps({"type": "event_callback", "team_id": TEAM}).encode())
    )
    return Sending(which, broken, headers(broken, kind))


def _forged(chosen: random.Random, sent: dict[str, str]) -> dict[str, str]:
    """Break one of the headers further, or leave it at the wrong signature."""
    name = chosen.choice(("x-slack-signature", "x-slack-request-timestamp", ""))
    return sent | {name: chosen.choice(("", "v0=", "9" * 300, "yesterday", "-1", "1.5"))} if name else sent
