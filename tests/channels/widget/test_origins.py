"""Which pages may read what we answer: the portals exactly as they are named, and nobody else, whatever they call themselves."""

from pathlib import Path

import pytest

from channels.signin.options import SignIn
from channels.widget.options import WidgetOptions
from tests.doubles.portal_keys import PORTAL
from tests.doubles.widget_page import WidgetPage, widget_page

FOREIGN = [
    "https://evil.test",
    "null",
    "",
    "*",
    "http://portal.bank.test",
    "https://portal.bank.test:8443",
    "https://portal.bank.test.evil.test",
    "https://evil-portal.bank.test",
    "https://sub.portal.bank.test",
    "https://PORTAL.bank.test",
    "https://portal.bank.test/",
    f"{PORTAL}, https://evil.test",
    "https://stagecraft.bank.test.evil.test",
]
PREFLIGHT = {"access-control-request-method": "POST", "access-control-request-headers": "content-type"}
CHAT = ("/user", "/project/action", "/widget/enter", "/artifacts/a/export/json", "/public/theme.json", "/widget.js")


def allowed(headers: object) -> list[tuple[str, str]]:
    pairs = headers.multi_items()  # type: ignore[attr-defined]
    return [(name, value) for name, value in pairs if name.startswith("access-control-")]


@pytest.mark.parametrize("path", CHAT)
async def test_a_portal_may_ask_and_read(page: WidgetPage, path: str) -> None:
    async with page.browser() as browser:
        asked = await browser.options(path, headers=PREFLIGHT)
        answer = await browser.get(path)
    assert asked.status_code == 204
    assert dict(allowed(asked.headers)) == {
        "access-control-allow-origin": PORTAL,
        "access-control-allow-credentials": "true",
        "access-control-allow-methods": "GET, POST, PUT, DELETE",
        "access-control-allow-headers": "Content-Type",
        "access-control-max-age": "600",
    }
    assert allowed(answer.headers) == [("access-control-allow-origin", PORTAL), ("access-control-allow-credentials", "true")]
    assert "Origin" in answer.headers["vary"]


@pytest.mark.parametrize("origin", FOREIGN)
async def test_nobody_else_may_not_even_by_a_preflight(page: WidgetPage, origin: str) -> None:
    async with page.browser() as browser:
        for path in CHAT:
            asked = await browser.options(path, headers={**PREFLIGHT, "origin": origin})
            assert (asked.status_code, allowed(asked.headers)) == (403, [])
            read = await browser.get(path, headers={"origin": origin})
            assert allowed(read.headers) == []
        for path in ("/widget/enter", "/widget/leave", "/project/action"):
            assert (await browser.post(path, headers={"origin": origin}, json={})).status_code == 403


@pytest.mark.parametrize("path", ["/v1/models", "/api/workspaces", "/mcp", "/slack/events", "/widget/session"])
async def test_the_doors_for_programs_are_no_pages_also_not_a_portals(page: WidgetPage, path: str) -> None:
    async with page.browser() as browser:
        assert (await browser.options(path, headers=PREFLIGHT)).status_code == 403
        assert allowed((await browser.get(path)).headers) == []


async def test_without_portals_nobody_may_and_there_is_no_widget(folder: Path) -> None:
    async with widget_page(folder, WidgetOptions(), SignIn()) as page, page.browser() as browser:
        for origin in (PORTAL, *FOREIGN):
            asked = await browser.options("/user", headers={**PREFLIGHT, "origin": origin})
            assert (asked.status_code, allowed(asked.headers)) == (403, [])
    assert not [route for route in page.app.routes if str(getattr(route, "path", "")).startswith("/widget")]
