"""What a person pastes or drops on the page: a text of a known notation is kept as an artifact, files become a stage's text."""

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from stages.catalog import catalog
from tests.doubles.line_replies import line
from tests.journeys.served import CHROMIUM, Visit

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.skipif(CHROMIUM is None, reason="no Chromium is installed")]
EN = line("en")
STAGES = {one.name: one.stage for one in catalog()}


def item(card: Any, name: str) -> Any:
    return card.locator(f"[data-item='{name}']")


def rendered(stage: str, notation: str) -> tuple[str, int]:
    """Return a stage's example in one of its notations, and how many items that holds."""
    declared = STAGES[stage]
    example = next(one for one in catalog().stage(stage).examples.whole if one.language == "en")
    artifact = declared.artifact.model_validate(example.artifact)
    text = declared.notations[notation].render(artifact, "en", ()).decode()
    read = declared.read(text, "en")
    assert read is not None
    return text, len(read.body[declared.artifact.ITEMS])


def test_a_model_is_shown_as_pictures_with_their_source_beside_them(visit: Visit) -> None:
    visit.choose("Domain model")
    visit.send(rendered("domain_model", "mmd")[0])
    card = visit.card("ready")
    card.get_by_role("tab", name="Diagrams").click()
    picture = card.locator(".sc-diagram img").first
    visit.page.wait_for_function("image => image.complete && image.naturalWidth > 50", arg=picture.element_handle())
    expect(card.locator(".sc-picture [role=status]").first).to_have_count(0)
    card.locator(".sc-diagram summary").first.click()
    expect(card.locator(".sc-diagram pre").first).to_contain_text("classDiagram")


def test_files_dropped_with_the_release_notes_stage_are_its_text(visit: Visit, tmp_path: Path) -> None:
    tickets, log = EN["release_notes"]["brief"].split("\n\n")
    (tmp_path / "tickets.csv").write_text(tickets, "utf-8-sig")
    (tmp_path / "log.txt").write_text(log, "utf-8")
    visit.choose("Release notes")
    visit.page.locator("input[type=file]").first.set_input_files([tmp_path / "tickets.csv", tmp_path / "log.txt"])
    visit.page.click("#chat-submit:not([disabled])")
    notes = visit.card("ready")
    expect(notes).to_contain_text("Release notes")
    expect(item(notes, "N1")).to_contain_text("INC-101, 1a2b3c4")


def test_a_file_that_is_no_text_is_refused_by_its_name(visit: Visit, tmp_path: Path) -> None:
    (tmp_path / "log.txt").write_bytes(b"PK\x03\x04\x00\x00\x9f\xff")
    visit.choose("Release notes")
    visit.page.locator("input[type=file]").first.set_input_files([tmp_path / "log.txt"])
    visit.page.click("#chat-submit:not([disabled])")
    expect(visit.page.get_by_text("log.txt is no text that can be read here")).to_be_visible()


@pytest.mark.parametrize(
    ("stage", "notation", "title"),
    [
        ("acceptance_criteria", "feature", "Acceptance criteria"),
        ("domain_model", "mmd", "Domain model"),
        ("api_definition", "table", "API definition"),
        ("release_notes", "changelog", "Release notes"),
        ("faq", "jsonld", "FAQ"),
        ("user_stories", "md", "User stories"),
    ],
)
def test_a_pasted_text_of_a_known_notation_becomes_an_artifact(visit: Visit, stage: str, notation: str, title: str) -> None:
    text, count = rendered(stage, notation)
    visit.choose(title)
    visit.send(text)
    card = visit.card("ready")
    expect(visit.page.get_by_text(f"Read as {title}. Items: {count}; nothing lost").first).to_be_visible()
    expect(card.locator(".sc-kicker")).to_contain_text(title)
    assert card.locator(".sc-item").count() == count


def test_an_api_pasted_for_user_stories_is_kept_and_the_stories_follow(visit: Visit) -> None:
    text, count = rendered("api_definition", "openapi.yaml")
    visit.send(text)
    expect(visit.page.get_by_text(f"Read as API definition. Items: {count}")).to_be_visible()
    expect(visit.card("ready").locator(".sc-kicker")).to_contain_text("API definition")
    stories = visit.card("ready", 1)
    expect(stories.locator(".sc-kicker")).to_contain_text("User stories")
