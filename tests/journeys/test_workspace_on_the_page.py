"""What becomes of artifacts on the page: other views, items written again, what is stale, versions, pasted texts, the trace."""

import io
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from playwright.sync_api import expect

from tests.doubles.line_replies import line
from tests.doubles.misbehaving_server import MisbehavingServer
from tests.journeys.served import CHROMIUM, Visit

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.skipif(CHROMIUM is None, reason="no Chromium is installed")]
EN = line("en")
BRIEF = EN["user_stories"]["brief"]
EDITED = "As a customer, I want to delete an income record within one day, so that I am not held to a mistake."


@pytest.fixture
def stories(visit: Visit) -> Any:
    visit.send(BRIEF)
    return visit.card("ready")


def item(card: Any, name: str) -> Any:
    return card.locator(f"[data-item='{name}']")


def write_again(card: Any, name: str, remark: str) -> Any:
    """Have an item written again and return its proposal."""
    item(card, name).locator(".sc-redo").click()
    item(card, name).locator("textarea").fill(remark)
    item(card, name).locator("textarea").press("Control+Enter")
    return item(card, name).locator(".sc-proposal")


def edit(card: Any, name: str, text: str) -> None:
    item(card, name).locator(".sc-edit").click()
    item(card, name).locator("textarea").fill(text)
    item(card, name).locator("textarea").press("Control+Enter")
    expect(item(card, name).locator(".sc-tone-edited")).to_be_visible()


def test_the_arrow_keys_move_between_the_views_of_a_card(visit: Visit, stories: Any) -> None:
    tabs = stories.get_by_role("tab")
    expect(tabs).to_have_text(["Read", "Table", "Source"])
    tabs.first.focus()
    visit.page.keyboard.press("ArrowRight")
    expect(tabs.nth(1)).to_be_focused()
    expect(stories.get_by_role("tab", selected=True)).to_have_text("Table")
    expect(stories.locator(".sc-wide-table").first.locator("tbody tr")).to_have_count(4)
    visit.page.keyboard.press("ArrowRight")
    expect(stories.locator(".sc-view pre")).to_contain_text("income record")
    visit.page.keyboard.press("ArrowRight")
    expect(tabs.first).to_be_focused()
    expect(item(stories, "S1")).to_be_visible()


def test_an_item_is_written_again_with_a_remark_and_the_person_decides(
    visit: Visit, stories: Any, server: MisbehavingServer
) -> None:
    proposal = write_again(stories, "S1", "Say in which order they come.")
    expect(proposal).to_contain_text("Say in which order they come.")
    expect(proposal.locator("ins").first).to_contain_text("newest first")
    assert "Say in which order they come." in server.requests[-1]["messages"][-1]["content"]
    proposal.locator(".sc-discard").click()
    expect(proposal).to_have_count(0)
    expect(item(stories, "S1").locator(".sc-lines")).not_to_contain_text("newest first")

    write_again(stories, "S1", "Say in which order they come.").locator(".sc-take").click()
    expect(item(stories, "S1").locator(".sc-lines")).to_contain_text("newest first")
    expect(stories.locator("header")).to_contain_text("Version 2")

    stories.locator(".sc-versions summary").click()
    expect(stories.locator(".sc-versions li")).to_have_count(2)
    stories.locator(".sc-versions li").first.get_by_role("button", name="What changed").click()
    compared = stories.locator(".sc-compared")
    expect(compared).to_contain_text("From version 1 to version 2")
    expect(compared.locator(".sc-id")).to_have_text(["S1"])
    expect(compared.locator("ins").first).to_contain_text("newest first")


def test_what_rests_on_a_changed_item_is_stale_until_it_is_renewed_or_kept(visit: Visit, stories: Any) -> None:
    stories.locator(".sc-next-acceptance_criteria").click()
    criteria = visit.card("ready", 1)
    expect(criteria.locator(".sc-stale")).to_have_count(0)
    edit(stories, "S4", EDITED)

    stale = item(criteria, "S4-1").locator(".sc-stale")
    expect(stale).to_contain_text("S4")
    expect(stale.locator("ins").first).to_contain_text("within")
    expect(criteria.locator("footer .sc-stale")).to_contain_text("3")
    expect(item(criteria, "S3-1").locator(".sc-stale")).to_have_count(0)

    item(criteria, "S4-2").locator(".sc-still-right").click()
    expect(item(criteria, "S4-2").locator(".sc-stale")).to_have_count(0)
    item(criteria, "S4-1").locator(".sc-refresh").click()
    item(criteria, "S4-1").locator(".sc-take").click()
    expect(item(criteria, "S4-1")).to_contain_text("is shown with its date (positive)")
    expect(item(criteria, "S4-1").locator(".sc-stale")).to_have_count(0)
    criteria.locator(".sc-refresh-all").click()
    item(criteria, "S4-3").locator(".sc-take").click()
    expect(criteria.locator(".sc-stale")).to_have_count(0)


def test_open_points_are_answered_and_the_brief_is_asked_again(visit: Visit, stories: Any, server: MisbehavingServer) -> None:
    clarify = stories.locator(".sc-clarify")
    points = clarify.locator("[data-point]")
    asked = points.count()
    assert asked >= 3
    expect(clarify.locator(".sc-clarify-send")).to_have_count(0)
    first, second = points.nth(0).get_attribute("data-point"), points.nth(1).get_attribute("data-point")
    suggested = points.nth(0).locator(".sc-suggestion").first
    suggested.click()
    expect(suggested).to_have_attribute("aria-pressed", "true")
    points.nth(1).locator("input").fill("The branch manager approves it")
    points.nth(2).get_by_role("button", name="Skip").click()
    expect(points).to_have_count(asked - 1)
    clarify.locator(".sc-clarify-send").click()

    again = visit.card("ready", 1)
    assert "The branch manager approves it" in server.requests[-1]["messages"][-1]["content"]
    expect(again.locator(f"[data-point='{first}'], [data-point='{second}']")).to_have_count(0)


def test_the_whole_is_approved_once_it_was_accepted(stories: Any) -> None:
    expect(stories.locator(".sc-approve")).to_have_count(0)
    stories.locator("footer .sc-decision .sc-accept").click()
    expect(stories.locator("header .sc-badge").first).to_have_text("Reviewed")
    stories.locator(".sc-approve").click()
    expect(stories.locator("header .sc-badge").first).to_have_text("Approved")


def test_carrying_on_to_release_notes_asks_for_the_changes_and_other_stages_follow_at_once(visit: Visit, stories: Any) -> None:
    stories.locator(".sc-next-release_notes").click()
    writing = stories.locator("footer .sc-writing")
    expect(writing).to_contain_text("Paste the git log or the ticket export")
    writing.locator("textarea").press("Escape")
    expect(writing).to_have_count(0)
    stories.locator(".sc-next-domain_model").click()
    expect(visit.card("ready", 1)).to_contain_text("Domain model")
    stories.locator(".sc-next-release_notes").click()
    writing.locator("textarea").fill(EN["release_notes"]["brief"])
    writing.get_by_role("button", name="Carry on with this").click()
    notes = visit.card("ready", 2)
    expect(item(notes, "N1")).to_contain_text("Rests on S1")


def test_the_trace_shows_gaps_and_what_became_stale_and_is_downloaded(visit: Visit, stories: Any) -> None:
    for name in ("S3", "S4"):
        item(stories, name).locator(".sc-accept").click()
        expect(item(stories, name).locator(".sc-tone-accepted")).to_be_visible()
    stories.locator(".sc-next-acceptance_criteria").click()
    visit.card("ready", 1).locator(".sc-open-trace").click()
    trace = visit.page.locator(".sc-trace")
    rows = trace.locator("tbody tr")
    expect(rows).to_have_count(4)
    expect(rows.nth(0).locator(".sc-gap").first).to_contain_text("gap")
    expect(rows.nth(2).locator(".sc-gap")).to_have_count(0)
    expect(rows.nth(2)).to_contain_text("S3-3")
    expect(trace.locator("header")).to_contain_text("stale items: 0")

    edit(stories, "S4", EDITED)
    trace.locator(".sc-trace-again").click()
    expect(trace.locator("header")).to_contain_text("stale items: 3")
    expect(rows.nth(3)).to_contain_text("stale")
    with visit.page.expect_download() as coming:
        trace.get_by_role("link", name="Trace as a spreadsheet").click()
    sheet = load_workbook(io.BytesIO(Path(coming.value.path()).read_bytes())).active
    assert sheet is not None
    assert "S4-1" in str(list(sheet.values))
