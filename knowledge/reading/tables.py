"""Tables as Markdown: one row a line below its header, so that a row is never without the names of its cells."""

import re
from collections.abc import Iterable, Sequence

_CELL_BORDER = re.compile(r"(?<!\\)\|")
_HEADER_AMONG = 20


def as_markdown(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a Markdown table; cells beyond the header get an empty name, line breaks in a cell become spaces."""
    body = [_trimmed(row) for row in rows]
    width = max([len(header), *(len(row) for row in body)])
    lines = [_line(header, width), f"|{'---|' * width}"]
    return "\n".join(lines + [_line(row, width) for row in body if row])


def cells_of(line: str) -> list[str]:
    """Return the cells of one line of a Markdown table."""
    inner = line.strip().removeprefix("|")
    if inner.endswith("|") and not inner.endswith("\\|"):
        inner = inner[:-1]
    return [cell.strip().replace("\\|", "|") for cell in _CELL_BORDER.split(inner)]


def sheet_as_markdown(rows: Sequence[Sequence[str]]) -> str:
    """Return a sheet as Markdown: what stands above the first row of names as text, the rest as a table below that row."""
    filled = [row for row in map(_trimmed, rows) if row]
    place = _header_place(filled)
    above = ["  ".join(cell for cell in row if cell) for row in filled[:place]]
    if place == len(filled):
        return "\n\n".join(above)
    return "\n\n".join([*above, as_markdown(filled[place], filled[place + 1 :])])


def _header_place(rows: Sequence[Sequence[str]]) -> int:
    """Return where the header stands: the first row near the top with two cells of text, or the first with two cells at all."""
    for fits in (_is_text, bool):
        for place, row in enumerate(rows[:_HEADER_AMONG]):
            if sum(fits(cell) for cell in row) >= 2:
                return place
    return len(rows) if all(len([cell for cell in row if cell]) < 2 for row in rows) else 0


def _is_text(cell: str) -> bool:
    return any(character.isalpha() for character in cell)


def _trimmed(row: Sequence[str]) -> list[str]:
    """Return the row without the empty cells at its end, white space made single spaces."""
    cells = [" ".join(cell.split()) for cell in row]
    while cells and not cells[-1]:
        cells.pop()
    return cells


def _line(row: Sequence[str], width: int) -> str:
    cells = [*row, *[""] * (width - len(row))]
    return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"
