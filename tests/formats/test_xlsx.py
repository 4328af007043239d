"""A workbook holds texts alone: no formula, whatever a cell begins with."""

import io
import zipfile

import openpyxl
import pytest
from defusedxml import ElementTree

from formats.printable import printable
from formats.sheet import Sheet
from formats.xlsx import LONGEST_CELL, cell_text, sheet_name, workbook
from tests.doubles.hostile_cells import FORMULAS, HOSTILE

M = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def cells(content: bytes) -> list[list[object]]:
    return [list(row) for row in openpyxl.load_workbook(io.BytesIO(content)).worksheets[0].iter_rows(values_only=True)]


@pytest.mark.parametrize("text", HOSTILE)
def test_no_cell_is_a_formula(text: str) -> None:
    content = workbook([Sheet(text, [text, "b"], [[text, f"x{text}"]])])
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert "xl/vbaProject.bin" not in archive.namelist()
        assert not any("externalLink" in name or "connections" in name for name in archive.namelist())
        page = ElementTree.fromstring(archive.read("xl/worksheets/sheet1.xml"))
        styles = ElementTree.fromstring(archive.read("xl/styles.xml"))
    assert not [element.tag for element in page.iter() if element.tag in (f"{M}f", f"{M}hyperlink")]
    told = page.findall(f".//{M}c")
    assert {cell.get("t") for cell in told if len(cell)} <= {"inlineStr", "s"}
    formats = styles.find(f"{M}cellXfs")
    assert formats is not None
    assert all(formats[int(cell.get("s") or 0)].get("quotePrefix") == "1" for cell in told)
    for row in openpyxl.load_workbook(io.BytesIO(content)).worksheets[0].iter_rows():
        assert all(cell.data_type == "s" or cell.value is None for cell in row)
    assert cells(content)[1][0] == (printable(text) or None)


def test_the_check_itself_would_see_a_formula() -> None:
    book = openpyxl.Workbook()
    assert book.active is not None
    book.active.append(FORMULAS[:1])
    buffer = io.BytesIO()
    book.save(buffer)
    with zipfile.ZipFile(buffer) as archive:
        page = ElementTree.fromstring(archive.read("xl/worksheets/sheet1.xml"))
    assert [element.tag for element in page.iter() if element.tag == f"{M}f"]


def test_a_number_in_a_text_stays_text() -> None:
    assert cells(workbook([Sheet("s", ["a"], [["007"], ["1.0"], ["1e5"], ["TRUE"], ["2026-01-01"]])])) == [
        ["a"],
        ["007"],
        ["1.0"],
        ["1e5"],
        ["TRUE"],
        ["2026-01-01"],
    ]


def test_a_text_that_is_too_long_is_cut_with_a_mark() -> None:
    long = cell_text("😀" * LONGEST_CELL)
    assert len(long.encode("utf-16-le")) // 2 <= LONGEST_CELL
    assert long.endswith("😀 …")
    assert cell_text("x" * LONGEST_CELL) == "x" * LONGEST_CELL
    assert len(cell_text("x" * (LONGEST_CELL + 1))) == LONGEST_CELL


def test_a_text_that_looks_like_an_escaped_sign_stays_as_it_is_in_a_spreadsheet() -> None:
    assert cell_text("_x003D_1+1 and a_x_b") == "_x005F_x003D_1+1 and a_x_b"


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("", "Sheet"),
        ("[a]:b*c?d/e\\f", "a b c d e f"),
        ("'quoted'", "quoted"),
        ("x" * 40, "x" * 31),
        ("History", "History_"),
        ("验收标准", "验收标准"),
        ("\x00\x1f", "Sheet"),
        ("Stories", "Stories 2"),
        ("y" * 35, "y" * 29 + " 2"),
    ],
)
def test_a_title_becomes_a_name_that_excel_takes(title: str, name: str) -> None:
    assert sheet_name(title, {"stories", "y" * 31}) == name


def test_every_sheet_has_a_name_of_its_own_and_its_heading_in_sight() -> None:
    content = workbook([Sheet("A", ["x"], [["1"]]), Sheet("a", ["y"], [["2"]]), Sheet("A", ["z"], [])])
    book = openpyxl.load_workbook(io.BytesIO(content))
    assert book.sheetnames == ["A", "a 2", "A 3"]
    assert {page.freeze_panes for page in book.worksheets} == {"A2"}
    assert all(page["A1"].font.bold for page in book.worksheets)
