"""A paragraph through all six stages on the page, to a zip that the tools of its readers open."""

import io
import json
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
import yaml
from openapi_spec_validator import validate
from openpyxl import load_workbook
from playwright.sync_api import Browser, expect

from tests.doubles.line_replies import STAGES, line
from tests.journeys.served import CHROMIUM, Visit
from tests.journeys.taken_away import behave, scenarios_in

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.skipif(CHROMIUM is None, reason="no Chromium is installed")]
TITLES = {
    "en": ("User stories", "Acceptance criteria", "Domain model", "API definition", "Release notes", "FAQ"),
    "zh": ("用户故事", "验收标准", "领域模型", "API 定义", "发布说明", "常见问题"),
}
LOCALES = {"en": "en-US", "zh": "zh-CN"}


def ids_of(reply: dict[str, Any]) -> list[str]:
    """Return the ids of the items that the model wrote."""
    (items,) = (value for key, value in reply.items() if key in ("stories", "scenarios", "classes", "operations", "entries"))
    return [item["id"] for item in items]


def approve(card: Any) -> None:
    """Accept the whole and approve it."""
    expect(card.locator(".sc-approve")).to_have_count(0)
    card.locator("footer .sc-decision .sc-accept").click()
    card.locator(".sc-approve").click()
    expect(card.locator("header .sc-tone-approved")).to_be_visible()


def carry_on(card: Any, stage: str, text: str) -> None:
    """Go on to a stage; the one that rests on a text of its own asks for it."""
    card.locator(f".sc-next-{stage}").click()
    if stage == "release_notes":
        card.locator(".sc-writing textarea").fill(text)
        card.locator(".sc-writing textarea").press("Control+Enter")


def downloaded(visit: Visit, address: str) -> bytes:
    """Press the download of this address and return the file."""
    with visit.page.expect_download() as coming:
        visit.page.locator(f".sc-downloads a[href*='{address}']").last.click()
    return Path(coming.value.path()).read_bytes()


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_paragraph_becomes_all_six_stages_and_other_tools_read_what_is_taken_away(
    browser: Browser, address: str, tmp_path: Path, language: str
) -> None:
    told = line(language)
    visit = Visit(browser, address, LOCALES[language])
    visit.work_in(f"line {language}")
    visit.send(told["user_stories"]["brief"])
    for at, (stage, title) in enumerate(zip(STAGES, TITLES[language], strict=True)):
        card = visit.card("ready", at)
        expect(card.locator(".sc-kicker")).to_contain_text(title)
        assert [item.get_attribute("data-item") for item in card.locator(".sc-item").all()] == ids_of(told[stage]["reply"])
        expect(card.locator(".sc-error, .sc-warning")).to_have_count(0)
        look_at_every_view(visit, card, pictures_of(stage, told[stage]["reply"]))
        approve(card)
        if stage != STAGES[-1]:
            carry_on(card, STAGES[at + 1], told["release_notes"]["brief"])
    expect(card.locator(".sc-carry-on")).to_have_count(0)
    card.locator(".sc-open-trace").click()
    expect(visit.page.locator(".sc-trace thead th")).to_have_count(7)
    expect(visit.page.locator(".sc-trace tbody tr").first).to_contain_text("S1-1")
    archive = downloaded(visit, "export.zip")
    trace = downloaded(visit, "trace.xlsx")
    visit.close()
    assert visit.foreign == []
    assert visit.troubles == []
    with zipfile.ZipFile(io.BytesIO(archive)) as unpacked:
        unpacked.extractall(tmp_path)
    assert rows_of(tmp_path / "trace.xlsx") == rows_of(io.BytesIO(trace))
    read_by_other_tools(tmp_path, told)


def rows_of(file: Any) -> list[Any]:
    """Return the rows of a workbook's first sheet."""
    sheet = load_workbook(file).active
    assert sheet is not None
    return list(sheet.values)


def pictures_of(stage: str, reply: dict[str, Any]) -> int:
    """Return how many pictures a stage draws: one a story, or the classes and what has states."""
    if stage == "acceptance_criteria":
        return len({scenario["story"] for scenario in reply["scenarios"]})
    return 2 if stage == "domain_model" else 0


def look_at_every_view(visit: Visit, card: Any, drawn: int) -> None:
    """Open each view of a card: pictures are drawn, tables are filled, and the source is read."""
    diagrams = card.locator(".sc-view-diagrams")
    assert diagrams.count() == (drawn > 0)
    if diagrams.count():
        diagrams.click()
        pictures = card.locator(".sc-diagram img")
        expect(pictures).to_have_count(drawn)
        for picture in pictures.all():
            visit.page.wait_for_function("image => image.complete && image.naturalWidth > 50", arg=picture.element_handle())
    card.locator(".sc-view-tables").click()
    assert card.locator(".sc-wide-table tbody tr").count() >= 3
    card.locator(".sc-view-source").click()
    expect(card.locator(".sc-view pre")).not_to_be_empty()
    card.locator(".sc-view-items").click()


def read_by_other_tools(folder: Path, told: dict[str, Any]) -> None:
    """Open what the zip holds with behave, gherkin, an OpenAPI validator, openpyxl, an XML parser, Django, and JSON's."""
    (feature,) = folder.glob("2-*/*.feature")
    names = [scenario["name"] for scenario in scenarios_in(feature.read_text("utf-8"))]
    assert names == [scenario["name"] for scenario in told["acceptance_criteria"]["reply"]["scenarios"]]
    (features,) = folder.glob("2-*/*/features")
    ran = behave(features.parent)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    (api,) = folder.glob("4-*/*.openapi.yaml")
    read = yaml.safe_load(api.read_text("utf-8"))
    validate(read)
    assert set(read["paths"]) == {operation["path"] for operation in told["api_definition"]["reply"]["operations"]}
    (django,) = folder.glob("4-*/*-django")
    command = [sys.executable, "manage.py", "check"]
    checked = subprocess.run(command, check=False, cwd=django, capture_output=True, text=True, timeout=60)
    assert checked.returncode == 0, checked.stdout + checked.stderr
    for picture in folder.glob("3-*/*.svg"):
        assert ElementTree.parse(picture).getroot().tag.endswith("svg")
    (faq,) = folder.glob("6-*/*.jsonld")
    asked = [entry["question"] for entry in told["faq"]["reply"]["entries"]]
    assert {entry["name"] for entry in json.loads(faq.read_text("utf-8"))["mainEntity"]} <= set(asked)
    stories = [story["id"] for story in told["user_stories"]["reply"]["stories"]]
    traced = [row for row in rows_of(folder / "trace.xlsx") if any(name in str(row[0]) for name in stories)]
    assert len(traced) == len(stories)
