"""Slack against two replicas of the real application on one database: everything real is answered once, nothing else at all.

A crowd of events comes in, repeated, reordered, forged, stale and malformed; then a replica is killed again and again between its
acknowledgement and its answer.
"""

import asyncio
import contextlib
import itertools
import json
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from benchmarks.faults.slack_events import KINDS, Crowd, Sending, crowd
from benchmarks.figures import ROOT, Figure, Journal
from records.database import Database, sqlite_url
from records.migrate import migrate
from records.people import Identity, People
from tests.doubles.databases import NoPostgres, fresh_postgres
from tests.doubles.fake_slack import TEAM, FakeSlack
from tests.doubles.scripted_replies import stories
from tests.doubles.server_aside import server_aside
from tests.doubles.slack_payloads import SECRET, as_json, event, headers, mention
from tests.journeys.served import environment, free_port

ACKNOWLEDGE_SECONDS = 1.0
_AT_ONCE = 8
_START_SECONDS, _ANSWER_SECONDS = 180.0, 300.0


@dataclass
class Replica:
    """One server of the real application."""

    port: int
    variables: dict[str, str]
    log: Path
    child: "subprocess.Popen[bytes] | None" = None

    @property
    def address(self) -> str:
        """Where Slack calls it."""
        return f"http://127.0.0.1:{self.port}/slack/events"

    def start(self) -> None:
        """Start the server; `ready` waits for it."""
        command = [sys.executable, "-m", "uvicorn", "app:app", "--port", str(self.port), "--log-level", "warning"]
        with self.log.open("ab") as log:
            self.child = subprocess.Popen(command, cwd=ROOT, env=self.variables, stdout=log, stderr=log)

    async def ready(self, client: httpx.AsyncClient) -> None:
        """Wait until it answers. Raises RuntimeError where it does not start."""
        end = time.monotonic() + _START_SECONDS
        while time.monotonic() < end:
            with contextlib.suppress(httpx.HTTPError):
                if (await client.get(f"http://127.0.0.1:{self.port}/health")).status_code == 200:
                    return
            await asyncio.sleep(0.3)
        raise RuntimeError(f"a replica did not start; see {self.log}")

    def kill(self) -> None:
        """Kill it as a power cut would."""
        assert self.child is not None
        os.kill(self.child.pid, signal.SIGKILL)
        self.child.wait()

    def stop(self) -> None:
        """End it in good order."""
        if self.child is not None and self.child.poll() is None:
            self.child.terminate()
            self.child.wait(30)


@dataclass
class Outcome:
    """What came back."""

    statuses: Counter[tuple[str, int]] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)

    def p99(self) -> float:
        """Return the time within which 99 of 100 were acknowledged, in seconds."""
        return sorted(self.seconds)[int(len(self.seconds) * 0.99)] if self.seconds else 0.0


def run(folder: Path, journal: Journal, *, full: bool) -> bool:
    """Send the crowd, then kill; tell the counts."""
    place = folder / "slack" / str(time.time_ns())
    place.mkdir(parents=True)
    with _database(place) as url, server_aside([lambda _body: _reply()]) as endpoint:
        figures = asyncio.run(_measured(place, url, endpoint.base_url, events=1000 if full else 100, kills=20 if full else 3))
    for figure in figures:
        journal.tell(figure)
    return all(figure.held is not False for figure in figures)


@contextlib.contextmanager
def _database(place: Path) -> Iterator[str]:
    """Yield the URL of the database that both replicas share."""
    with contextlib.ExitStack() as stack:
        try:
            yield stack.enter_context(fresh_postgres())
        except NoPostgres:
            yield sqlite_url(place)


async def _measured(place: Path, url: str, endpoint: str, *, events: int, kills: int) -> list[Figure]:
    async with FakeSlack() as slack, httpx.AsyncClient(timeout=30) as client:
        slack.person("UANA", email="ana@bank.example")
        await _prepare(url)
        replicas = [_replica(place, number, url, endpoint, slack) for number in (1, 2)]
        async with _running(replicas, client):
            return [*await _crowded(replicas, client, slack, events), *await _killed(replicas, client, slack, kills)]


async def _prepare(url: str) -> None:
    """Bring the database to this version and let Ana have signed in once."""
    database = Database(url)
    await migrate(database)
    identity = Identity(
        "corp", "ana", "Ana", "ana@bank.example", email_verified=True, groups=frozenset(), roles=frozenset({"analyst"})
    )
    await People(database).sign_in(identity, door="page")
    await database.close()


def _replica(place: Path, number: int, url: str, endpoint: str, slack: FakeSlack) -> Replica:
    data = place / f"replica-{number}"
    data.mkdir()
    settings = {
        "RECORDS__DATABASE_URL": url,
        "KNOWLEDGE__INDEX": "memory",
        "ENDPOINT__BASE_URL": endpoint,
        "ENDPOINT__MODEL": "scripted",
        "ENDPOINT__STRUCTURED": "schema",
        "ENDPOINT__CONTEXT_TOKENS": "32768",
        "SIGNIN__METHOD": "password",
        "SLACK__BOT_TOKEN": "xoxb-1",
        "SLACK__SIGNING_SECRET": SECRET,
        "SLACK__TEAMS": f'["{TEAM}"]',
        "SLACK__BASE_URL": slack.base_url,
        "SLACK__BRIEFS_A_PERSON": "100000",
        "SLACK__BRIEFS_A_CHANNEL": "100000",
        "LOAD__TURNS_A_MINUTE": "0",
        "LOAD__TURNS_AN_HOUR": "0",
        "LOAD__CALLS_PER_PERSON": "32",
    }
    return Replica(free_port(), environment(data, **settings), place / f"replica-{number}.log")


@contextlib.asynccontextmanager
async def _running(replicas: list[Replica], client: httpx.AsyncClient) -> AsyncIterator[None]:
    try:
        for replica in replicas:
            replica.start()
        for replica in replicas:
            await replica.ready(client)
        yield
    finally:
        for replica in replicas:
            replica.stop()


async def _crowded(replicas: list[Replica], client: httpx.AsyncClient, slack: FakeSlack, events: int) -> list[Figure]:
    """Send the crowd to both replicas, several at a time, and count what became of it."""
    made = crowd(events)
    for channel, user, text, ts in made.posts:
        slack.write(channel, user, text, ts, next(thread for (held, thread) in made.answers if held == channel and thread <= ts))
    outcome, free = Outcome(), asyncio.Semaphore(_AT_ONCE)
    targets = itertools.cycle(replicas)

    async def send(sending: Sending) -> None:
        async with free:
            await _sent(sending, next(targets), client, outcome)

    await asyncio.gather(*(send(sending) for sending in made.sendings))
    once, never, twice = await _counted(slack, made)
    real = sum(made.answers.values())
    kinds = Counter(sending.kind for sending in made.sendings)
    told = ", ".join(f"{kinds[kind]} {kind}" for kind in KINDS)
    failures = sum(count for (_, status), count in outcome.statuses.items() if status >= 500)
    ours = sum(1 for message in slack.messages.values() if message.user == "UBOT")
    return [
        Figure("slack", f"events sent: {told}", str(len(made.sendings))),
        Figure("slack", "real messages answered exactly once", f"{once}/{real}", "all", once == real),
        Figure("slack", "answered twice; never", f"{twice}; {never}", "0; 0", (twice, never) == (0, 0)),
        Figure("slack", "messages posted for anything else", str(ours - once), "0", ours == once),
        Figure("slack", "answered with another status than is right", str(len(outcome.wrong)), "0", not outcome.wrong),
        Figure("slack", "answered with 5xx", str(failures), "0", failures == 0),
        Figure("slack", "acknowledged within, p99", f"{outcome.p99():.3f} s", "1 s", outcome.p99() < ACKNOWLEDGE_SECONDS),
    ]


async def _sent(sending: Sending, replica: Replica, client: httpx.AsyncClient, outcome: Outcome) -> None:
    begun = time.monotonic()
    answer = await client.post(replica.address, content=sending.body, headers=sending.headers)
    if sending.expected == 200:
        outcome.seconds.append(time.monotonic() - begun)
    outcome.statuses[sending.kind, answer.status_code] += 1
    if answer.status_code != sending.expected:
        outcome.wrong.append(f"{sending.kind}: {answer.status_code}")


async def _counted(slack: FakeSlack, made: Crowd) -> tuple[int, int, int]:
    """Wait for the answers, and a little longer for those that must not come; return how many came once, never, too often."""
    end, before = time.monotonic() + _ANSWER_SECONDS, -1
    while time.monotonic() < end:
        done = sum(min(wanted, _finished(slack, *thread)) for thread, wanted in made.answers.items())
        if done == sum(made.answers.values()) and before == len(slack.messages):
            break
        before = len(slack.messages)
        await asyncio.sleep(5.0)
    counts = [(wanted, _finished(slack, *thread)) for thread, wanted in made.answers.items()]
    return (
        sum(min(wanted, found) for wanted, found in counts),
        sum(max(0, wanted - found) for wanted, found in counts),
        sum(max(0, found - wanted) for wanted, found in counts),
    )


def _finished(slack: FakeSlack, channel: str, thread: str) -> int:
    """Return how many finished answers a thread holds: a card, or questions where what follows came before its start."""
    return sum(
        bool(one.blocks) and not one.streaming and "In progress" not in str(one.blocks) for one in slack.ours(channel, thread)
    )


async def _killed(replicas: list[Replica], client: httpx.AsyncClient, slack: FakeSlack, kills: int) -> list[Figure]:
    """Kill the replica that has acknowledged, at ever another moment, and let the other and its successor finish."""
    made = Crowd()
    for number in range(kills):
        said = mention("A customer can view, add, change and delete the income records of an account", channel=f"CK{number}")
        body, kind = as_json(event(said))
        await client.post(replicas[0].address, content=body, headers=headers(body, kind))
        made.answers[f"CK{number}", said["ts"]] = 1
        await asyncio.sleep(0.15 * (number % 8))
        replicas[0].kill()
        replicas[0].start()
        await replicas[0].ready(client)
    once, never, twice = await _counted(slack, made)
    ours = sum(len(slack.ours(channel)) for channel, _ in made.answers)
    return [
        Figure("slack", "killed between acknowledgement and answer: answered once", f"{once}/{kills}", "all", once == kills),
        Figure(
            "slack",
            "of these twice; never; messages too many",
            f"{twice}; {never}; {ours - once}",
            "0; 0; 0",
            (twice, never, ours - once) == (0, 0, 0),
        ),
    ]


def _reply() -> str:
    return json.dumps(stories())
