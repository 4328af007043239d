"""Gherkin as we render it is read back the same, whatever stands in its texts."""

import pytest

from errors import Language
from formats.gherkin import (
    Feature,
    GherkinError,
    Scenario,
    Step,
    keyword,
    one_line,
    read_feature,
    read_scenario,
    render_feature,
    render_scenario,
)

LANGUAGES: tuple[Language, ...] = ("en", "zh")
NASTY = [
    "the amount | is 5",
    "| a table row |",
    '"""',
    "```",
    "she says \"yes\" and 'no'",
    "# a comment",
    "@tag and @another",
    "Given the Given When Then",
    "And then",
    "* a star",
    "Scenario: inside",
    "Examples:",
    "name: value: more",
    "当前余额为 0",
    "假如明天下雨",
    "假设检验已完成",
    "那么多的记录",
    "而且仍然有效",
    "并且同时但是",
    "功能: 场景: 例子:",
    "全角：标点，｜和＃",
    "emoji 😀👍🏽 stay",
    "مرحبا بالعالم",
    "zero\u200bwidth\u200djoined\ufeff",
    "back\\slash \\n \\| \\",
    "a <placeholder> that is none",
    "100 % of $5.00 (five) [six] {seven} ^8 a+b? *",
    "-",
    "a",
    "ends with a colon:",
    "# language: fr",
]


def sound(text: str = "it holds", *, name: str = "A name") -> Scenario:
    return Scenario(name, (Step("given", text), Step("when", text), Step("then", text)), ("positive", "S1-1"))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("text", NASTY)
def test_a_step_comes_back_as_it_was_written(text: str, language: Language) -> None:
    scenario = Scenario("Name", tuple(Step(kind, text) for kind in ("given", "given", "when", "then", "then")))
    assert read_scenario(render_scenario(scenario, language), language) == scenario


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("text", NASTY)
def test_a_name_comes_back_as_it_was_written(text: str, language: Language) -> None:
    scenario = sound(name=text)
    feature = Feature(language, text, "", (scenario,), ("S1",))
    assert read_feature(render_feature(feature)) == feature


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("text", NASTY)
def test_cells_and_columns_come_back_as_they_were_written(text: str, language: Language) -> None:
    steps = (Step("given", f"<{text}>"), Step("when", "b"), Step("then", "c"))
    scenario = Scenario("Name", steps, (), (text, "other"), ((text, "1"), ("", text)))
    assert read_scenario(render_scenario(scenario, language), language) == scenario


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    "line",
    [
        *NASTY,
        "Feature: x",
        "Rule: a business rule",
        "Background: what went before",
        "Ability: x",
        "Business Need: x",
        "Scenario Template: x",
        "Scenarios: x",
        "Example: one",
        "规则: 一",
        "背景: 二",
        "剧本: 三",
        "剧本大纲: 四",
        "场景大纲: 五",
    ],
)
def test_a_description_is_never_read_as_a_part_of_the_feature(line: str, language: Language) -> None:
    feature = Feature(language, "Name", f"first\n\n{line}\nlast", (sound(),), ("S1",))
    read = read_feature(render_feature(feature))
    told = read.description.splitlines()
    assert (told[0], told[1].removeprefix("- "), told[2]) == ("first", line.strip().removeprefix("- "), "last")
    assert read.scenarios == feature.scenarios
    assert render_feature(read) == render_feature(feature)


@pytest.mark.parametrize(
    "breaks", ["\n", "\r\n", "\r", "\t", "\x0b", "\x0c", "\x1c", "\x85", "\u2028", "\u2029", "\u3000", "\u00a0"]
)
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_line_break_in_a_text_becomes_a_space(breaks: str, language: Language) -> None:
    text = f"one{breaks}Given two{breaks}"
    scenario = Scenario(text, (Step("given", text), Step("when", "b"), Step("then", "c")), (), (text,), ((text,),))
    read = read_scenario(render_scenario(scenario, language), language)
    assert {read.name, read.steps[0].text, read.columns[0], read.rows[0][0], one_line(text)} == {"one Given two"}


def test_english_and_chinese_have_their_keywords() -> None:
    english, chinese = (render_feature(Feature(language, "N", "", (sound(),), ("S1",))) for language in LANGUAGES)
    assert english.splitlines() == [
        "@S1",
        "Feature: N",
        "",
        "  @positive @S1-1",
        "  Scenario: A name",
        "    Given it holds",
        "    When it holds",
        "    Then it holds",
    ]
    assert chinese.splitlines()[0] == "# language: zh-CN"
    assert "    假如it holds" in chinese.splitlines()
    assert (keyword("outline", "en"), keyword("outline", "zh")) == ("Scenario Outline", "场景大纲")


def test_the_second_step_of_a_kind_begins_with_and() -> None:
    scenario = Scenario("N", (Step("given", "a"), Step("given", "b"), Step("when", "c"), Step("then", "d"), Step("then", "e")))
    assert [line.split()[0] for line in render_scenario(scenario, "en").splitlines()[1:]] == [
        "Given",
        "And",
        "When",
        "Then",
        "And",
    ]


def test_but_and_a_star_have_the_kind_of_the_step_before() -> None:
    read = read_scenario("Scenario: N\nGiven a\n* b\nWhen c\nThen d\nBut e", "en")
    assert [step.kind for step in read.steps] == ["given", "given", "when", "then", "then"]


def test_windows_line_ends_are_read() -> None:
    assert read_scenario("Scenario: N\r\nGiven a\r\nWhen b\r\nThen c\r\n", "en").steps[2] == Step("then", "c")


def test_rows_of_another_length_are_rendered_and_then_refused_by_the_parser() -> None:
    for rows in ((("1",),), (("1", "2", "3"),), (("1", "2"), ())):
        scenario = Scenario("N", sound().steps, (), ("a", "b"), rows)
        with pytest.raises(GherkinError, match="inconsistent cell count"):
            read_scenario(render_scenario(scenario, "en"), "en")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Feature: no language here",
        "Given a lone step",
        "Scenario: N\nGiven a\nnonsense in between",
        "Scenario: N\nGiven a\nScenario: M\nGiven b",
        "Background:\nGiven a\nScenario: N\nGiven b",
        "Rule: r\nScenario: N\nGiven b",
        "Scenario: N\na line of prose\nGiven b",
        "Scenario: N\nGiven a table\n| a |\n| 1 |",
        'Scenario: N\nGiven a text\n"""\nlong\n"""',
        "Scenario Outline: N\nGiven <a>\nExamples:\n| a |\n| 1 |\nExamples:\n| b |\n| 2 |",
    ],
)
def test_what_would_be_lost_or_is_no_scenario_is_refused(text: str) -> None:
    with pytest.raises(GherkinError):
        read_scenario(text, "en")


def test_examples_in_two_tables_of_the_same_columns_are_joined() -> None:
    text = "Scenario Outline: N\nGiven <a>\nExamples: low\n| a |\n| 1 |\nExamples: high\n| a |\n| 2 |"
    assert read_scenario(text, "en").rows == (("1",), ("2",))


def test_the_line_of_a_refusal_is_the_line_that_the_person_wrote() -> None:
    with pytest.raises(GherkinError, match=r"\(3:1\)"):
        read_scenario("Scenario: N\nGiven a\nnonsense", "en")


def test_a_file_without_a_feature_and_an_unknown_language_are_refused() -> None:
    with pytest.raises(GherkinError, match="no feature"):
        read_feature("# only a comment\n")
    with pytest.raises(GherkinError, match="Language not supported"):
        read_feature("# language: xx-yy\nFeature: a\n")


def test_chinese_keywords_are_no_english_scenario() -> None:
    with pytest.raises(GherkinError):
        read_scenario(render_scenario(sound(), "zh"), "en")
