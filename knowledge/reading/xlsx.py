"""XLSX: each visible sheet as a table below its header, with the results of its formulas and never the formulas."""

import datetime
import io
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from knowledge.reading.limits import MOST_COLUMNS, MOST_ROWS, checked_zip
from knowledge.reading.markdown import title_of
from knowledge.reading.section import CannotRead, Reading, Section
from knowledge.reading.tables import sheet_as_markdown

if TYPE_CHECKING:
    from openpyxl.workbook.workbook import Workbook


def read_xlsx(raw: bytes, name: str) -> Reading:
    """Read a workbook; the trail of a section is the name of its sheet. Raises CannotRead."""
    sections, room = [], MOST_ROWS
    with _opened(raw) as workbook:
        for sheet in workbook.worksheets:
            if sheet.sheet_state == "visible":
                rows = list(_rows(sheet, room))
                room -= len(rows)
                sections.append(Section((sheet.title,), sheet_as_markdown(rows)))
        title = (workbook.properties.title or "").strip()
    return Reading(title or title_of(name), tuple(sections))


def xlsx_rows(raw: bytes, sheet: str | None) -> list[list[str]]:
    """Return the rows of a sheet as text, or of the first visible one, without empty rows. Raises CannotRead."""
    with _opened(raw) as workbook:
        shown = [each for each in workbook.worksheets if each.sheet_state == "visible"]
        named = [each for each in workbook.worksheets if each.title == sheet] if sheet is not None else shown
        if not named:
            names = ", ".join(each.title for each in shown)
            raise CannotRead(
                f"There is no sheet '{sheet or ''}' in it; it has {names or 'none'}: name one of them.",
                f"其中没有工作表“{sheet or ''}”；现有：{names or '无'}：请指定其中之一。",
            )
        return list(_rows(named[0], MOST_ROWS))


@contextmanager
def _opened(raw: bytes) -> Iterator["Workbook"]:
    checked_zip(raw).close()
    import openpyxl

    workbook = openpyxl.load_workbook(io.BytesIO(raw), read_only=True, data_only=True, keep_links=False)
    try:
        yield workbook
    finally:
        workbook.close()


def _rows(sheet: Any, room: int) -> Iterator[list[str]]:
    """Yield the rows that hold something. Raises CannotRead beyond 200,000 rows in a file or 500 columns."""
    sheet.reset_dimensions()  # what a sheet says of its size need not be true, and rows would be filled up to it
    count = 0
    for row in sheet.iter_rows():
        cells = [_written(cell) for cell in row]
        while cells and not cells[-1]:
            cells.pop()
        if not cells:
            continue
        count += 1
        if len(cells) > MOST_COLUMNS:
            raise CannotRead(
                f"A sheet is wider than {MOST_COLUMNS} columns, the limit: split it.",
                f"工作表超过 {MOST_COLUMNS} 列的上限：请拆分。",
            )
        if count > room:
            raise CannotRead(
                f"It has more than {MOST_ROWS:,} rows, the limit: split it.", f"超过 {MOST_ROWS:,} 行的上限：请拆分。"
            )
        yield cells


def _written(cell: Any) -> str:
    """Return a cell as a reader sees it: a date without midnight, a share as per cent, a whole number without a point."""
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int | float):
        return _number(value, cell.number_format or "")
    if isinstance(value, datetime.datetime):
        return value.isoformat(" ").removesuffix(" 00:00:00")
    # The line breaks of a cell stay: in a list of terms they part one name from the next.
    return "\n".join(line for lines in str(value).splitlines() if (line := " ".join(lines.split())))


def _number(value: float, pattern: str) -> str:
    if "%" in pattern:
        return f"{value * 100:.10g}%"
    if isinstance(value, int) or value.is_integer():
        return str(int(value))
    return f"{value:.15g}"
