"""What people paste is taken apart: fences, headings, points, tables."""

import pytest

from formats.pasted import fenced, heading, plain, point, tables


def test_what_stands_in_fences_of_a_notation_is_found() -> None:
    text = "before\n```gherkin\nFeature: a\n```\n~~~ Gherkin\nb\n~~~\n```yaml\nc: 1\n```\n```gherkin\nnot closed"
    assert fenced(text, "gherkin") == ("Feature: a\n", "b\n", "not closed")


@pytest.mark.parametrize(("line", "told"), [("## A *b* ##", "A b"), ("#hash", None), ("plain", None), ("# ", "")])
def test_a_heading_is_told_without_its_marks(line: str, told: str | None) -> None:
    assert heading(line) == told


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("- a", "a"),
        ("12. a", "a"),
        ("(3) a", "a"),
        ("①甲", "甲"),
        ("1、甲", "甲"),
        ("[x] done", "done"),
        ("a - b", None),
        ("3.5 per cent", None),
    ],
)
def test_a_point_is_told_without_its_mark(line: str, told: str | None) -> None:
    assert point(line) == told


@pytest.mark.parametrize(
    ("text", "told"),
    [("**As a** x", "As a x"), ("a\\_b \\| c", "a_b | c"), ("snake_case_name", "snake_case_name"), ("2 * 3 * 4", "2 * 3 * 4")],
)
def test_emphasis_and_escapes_are_left_out(text: str, told: str) -> None:
    assert plain(text) == told


def test_a_table_keeps_every_cell() -> None:
    text = "intro\n| a | b |\n|:--|--:|\n| 1 \\| 2 | **x** |\n| only |\n| 1 | 2 | 3 |\nafter"
    (table,) = tables(text)
    assert table.columns == ("a", "b")
    assert table.rows == (("1 | 2", "x"), ("only", ""), ("1", "2 | 3"))
    assert (table.line, table.lines) == (1, 5)


def test_two_tables_are_two() -> None:
    assert len(tables("a|b\n-|-\n1|2\n\n| c |\n|---|\n| 3 |")) == 2


@pytest.mark.parametrize("text", ["", "a | b", "a | b\nc | d", "---\n---", "| a |\n| b |"])
def test_without_a_rule_there_is_no_table(text: str) -> None:
    assert tables(text) == ()
