"""Sheets as an XLSX workbook in which every cell is text: nothing of it is ever a formula."""

import io
import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from formats.printable import printable
from formats.sheet import Sheet

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

MIME = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# What one cell holds at most, in UTF-16 units.
LONGEST_CELL = 32_767
_LONGEST_NAME = 31
_MARK = " …"
_WIDEST = 60
# Excel and LibreOffice read `_x0041_` within a text as the letter A: the underscore is written that way itself.
_ESCAPE = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
_FORBIDDEN_IN_NAMES = re.compile(r"[\[\]:*?/\\]")


def workbook(sheets: Sequence[Sheet]) -> bytes:
    """Return the sheets as an XLSX file; each has its heading in bold, which stays in sight."""
    import openpyxl

    book = openpyxl.Workbook()
    book.properties.creator = "Stagecraft"
    first: Any = book.active
    taken: set[str] = set()
    for number, sheet in enumerate(sheets):
        page = first if number == 0 else book.create_sheet()
        page.title = sheet_name(sheet.title, taken)
        taken.add(page.title.casefold())
        _fill(page, sheet)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def sheet_name(title: str, taken: set[str]) -> str:
    """Return a title as Excel takes it for a sheet's name: short, without some signs, and unlike those `taken` (in small letters)."""
    plain = " ".join(_FORBIDDEN_IN_NAMES.sub(" ", printable(title)).split()).strip("'") or "Sheet"
    # Excel keeps the name "History" for itself.
    plain = f"{plain}_" if plain.casefold() == "history" else plain
    name, number = _cut(plain, _LONGEST_NAME).strip(" '"), 1
    while name.casefold() in taken:
        number += 1
        ending = f" {number}"
        name = _cut(plain, _LONGEST_NAME - len(ending)).strip(" '") + ending
    return name


def cell_text(text: str) -> str:
    """Return a text as a cell can hold it, cut with a mark where it is too long."""
    written = _ESCAPE.sub("_x005F_", printable(text))
    if _units(written) <= LONGEST_CELL:
        return written
    return _cut(written, LONGEST_CELL - len(_MARK)) + _MARK


def _fill(page: "Worksheet", sheet: Sheet) -> None:
    """Write the heading and the rows."""
    from openpyxl.styles import Alignment, Font
    from openpyxl.utils import get_column_letter

    for row, texts in enumerate((sheet.columns, *sheet.rows), 1):
        for column, text in enumerate(texts, 1):
            cell: Any = page.cell(row, column)
            cell.value = cell_text(text)
            # openpyxl takes "=…" for a formula and "#N/A" for an error; the prefix keeps both text after an edit, too.
            cell.data_type, cell.quotePrefix = "s", True
            cell.alignment = Alignment(wrap_text=True, vertical="top")
            if row == 1:
                cell.font = Font(bold=True)
    for column in range(1, len(sheet.columns) + 1):
        widths = [_width(texts[column - 1]) for texts in (sheet.columns, *sheet.rows[:200]) if len(texts) >= column]
        page.column_dimensions[get_column_letter(column)].width = min(_WIDEST, max(widths, default=8) + 2)
    page.freeze_panes = "A2"


def _width(text: str) -> int:
    """Return how wide a text is, in Latin letters; a Chinese character takes two."""
    return max((sum(2 if ord(sign) > 0x2E80 else 1 for sign in line) for line in text[:200].split("\n")), default=0)


def _units(text: str) -> int:
    """Return the length of a text in UTF-16 units, by which Excel counts."""
    return len(text) + sum(ord(sign) > 0xFFFF for sign in text)


def _cut(text: str, most: int) -> str:
    """Return as much of a text as so many UTF-16 units hold, with no sign cut in two."""
    return text.encode("utf-16-le")[: most * 2].decode("utf-16-le", "ignore")
