"""The demo portal: two people, two languages, and the widget under the policy that the documentation asks for."""

import socket
from collections.abc import Iterator

import httpx
import pytest

from channels.widget.portal.application import Portal, desk, portal_application, users
from tests.doubles.portal_keys import key_pair


@pytest.fixture
def silent() -> Iterator[str]:
    """The address of an assistant that does not run."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        yield f"http://localhost:{free.getsockname()[1]}"


def browser(assistant: str, host: str = "localhost:8500") -> httpx.AsyncClient:
    portal = Portal("http://localhost:8500", assistant, key_pair()[0].encode())
    transport = httpx.ASGITransport(portal_application(portal))
    return httpx.AsyncClient(transport=transport, base_url=f"http://{host}", follow_redirects=True)


async def test_there_are_two_people_of_whom_one_is_in_a_group() -> None:
    assert [(user.name, user.groups) for user in users()] == [("Mei Lin", ("cards-team",)), ("Tom Berg", ())]


async def test_a_ticket_is_shown_to_who_is_chosen_in_the_language_that_is_chosen(silent: str) -> None:
    async with browser(silent) as tab:
        first = await tab.get("/", headers={"accept-language": "zh-CN"})
        assert "已冻结银行卡的欺诈警报" in first.text
        await tab.get("/as/tom")
        page = await tab.get("/in/en", headers={"referer": "http://localhost:8500/tickets/HB-2057"})
        assert page.url.path == "/tickets/HB-2057"
        assert "Standing order on a bank holiday" in page.text
        assert "Tom Berg: in no team" in page.text
        await tab.get("/as/somebody")
        assert "Tom Berg: in no team" in (await tab.get("/in/fr")).text
        assert (await tab.get("/tickets/HB-1")).status_code == 404


async def test_the_page_names_one_script_and_allows_the_assistant_alone(silent: str) -> None:
    async with browser(silent) as tab:
        page = await tab.get("/")
    assert page.text.count("<script") == 1
    assert f'src="{silent}/widget.js"' in page.text
    policy = page.headers["content-security-policy"]
    assert f"script-src 'self' 'unsafe-eval' {silent};" in policy
    assert "default-src 'self'" in policy


async def test_everything_stands_in_both_languages() -> None:
    shown = desk()
    for texts in (shown["texts"], *shown["tickets"].values()):
        for text in texts.values():
            assert set(text) == {"en", "zh"}


async def test_without_an_assistant_the_person_is_told_how_to_start_it(silent: str) -> None:
    async with browser(silent) as tab:
        for language, word in (("en", "does not run"), ("zh-CN", "未在")):
            answer = await tab.post("/stagecraft/ticket", json={"challenge": "c"}, headers={"accept-language": language})
            assert answer.status_code == 502
            assert word in answer.json()["error"]
            assert silent in answer.json()["error"]


async def test_another_site_gets_no_ticket_and_no_other_name_is_answered(silent: str) -> None:
    async with browser(silent) as tab:
        asked = await tab.post("/stagecraft/ticket", json={"challenge": "c"}, headers={"sec-fetch-site": "same-site"})
    assert asked.status_code == 403
    async with browser(silent, "portal.evil.test:8500") as rebound:
        assert (await rebound.get("/")).status_code == 400
