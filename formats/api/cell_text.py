"""Text inside a cell of a Markdown table: what would end the cell or change the look is escaped, a new line is `<br>`."""

import re

BREAK = "<br>"

_SPECIAL = re.compile(r"[\\|`*<~]|&(?=#?\w+;)|(?<![^\W_])_|_(?![^\W_])")
_ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])|<br\s*/?>", re.IGNORECASE)
_CELL_END = re.compile(r"\\.|\|", re.DOTALL)


def escaped(text: str) -> str:
    """Return text as a cell holds it."""
    lines = re.split(r"\r\n|\r|\n", text)
    return BREAK.join(_SPECIAL.sub(lambda found: "\\" + found.group(), line) for line in lines)


def unescaped(cell: str) -> str:
    """Return the text that a cell holds."""
    return _ESCAPED.sub(lambda found: found[1] or "\n", cell).strip()


def row(cells: list[str]) -> str:
    """Return a row of cells that are escaped already."""
    return f"| {' | '.join(cells)} |"


def cells(line: str) -> list[str]:
    """Return the cells of a row, escapes and spaces left as they are."""
    found: list[str] = []
    start = 0
    inner = line.strip().removeprefix("|")
    for each in _CELL_END.finditer(inner):
        if each.group() == "|":
            found.append(inner[start : each.start()])
            start = each.end()
    last = inner[start:]
    return [*found, last] if last.strip() or not found else found
