"""Signing in and out in a real browser: with a password and with an organisation's provider, in English and Chinese."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.doubles.directory_aside import SECRET, add_people
from tests.doubles.oidc_provider import CLIENT_ID, CLIENT_SECRET, OidcProvider, oidc_provider
from tests.journeys.served import WAIT, served_app, served_page

pytestmark = pytest.mark.browser
expect.set_options(timeout=WAIT)
WORDS = {
    "en-US": ("Sign in", "E-mail or password is not right", "You are signed in as Ana Lim.", "Sign in with your organisation"),
    "zh-CN": ("登录", "邮箱或密码不正确", "当前登录：Ana Lim。", "使用机构账户登录"),
}


@pytest.fixture(scope="module")
def with_passwords(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("passwords")
    add_people(folder, ana="Ana Lim")
    with served_page(folder, "password") as address:
        yield address


@pytest.fixture(scope="module")
def provider() -> Iterator[OidcProvider]:
    with oidc_provider() as provider:
        provider.asks_person = True
        yield provider


@pytest.fixture(scope="module")
def with_provider(provider: OidcProvider, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    chosen = {
        "METHOD": "oidc",
        "OIDC_ADDRESS": provider.address,
        "OIDC_CLIENT_ID": CLIENT_ID,
        "OIDC_CLIENT_SECRET": CLIENT_SECRET,
    }
    with served_app(tmp_path_factory.mktemp("oidc"), **{f"SIGNIN__{name}": value for name, value in chosen.items()}) as address:
        yield address


@pytest.fixture(params=list(WORDS))
def locale(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def page(browser: Browser, locale: str) -> Iterator[Page]:
    context = browser.new_context(locale=locale)
    page = context.new_page()
    page.set_default_timeout(WAIT)
    yield page
    context.close()


def sign_out(page: Page, address: str) -> None:
    """Leave by the page's own menu, and find the sign-in page and nothing behind it."""
    page.click("#user-nav-button")
    page.get_by_role("menuitem").last.click()
    page.wait_for_url(f"{address}/signin")
    page.goto(address)
    assert page.url == f"{address}/signin"
    assert page.request.get(f"{address}/user").status == 401


def test_a_person_signs_in_with_a_password_and_out_again(with_passwords: str, page: Page, locale: str) -> None:
    title, wrong, signed_in, _ = WORDS[locale]
    page.goto(with_passwords)
    assert page.url == f"{with_passwords}/signin"
    expect(page.locator("h1")).to_have_text(title)
    page.fill("#email", "ana@bank.test")
    page.fill("#password", "not the password")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text(wrong)
    expect(page.locator("#password")).to_be_focused()
    page.fill("#password", SECRET)
    page.keyboard.press("Enter")
    expect(page.locator(".sc-welcome")).to_contain_text(signed_in)
    sign_out(page, with_passwords)


def test_a_person_signs_in_with_the_organisation_and_out_again(
    with_provider: str, provider: OidcProvider, page: Page, locale: str
) -> None:
    _, _, signed_in, button = WORDS[locale]
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(with_provider)
    page.get_by_role("link", name=button).click()
    page.click("#yes")
    expect(page.locator(".sc-welcome")).to_contain_text(signed_in)
    assert page.url == f"{with_provider}/"
    sign_out(page, with_provider)
    ours = (with_provider, with_provider.replace("http", "ws", 1), provider.address, "data:", "blob:")
    assert [url for url in asked if not url.startswith(ours)] == []


def test_a_page_whose_session_is_ended_elsewhere_finds_the_sign_in_by_itself(with_passwords: str, page: Page) -> None:
    page.goto(with_passwords)
    page.fill("#email", "ana@bank.test")
    page.fill("#password", SECRET)
    page.keyboard.press("Enter")
    page.locator(".sc-welcome").wait_for()
    second = page.context.new_page()
    second.goto(with_passwords)
    second.locator(".sc-welcome").wait_for()
    assert page.request.post(f"{with_passwords}/logout").ok
    for tab in (page, second):
        tab.wait_for_url(f"{with_passwords}/signin")


def test_without_sign_in_the_way_out_leads_back_to_the_page(browser: Browser, tmp_path: Path) -> None:
    with served_page(tmp_path) as address:
        page = browser.new_page()
        page.goto(f"{address}/login")
        expect(page.locator(".sc-welcome")).to_contain_text("Nobody signs in here")
        assert page.url == f"{address}/"
        page.close()
