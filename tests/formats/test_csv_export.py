"""A CSV that a spreadsheet opens computes nothing, in any locale, and reads back as it was."""

import csv
import io
import re

import pytest

from formats.csv_export import csv_file, harmless
from formats.sheet import Sheet
from tests.doubles.hostile_cells import FORMULAS, HOSTILE

SIGNS = tuple("=+-@＝＋－＠")


def read(content: bytes, delimiter: str = ",") -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), delimiter=delimiter))


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_no_cell_begins_a_formula(text: str, delimiter: str) -> None:
    content = csv_file(Sheet("s", ["a", "b"], [[text, f"x{text}"], ["x", text]]))
    for row in read(content, delimiter):
        for cell in row:
            for line in re.split(r"[\r\n\t;]", cell):
                assert not line.lstrip(' \u200b\ufeff"').startswith(SIGNS), (text, cell)


@pytest.mark.parametrize("text", FORMULAS)
def test_a_harmless_cell_is_changed_no_further(text: str) -> None:
    assert harmless(harmless(text)) == harmless(text)


@pytest.mark.parametrize("text", ["plain", "a=b", "3 - 2", "user@example", "客户，账户", 'say "x"', "two\nlines", "", "'quoted"])
def test_any_other_text_reads_back_as_it_was(text: str) -> None:
    assert read(csv_file(Sheet("s", ["a", "b"], [[text, "x"]])))[1] == [text, "x"]


def test_the_file_begins_with_a_byte_order_mark_and_ends_lines_as_spreadsheets_do() -> None:
    assert csv_file(Sheet("s", ["编号", "b"], [["1", "2"]])) == "\ufeff编号,b\r\n1,2\r\n".encode()
