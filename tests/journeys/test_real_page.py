"""The main job as a newcomer meets it: the real application with its embedded model, from a brief to a zip that behave reads."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from tests.journeys.served import CHROMIUM, Visit, chromium, served_app
from tests.journeys.taken_away import dry_run, scenarios_in

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium is installed"),
]
# The embedded model takes its time on two cores.
PATIENCE = 120_000


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with served_app(tmp_path_factory.mktemp("real")) as address:
        yield address


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


def download(page: Visit, card: Any, notation: str) -> bytes:
    """Press a download of a card and return the file."""
    with page.page.expect_download() as coming:
        card.locator(f".sc-downloads a[href*='/export/{notation}']").click()
    return Path(coming.value.path()).read_bytes()


@pytest.mark.parametrize(
    ("locale", "brief", "keyword"),
    [
        ("en-US", "A customer can view, add, change and delete the income records of an account", "so that"),
        ("zh-CN", "查看账户收入,添加收入记录,修改收入记录,删除收入记录", "以便于"),
    ],
    ids=["en", "zh"],
)
def test_a_brief_becomes_stories_and_criteria_that_gherkin_and_behave_read(
    browser: Browser, address: str, tmp_path: Path, locale: str, brief: str, keyword: str
) -> None:
    page = Visit(browser, address, locale)
    page.send(brief)
    growing = page.card("working")
    growing.locator(".sc-item").first.wait_for()
    seen = growing.locator(".sc-item").count()
    card = page.card("ready", within=PATIENCE)
    assert card.locator(".sc-item").count() > seen
    expect(card).to_contain_text(keyword)

    source = card.locator(".sc-source").first
    source.locator("summary").click()
    expect(source.locator("blockquote")).to_be_visible()
    assert len(source.locator("blockquote").inner_text()) > 40

    story = card.locator("[data-item=S1]")
    story.locator(".sc-accept").click()
    expect(story.locator(".sc-badge").first).to_be_visible()
    card.locator(".sc-next-acceptance_criteria").click()
    page.page.locator(".sc-phase-working").wait_for()
    criteria = page.card("ready", 1, within=PATIENCE)
    assert criteria.locator(".sc-item").count() >= 3

    read = scenarios_in(download(page, criteria, "feature").decode("utf-8"))
    assert len(read) == criteria.locator(".sc-item").count()
    ran = dry_run(download(page, criteria, "zip"), tmp_path)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    page.close()
    assert page.foreign == []
    assert page.troubles == []
