"""Issues as the CSV that Jira's importer takes, and issues read back from the CSV that Jira and its kin export."""

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from formats.csv_export import csv_rows

SUMMARY = "Summary"
_COLUMNS = ("Summary", "Issue Type", "Description", "Labels", "External ID")
_LONGEST_SUMMARY = 255


@dataclass(frozen=True)
class Issue:
    """One issue; a label holds no space, by which Jira parts them."""

    summary: str
    description: str = ""
    kind: str = "Story"
    labels: Sequence[str] = ()
    external_id: str = ""


def jira_csv(issues: Iterable[Issue]) -> bytes:
    """Return the issues as CSV: every text on it is text, never a formula, should it be opened in a spreadsheet first."""
    rows = [
        (
            _cut(" ".join(issue.summary.split())),
            issue.kind,
            issue.description,
            " ".join("-".join(label.split()) for label in issue.labels),
            issue.external_id,
        )
        for issue in issues
    ]
    return csv_rows([_COLUMNS, *rows])


def _cut(summary: str) -> str:
    """Cut a summary that Jira would refuse for its length."""
    return summary if len(summary) <= _LONGEST_SUMMARY else summary[: _LONGEST_SUMMARY - 1].rstrip() + "…"


def read_csv(text: str) -> tuple[tuple[str, ...], tuple[dict[str, str], ...]] | None:
    """Return the columns of a CSV or TSV text with a heading, and its rows by column; None where it is none.

    The apostrophes that keep a spreadsheet from computing a cell are left out again.
    """
    plain = text.lstrip("\ufeff").strip()
    head = plain.split("\n", 1)[0]
    delimiter = max(",;\t", key=head.count)
    if head.count(delimiter) < 1:
        return None
    try:
        rows = list(csv.reader(io.StringIO(plain, newline=""), delimiter=delimiter))
    except csv.Error:
        return None
    columns = tuple(" ".join(name.split()) for name in rows[0])
    told = [row for row in rows[1:] if any(cell.strip() for cell in row)]
    if not told or not all(columns) or sum(len(row) == len(columns) for row in told) < len(told) / 2:
        return None
    return columns, tuple(_by_column(columns, row) for row in told)


def _by_column(columns: Sequence[str], row: Sequence[str]) -> dict[str, str]:
    """Return a row by its columns; the cells of columns that share a name, such as Jira's labels, stand in one."""
    cells: dict[str, str] = {}
    for name, cell in zip(columns, row, strict=False):
        bare = cell[1:] if cell[:2].startswith("'") and cell[1:2] in "=+-@＝＋－＠" else cell
        cells[name] = " ".join(part for part in (cells.get(name, ""), bare.strip()) if part)
    return cells
