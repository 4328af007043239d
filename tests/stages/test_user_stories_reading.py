"""User stories are read as people paste them, and a brief is never taken for them."""

from typing import Any

import pytest

from errors import Language
from evaluation.briefs import Brief, read_briefs
from formats.csv_export import csv_file
from formats.jira import jira_csv
from formats.language import language_of
from formats.markdown import render_markdown
from stages.catalog import read_stage
from stages.user_stories.document import document, issues, jira, sheets
from stages.user_stories.reading import read
from stages.user_stories.shape import UserStories

BRIEFS = [*read_briefs(), *read_briefs("held_out.yaml")]
EXAMPLES = read_stage("user_stories", "stages.user_stories").examples.whole


def stories(text: str) -> list[tuple[str, str, str]]:
    read_text = read(text, language_of(text))
    assert read_text is not None
    UserStories.model_validate(read_text.body)
    return [(story["role"], story["want"], story["benefit"]) for story in read_text.body["stories"]]


FREEZE = ("customer", "freeze a card", "nobody pays")
COUNT = ("teller", "count cash", "")


@pytest.mark.parametrize(
    "text",
    [
        "- As a customer, I want to freeze a card, so that nobody pays.\n- As a teller, I want to count cash.",
        "1. As a customer, I want to freeze a card so that nobody pays\n2) As a teller I want to count cash",
        "S1: As a customer, I want to freeze a card, so that nobody pays.\nS2: As a teller, I want to count cash.",
        "PAY-12 As a customer, I want to freeze a card, so that nobody pays.\n\nPAY-13 As a teller, I want to count cash.",
        "**As a** customer\n**I want to** freeze a card\n**So that** nobody pays\n\n**As a** teller\n**I want to** count cash",
        "| ID | As a | I want to | So that |\n|---|---|---|---|\n| 1 | customer | freeze a card | nobody pays |\n| 2 | teller | count cash | |",
        "|Role|Goal|Benefit|\n|-|-|-|\n|customer|freeze a card|nobody pays|\n|teller|count cash||",
        "| User story |\n|---|\n| As a customer, I want to freeze a card, so that nobody pays. |\n| As a teller, I want to count cash. |",
        'Summary,Description\r\nFreeze,"As a customer, I want to freeze a card, so that nobody pays."\r\n'
        'Count,"As a teller, I want to count cash."\r\n',
        "Role;Want;So that\ncustomer;freeze a card;nobody pays\nteller;count cash;\n",
    ],
)
def test_stories_are_read_from_every_form(text: str) -> None:
    assert stories(text) == [FREEZE, COUNT]


@pytest.mark.parametrize(
    "text",
    [
        "- 作为客户，我想冻结卡片，以便于安全。\n- 作为柜员，我希望清点现金。",
        "1、作为客户，我想冻结卡片，以便于安全\n2、作为柜员，我想清点现金",
        "| 编号 | 作为 | 我想 | 以便于 |\n|---|---|---|---|\n| 1 | 客户 | 冻结卡片 | 安全 |\n| 2 | 柜员 | 清点现金 | |",
        "角色,需求,价值\n客户,冻结卡片,安全\n柜员,清点现金,\n",
    ],
)
def test_chinese_stories_are_read_from_every_form(text: str) -> None:
    assert stories(text) == [("客户", "冻结卡片", "安全"), ("柜员", "清点现金", "")]


@pytest.mark.parametrize("brief", BRIEFS, ids=lambda brief: brief.id)
def test_a_brief_is_never_taken_for_stories(brief: Brief) -> None:
    assert read(brief.text, brief.language) is None


@pytest.mark.parametrize(
    "text",
    [
        "",
        "As a customer, I want to freeze a card.",
        "作为客户，我想冻结卡片。",
        "Minutes of the meeting.\n\n"
        + "We spoke at length about many things and agreed on few of them. " * 6
        + "\n\n- As a customer, I want to pay.\n- As a teller, I want to count.",
        "| API | Method | Description |\n|---|---|---|\n| /cards | GET | Lists cards |",
        "name,amount\nAna,5\nBen,6\n",
        "Feature: Freeze\n  As a customer\n  I want to freeze a card\n  Scenario: one\n    Given a card\n    When it is frozen\n    Then it is",
    ],
)
def test_any_other_text_is_no_list_of_stories(text: str) -> None:
    assert read(text, language_of(text)) is None


@pytest.mark.parametrize(
    ("text", "lost"),
    [
        ("- As a customer, I want to pay.\n- As a teller, I want to count.\nPriority: high", "Priority: high"),
        ("- As a customer, I want to pay. It must be quick.\n- As a teller, I want to count.", "It must be quick."),
        ("- As a customer, I want to pay.\n  - Given a card\n- As a teller, I want to count.", "Given a card"),
        ("|As a|I want|Points|\n|-|-|-|\n|customer|pay|5|\n|teller|count|3|", "Points"),
        ("Some words before.\n\n|As a|I want|\n|-|-|\n|customer|pay|\n|teller|count|", "Some words before."),
        ('Summary,Issue Type\r\n"As a customer, I want to pay.",Story\r\nIt breaks,Bug\r\n', "It breaks; Bug"),
        ('Summary,Priority\r\n"As a customer, I want to pay.",High\r\n', "Priority"),
    ],
)
def test_what_a_story_cannot_hold_is_named(text: str, lost: str) -> None:
    read_text = read(text, "en")
    assert read_text is not None
    assert [one for one in read_text.lost if lost in one], read_text.lost
    assert lost not in str(read_text.body)


def test_headings_become_activities_and_open_questions_stay_questions() -> None:
    read_text = read(
        "# Cards\n\n## Losing a card\n- As a customer, I want to freeze it.\n\n## Counting\n- As a teller, I want to count.\n\n"
        "## Open questions\n- Who may undo it?\n",
        "en",
    )
    assert read_text is not None
    assert [story["activity"] for story in read_text.body["stories"]] == ["Losing a card", "Counting"]
    assert read_text.body["questions"] == ["Who may undo it?"]
    assert read_text.lost == ()


def without_sources(artifact: UserStories) -> list[dict[str, Any]]:
    return [story.model_dump() | {"sources": [], "id": "", "operations": []} for story in artifact.stories]


@pytest.mark.parametrize("one", EXAMPLES, ids=lambda one: str(one.language))
def test_what_we_write_is_read_back(one: Any) -> None:
    language: Language = one.language
    artifact = UserStories.model_validate(one.artifact)
    for text in (render_markdown(document(artifact, language, ())), csv_file(sheets(artifact, language)[0]).decode()):
        back = read(text, language)
        assert back is not None
        told = UserStories.model_validate(back.body)
        assert [(a.role, a.want, a.benefit, a.activity) for a in told.stories] == [
            (a.role, a.want, a.benefit, a.activity) for a in artifact.stories
        ]
    assert without_sources(told) == without_sources(artifact), "a sheet loses nothing"
    back = read(jira(artifact, language, ()).decode(), language)
    assert back is not None
    assert [story["want"] for story in back.body["stories"]] == [story.want for story in artifact.stories]


def test_an_issue_tells_the_story_and_its_criteria() -> None:
    artifact = UserStories.model_validate(EXAMPLES[0].artifact)
    first, *_ = issues(artifact, EXAMPLES[0].language, {artifact.stories[0].id: "Scenario: one"})
    assert first.external_id == artifact.stories[0].id
    assert first.description.endswith("\n\nScenario: one")
    assert first.summary.lower() == artifact.stories[0].want.lower()
    assert jira_csv([first])
