"""A curator drops files into the chat, and a steward settles what an answer brought up, in a real browser."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.journeys.served import CHROMIUM, Visit, chromium, served_app

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.skipif(CHROMIUM is None, reason="no Chromium is installed")]
_ANSWER = 120_000
LIMITS = "# Payroll limits\n\nA payroll batch above 83,000 needs the approval of two payment officers.\n"


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with served_app(tmp_path_factory.mktemp("desks")) as address:
        yield address


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


@pytest.fixture
def visit(browser: Browser, address: str) -> Iterator[Visit]:
    visit = Visit(browser, address)
    yield visit
    visit.close()
    assert visit.foreign == []
    assert visit.troubles == []


def test_a_curator_drops_files_sees_what_becomes_of_each_and_finds_their_words(visit: Visit, tmp_path: Path) -> None:
    (tmp_path / "payroll.md").write_text(LIMITS, "utf-8")
    (tmp_path / "setup.exe").write_bytes(b"MZ\x90\0" + bytes(range(256)) * 20)
    visit.page.locator("input[type=file]").first.set_input_files([tmp_path / "payroll.md", tmp_path / "setup.exe"])
    visit.page.click("#chat-submit:not([disabled])")
    desk = visit.page.locator(".sc-desk")

    refused = desk.locator("[data-file='setup.exe']")
    expect(refused.locator(".sc-badge").first).to_have_text("Refused")
    expect(refused.locator(".sc-file-reason")).to_contain_text("program")
    ready = desk.locator("[data-file='payroll.md']")
    expect(ready.locator(".sc-badge").first).to_have_text("Ready")
    expect(ready).to_contain_text("only you find it")

    desk.locator(".sc-try input").fill("Who approves a payroll batch above 83,000?")
    desk.locator(".sc-search").click()
    expect(desk.locator(".sc-hit blockquote").first).to_contain_text("two payment officers")

    ready.locator(".sc-approve").click()
    expect(ready).to_contain_text("open to everyone")
    expect(ready.locator(".sc-remove")).to_have_count(0)
    refused.locator(".sc-remove").click()
    refused.locator(".sc-remove").click()
    expect(refused).to_have_count(0)


def test_a_steward_settles_the_words_that_an_answer_brought_up(visit: Visit) -> None:
    visit.send("A customer can book a concierge lounge visit; the teller confirms the lounge voucher.")
    visit.card("ready", within=_ANSWER)
    # A chat that is loaded again goes on where it was; the desks stand in a new one.
    visit.page.goto(visit.address)
    button = visit.page.locator(".sc-open-terms")
    expect(button).to_contain_text("(2)")
    button.click()
    desk = visit.page.locator(".sc-term-desk")
    voucher = desk.locator("[data-term='lounge voucher']")
    expect(voucher).to_contain_text("seen once, English")

    voucher.locator(".sc-accept").click()
    form = voucher.locator(".sc-term-form")
    expect(form.get_by_label("English name")).to_have_value("lounge voucher")
    form.get_by_label("Chinese name").fill("贵宾厅凭证")
    form.get_by_label("Definition").fill("What opens the lounge to a client.")
    form.locator(".sc-save").click()
    expect(voucher).to_have_count(0)

    lounge = desk.locator("[data-term='concierge lounge visit']")
    lounge.locator(".sc-merge").click()
    lounge.get_by_label("Means the same as this term").fill("no such term")
    lounge.locator(".sc-save").click()
    expect(lounge.get_by_role("alert")).to_contain_text("no such term")
    lounge.get_by_label("Means the same as this term").press("Escape")
    lounge.locator(".sc-refuse").click()
    expect(desk.locator(".sc-entry")).to_have_count(0)
    expect(desk).to_contain_text("No new words wait for a decision.")
