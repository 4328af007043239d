"""Signing in with an organisation's provider, against a real one on loopback that may go wrong in every way."""

import shutil
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from channels.signin.cookies import SESSION
from channels.signin.options import Oidc, SignIn
from records.people import People
from tests.doubles.oidc_provider import CLIENT_ID, CLIENT_SECRET, Fault, OidcProvider, oidc_provider
from tests.doubles.signin_page import HTML, SignInPage, signin_page


@pytest.fixture(scope="module")
def running() -> Iterator[OidcProvider]:
    with oidc_provider() as provider:
        yield provider


@pytest.fixture
def provider(running: OidcProvider) -> OidcProvider:
    """The provider, behaving well again."""
    running.behave()
    return running


@pytest.fixture
def signin(provider: OidcProvider) -> SignIn:
    oidc = Oidc(f"{provider.address}/.well-known/openid-configuration", CLIENT_ID, CLIENT_SECRET)
    return SignIn("oidc", oidc=oidc, role_map={"sc-curators": "curator"}, admins=frozenset({"root@bank.test"}))


@pytest.fixture
async def page(signin: SignIn, blank: Path, tmp_path: Path) -> AsyncIterator[SignInPage]:
    shutil.copyfile(blank, tmp_path / blank.name)
    async with signin_page(signin, tmp_path) as page:
        yield page


async def callback_of(browser: httpx.AsyncClient, back: str = "/") -> str:
    """Go to the provider as a browser does, and return the address that it sends back to."""
    start = await browser.get("/signin/start", params={"next": back}, headers=HTML)
    assert start.status_code == 303, start.text
    async with httpx.AsyncClient() as outside:
        return (await outside.get(start.headers["location"])).headers["location"]


async def sign_in(browser: httpx.AsyncClient, back: str = "/") -> httpx.Response:
    return await browser.get(await callback_of(browser, back), headers=HTML)


async def test_who_the_provider_confirms_gets_a_session_and_goes_where_they_wanted(
    page: SignInPage, provider: OidcProvider
) -> None:
    provider.user["groups"] = ["cards", "sc-curators"]
    async with page.browser() as browser:
        sent = await browser.get("/thread/5?a=b", headers=HTML)
        assert (sent.status_code, sent.headers["location"]) == (303, "/signin?next=%2Fthread%2F5%3Fa%3Db")
        done = await sign_in(browser, "/thread/5?a=b")
        assert (done.status_code, done.headers["location"]) == (303, "/thread/5?a=b")
        cookie = next(line for line in done.headers.get_list("set-cookie") if line.startswith(SESSION))
        assert "HttpOnly" in cookie
        assert "SameSite=lax" in cookie
        assert "Path=/;" in cookie
        who = (await browser.get("/who")).json()
    assert (who["name"], who["groups"], who["roles"]) == (
        "Ana Lim",
        ["cards", "everyone", "sc-curators"],
        ["analyst", "curator"],
    )
    assert await People(page.database).by_email("ana@bank.test") is not None


async def test_the_address_that_a_browser_is_sent_to_asks_for_a_code_under_a_challenge(page: SignInPage) -> None:
    async with page.browser() as browser:
        query = parse_qs(urlsplit((await browser.get("/signin/start")).headers["location"]).query)
    assert query["redirect_uri"] == ["http://127.0.0.1:8000/signin/callback"]
    assert query["response_type"] == ["code"]
    assert query["code_challenge_method"] == ["S256"]
    assert len(query["code_challenge"][0]) == 43
    assert len(query["nonce"][0]) >= 32
    assert len(query["state"][0]) >= 32


FAULTS: tuple[Fault, ...] = (
    "signature", "aud", "azp", "nonce", "expired", "early", "iss", "none", "hs256", "no_sub", "no_token"
)  # fmt: skip


@pytest.mark.parametrize("fault", FAULTS)
async def test_a_token_that_is_not_right_lets_nobody_in(page: SignInPage, provider: OidcProvider, fault: Fault) -> None:
    provider.fault = fault
    async with page.browser() as browser:
        answer = await sign_in(browser)
        assert answer.status_code == 403
        assert "did not confirm who you are" in answer.text
        assert SESSION not in browser.cookies
        assert (await browser.get("/who")).status_code == 401
    assert await People(page.database).everyone() == ()


@pytest.mark.parametrize("fault", ["token_500", "token_html"])
async def test_a_provider_in_trouble_is_told_apart_from_a_refusal(page: SignInPage, provider: OidcProvider, fault: Fault) -> None:
    provider.fault = fault
    async with page.browser(**{"accept-language": "zh-CN"}) as browser:
        answer = await sign_in(browser)
    assert answer.status_code == 503
    assert "登录服务暂时无法使用" in answer.text
    assert "127.0.0.1" not in answer.text


async def test_a_code_serves_once_and_only_the_browser_that_asked(page: SignInPage) -> None:
    async with page.browser() as browser, page.browser() as thief:
        callback = await callback_of(browser)
        stolen = await thief.get(callback, headers=HTML)
        assert stolen.status_code == 400
        assert "another browser" in stolen.text
        held = dict(browser.cookies)
        assert (await browser.get(callback, headers=HTML)).status_code == 303
        assert (await browser.get(callback, headers=HTML)).status_code == 400, "the browser forgot it"
        browser.cookies.update(held)
        assert (await browser.get(callback, headers=HTML)).status_code == 403, "the provider knows the code is spent"


@pytest.mark.parametrize("query", ["", "code=x", "state=x", "code=x&state=y", "error=access_denied&state=z", "state=%00&code=1"])
async def test_a_callback_that_nobody_began_is_refused_without_asking_the_provider(
    page: SignInPage, provider: OidcProvider, query: str
) -> None:
    async with page.browser() as browser:
        assert (await browser.get(f"/signin/callback?{query}")).status_code == 400
    assert provider.asked == []


async def test_two_windows_may_sign_in_at_once(page: SignInPage) -> None:
    async with page.browser() as browser:
        first, second = await callback_of(browser, "/a"), await callback_of(browser, "/b")
        assert (await browser.get(second)).headers["location"] == "/b"
        assert (await browser.get(first)).headers["location"] == "/a"


async def test_a_rotated_key_is_fetched_and_an_unknown_one_is_not_hunted_for(page: SignInPage, provider: OidcProvider) -> None:
    async with page.browser() as browser:
        assert (await sign_in(browser)).status_code == 303
        provider.rotate()
        assert (await sign_in(browser)).status_code == 303
        assert provider.asked.count("/keys") == 2
        published = provider.published
        provider.rotate()
        provider.published = published
        for _ in range(3):
            assert (await sign_in(browser)).status_code == 403
        assert provider.asked.count("/keys") == 2


async def test_a_provider_that_calls_itself_another_is_not_used(page: SignInPage, provider: OidcProvider) -> None:
    provider.calls_itself = "https://evil.test"
    async with page.browser() as browser:
        assert (await browser.get("/signin/start")).status_code == 503
    provider.calls_itself = ""
    async with page.browser() as browser:
        assert (await browser.get("/signin/start")).status_code == 303


async def test_a_provider_out_of_reach_is_a_sentence(tmp_path: Path) -> None:
    async with (
        signin_page(SignIn("oidc", oidc=Oidc("http://127.0.0.1:1", CLIENT_ID)), tmp_path) as page,
        page.browser() as browser,
    ):
        answer = await browser.get("/signin/start")
    assert answer.status_code == 503
    assert "cannot be used just now" in answer.text


async def test_groups_that_only_the_user_information_holds_are_asked_for(page: SignInPage, provider: OidcProvider) -> None:
    del provider.user["groups"]
    provider.user_info = {"groups": ["cards"], "sub": "u-1"}
    async with page.browser() as browser:
        await sign_in(browser)
        assert (await browser.get("/who")).json()["groups"] == ["cards", "everyone"]
        provider.user_info = {"groups": ["secret"], "sub": "somebody-else"}
        await sign_in(browser)
        assert (await browser.get("/who")).json()["groups"] == ["everyone"], "and what is of another subject does not count"


@pytest.mark.parametrize(("verified", "roles"), [(True, ["admin", "analyst"]), (False, ["analyst"]), (None, ["analyst"])])
async def test_an_admin_by_setting_needs_a_verified_e_mail(
    page: SignInPage, provider: OidcProvider, verified: bool | None, roles: list[str]
) -> None:
    provider.user |= {"email": "Root@bank.test", "email_verified": verified}
    async with page.browser() as browser:
        await sign_in(browser)
        assert (await browser.get("/who")).json()["roles"] == roles


async def test_who_has_no_role_or_is_deactivated_is_told_so(signin: SignIn, provider: OidcProvider, tmp_path: Path) -> None:
    async with signin_page(replace(signin, default_roles=frozenset()), tmp_path) as page, page.browser() as browser:
        answer = await sign_in(browser)
        assert answer.status_code == 403
        assert "no role in Stagecraft yet" in answer.text
        people = People(page.database)
        (ana,) = await people.everyone()
        await people.set_roles(ana.id, frozenset({"analyst"}))
        assert (await sign_in(browser)).status_code == 303
        await people.deactivate(ana.id)
        assert (await browser.get("/who")).status_code == 401
        answer = await sign_in(browser)
        assert answer.status_code == 403
        assert "account is closed" in answer.text


async def test_a_new_sign_in_ends_the_session_that_the_browser_held(page: SignInPage) -> None:
    async with page.browser() as browser:
        await sign_in(browser)
        before = browser.cookies[SESSION]
        await sign_in(browser)
        assert browser.cookies[SESSION] != before
        async with page.browser(cookie=f"{SESSION}={before}") as old:
            assert (await old.get("/who")).status_code == 401
