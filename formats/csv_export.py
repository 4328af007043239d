"""A sheet as CSV that a spreadsheet opens without computing anything: UTF-8 with a byte order mark, CRLF, no cell a formula."""

import csv
import io
import re
from collections.abc import Sequence

from formats.printable import printable
from formats.sheet import Sheet

MIME = "text/csv"
# A sign by which a spreadsheet begins a formula, full-width ones too, with what it leaves out before it: at the beginning of a
# cell, and after a line break, a tab or a semicolon, where a spreadsheet of another locale begins a new cell.
_FORMULA = re.compile(r"(^|[\n\t;；])(?=[\s\u200b-\u200f\u2060\ufeff\"]*[=+\-@＝＋－＠﹦﹢﹣﹫−])")


def csv_file(sheet: Sheet) -> bytes:
    """Return the sheet as CSV, its columns first."""
    return csv_rows((sheet.columns, *sheet.rows))


def csv_rows(rows: Sequence[Sequence[str]]) -> bytes:
    """Return rows as CSV."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n")
    for row in rows:
        writer.writerow([harmless(cell) for cell in row])
    return b"\xef\xbb\xbf" + buffer.getvalue().encode()


def harmless(cell: str) -> str:
    """Return a cell in which an apostrophe stands before what would be taken for a formula; any other cell as it is."""
    text = printable(cell).lstrip("\n\t")
    return _FORMULA.sub(r"\1'", text)
