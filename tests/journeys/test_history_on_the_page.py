"""The history in a real browser: chats are listed, opened again with their cards as they are now, found, judged, renamed, deleted."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.doubles.line_replies import line_reply
from tests.doubles.misbehaving_server import MisbehavingServer
from tests.doubles.server_aside import server_aside
from tests.journeys.served import CHROMIUM, Visit, served_with

pytestmark = [pytest.mark.browser, pytest.mark.skipif(CHROMIUM is None, reason="no Chromium")]
BRIEFS = {
    "en": "A customer can view, add, change and delete the income records of an account.",
    "zh": "查看账户收入,添加收入记录,修改收入记录,删除收入记录",
}


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("history")


@pytest.fixture(scope="module")
def server() -> Iterator[MisbehavingServer]:
    with server_aside([line_reply]) as server:
        yield server


@pytest.fixture(scope="module")
def address(server: MisbehavingServer, data: Path) -> Iterator[str]:
    with served_with(server, data) as address:
        yield address


def listed(visit: Visit) -> list[str]:
    """The names in the side bar."""
    return [name.strip() for name in visit.page.locator('a[href*="/thread/"]').all_inner_texts()]


def rows(data: Path, table: str) -> int:
    with sqlite3.connect(data / "stagecraft.db") as database:
        return int(database.execute(f"SELECT count(*) FROM {table}").fetchone()[0])


def test_a_chat_goes_from_its_first_brief_to_its_deletion(visit: Visit, data: Path) -> None:
    page = visit.page
    visit.send(BRIEFS["en"])
    visit.card("ready")
    page.wait_for_url("**/thread/*")
    address = page.url

    page.reload()
    card = visit.card("ready")
    assert page.locator(".sc-welcome").count() == 0
    card.locator("article, li, section").first.wait_for()
    card.get_by_role("button", name="Accept all").click()
    card.locator(".sc-tone-accepted, .sc-tone-reviewed").first.wait_for()
    page.reload()
    visit.card("ready").locator(".sc-tone-accepted, .sc-tone-reviewed").first.wait_for()
    assert page.locator("#mode-picker-trigger-stage").inner_text().strip() == "User stories"

    page.locator(".negative-feedback-off").click()
    page.get_by_role("dialog").locator("textarea").fill("wrong role")
    page.click("#submit-feedback")
    page.locator(".negative-feedback-on").wait_for()
    with sqlite3.connect(data / "stagecraft.db") as database:
        asked = "SELECT f.value, f.comment FROM chat_feedback f JOIN turns t ON t.id = f.turn"
        assert database.execute(asked).fetchall() == [(0, "wrong role")]

    page.goto(visit.address)
    page.locator(".sc-welcome").wait_for()
    page.locator('a[href*="/thread/"]').first.click()
    visit.card("ready")
    page.wait_for_url(address)

    page.locator("#thread-options").first.click()
    page.click("#rename-thread")
    page.locator("#name").fill("Income records")
    page.get_by_role("button", name="Confirm").click()
    page.get_by_text("Chat renamed").wait_for()
    assert listed(visit) == ["Income records"]

    page.locator("#thread-options").first.click()
    page.click("#delete-thread")
    page.get_by_role("button", name="Confirm").click()
    page.get_by_text("Chat deleted").wait_for()
    assert [rows(data, table) for table in ("chat_threads", "chat_steps", "chat_elements", "chat_feedback")] == [0, 0, 0, 0]
    assert rows(data, "artifacts") == 1


@pytest.mark.parametrize(("locale", "language", "words"), [("en-US", "en", "INCOME Records"), ("zh-CN", "zh", "账户收入")])
def test_a_chat_is_found_by_its_words(browser: Browser, address: str, locale: str, language: str, words: str) -> None:
    visit = Visit(browser, address, locale)
    visit.send(BRIEFS[language])
    visit.card("ready")
    visit.page.click("#search-chats-button")
    visit.page.keyboard.insert_text(words)
    found = visit.page.get_by_role("dialog").get_by_role("option")
    expect(found).to_have_text([BRIEFS[language]], timeout=30_000)
    assert visit.troubles == visit.foreign == []
    visit.close()
