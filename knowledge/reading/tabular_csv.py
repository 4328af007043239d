"""CSV in its several dialects: parted by commas, semicolons, tabs or bars; the first row of names is the header."""

import csv
import io
from typing import Final

from knowledge.reading.limits import MOST_COLUMNS, MOST_ROWS
from knowledge.reading.markdown import title_of
from knowledge.reading.section import CannotRead, Reading, Section
from knowledge.reading.tables import sheet_as_markdown

_DELIMITERS: Final = ",;\t|"
_SAMPLE = 50  # rows
_SAMPLE_CHARACTERS = 200_000


def read_csv(text: str, name: str) -> Reading:
    """Read a table. Raises CannotRead."""
    return Reading(title_of(name), (Section((), sheet_as_markdown(csv_rows(text))),))


def csv_rows(text: str) -> list[list[str]]:
    """Return the rows as text, without empty ones. Raises CannotRead beyond 200,000 rows, 500 columns, 131,072 characters a cell."""
    rows: list[list[str]] = []
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=False):
            if any(cell.strip() for cell in row):
                rows.append(row)
            if len(rows) > MOST_ROWS:
                raise CannotRead(
                    f"It has more than {MOST_ROWS:,} rows, the limit: split it.", f"超过 {MOST_ROWS:,} 行的上限：请拆分。"
                )
            if len(row) > MOST_COLUMNS:
                raise CannotRead(
                    f"It is wider than {MOST_COLUMNS} columns, the limit: split it.", f"超过 {MOST_COLUMNS} 列的上限：请拆分。"
                )
    except csv.Error as error:
        raise CannotRead(
            f"A cell is not closed or longer than {csv.field_size_limit():,} characters, the limit: mend its quotation marks.",
            f"有单元格未闭合，或超过 {csv.field_size_limit():,} 个字符的上限：请检查引号。",
            detail=str(error),
        ) from error
    return rows


def _delimiter(text: str) -> str:
    """Return the sign that parts the most rows of the sample into the same number of cells, more than one."""
    best, most = ",", 0
    sample = text[:_SAMPLE_CHARACTERS]
    for delimiter in _DELIMITERS:
        widths = _widths(sample, delimiter)
        common = max(set(widths), key=lambda width: (width > 1, widths.count(width), width), default=1)
        agreeing = widths.count(common) if common > 1 else 0
        if agreeing > most:
            best, most = delimiter, agreeing
    return best


def _widths(sample: str, delimiter: str) -> list[int]:
    widths: list[int] = []
    try:
        for row in csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter):
            widths.append(len(row))
            if len(widths) == _SAMPLE:
                break
    except csv.Error:
        return widths
    return widths
