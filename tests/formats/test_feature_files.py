"""Feature files of other teams are read whole, and lines that the parser refuses are named."""

import pytest

from formats.feature_files import read_files

WHOLE = """# a note
@S7 @slow
Feature: Freeze
  As a customer
  I want to freeze a card

  Background:
    Given a card
      | number | state |
      | 1      | open  |

  Rule: Only one's own
    Background:
      Given Ana is known

    @negative
    Scenario Outline: Freeze <what>
      Why it matters.
      When Ana freezes <what>
      Then it is <state>
        \"\"\"
        a long text
        \"\"\"
      But nothing else
      Examples:
        | what | state |
        | hers | done  |
      Examples: others
        | what | state   |
        | his  | refused |
"""


def test_everything_of_a_feature_file_is_read() -> None:
    (file,) = read_files(WHOLE)
    assert (file.name, file.tags, file.language, file.refused) == ("Freeze", ("S7", "slow"), "en", ())
    assert file.description == "As a customer\nI want to freeze a card"
    (scenario,) = file.scenarios
    assert (scenario.name, scenario.rule, scenario.tags) == ("Freeze <what>", "Only one's own", ("negative",))
    assert scenario.description == "Why it matters."
    assert [step.text for step in scenario.background] == ["a card", "Ana is known"]
    assert scenario.background[0].block == "number | state; 1 | open"
    assert [(step.kind, step.text) for step in scenario.steps] == [
        ("when", "Ana freezes <what>"),
        ("then", "it is <state>"),
        ("then", "nothing else"),
    ]
    assert scenario.steps[1].block == "a long text"
    assert scenario.tables == ((("what", "state"), ("hers", "done")), (("what", "state"), ("his", "refused")))


def test_comments_are_told() -> None:
    (file,) = read_files("Feature: a\n# why\nScenario: b\nGiven c\n# and how")
    assert file.comments == ("why", "and how")


@pytest.mark.parametrize(
    "text",
    [
        "# language: zh-CN\n功能: 冻结\n场景: 一\n假如 有卡\n当 冻结\n那么 已冻结",
        "功能：冻结\n\n场景：一\n  假如 有卡\n  当 冻结\n  那么 已冻结",
        "\ufeff功能: 冻结\r\n场景: 一\r\n假如有卡\r\n当冻结\r\n那么已冻结\r\n",
        "场景：一\n假如 有卡\n当 冻结\n那么 已冻结",
    ],
)
def test_chinese_is_read_with_or_without_its_mark(text: str) -> None:
    (file,) = read_files(text)
    assert file.language == "zh"
    assert [step.kind for step in file.scenarios[0].steps] == ["given", "when", "then"]
    assert file.refused == ()


def test_several_features_of_one_text_are_several() -> None:
    files = read_files("@a\nFeature: one\nScenario: x\nGiven y\n\n# language: zh-CN\n功能: 二\n场景: 甲\n假如 乙")
    assert [(file.name, file.language, file.tags) for file in files] == [("one", "en", ("a",)), ("二", "zh", ())]


def test_scenarios_without_a_feature_are_read() -> None:
    (file,) = read_files("Scenario: a\nGiven b\nWhen c\nThen d")
    assert (file.name, len(file.scenarios)) == ("", 1)


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("Feature: a\nScenario: b\nGiven c\nnonsense here\nWhen d", "4: nonsense here"),
        ("Feature: a\nScenario: b\nGiven c\n| a | b |\n| c |\nWhen d", "5: | c |"),
        ('Feature: a\nScenario: b\nGiven c\n"""\nnever closed', '4: """'),
        ("Feature: a\nScenario: b\n@tag with spaces\nScenario: c\nGiven d", "3: @tag with spaces"),
    ],
)
def test_a_line_that_the_parser_refuses_is_left_out_and_named(text: str, named: str) -> None:
    (file,) = read_files(text)
    assert any(told.startswith(named) for told in file.refused), file.refused
    assert file.scenarios
    assert not file.comments


@pytest.mark.parametrize("text", ["", "Feature requests are welcome.", "A scenario: we pay.", "\x00", "功能很多"])
def test_any_other_text_is_no_feature_file(text: str) -> None:
    assert read_files(text) == ()


def test_a_feature_without_scenarios_is_read_as_it_is() -> None:
    (file,) = read_files("Feature: only a name\n  and words\n")
    assert file.scenarios == ()


def test_a_text_of_nothing_but_faults_is_given_up() -> None:
    assert read_files("Feature: a\nScenario: b\nGiven c\n" + "nonsense\n" * 600) == ()
