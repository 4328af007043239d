"""Who is told what at /health, /ready and /metrics."""

from dataclasses import replace
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from starlette.types import Receive, Scope, Send

from chains.events import Person
from channels.people import LOCAL_ANALYST, note_person
from channels.watching.house import QueueStanding, WatchedHouse
from channels.watching.metrics import Metrics
from channels.watching.readiness import Readiness
from channels.watching.routes import watching_routes
from channels.watching.watch import MetricsGuard, Watch
from tests.doubles.small_house import ANA, SmallHouse

HERE, ELSEWHERE, NEAR = "127.0.0.1", "203.0.113.9", "10.1.2.3"
TOKEN = "a-token-of-the-operators"


class Noted:
    """Notes who is behind every request, as the identity in front of the routes does."""

    def __init__(self, app: Any, person: Person | None) -> None:
        self._app, self._person = app, person

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        note_person(scope, self._person)
        await self._app(scope, receive, send)


def client(watch: Watch | None, address: str = HERE, person: Person | None = None) -> httpx.AsyncClient:
    application = FastAPI()
    application.include_router(watching_routes(lambda: watch))
    transport = httpx.ASGITransport(Noted(application, person), client=(address, 1234))
    return httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8000")


@pytest.fixture
def watch(house: SmallHouse) -> Watch:
    watched = WatchedHouse(house.database, house.knowledge, lambda: "closed", QueueStanding)
    return Watch(Metrics(lambda: watched), Readiness(watched), MetricsGuard(("10.1.0.0/16",), TOKEN))


async def test_the_process_answers_before_and_after_the_house_is_open(watch: Watch) -> None:
    for found in (None, watch):
        assert (await client(found, ELSEWHERE).get("/health")).json() == {"status": "ok"}
    closed = await client(None).get("/ready")
    assert (closed.status_code, closed.json()) == (503, {"status": "unready", "parts": {}})


@pytest.mark.parametrize(
    ("address", "person", "sees"),
    [(HERE, None, True), (ELSEWHERE, None, False), (ELSEWHERE, ANA, False), (ELSEWHERE, LOCAL_ANALYST, True)],
)
async def test_figures_are_for_this_machine_and_admins(watch: Watch, address: str, person: Person | None, sees: bool) -> None:
    answer = await client(watch, address, person).get("/ready")
    assert answer.status_code == 200
    assert answer.json()["parts"].keys() == {"database", "index", "endpoint", "queue"}
    assert ("figures" in answer.json()) is sees
    assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize("header", ["x-forwarded-for", "forwarded", "x-real-ip"])
async def test_a_proxy_of_this_machine_is_not_this_machine(watch: Watch, header: str) -> None:
    passed_on = {header: ELSEWHERE}
    assert "figures" not in (await client(watch).get("/ready", headers=passed_on)).json()
    assert (await client(watch).get("/metrics", headers=passed_on)).status_code == 404


@pytest.mark.parametrize(
    ("address", "sent", "status"),
    [
        (HERE, None, 200),
        (NEAR, None, 200),
        ("::ffff:10.1.2.3", None, 200),
        (ELSEWHERE, None, 404),
        ("not an address", None, 404),
        (ELSEWHERE, f"Bearer {TOKEN}", 200),
        (ELSEWHERE, f"bearer {TOKEN}", 200),
        (ELSEWHERE, "Bearer another", 404),
        (ELSEWHERE, "Bearer ", 404),
        (ELSEWHERE, f"Basic {TOKEN}", 404),
    ],
)
async def test_metrics_are_for_this_machine_for_listed_networks_and_for_the_token(
    watch: Watch, address: str, sent: str | None, status: int
) -> None:
    answer = await client(watch, address).get("/metrics", headers={"authorization": sent} if sent else {})
    assert answer.status_code == status
    assert ("stagecraft_turns_open" in answer.text) is (status == 200)


@pytest.mark.parametrize("sent", ["Bearer", "Bearer ", "Bearer None", ""])
async def test_without_a_setting_other_machines_find_nothing(watch: Watch, sent: str) -> None:
    closed = replace(watch, guard=MetricsGuard())
    assert (await client(closed, NEAR).get("/metrics", headers={"authorization": sent})).status_code == 404
    assert (await client(closed, HERE).get("/metrics")).status_code == 200


async def test_an_admin_elsewhere_has_no_metrics_without_the_token(watch: Watch) -> None:
    assert (await client(watch, ELSEWHERE, LOCAL_ANALYST).get("/metrics")).status_code == 404
