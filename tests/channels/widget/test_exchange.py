"""A portal's word becomes a ticket, the ticket a session; each once, for one person and one browser."""

import secrets
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from joserfc import jwt

from channels.signin.options import Oidc, SignIn
from channels.widget.visitors import SESSION
from records.assertions import challenge_of
from records.people import Identity, People
from records.sessions import Sessions
from tests.doubles.oidc_provider import CLIENT_ID, OidcProvider, oidc_provider
from tests.doubles.portal_keys import ASSISTANT, PORTAL, assertion
from tests.doubles.widget_page import SIGN_IN, WIDGET, WidgetPage, widget_page

WHO = "/project/settings"
AUDIENCE = "the-portal"


async def test_whom_the_portal_vouches_for_comes_in_as_an_analyst_with_the_groups_that_it_may_name(page: WidgetPage) -> None:
    async with page.browser() as browser:
        entered = await page.enter(browser, word=assertion(groups=["cards-team", "risk-committee", "@somebody"]))
        assert entered.status_code == 200
        assert entered.json()["seconds"] == 4 * 60 * 60
        who = (await browser.get(WHO)).json()
    assert (who["name"], who["groups"], who["roles"]) == ("Ana Ruiz", ["cards-team", "everyone"], ["analyst"])


async def test_the_session_is_a_cookie_of_the_widgets_own_that_no_script_reads(page: WidgetPage) -> None:
    async with page.browser() as browser:
        entered = await page.enter(browser)
    cookie = next(line for line in entered.headers.get_list("set-cookie") if line.startswith(f"{SESSION}="))
    for part in ("HttpOnly", "SameSite=lax", "Secure", "Path=/", "Max-Age=14400"):
        assert part in cookie
    assert entered.headers["cache-control"] == "no-store"
    token = cookie.split(";")[0].partition("=")[2]
    assert token not in entered.text
    found = await Sessions(page.database).find(token)
    assert found is not None
    assert found.door == "widget"


async def test_an_assertion_serves_once(page: WidgetPage) -> None:
    word, challenge = assertion(), challenge_of("s" * 43)
    async with page.portal() as portal:
        body = {"assertion": word, "challenge": challenge}
        assert (await portal.post("/widget/session", json=body)).status_code == 200
        again = await portal.post("/widget/session", json=body)
    assert (again.status_code, again.json()["reason"]) == (403, "jti")


async def test_a_ticket_serves_once(page: WidgetPage) -> None:
    secret = secrets.token_urlsafe(32)
    ticket = await page.ticket(secret)
    async with page.browser() as browser, page.browser() as other:
        assert (await browser.post("/widget/enter", json={"ticket": ticket, "secret": secret})).status_code == 200
        again = await other.post("/widget/enter", json={"ticket": ticket, "secret": secret})
    assert (again.status_code, again.json()["reason"]) == (401, "ticket")
    assert "set-cookie" not in again.headers


async def test_a_ticket_of_another_browser_opens_nothing_and_is_spent(page: WidgetPage) -> None:
    secret = secrets.token_urlsafe(32)
    ticket = await page.ticket(secret)
    async with page.browser() as thief, page.browser() as owner:
        for guess in (secrets.token_urlsafe(32), challenge_of(secret)):
            stolen = await thief.post("/widget/enter", json={"ticket": ticket, "secret": guess})
            assert stolen.status_code == 401
            assert "set-cookie" not in stolen.headers
        assert (await owner.post("/widget/enter", json={"ticket": ticket, "secret": secret})).status_code == 401


async def test_one_person_is_the_same_whether_they_come_by_the_page_or_the_portal(page: WidgetPage) -> None:
    known = await People(page.database).sign_in(
        Identity("password", "ana@bank.test", "Ana", "ana@bank.test", email_verified=True, roles=frozenset({"analyst", "admin"}))
    )
    async with page.browser() as browser:
        await page.enter(browser)
        who = (await browser.get(WHO)).json()
    assert who["id"] == known.id
    assert who["roles"] == ["analyst"]
    after = await People(page.database).person(known.id)
    assert after is not None
    assert after.roles == {"analyst", "admin"}


async def test_a_portal_that_may_name_no_groups_changes_none(folder: Path) -> None:
    async with widget_page(folder, replace(WIDGET, groups=frozenset())) as page:
        people = People(page.database)
        known = await people.sign_in(
            Identity("idp", "1", "Ana", "ana@bank.test", True, frozenset({"risk"}), frozenset({"analyst"}))
        )
        async with page.browser() as browser:
            await page.enter(browser, word=assertion(groups=["cards-team"]))
            who = (await browser.get(WHO)).json()
    assert (who["id"], who["groups"]) == (known.id, ["everyone", "risk"])


async def test_who_was_closed_out_stays_out_at_once(page: WidgetPage) -> None:
    async with page.browser() as browser:
        await page.enter(browser)
        who = (await browser.get(WHO)).json()
        await People(page.database).deactivate(who["id"])
        assert (await browser.get(WHO)).status_code == 401
        assert await page.again() is None
        async with page.portal() as portal:
            refused = await portal.post("/widget/session", json={"assertion": assertion(), "challenge": challenge_of("x")})
    assert (refused.status_code, refused.json()["reason"]) == (403, "closed")


async def test_where_nobody_has_a_role_by_default_a_portal_gives_none(folder: Path) -> None:
    async with widget_page(folder, WIDGET, replace(SIGN_IN, default_roles=frozenset())) as page, page.portal() as portal:
        refused = await portal.post("/widget/session", json={"assertion": assertion(), "challenge": challenge_of("x")})
    assert (refused.status_code, refused.json()["reason"]) == (403, "role")


async def test_id_tokens_are_not_taken_where_no_audience_is_set(page: WidgetPage) -> None:
    async with page.portal() as portal:
        refused = await portal.post("/widget/session", json={"id_token": assertion(), "challenge": challenge_of("x")})
    assert (refused.status_code, refused.json()["reason"]) == (403, "id_token")


@pytest.fixture(scope="module")
def provider() -> Iterator[OidcProvider]:
    with oidc_provider() as provider:
        yield provider


def id_token(provider: OidcProvider, **changed: Any) -> str:
    """Return what the provider issued to the portal."""
    moment = int(time.time())
    claims = {
        "iss": provider.address,
        "aud": AUDIENCE,
        "iat": moment,
        "exp": moment + 300,
        "nonce": "the portal's",
        **provider.user,
    }
    return str(jwt.encode({"alg": "RS256", "kid": provider.key.kid}, claims | changed, provider.key))


@pytest.mark.parametrize(
    ("changed", "status"),
    [
        ({}, 200),
        ({"aud": CLIENT_ID}, 403),
        ({"aud": [AUDIENCE, "another"], "azp": "another"}, 403),
        ({"exp": 1}, 403),
        ({"iss": PORTAL}, 403),
        ({"email_verified": False}, 403),
        ({"email": None}, 403),
        ({"sub": ""}, 403),
        ({"sub": "x" * 300}, 403),
    ],
)
async def test_an_id_token_counts_where_the_provider_issued_it_to_the_portal(
    folder: Path, provider: OidcProvider, changed: dict[str, Any], status: int
) -> None:
    signin = SignIn("oidc", ASSISTANT, ("10.0.0.7",), oidc=Oidc(provider.address, CLIENT_ID))
    async with widget_page(folder, replace(WIDGET, oidc_audience=AUDIENCE), signin) as page, page.portal() as portal:
        body = {"id_token": id_token(provider, **changed), "challenge": challenge_of("x")}
        assert (await portal.post("/widget/session", json=body)).status_code == status
        forged = {**body, "id_token": assertion()}
        assert (await portal.post("/widget/session", json=forged)).status_code == 403
        if status == 200:
            found = await People(page.database).by_identity(provider.address, "u-1")
            assert found is not None
            assert found.email == "ana@bank.test"
