"""A scenario is one piece, in English and Chinese, and no feature file is lost."""

import time

import pytest

from knowledge.reading.feature import read_feature

CHINESE = """# language: zh-CN
@支付
功能: 转账限额
  为了控制风险。

  背景:
    假如客户已登录

  规则: 单日限额
    场景大纲: 超过限额
      当客户转账<金额>元
        | 渠道 | 手机 |
      那么系统提示"<提示>"

      例子:
        | 金额 | 提示 |
        | 100  | 成功 |
"""


def test_a_scenario_is_one_piece_with_feature_rule_background_and_examples() -> None:
    reading = read_feature(CHINESE, "限额.feature")
    assert (reading.title, reading.type) == ("转账限额", "example")
    about, outline = reading.sections
    assert "为了控制风险。" in about.text
    assert outline.whole
    assert outline.trail == ("单日限额", "超过限额")
    for expected in (
        "@支付",
        "功能: 转账限额",
        "假如客户已登录",
        "规则: 单日限额",
        "| 渠道 | 手机 |",
        "| 金额 | 提示 |",
        "| 100 | 成功 |",
    ):
        assert expected in outline.text


def test_texts_and_tags_of_steps_and_scenarios_are_kept() -> None:
    text = 'Feature: Notes\n  @slow\n  Scenario: Keeps text\n    Given a letter\n      """\n      Dear ``` customer\n      """\n    Then it is kept\n'
    (section,) = read_feature(text, "notes.feature").sections
    for expected in ("@slow", "Dear ``` customer", "Then it is kept"):
        assert expected in section.text
    assert section.text.startswith("````gherkin"), "the fence is longer than what stands in it"


def test_long_examples_go_on_in_further_pieces_with_header_and_steps_repeated() -> None:
    rows = "".join(f"      | {n} |\n" for n in range(100))
    sections = read_feature(f"Feature: F\n  Scenario Outline: S\n    When <n>\n    Examples:\n      | n |\n{rows}", "f").sections
    assert [section.trail for section in sections] == [("S (1/3)",), ("S (2/3)",), ("S (3/3)",)]
    assert all("When <n>" in section.text and "| n |" in section.text for section in sections)
    assert "| 99 |" in sections[2].text


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("Feature: F\n  Scenario: A\n    Given a\n  oops\n  Scenario: B\n    Then b\n", "line 4"),
        ("Scenario: A\n  Given a\n\nScenario: B\n  Then b\n", "line 1"),
        ("# language: xx\nFeature: F\nScenario: A\nScenario: B\n", "line 1"),
    ],
)
def test_a_file_that_the_parser_refuses_is_kept_as_text_and_says_where_and_why(text: str, reason: str) -> None:
    sections = read_feature(text, "f.feature").sections
    assert reason in sections[0].text
    assert [section.trail for section in sections if section.whole] == [("A",), ("B",)]


def test_a_feature_without_scenarios_and_an_empty_file_are_read() -> None:
    assert read_feature("Feature: Later\n", "f").sections[0].text
    assert "no feature" in read_feature("# nothing\n", "f").sections[0].text


def test_a_hundred_thousand_steps_take_seconds() -> None:
    begun = time.thread_time()
    reading = read_feature("Feature: F\n" + "  Scenario: S\n    Given a\n    Then b\n" * 33_000, "f.feature")
    assert len([section for section in reading.sections if section.whole]) == 33_000
    assert time.thread_time() - begun < 10
