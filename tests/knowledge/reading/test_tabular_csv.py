"""CSV."""

import pytest

from knowledge.reading.section import CannotRead
from knowledge.reading.tabular_csv import csv_rows, read_csv
from tests.doubles.office_files import LIMITS, limits_csv


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_found(delimiter: str) -> None:
    rows = csv_rows(limits_csv(delimiter))
    assert rows[0] == LIMITS[0]
    assert rows[4][0] == f"Partner{delimiter} API"


def test_a_table_is_read_below_its_header() -> None:
    reading = read_csv(limits_csv(), "limits.csv")
    assert reading.title == "limits"
    assert reading.sections[0].text.splitlines()[0] == "| Channel | Single limit | Daily limit | Approval |"


def test_one_column_with_commas_in_its_sentences_stays_a_table_of_its_rows() -> None:
    assert csv_rows('term\n"a, b"\nc') == [["term"], ["a, b"], ["c"]]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a,b\n" * 200_001, "200,000 rows"),
        ("a," * 501, "500 columns"),
        ('a,"' + "b" * 200_000, "131,072 characters"),
    ],
)
def test_an_endless_table_is_refused(text: str, words: str) -> None:
    with pytest.raises(CannotRead, match=words) as refusal:
        read_csv(text, "a.csv")
    assert refusal.value.zh
