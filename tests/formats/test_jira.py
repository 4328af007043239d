"""Issues go to Jira as CSV and come back; nothing of them is a formula."""

import csv
import io

import pytest

from formats.jira import Issue, jira_csv, read_csv
from tests.doubles.hostile_cells import FORMULAS


def rows(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def test_an_issue_has_the_columns_that_the_importer_maps() -> None:
    (row,) = rows(jira_csv([Issue("Freeze a\ncard", "As a customer …", labels=["debit card", "freeze"], external_id="S1")]))
    assert row == {
        "Summary": "Freeze a card",
        "Issue Type": "Story",
        "Description": "As a customer …",
        "Labels": "debit-card freeze",
        "External ID": "S1",
    }


def test_a_summary_that_is_too_long_for_jira_is_cut() -> None:
    (row,) = rows(jira_csv([Issue("x" * 300)]))
    assert len(row["Summary"]) == 255
    assert row["Summary"].endswith("…")


@pytest.mark.parametrize("text", FORMULAS)
def test_no_text_of_an_issue_begins_a_formula(text: str) -> None:
    (row,) = rows(jira_csv([Issue(text, text, labels=[text])]))
    assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")) for cell in row.values())


def test_what_was_written_is_read_with_its_formula_signs() -> None:
    read = read_csv(jira_csv([Issue("-5 degrees", "=x")]).decode())
    assert read is not None
    assert read[1][0]["Summary"] == "-5 degrees"
    assert read[1][0]["Description"] == "=x"


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_a_table_of_any_delimiter_is_read(delimiter: str) -> None:
    text = f"\ufeffKey{delimiter}Summary\r\nA-1{delimiter}one\r\n\r\nA-2{delimiter}two\r\n"
    read = read_csv(text)
    assert read is not None
    assert (read[0], [row["Summary"] for row in read[1]]) == (("Key", "Summary"), ["one", "two"])


def test_columns_that_share_a_name_stand_in_one() -> None:
    read = read_csv("Summary,Labels,Labels\r\none,a,b\r\n")
    assert read is not None
    assert read[1][0]["Labels"] == "a b"


@pytest.mark.parametrize(
    "text", ["", "one line", "a, b", "Hello, all.\n\nWe want a card soon.\nAnd again.", 'a,b\n"open', "a,,b\n1,2,3"]
)
def test_any_other_text_is_no_table(text: str) -> None:
    assert read_csv(text) is None
