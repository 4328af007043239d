"""XLSX."""

import datetime
import io
from collections.abc import Sequence

import openpyxl
import pytest

from knowledge.reading.section import CannotRead
from knowledge.reading.xlsx import read_xlsx, xlsx_rows
from tests.doubles.office_files import LIMITS_ZH, limits_xlsx


def _workbook(*rows: Sequence[object]) -> bytes:
    workbook, target = openpyxl.Workbook(write_only=True), io.BytesIO()
    sheet = workbook.create_sheet("Sheet")
    for row in rows:
        sheet.append(row)
    workbook.save(target)
    return target.getvalue()


def test_each_visible_sheet_is_a_section_with_its_header() -> None:
    reading = read_xlsx(limits_xlsx(), "limits.xlsx")
    assert [section.trail for section in reading.sections] == [("Limits",), ("限额",)]
    lines = reading.sections[0].text.splitlines()
    assert lines[0] == "Limits by channel, approved by the risk committee"
    assert lines[2] == "| Channel | Single limit | Daily limit | Approval | Fee | Valid from |"
    assert lines[4] == "| Mobile banking | CNY 50,000 | CNY 200,000 | none | 0.25% | 2024-07-01 |"


def test_a_formula_is_never_shown() -> None:
    assert "HYPERLINK" not in read_xlsx(limits_xlsx(), "limits.xlsx").sections[0].text


def test_the_rows_of_a_sheet_are_text() -> None:
    assert xlsx_rows(limits_xlsx(), "限额") == LIMITS_ZH
    assert xlsx_rows(limits_xlsx(), None)[1][:2] == ["Channel", "Single limit"]
    assert xlsx_rows(_workbook([1, 2.0, 0.1, True, datetime.date(2024, 7, 1), " a\nb ", None]), None) == [
        ["1", "2", "0.1", "TRUE", "2024-07-01", "a\nb"]
    ]


def test_an_unknown_sheet_is_refused_with_those_there_are() -> None:
    with pytest.raises(CannotRead, match=r"no sheet 'Terms' in it; it has Limits, 限额"):
        xlsx_rows(limits_xlsx(), "Terms")


def test_too_many_columns_are_refused() -> None:
    with pytest.raises(CannotRead, match="500 columns"):
        read_xlsx(_workbook(["x"] * 501), "a.xlsx")


def test_a_cell_in_the_last_place_of_a_sheet_does_not_fill_it_with_empty_rows() -> None:
    workbook, target = openpyxl.Workbook(), io.BytesIO()
    assert workbook.active is not None
    workbook.active["A1"] = "first"
    workbook.active["A1048576"] = "last"
    workbook.save(target)
    assert xlsx_rows(target.getvalue(), None) == [["first"], ["last"]]


@pytest.mark.slow
def test_too_many_rows_are_refused() -> None:
    with pytest.raises(CannotRead, match="200,000 rows"):
        read_xlsx(_workbook(*[["x"]] * 200_001), "a.xlsx")
