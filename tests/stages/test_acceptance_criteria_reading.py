"""Feature files of any team become scenarios; what the shape cannot hold and what the parser lets pass is named."""

from typing import Any

import pytest

from errors import Language
from evaluation.briefs import Brief, read_briefs
from formats.language import language_of
from formats.markdown import render_markdown
from stages.acceptance_criteria.checks import check_read_back, check_scenarios, check_unique
from stages.acceptance_criteria.document import document
from stages.acceptance_criteria.reading import read
from stages.acceptance_criteria.shape import AcceptanceCriteria, StoryText
from stages.acceptance_criteria.view import feature_file
from stages.catalog import read_stage
from stages.declaration import Imported
from stages.material import Material, UpstreamItem

BRIEFS = [*read_briefs(), *read_briefs("held_out.yaml")]
EXAMPLES = read_stage("acceptance_criteria", "stages.acceptance_criteria").examples.whole
STEPS = "Given a card\nWhen it is frozen\nThen it is closed\n"


def imported(text: str) -> tuple[AcceptanceCriteria, Imported]:
    found = read(text, language_of(text))
    assert found is not None
    return AcceptanceCriteria.model_validate(found.body), found


def rules(artifact: AcceptanceCriteria, language: Language = "en") -> set[str]:
    hand = Material("", language, upstream=tuple(UpstreamItem(story.id, story.text) for story in artifact.stories))
    checks = (check_read_back, check_scenarios, check_unique)
    return {finding.rule for check in checks for finding in check(artifact, hand)}


def test_a_feature_becomes_scenarios_of_a_story() -> None:
    artifact, found = imported(
        "Feature: Freezing\n  As a customer\n  I want to freeze a card\n  So that nobody pays\n\n"
        f"  @positive\n  Scenario: It is frozen\n{STEPS}\n  @negative\n  Scenario: It is another's\n{STEPS}"
    )
    assert artifact.stories == [StoryText(id="S1", text="As a customer, I want to freeze a card, so that nobody pays.")]
    assert [(one.id, one.story, one.kind, one.name) for one in artifact.scenarios] == [
        ("S1-1", "S1", "positive", "It is frozen"),
        ("S1-2", "S1", "negative", "It is another's"),
    ]
    assert (artifact.scenarios[0].given, artifact.scenarios[0].when, artifact.scenarios[0].then) == (
        ["a card"],
        "it is frozen",
        ["it is closed"],
    )
    assert (found.lost, found.faults) == ((), ())


def test_a_chinese_feature_becomes_scenarios() -> None:
    artifact, found = imported(
        "# language: zh-CN\n功能: 冻结卡片\n@边界\n场景: 恰好最后一秒\n假如有卡\n而且还剩 5 秒\n当冻结\n那么已冻结\n"
    )
    (one,) = artifact.scenarios
    assert (one.kind, one.given, one.when, one.then) == ("boundary", ["有卡", "还剩 5 秒"], "冻结", ["已冻结"])
    assert artifact.stories[0].text == "冻结卡片"
    assert found.lost == ()


def test_scenarios_go_to_the_story_that_their_tag_names() -> None:
    artifact, _ = imported(
        f"@S7\nFeature: a\nScenario: one\n{STEPS}\n@S9\nScenario: two\n{STEPS}\n@S7-4\nScenario: three\n{STEPS}"
    )
    assert [one.id for one in artifact.scenarios] == ["S7-1", "S7-2", "S9-1"]


def test_several_features_are_several_stories() -> None:
    artifact, _ = imported(f"Feature: one\nScenario: first\n{STEPS}\nFeature: two\nScenario: second\n{STEPS}")
    assert [(story.id, story.text) for story in artifact.stories] == [("S1", "one"), ("S2", "two")]


@pytest.mark.parametrize(
    ("name", "then", "kind"),
    [
        ("A wrong code is refused", "nothing changes", "negative"),
        ("Paying", "the payment is rejected", "negative"),
        ("Exactly at the limit", "it is refused", "boundary"),
        ("Paying at noon", "it is paid", "positive"),
        ("余额不足", "付款被拒绝", "negative"),
        ("恰好达到限额", "已付款", "boundary"),
        ("正常付款", "已付款", "positive"),
    ],
)
def test_the_kind_is_told_by_the_words_where_no_tag_tells_it(name: str, then: str, kind: str) -> None:
    artifact, found = imported(f"Feature: a\nScenario: {name}\nGiven x y\nWhen he pays\nThen {then}")
    assert artifact.scenarios[0].kind == kind
    assert len(found.lost) == 1


LOST = [
    ("@wip\nFeature: a\nScenario: abc\n" + STEPS, "@wip"),
    ("Feature: a\n# a remark\nScenario: abc\n" + STEPS, "a remark"),
    ("Feature: a\nBackground:\nGiven b c\nScenario: abc\n" + STEPS, "Background"),
    ("Feature: a\nRule: only hers\nScenario: abc\n" + STEPS, "only hers"),
    ("Feature: a\nScenario: abc\nwhy it matters\n" + STEPS, "why it matters"),
    ("Feature: a\nScenario: abc\nGiven x y\n| n |\n| 17 |\nWhen z z\nThen d d", "17"),
    ('Feature: a\nScenario: abc\nGiven x y\n"""\na long text\n"""\nWhen z z\nThen d d', "a long text"),
    ("Feature: a\nScenario: abc\nGiven g1\nAnd g2\nAnd g3\nAnd g4\nAnd g5\nWhen z z\nThen d d", "5 steps"),
    (
        "Feature: a\nScenario Outline: abc\nGiven <x>\nWhen z z\nThen d d\nExamples:\n| x |\n| 1 |\nExamples:\n| y |\n| 2 |",
        "1 rows",
    ),
]


@pytest.mark.parametrize(("text", "named"), LOST)
def test_what_the_shape_cannot_hold_is_named(text: str, named: str) -> None:
    artifact, found = imported(text)
    assert [one for one in found.lost if named in one], found.lost
    assert len(artifact.scenarios) == 1
    assert found.faults == ()


def test_the_steps_of_a_background_stand_in_every_scenario() -> None:
    artifact, _ = imported(f"Feature: a\nBackground:\nGiven Ana is known\nScenario: one\n{STEPS}\nScenario: two\n{STEPS}")
    assert [one.given for one in artifact.scenarios] == [["Ana is known", "a card"]] * 2


def test_steps_beyond_four_are_joined_so_that_none_is_lost() -> None:
    artifact, _ = imported("Feature: a\nScenario: abc\nGiven g1\nAnd g2\nAnd g3\nAnd g4\nAnd g5\nAnd g6\nWhen z z\nThen d d")
    assert artifact.scenarios[0].given == ["g1", "g2", "g3", "g4; g5; g6"]


# What Gherkin's parser lets pass: the text that slips through it, and the fault or the finding by which it is caught.
SLIPS: list[tuple[str, str, str]] = [
    ("outline without Examples", "Feature: a\nScenario Outline: abc\nGiven <x>\nWhen z z\nThen d d", "no rows of examples"),
    (
        "outline with an empty table",
        "Feature: a\nScenario Outline: abc\nGiven <x>\nWhen z z\nThen d d\nExamples:\n| x |",
        "no rows of examples",
    ),
    ("scenario without steps", f"Feature: a\nScenario: abc\nScenario: def\n{STEPS}", "no steps"),
    ("Then before When", "Feature: a\nScenario: abc\nGiven x y\nThen d d\nWhen z z", "a Then stands before the When"),
    ("several Whens", "Feature: a\nScenario: abc\nGiven x y\nWhen z z\nThen d d\nWhen w w\nThen e e", "2 Whens"),
    ("no Given", "Feature: a\nScenario: abc\nWhen z z\nThen d d", "no Given"),
    ("no When", "Feature: a\nScenario: abc\nGiven x y\nThen d d", "no When"),
    ("no Then", "Feature: a\nScenario: abc\nGiven x y\nWhen z z", "no Then"),
]


@pytest.mark.parametrize(("what", "text", "named"), SLIPS, ids=[what for what, *_ in SLIPS])
def test_what_slips_through_the_parser_is_a_fault(what: str, text: str, named: str) -> None:
    from gherkin.parser import Parser

    assert Parser().parse(text)["feature"], "the parser takes it"
    artifact, found = imported(text)
    assert [one for one in found.faults if named in one], (what, found.faults)
    assert len(artifact.scenarios) == 1


OUTLINE = "Feature: a\nScenario Outline: abc\nGiven <x>\nWhen z z\nThen d d\nExamples:\n"
FOUND: list[tuple[str, str]] = [
    ("placeholder-undefined", OUTLINE.replace("d d", "<nowhere>") + "| x |\n| 1 |"),
    ("placeholder-undefined", "Feature: a\nScenario Outline: abc\nGiven <x>\nWhen z z\nThen d d"),
    ("placeholder-unused", OUTLINE + "| x | never |\n| 1 | 2 |"),
    ("outline-without-rows", OUTLINE + "| x |"),
    ("duplicate-name", f"Feature: a\nScenario: same\n{STEPS}\nScenario: Same\nGiven x y\nWhen z z\nThen e e"),
    ("same-steps", f"Feature: a\nScenario: one\n{STEPS}\nScenario: two\n{STEPS}"),
    ("ui-words", "Feature: a\nScenario: abc\nGiven x y\nWhen Ana clicks the button\nThen d d"),
    ("vague", "Feature: a\nScenario: abc\nGiven x y\nWhen z z\nThen it answers quickly"),
    ("several-actions", "Feature: a\nScenario: abc\nGiven x y\nWhen Ana freezes the card and unfreeze the card\nThen d d"),
    ("boundary-without-number", "Feature: a\n@boundary\nScenario: abc\nGiven x y\nWhen z z\nThen d d"),
]


@pytest.mark.parametrize(("rule", "text"), FOUND)
def test_what_slips_through_the_parser_becomes_a_finding(rule: str, text: str) -> None:
    artifact, found = imported(text)
    assert not [one for one in found.faults if "parser" in one], "the parser takes it"
    assert rule in rules(artifact)


@pytest.mark.parametrize(
    "text", ["", "Feature: a\n", "Feature: a\n  words\n", "Feature: a\nScenario: empty\n", "# only a comment"]
)
def test_a_file_without_a_step_is_no_criteria(text: str) -> None:
    assert read(text, "en") is None


@pytest.mark.parametrize("brief", BRIEFS, ids=lambda brief: brief.id)
def test_a_brief_is_never_taken_for_a_feature(brief: Brief) -> None:
    assert read(brief.text, brief.language) is None


def test_a_line_that_the_parser_refuses_is_a_fault() -> None:
    artifact, found = imported(f"Feature: a\nScenario: one\n{STEPS}this is no step\n\nScenario: two\n{STEPS}")
    assert any("5: this is no step" in one or "6: this is no step" in one for one in found.faults), found.faults
    assert len(artifact.scenarios) == 2


@pytest.mark.parametrize("one", EXAMPLES, ids=lambda one: str(one.language))
def test_what_we_write_is_read_back(one: Any) -> None:
    language: Language = one.language
    stories = [StoryText(id=f"S{number}", text=text) for number, text in enumerate(one.upstream, 1)]
    artifact = AcceptanceCriteria.model_validate({**one.artifact, "stories": [story.model_dump() for story in stories]})
    bare = [scenario.model_copy(update={"sources": []}) for scenario in artifact.scenarios]
    for text in (feature_file(artifact, language, ()).decode(), render_markdown(document(artifact, language, ()))):
        found = read(text, language)
        assert found is not None
        told = AcceptanceCriteria.model_validate(found.body)
        assert told.scenarios == bare
        assert told.stories == artifact.stories
        assert (found.lost, found.faults) == ((), ())
