"""A key opens the doors for its owner, as far as it goes, and for nobody else."""

from collections.abc import AsyncIterator
from datetime import timedelta

import httpx
import pytest

from channels.api.app import api
from channels.api.options import ApiOptions
from records.database import now
from records.key_tables import access_keys
from records.keys import Keys
from tests.doubles.scripted_endpoint import ScriptedEndpoint
from tests.doubles.small_house import ANA, BEN, SmallHouse
from tests.doubles.tool_doors import Doors, doors_of

ASKED = {"model": "user_stories", "messages": [{"role": "user", "content": "A customer can freeze a debit card"}]}
EVERYTHING = [
    ("GET", "/v1/models"),
    ("GET", "/v1/models/user_stories"),
    ("POST", "/v1/chat/completions"),
    ("GET", "/api/openapi.json"),
    ("GET", "/api/stages"),
    ("GET", "/api/workspaces"),
    ("GET", "/api/artifacts"),
    ("GET", "/api/trace"),
    ("GET", "/api/export"),
    ("GET", "/api/artifacts/x"),
    ("GET", "/api/artifacts/x/versions"),
    ("GET", "/api/artifacts/x/export/md"),
    ("POST", "/api/artifacts/x/accept"),
    ("POST", "/api/artifacts/x/reject"),
    ("POST", "/api/artifacts/x/edit"),
    ("GET", "/api/turns/x/prompt"),
    ("GET", "/api/knowledge/search?q=card"),
    ("GET", "/api/terms?q=card"),
    ("GET", "/api/adoption"),
]


@pytest.fixture
async def http(doors: Doors) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(base_url=doors.address, timeout=20, trust_env=False) as http:
        yield http


def bearer(key: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {key}"}


async def test_nothing_answers_without_a_key(http: httpx.AsyncClient, doors: Doors) -> None:
    sound = await doors.key(ANA)
    wrong = ("", "Bearer", "Bearer sk-other", f"Basic {sound}", sound, f"Bearer {sound}x", "Bearer " + "x" * 5000)
    for method, path in EVERYTHING:
        for headers in [{}, *({"Authorization": header} for header in wrong)]:
            answer = await http.request(method, path, headers=headers)
            assert answer.status_code == 401, (path, headers, answer.text)
            assert answer.headers["www-authenticate"] == "Bearer"
            assert sound not in answer.text


def test_every_route_of_the_api_is_in_that_list() -> None:
    described = {(method.upper(), f"/api{path}") for path, methods in api().openapi()["paths"].items() for method in methods}
    asked = {(method, path.partition("?")[0].replace("/x", "/{}")) for method, path in EVERYTHING}
    for method, path in described:
        plain = path.replace("{artifact}", "{}").replace("{turn}", "{}").replace("{notation}", "md")
        assert (method, plain) in asked, path


async def test_a_key_that_lacks_the_scope_is_told_so(http: httpx.AsyncClient, doors: Doors) -> None:
    reads, asks, tools = [await doors.key(ANA, scope) for scope in ("read", "ask", "mcp")]
    for key, path, status in (
        (reads, "/api/stages", 200),
        (reads, "/v1/models", 403),
        (asks, "/v1/models", 200),
        (asks, "/api/stages", 403),
        (tools, "/v1/models", 403),
        (tools, "/api/stages", 403),
    ):
        assert (await http.get(path, headers=bearer(key))).status_code == status, path
    refused = await http.post("/api/artifacts/x/accept", headers=bearer(reads), json={"version": 1})
    assert refused.status_code == 403
    assert "“ask”" in refused.json()["error"]["message"]


async def test_a_key_ends_when_it_is_revoked_and_when_its_time_is_over(http: httpx.AsyncClient, doors: Doors) -> None:
    text, key = await doors.made(ANA)
    other = await doors.key(ANA)
    assert (await http.get("/v1/models", headers=bearer(text))).status_code == 200
    await Keys(doors.database).revoke(key.id, ANA.id)
    assert (await http.get("/v1/models", headers=bearer(text))).status_code == 401
    async with doors.database.begin() as connection:
        await connection.execute(access_keys.update().values(expires=now() - timedelta(seconds=1)))
    assert (await http.get("/v1/models", headers=bearer(other))).status_code == 401


async def test_the_keys_of_a_person_who_may_not_come_in_any_more_die_with_them(http: httpx.AsyncClient, doors: Doors) -> None:
    anas, bens = await doors.key(ANA), await doors.key(BEN)
    doors.people.pop(ANA.id)
    assert (await http.get("/v1/models", headers=bearer(anas))).status_code == 401
    assert (await http.get("/v1/models", headers=bearer(bens))).status_code == 200


async def test_the_use_of_a_key_is_noted(http: httpx.AsyncClient, doors: Doors) -> None:
    key = await doors.key(ANA)
    await http.get("/v1/models", headers=bearer(key))
    (held,) = await Keys(doors.database).list(ANA.id)
    assert held.last_used is not None


async def test_a_key_that_calls_too_often_is_told_when_to_come_back(house: SmallHouse) -> None:
    async with (
        doors_of(house, ScriptedEndpoint(), ApiOptions(calls_a_minute=3)) as doors,
        httpx.AsyncClient(base_url=doors.address, trust_env=False) as http,
    ):
        key, other = await doors.key(ANA), await doors.key(ANA)
        statuses = [(await http.get("/v1/models", headers=bearer(key))).status_code for _ in range(4)]
        assert statuses == [200, 200, 200, 429]
        refused = await http.get("/api/stages", headers=bearer(key))
        assert refused.json()["error"]["code"] == "rate_limit_exceeded"
        assert 1 <= int(refused.headers["retry-after"]) <= 60
        assert (await http.get("/v1/models", headers=bearer(other))).status_code == 200


async def test_refusals_are_told_in_the_language_that_is_asked_for(http: httpx.AsyncClient) -> None:
    answer = await http.get("/v1/models", headers={"Accept-Language": "zh-CN,zh;q=0.9"})
    assert "此地址需要密钥" in answer.json()["error"]["message"]
