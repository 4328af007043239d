"""Who a proxy names is believed of listed proxies alone."""

import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from channels.signin.options import ProxyHeaders, SignIn
from records.people import People
from tests.doubles.signin_page import HTML, SignInPage, signin_page

PROXY, STRANGER, URL = "10.0.0.7", "10.0.0.8", "https://stagecraft.bank.test"
SIGNIN = SignIn(
    "header",
    URL,
    (PROXY, "192.168.4.0/24", "fd00::/64"),
    role_map={"sc-stewards": "steward"},
    headers=ProxyHeaders(name="X-Forwarded-Name"),
)
SENT = {"x-forwarded-proto": "https", "host": "stagecraft.bank.test"}
ANA = {**SENT, "x-forwarded-user": "ana", "x-forwarded-email": "Ana@bank.test", "x-forwarded-groups": "cards, sc-stewards; @ben"}


@pytest.fixture
async def page(blank: Path, tmp_path: Path) -> AsyncIterator[SignInPage]:
    shutil.copyfile(blank, tmp_path / blank.name)
    async with signin_page(SIGNIN, tmp_path) as page:
        yield page


def _bytes(headers: dict[str, str]) -> list[tuple[bytes, bytes]]:
    return [(name.encode(), value.encode()) for name, value in headers.items()]


async def test_a_listed_proxy_says_who_asks(page: SignInPage) -> None:
    async with page.browser(client=PROXY) as browser:
        who = (await browser.get("/who", headers=[*_bytes(ANA), (b"x-forwarded-name", "林安".encode())])).json()
    assert (who["name"], who["groups"], who["roles"]) == ("林安", ["cards", "everyone", "sc-stewards"], ["analyst", "steward"])
    found = await People(page.database).by_email("ana@bank.test")
    assert found is not None
    assert found.id == who["id"]


@pytest.mark.parametrize("client", ["192.168.4.200", "fd00::5", "::ffff:10.0.0.7"])
async def test_a_network_of_proxies_may_be_listed(page: SignInPage, client: str) -> None:
    async with page.browser(client=client) as browser:
        assert (await browser.get("/who", headers=ANA)).status_code == 200


@pytest.mark.parametrize("client", [STRANGER, "127.0.0.1", "192.168.5.1", "::1", "not-an-address"])
async def test_nobody_else_may_name_anybody(page: SignInPage, client: str) -> None:
    async with page.browser(client=client) as browser:
        for headers in (ANA, {**SENT, "x-forwarded-user": "ana"}, {"host": SENT["host"], "X-Forwarded-User": "ana"}, SENT):
            answer = await browser.get("/who", headers=headers)
            assert answer.status_code == 403
            assert "listed" in answer.json()["error"]
    assert await People(page.database).everyone() == ()


async def test_a_header_that_comes_twice_names_nobody(page: SignInPage) -> None:
    async with page.browser(client=PROXY) as browser:
        forged = [*_bytes(ANA), (b"x-forwarded-user", b"root")]
        assert (await browser.get("/who", headers=forged)).status_code == 401


async def test_whom_the_proxy_names_not_is_told_to_come_through_the_organisation(page: SignInPage) -> None:
    async with page.browser(client=PROXY) as browser:
        for user in ({}, {"x-forwarded-user": ""}, {"x-forwarded-user": "x" * 300}):
            assert (await browser.get("/who", headers={**SENT, **user})).status_code == 401
        sent = await browser.get("/", headers={**SENT, **HTML})
        assert (sent.status_code, sent.headers["location"]) == (303, "/signin")
        assert "Your organisation signs you in" in (await browser.get("/signin", headers={**SENT, **HTML})).text


async def test_what_the_proxy_says_anew_holds_at_once_and_a_deactivated_person_stays_out(page: SignInPage) -> None:
    people = People(page.database)
    async with page.browser(client=PROXY) as browser:
        first = (await browser.get("/who", headers=ANA)).json()
        second = (await browser.get("/who", headers={**ANA, "x-forwarded-groups": "loans"})).json()
        assert (second["id"], second["groups"], second["roles"]) == (first["id"], ["everyone", "loans"], ["analyst"])
        assert (await browser.get("/who", headers={**ANA, "x-forwarded-groups": ""})).json()["groups"] == ["everyone"]
        again = page.again
        await people.deactivate(first["id"])
        assert (await browser.get("/who", headers=ANA)).status_code == 401
        assert await again() is None


async def test_the_page_is_reached_over_https_and_by_its_name_alone(page: SignInPage) -> None:
    async with page.browser(client=PROXY) as browser:
        for wrong in ({"x-forwarded-proto": "http"}, {"x-forwarded-proto": "https, http"}, {"host": "evil.test"}):
            assert (await browser.get("/who", headers={**ANA, **wrong})).status_code == 403
        without = {name: value for name, value in ANA.items() if name != "x-forwarded-proto"}
        assert (await browser.get("/who", headers=without)).status_code == 403
        assert (await browser.get("/who", headers={**ANA, "host": "stagecraft.bank.test:443"})).status_code == 200
