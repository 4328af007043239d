"""The API table `| API | Method | Description | Request | Response | Error Response |`: written, and its rows found in text."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Final

from errors import Language
from formats.api.cell_text import cells, escaped, row
from formats.api.cells import Names, written_request, written_responses
from formats.api.faults import Fault
from formats.api.model import Api, Operation, beyond_columns

MARK: Final = "†"
HEADINGS: Final[dict[Language, tuple[str, ...]]] = {
    "en": ("API", "Method", "Description", "Request", "Response", "Error Response"),
    "zh": ("接口", "方法", "描述", "请求", "响应", "错误响应"),
}
COLUMNS: Final = HEADINGS["en"]
_HEADING_WORDS: Final[dict[str, str]] = {
    "API": "api|path|endpoint|url|uri|resource|接口|路径|地址|接口地址|接口路径|资源",
    "Method": "method|http method|verb|方法|请求方法|请求方式|http方法",
    "Description": "description|summary|purpose|name|描述|说明|功能|接口描述|接口说明|用途|名称",
    "Request": "request|input|parameters|request body|payload|请求|请求参数|入参|参数|请求体",
    "Response": "response|output|success response|success|returns|响应|返回|出参|响应参数|返回值|成功响应",
    "Error Response": "error response|error|errors|error responses|failure|错误响应|错误|异常|错误码|错误返回|异常响应",
}
_COLUMN_OF: Final = {word: column for column, words in _HEADING_WORDS.items() for word in words.split("|")}
_MOST_EXTRA: Final = 5
_RULE = re.compile(r"\s*\|?\s*:?-+:?\s*(?:\|\s*:?-+:?\s*)*\|?\s*")


@dataclass(frozen=True)
class Row:
    """One row as it was found: its line, counted from 1, and its cells by column, escapes left as they are."""

    line: int
    cells: dict[str, str]
    faults: tuple[Fault, ...] = ()


def api_rows(api: Api) -> list[list[str]]:
    """Return the six cells of every operation as plain text (new lines are new lines), for a sheet or a page."""
    names = Names()
    return [_cells(operation, names) for operation in api.operations]


def api_table(api: Api, language: Language = "en") -> str:
    """Return the API as a Markdown table; a row of which the artifact knows more is marked."""
    head = [row(list(HEADINGS[language])), row(["---"] * len(COLUMNS))]
    return "\n".join([*head, *(row([escaped(cell) for cell in each]) for each in api_rows(api))]) + "\n"


def table_rows(text: str) -> Iterator[Row]:
    """Yield the rows of every API table in a text; a table is known by its headings, in English or Chinese, in any order."""
    columns: list[str] = []
    for number, line in enumerate(text.replace("\r\n", "\n").split("\n"), 1):
        if "|" not in line:
            columns = []
        elif found := _columns(line):
            columns = found
        elif columns and not _RULE.fullmatch(line):
            yield _row(number, cells(line), columns)


def _cells(operation: Operation, names: Names) -> list[str]:
    mark = f" {MARK}" if beyond_columns(operation) else ""
    return [
        operation.path + mark,
        operation.method,
        "\n".join(each for each in (operation.summary, operation.description) if each),
        written_request(operation, names),
        written_responses([each for each in operation.responses if not each.is_error], names),
        written_responses([each for each in operation.responses if each.is_error], names),
    ]


def _columns(line: str) -> list[str]:
    """Return the columns that a line of headings names, '' for others; [] where it is no such line."""
    words = [re.sub(r"[*`_\s]+", " ", each).strip().lower() for each in cells(line)]
    found = [_COLUMN_OF.get(word, "") for word in words]
    known = {each for each in found if each}
    return found if {"API", "Method"} <= known or ("API" in known and len(known) > 2) else []


def _row(number: int, found: list[str], columns: Sequence[str]) -> Row:
    """Return a row; one with too many cells holds a `|` that was not escaped, and is put together as it fits best."""
    faults: list[Fault] = []
    if len(found) > len(columns):
        values = {"line": str(number), "expected": str(len(columns)), "found": str(len(found))}
        faults.append(Fault("unescaped-pipe", f"line {number}", values))
        found = _mended(found, columns)
    elif len(found) < len(columns):
        missing = ", ".join(each for each in columns[len(found) :] if each)
        faults.append(Fault("cells-missing", f"line {number}", {"line": str(number), "columns": missing}))
        found = [*found, *[""] * (len(columns) - len(found))]
    return Row(number, {column: cell.strip() for column, cell in zip(columns, found, strict=True) if column}, tuple(faults))


def _mended(found: list[str], columns: Sequence[str]) -> list[str]:
    """Join neighbours so that the row fits: the joining under which the cells read best is taken."""
    from formats.api.cell_reading import fitness  # late: it reads with the names that this module gives

    width = len(columns)
    if len(found) > width + _MOST_EXTRA:
        found = [*found[: width + _MOST_EXTRA - 1], "|".join(found[width + _MOST_EXTRA - 1 :])]
    known: dict[tuple[int, int, int], int] = {}
    best: tuple[int, list[str]] = (-100, [])
    for ends in combinations(range(1, len(found)), width - 1):
        bounds = list(zip((0, *ends), (*ends, len(found)), strict=True))
        joined = [r"\|".join(found[start:end]).strip() for start, end in bounds]
        fit = 0
        for at, (start, end) in enumerate(bounds):
            if (at, start, end) not in known:
                known[at, start, end] = 2 * fitness(columns[at], joined[at]) + (columns[at] == "Description" and end - start > 1)
            fit += known[at, start, end]
        if fit > best[0]:
            best = (fit, joined)
    return best[1]
