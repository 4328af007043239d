"""A link from Slack or a tool opens the page with the artifact's card."""

from pathlib import Path

import pytest

from tests.journeys.served import Visit, chromium, served_page

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_a_link_shows_the_card_of_its_artifact(tmp_path: Path) -> None:
    with served_page(tmp_path) as address, chromium() as browser:
        first = Visit(browser, address)
        first.send("A customer freezes a card")
        title = first.card("ready").locator(".sc-item").first.inner_text()
        second = Visit(browser, f"{address}/?artifact=a1")
        assert second.card("ready").locator(".sc-item").first.inner_text() == title
        assert second.page.locator(".sc-phase-ready").count() == 1
        second.close()
        third = Visit(browser, f"{address}/?artifact=nothing-there")
        third.page.get_by_text("There is no such artifact.").first.wait_for()
        first.close()
        third.close()
