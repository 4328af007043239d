"""On the page of keys a person makes, sees and revokes their own."""

import re
from collections.abc import AsyncIterator
from typing import Any, cast

import httpx
import pytest
from fastapi import FastAPI
from starlette.types import ASGIApp, Receive, Scope, Send

from channels import house as opened_house
from channels.api.account import account_routes
from channels.people import note_person
from channels.web.hardening import Hardening
from records.keys import Keys
from tests.doubles.scripted_assistant import ScriptedAssistant
from tests.doubles.small_house import ANA, BEN, SmallHouse

PEOPLE = {"ana": ANA, "ben": BEN}


class Known:
    """Whoever a header names is behind the request."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        name = dict(scope.get("headers", ())).get(b"x-person", b"").decode()
        note_person(scope, PEOPLE.get(name))
        await self._app(scope, receive, send)


@pytest.fixture
async def ana(house: SmallHouse) -> AsyncIterator[httpx.AsyncClient]:
    set_up(house)
    application = FastAPI()
    application.include_router(account_routes())
    application.add_middleware(Known)
    application.add_middleware(Hardening)
    transport = httpx.ASGITransport(application)
    headers = {"X-Person": "ana", "Origin": "http://127.0.0.1:8000"}
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8000", headers=headers) as client:
        yield client


def set_up(small: SmallHouse) -> None:
    opened_house.set_up(opened_house.Opened(cast(Any, ScriptedAssistant()), small.database, 20_000))


async def made(client: httpx.AsyncClient, **changed: object) -> httpx.Response:
    return await client.post("/account/keys", data={"name": "IDE", "scope": ["ask"], "workspace": "Cards"} | changed)


async def test_a_new_key_is_shown_once_and_works(ana: httpx.AsyncClient, house: SmallHouse) -> None:
    answer = await made(ana, name="<b>IDE</b>")
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"
    assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
    text = re.findall(r'value="(sk-stagecraft-[^"]+)"', answer.text)[0]
    key = await Keys(house.database).find(text)
    assert key is not None
    assert (key.person, key.scopes, key.workspace) == ("ana", frozenset({"ask"}), "Cards")
    assert "&lt;b&gt;IDE" in answer.text
    again = (await ana.get("/account/keys")).text
    assert text not in again
    assert f"…{key.ending}" in again


async def test_what_cannot_be_made_is_told_and_what_was_written_is_kept(ana: httpx.AsyncClient) -> None:
    answer = await made(ana, scope=[], name="IDE at work")
    assert answer.status_code == 400
    assert "at least one scope" in answer.text
    assert 'value="IDE at work"' in answer.text
    assert "sk-stagecraft-" not in answer.text


async def test_a_key_is_revoked_by_its_owner_and_by_nobody_else(ana: httpx.AsyncClient, house: SmallHouse) -> None:
    await made(ana)
    (key,) = await Keys(house.database).list("ana")
    foreign = await ana.post(f"/account/keys/{key.id}/revoke", headers={"X-Person": "ben"})
    assert foreign.status_code == 400
    assert "no such key" in foreign.text
    assert (await ana.post("/account/keys/%00/revoke")).status_code == 400
    assert (await ana.post(f"/account/keys/{key.id}/revoke")).status_code == 303
    assert await Keys(house.database).list("ana") == ()


async def test_another_site_makes_no_key_in_a_persons_name(ana: httpx.AsyncClient, house: SmallHouse) -> None:
    answer = await ana.post("/account/keys", data={"name": "x", "scope": "ask"}, headers={"Origin": "https://evil.example"})
    assert answer.status_code == 403
    assert await Keys(house.database).list("ana") == ()


async def test_the_page_speaks_the_readers_language(ana: httpx.AsyncClient) -> None:
    page = (await ana.get("/account/keys", headers={"Accept-Language": "zh-CN"})).text
    assert 'lang="zh-CN"' in page
    assert "工具密钥" in page
