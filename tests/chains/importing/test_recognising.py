"""A pasted text is told apart by what the stages read of it; a brief is none of their notations."""

import re

import pytest

from chains.importing.recognising import recognise
from evaluation.briefs import Brief, read_briefs
from stages.catalog import CatalogedStage, catalog

STEPS = "Given a card\nWhen it is frozen\nThen it is closed\n"
STORY = re.compile(r"as an? |作为", re.IGNORECASE)
STORIES = "- As a customer, I want to freeze a card.\n- As a teller, I want to count cash."


@pytest.mark.parametrize("brief", [*read_briefs(), *read_briefs("held_out.yaml")], ids=lambda brief: brief.id)
def test_a_brief_is_no_notation(brief: Brief) -> None:
    assert recognise(brief.text, catalog()) is None


@pytest.mark.parametrize("one", list(catalog()), ids=lambda one: one.name)
def test_no_starter_and_no_case_is_taken_for_a_notation_that_it_is_not(one: CatalogedStage) -> None:
    texts = [starter.brief for starter in one.examples.starters] + [case.brief for case in one.cases]
    for text in texts:
        found = recognise(text, catalog())
        # A brief may be a list of stories itself, and a stage that is pasted something is pasted a notation.
        listed = found is not None and found.stage.name == "user_stories" and STORY.match(text)
        assert found is None or listed or one.stage.paste is not None, text


@pytest.mark.parametrize(
    ("text", "stage", "language"),
    [
        (STORIES, "user_stories", "en"),
        ("1. 作为客户，我想冻结卡片。\n2. 作为柜员，我想清点现金。", "user_stories", "zh"),
        (
            f"Feature: Freezing\n  As a customer\n  I want to freeze a card\n\n  Scenario: one\n{STEPS}",
            "acceptance_criteria",
            "en",
        ),
        ("功能：冻结\n场景：一\n假如 有卡\n当 冻结\n那么 已冻结", "acceptance_criteria", "zh"),
    ],
)
def test_a_notation_is_recognised_with_its_language(text: str, stage: str, language: str) -> None:
    found = recognise(text, catalog())
    assert found is not None
    assert (found.stage.name, found.language) == (stage, language)


OPENAPI = """openapi: 3.1.0
info: {title: 借记卡服务, version: "1.0"}
paths:
  /cards/{cardId}/freeze:
    post:
      operationId: freezeCard
      summary: 冻结借记卡
      description: 持卡人在手机银行冻结自己的借记卡。
      parameters: [{name: cardId, in: path, required: true, schema: {type: string}}]
      responses: {"204": {description: 已冻结}}
"""


def test_a_chinese_openapi_file_is_chinese_though_most_of_its_letters_are_keys_and_paths() -> None:
    found = recognise(OPENAPI, catalog())
    assert found is not None
    assert (found.stage.name, found.language) == ("api_definition", "zh")


def test_an_api_file_in_a_fence_is_an_api_and_a_brief_that_quotes_one_is_a_brief() -> None:
    found = recognise(f"Here it is:\n```yaml\n{OPENAPI}```\n", catalog())
    assert found is not None
    assert found.stage.name == "api_definition"
    quoting = "Customers want to freeze a card by themselves, also at night. " * 20 + f"\n```yaml\n{OPENAPI}```"
    assert recognise(quoting, catalog()) is None


def test_a_chinese_faq_page_is_chinese() -> None:
    page = '{"@context": "https://schema.org", "@type": "FAQPage", "mainEntity": [{"@type": "Question", "name": "如何冻结借记卡？", "acceptedAnswer": {"@type": "Answer", "text": "在手机银行冻结。"}}]}'
    found = recognise(page, catalog())
    assert found is not None
    assert (found.stage.name, found.language) == ("faq", "zh")


@pytest.mark.parametrize("text", ["", "  \n", "asdf", "\x00", "{", "# heading", "a" * 10_000])
def test_nothing_is_recognised_in_what_has_no_meaning(text: str) -> None:
    assert recognise(text, catalog()) is None


def test_only_the_stages_asked_are_heard() -> None:
    assert recognise(STORIES, [catalog().stage("acceptance_criteria")]) is None
