"""Every stage with a document and sheets is taken away in the common notations, and what it declares itself comes before them."""

import csv
import io
from dataclasses import replace
from typing import Any

import docx
import openpyxl
import pytest
from lxml import html as lxml_html

from errors import Language
from formats.document import Document, Paragraph, Picture
from stages.catalog import read_stage
from stages.declaration import Notation, Stage
from stages.material import Source
from stages.notations import all_notations, common_notations
from tests.doubles.hostile_cells import HOSTILE

NAMES = ("user_stories", "acceptance_criteria")
SOURCES = (Source("P1", "1", "Guide", "rules", "Part", ""), Source("P2", "2", "Rules", "rules", "", ""))


def stage(name: str) -> Stage:
    return read_stage(name, f"stages.{name}").stage


def example(name: str, language: Language) -> Any:
    found = read_stage(name, f"stages.{name}")
    body = next(one.artifact for one in found.examples.whole if one.language == language)
    return found.stage.artifact.model_validate(body)


@pytest.mark.parametrize("name", NAMES)
def test_a_cataloged_stage_has_the_common_notations_and_its_own(name: str) -> None:
    assert {"md", "docx", "html", "xlsx", "csv"} < set(stage(name).notations)


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("name", NAMES)
def test_every_item_stands_in_every_notation(name: str, language: Language) -> None:
    artifact = example(name, language)
    told = {key: one.render(artifact, language, SOURCES) for key, one in common_notations(stage(name)).items()}
    word = docx.Document(io.BytesIO(told["docx"]))
    page = " ".join(str(text) for text in lxml_html.document_fromstring(told["html"]).itertext())
    first = openpyxl.load_workbook(io.BytesIO(told["xlsx"])).worksheets[0]
    rows = list(csv.reader(io.StringIO(told["csv"].decode("utf-8-sig"), newline="")))
    texts = "\n".join(paragraph.text for paragraph in word.paragraphs)
    for item in artifact.items():
        assert item.id in told["md"].decode()
        assert item.id in texts
        assert item.id in page
        assert item.id in [row[0] for row in first.iter_rows(values_only=True)]
        assert item.id in [row[0] for row in rows]
    assert len(rows) == len(artifact.items()) + 1


@pytest.mark.parametrize("name", NAMES)
def test_hostile_text_of_a_model_can_be_taken_away_in_every_notation(name: str) -> None:
    artifact = example(name, "en")
    first = artifact.items()[0]
    items = [first.with_texts(dict.fromkeys(first.texts(), text)) for text in HOSTILE]
    for notation in ("md", "html", "xlsx", "csv", "docx"):
        assert stage(name).notations[notation].render(artifact.with_items(items), "en", ())


def test_a_notation_of_the_stages_own_stands_in_the_place_of_the_common_one() -> None:
    own = Notation("md", "text/markdown", lambda *_: b"mine", {"en": "Mine", "zh": "我的"})
    assert all_notations(replace(stage("user_stories"), notations={"md": own}))["md"] is own


def test_a_stage_without_document_and_sheets_has_only_its_own() -> None:
    bare = replace(stage("user_stories"), document=None, sheets=Stage.sheets, notations={})
    assert all_notations(bare) == {}


@pytest.mark.slow
def test_a_diagram_of_a_document_is_drawn_in_a_page_and_for_word() -> None:
    def document(_artifact: Any, language: Language, _sources: Any) -> Document:
        return Document("D", language, [Paragraph("x"), Picture("One", "classDiagram\n  客户 --> Order")])

    drawn = common_notations(replace(stage("user_stories"), document=document))
    page = lxml_html.document_fromstring(drawn["html"].render(None, "zh", ()))
    (image,) = page.iter("img")
    assert image.get("src", "").startswith("data:image/svg+xml;base64,")
    assert len(docx.Document(io.BytesIO(drawn["docx"].render(None, "zh", ()))).inline_shapes) == 1
    assert b"```mermaid" in drawn["md"].render(None, "zh", ())
