"""A session of the widget opens what the widget needs, for who sits at the portal, and nothing else."""

import pytest

from channels.signin.cookies import SESSION as PAGE_SESSION
from channels.widget.visitors import SESSION
from records.people import Identity, People
from records.sessions import Sessions
from tests.doubles.portal_keys import PORTAL, assertion
from tests.doubles.widget_page import WidgetPage

NEEDED = (
    "/project/settings",
    "/user",
    "/artifacts/a/diagrams/class",
    "/turns/t/prompt",
    "/workspace/trace.xlsx",
    "/project/file/f",
)


@pytest.mark.parametrize("path", NEEDED)
async def test_what_the_widget_needs_is_open_to_its_visitor_and_to_nobody_else(page: WidgetPage, path: str) -> None:
    async with page.browser() as nobody, page.browser() as browser:
        assert (await nobody.get(path)).status_code == 401
        await page.enter(browser)
        assert (await browser.get(path)).json()["name"] == "Ana Ruiz"


@pytest.mark.parametrize(
    "path", ["/", "/thread/5", "/project/threads", "/project/thread/5", "/keys", "/people", "/admin", "/project/thread/share"]
)
async def test_the_page_itself_its_history_keys_and_desks_are_not(page: WidgetPage, path: str) -> None:
    async with page.browser() as browser:
        await page.enter(browser)
        assert (await browser.get(path)).status_code in (401, 404)


async def test_a_picture_names_no_origin_and_is_still_the_visitors(page: WidgetPage) -> None:
    async with page.browser() as browser:
        await page.enter(browser)
        kept = dict(browser.cookies)
    async with page.browser(kept, {"origin": ""}) as picture:
        answer = await picture.get("/artifacts/a/diagrams/class")
    assert answer.json()["name"] == "Ana Ruiz"
    assert answer.headers["cross-origin-resource-policy"] == "same-site"


async def test_who_has_the_page_open_too_is_found_by_where_the_request_comes_from(page: WidgetPage) -> None:
    ben = await People(page.database).sign_in(Identity("a", "2", "Ben", roles=frozenset({"analyst", "admin"})))
    own = {PAGE_SESSION: await Sessions(page.database).begin(ben.id, "page")}
    async with page.browser() as browser:
        await page.enter(browser)
        both = dict(browser.cookies) | own
    at_home = {"origin": "", "sec-fetch-site": "same-origin"}
    async with page.browser(both) as portal, page.browser(both, at_home) as stagecraft:
        assert (await portal.get("/user")).json()["name"] == "Ana Ruiz"
        assert (await stagecraft.get("/user")).json()["roles"] == ["admin", "analyst"]
        assert (await portal.get("/thread/5")).json()["name"] == "Ben"


async def test_a_session_of_the_page_is_none_of_the_widget_and_the_other_way_round(page: WidgetPage) -> None:
    ben = await People(page.database).sign_in(Identity("a", "2", "Ben", roles=frozenset({"admin"})))
    token = await Sessions(page.database).begin(ben.id, "page")
    async with page.browser({SESSION: token}) as browser:
        assert (await browser.get("/user")).status_code == 401


async def test_the_visitor_leaves_and_the_session_is_gone(page: WidgetPage) -> None:
    async with page.browser() as browser:
        await page.enter(browser)
        kept = dict(browser.cookies)
        assert (await browser.post("/widget/leave")).status_code == 200
        assert SESSION not in browser.cookies
    async with page.browser(kept) as again:
        assert (await again.get("/user")).status_code == 401


async def test_the_browser_learns_a_mark_that_tells_people_apart_and_says_nothing_else(page: WidgetPage) -> None:
    async with page.browser() as browser:
        first, again = [(await page.enter(browser)).json()["visitor"] for _ in range(2)]
        other = (await page.enter(browser, word=assertion(sub="u-18", email="ben@bank.test", name="Ben"))).json()["visitor"]
    assert first == again != other
    assert len(other) == 16


@pytest.mark.parametrize(("language", "heard"), [("zh", "zh-CN"), ("en", "en-US"), (None, "de-DE")])
async def test_the_language_that_the_widget_was_opened_in_goes_before_the_browsers(
    page: WidgetPage, language: str | None, heard: str
) -> None:
    async with page.browser(headers={"accept-language": "de-DE"}) as browser:
        await page.enter(browser, **({"language": language} if language else {}))
        assert (await browser.get("/user")).json()["language"] == heard


async def test_a_visit_of_a_foreign_origin_is_nobodys(page: WidgetPage) -> None:
    async with page.browser() as browser:
        await page.enter(browser)
        kept = dict(browser.cookies)
    async with page.browser(kept, {"origin": "https://evil.test", "sec-fetch-site": "cross-site"}) as evil:
        read = await evil.get("/user")
        changed = await evil.post("/project/action")
    assert "access-control-allow-origin" not in read.headers
    assert changed.status_code == 403
    assert PORTAL not in changed.text
