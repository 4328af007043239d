"""A brief through the page to an accepted artifact, in a real browser."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, WebSocket, expect

from tests.doubles.scripted_assistant import FAILURE_ID, HOSTILE
from tests.journeys.served import CHROMIUM, Visit, chromium, served_page

pytestmark = [pytest.mark.browser, pytest.mark.skipif(CHROMIUM is None, reason="no Chromium is installed")]
BRIEF = "A cardholder can freeze and unfreeze a debit card in the mobile app; the contact centre agent sees it."


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with served_page(tmp_path_factory.mktemp("page")) as address:
        yield address


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


@pytest.fixture
def visit(browser: Browser, address: str) -> Iterator[Callable[..., Visit]]:
    visits: list[Visit] = []

    def open_page(locale: str = "en-US") -> Visit:
        visits.append(Visit(browser, address, locale))
        return visits[-1]

    yield open_page
    for one in visits:
        one.close()
        assert one.foreign == []
        assert one.troubles == []


def test_a_brief_becomes_an_accepted_artifact_and_goes_on_to_the_next_stage(visit: Callable[..., Visit]) -> None:
    page = visit()
    page.send(BRIEF)
    growing = page.card("working")
    growing.locator(".sc-item").first.wait_for()
    expect(growing.locator("[role=status]")).to_contain_text("Writing item")
    card = page.card("ready")

    story = card.locator("[data-item=S1]")
    story.locator(".sc-source summary").first.click()
    expect(story.locator("blockquote").first).to_contain_text("declines every new authorisation within 60 seconds")
    story.locator(".sc-term").first.focus()
    expect(story.locator(".sc-tip").first).to_be_visible()

    edited = card.locator("[data-item=S3]")
    edited.locator(".sc-edit").click()
    field = edited.locator("textarea")
    expect(field).to_be_focused()
    field.fill("no colon here")
    field.press("Control+Enter")
    expect(edited.get_by_role("alert")).to_contain_text("Each line needs a keyword")
    expect(field).to_have_value("no colon here")
    field.fill("Title: See a frozen card\nAs a: cardholder\nI want: to see role:admin at 10:30\nso that: I know why")
    field.press("Control+Enter")
    expect(edited.locator(".sc-badge")).to_have_text("Edited")
    expect(edited.locator(".sc-lines")).to_contain_text("to see role:admin at 10:30")
    expect(story.locator("blockquote").first).to_be_visible()

    story.locator(".sc-accept").click()
    expect(story.locator(".sc-badge")).to_have_text("Accepted")
    card.locator("footer .sc-accept").click()
    expect(card.locator("header .sc-badge").first).to_have_text("Accepted")
    with page.page.expect_download() as download:
        card.get_by_role("link", name="Markdown").click()
    assert "See a frozen card" in Path(download.value.path()).read_text("utf-8")

    card.locator(".sc-next-acceptance_criteria").click()
    following = page.card("ready", 1)
    expect(following).to_contain_text("Acceptance criteria")
    expect(following).to_contain_text("declined:frozen")


def test_an_item_is_rejected_with_a_reason(visit: Callable[..., Visit]) -> None:
    page = visit()
    page.send(BRIEF)
    story = page.card("ready").locator("[data-item=S2]")
    story.locator(".sc-reject").click()
    story.locator("textarea").fill("Too vague")
    story.get_by_role("button", name="Reject with this reason").click()
    expect(story.locator(".sc-badge")).to_have_text("Rejected")


def test_the_source_and_the_prompt_as_sent_are_shown_on_demand(visit: Callable[..., Visit]) -> None:
    page = visit()
    page.send(BRIEF)
    card = page.card("ready")
    card.get_by_role("tab", name="Source").click()
    expect(card.locator("pre").first).to_contain_text("# Freeze and unfreeze")
    card.get_by_text("What was sent").click()
    expect(card.locator("pre").nth(1)).to_contain_text(BRIEF)


def test_a_browser_in_chinese_meets_a_page_in_chinese(visit: Callable[..., Visit]) -> None:
    page = visit("zh-CN")
    expect(page.page.locator(".sc-welcome")).to_contain_text("演示模型")
    expect(page.page.locator("#mode-picker-trigger-stage")).to_have_text("用户故事")
    page.send("持卡人可以在手机银行冻结和解冻借记卡，客服坐席可以看到冻结状态。")
    card = page.card("ready")
    expect(card).to_contain_text("以便")
    expect(card.locator("footer .sc-accept")).to_have_text("全部采纳")
    page.page.get_by_text("产生过程").click()
    expect(page.page.get_by_text("查找术语与段落")).to_be_visible()


def test_an_example_is_answered_for_its_own_stage_whatever_the_picker_says(visit: Callable[..., Visit]) -> None:
    page = visit()
    page.page.locator(".sc-stage").nth(1).locator(".sc-starter").first.click()
    expect(page.card("ready")).to_contain_text("Acceptance criteria for freezing")


def test_a_failed_answer_keeps_the_draft_and_one_press_asks_again(visit: Callable[..., Visit]) -> None:
    page = visit()
    page.send("unreachable: freeze a card, please")
    failed = page.card("failed")
    expect(failed.get_by_role("alert").first).to_contain_text("cannot be reached")
    failed.get_by_text("The draft as far as it came").click()
    expect(failed.locator("pre")).to_contain_text('"stories"')
    failed.locator(".sc-retry").click()
    expect(page.card("ready")).to_contain_text("Freeze a debit card")


def test_a_bug_is_told_by_a_number_and_nothing_of_it_reaches_the_browser(visit: Callable[..., Visit]) -> None:
    page = visit()
    frames: list[str | bytes] = []

    def listen(socket: WebSocket) -> None:
        # A function of ours: playwright cannot mark a list's own method.
        socket.on("framereceived", lambda frame: frames.append(frame))  # noqa: PLW0108

    page.page.on("websocket", listen)
    page.page.reload()
    page.page.locator(".sc-welcome").wait_for()
    page.send("bug: freeze a card")
    expect(page.card("failed")).to_contain_text(f"give your operator the number {FAILURE_ID}")
    assert frames
    assert not any("secret-key" in str(frame) for frame in frames)


def test_questions_are_answered_by_a_press(visit: Callable[..., Visit]) -> None:
    page = visit()
    page.send("unclear")
    page.card("questions").get_by_role("button", name="A cardholder freezes").click()
    expect(page.card("ready")).to_contain_text("Freeze a debit card")


def test_stop_keeps_what_was_written(visit: Callable[..., Visit]) -> None:
    page = visit()
    page.send("slowly freeze a card")
    page.card("working").locator(".sc-item").first.wait_for()
    page.page.click("#stop-button")
    stopped = page.card("stopped")
    expect(stopped).to_contain_text("until then is kept")
    expect(stopped.locator(".sc-item")).to_have_count(1)
    expect(page.page.get_by_text("Task manually stopped")).to_have_count(0)


def test_hostile_texts_are_shown_as_words(visit: Callable[..., Visit]) -> None:
    page = visit()
    page.send("hostile ![x](http://evil.test/brief.png) <img src=http://evil.test/b.png>")
    card = page.card("ready")
    expect(card.locator("[data-item=S1] h4")).to_contain_text("![x](http://evil.test/leak.png)")
    expect(card.locator("[data-item=S1] .sc-lines")).to_contain_text("role:admin")
    page.page.get_by_text("How this came about").click()
    page.page.get_by_text("Gathered terms and passages").click()
    expect(page.page.locator(".step .message-content").filter(has_text="3 passages")).to_contain_text(HOSTILE)
    assert page.page.locator("img[src*='evil.test'], a[href*='evil.test']").count() == 0


def test_a_preference_that_cannot_be_taken_is_said(visit: Callable[..., Visit]) -> None:
    page = visit()
    page.page.click("#chat-settings-open-modal")
    page.page.locator("input#workspace").fill("../other")
    page.page.get_by_role("button", name="Confirm").click()
    expect(page.page.get_by_text("That preference was not taken")).to_be_visible()
