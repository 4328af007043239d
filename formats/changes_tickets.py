"""Reads ticket exports: tables with named columns (CSV, tabs, Markdown; English or Chinese), and Jira's JSON."""

import csv
import json
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from formats.changes_model import LONGEST_BODY, LONGEST_ID, Change, breaking_note, iso_date, read_subject

Cells = Mapping[str, Sequence[str]]
# The names that a column goes by, the surest first.
COLUMNS: Mapping[str, tuple[str, ...]] = {
    "id": (
        *("issue key", "key", "ticket key", "ticket id", "ticket", "work item id", "issue id", "issue", "id", "number"),
        *("问题关键字", "关键字", "事务编号", "工单编号", "工单号", "需求编号", "任务编号", "缺陷编号", "编号", "单号", "键"),
    ),
    "title": (
        *("summary", "title", "subject", "name", "headline"),
        *("标题", "概要", "摘要", "主题", "名称", "工单标题", "需求名称", "需求标题", "内容"),
    ),
    "type": (
        *("issue type", "issuetype", "type", "work item type", "tracker", "kind"),
        *("问题类型", "事务类型", "工单类型", "任务类型", "需求类型", "类型", "类别"),
    ),
    "body": ("description", "details", "body", "描述", "说明", "详情", "详细描述", "备注"),
    "labels": ("labels", "label", "tags", "tag", "components", "component", "标签", "模块", "组件"),
    "version": ("fix version", "fix versions", "fixversions", "version", "milestone", "修复版本", "解决版本", "发布版本", "版本"),
    "date": ("resolved", "resolution date", "resolutiondate", "closed", "updated", "date", "created", "解决时间", "解决日期", "完成时间", "完成日期", "更新时间", "日期", "创建时间"),
    "status": ("status", "state", "resolution", "状态", "处理状态", "解决结果"),
    "breaking": ("breaking", "breaking change", "不兼容变更", "破坏性变更", "是否不兼容", "不兼容"),
}  # fmt: skip
_NAMED = {name: (column, place) for column, names in COLUMNS.items() for place, name in enumerate(names)}
_DELIMITERS = (",", ";", "\t", "|", "，")
_BREAKING_LABEL = re.compile(r"breaking(?:[ _-]?change)?|不兼容(?:变更)?|破坏性变更", re.IGNORECASE)
_YES = frozenset({"yes", "y", "true", "1", "x", "是", "有"})
_ID = re.compile(rf"(?=\S*\d)\S{{1,{LONGEST_ID}}}")
_LONGEST_TABLE = 5000


def take_tables(text: str) -> tuple[str, tuple[Change, ...], tuple[str, ...]]:
    """Return the text with its tables of tickets blanked out, their tickets, and the rows that tell of none."""
    lines = text.split("\n")
    rest: list[str] = []
    changes: list[Change] = []
    unread: list[str] = []
    at = 0
    while at < len(lines):
        delimiter, columns = _head(lines[at])
        if not columns:
            rest.append(lines[at])
            at += 1
            continue
        taken, rows = _rows(lines[at + 1 :], delimiter, columns.index("id"))
        for row in rows:
            cells = _by_name(columns, row)
            change = ticket_of(cells)
            if change is not None:
                changes.append(change)
            elif any(cell.strip() for cell in row):
                unread.append(delimiter.join(row))
        rest += [""] * (taken + 1)
        at += taken + 1
    return "\n".join(rest), tuple(changes), tuple(unread)


def take_json(text: str) -> tuple[str, tuple[Change, ...], tuple[str, ...]]:
    """Return the text with its JSON blanked out, the tickets of it, and the objects that are none."""
    changes: list[Change] = []
    unread: list[str] = []
    decoder = json.JSONDecoder()
    start = 0
    for found in re.finditer(r"(?m)^[ \t]*(?=[\[{])", text):
        if found.end() < start:
            continue
        try:
            value, end = decoder.raw_decode(text, found.end())
        except (ValueError, RecursionError):
            continue
        issues = _issues(value)
        if not issues:
            continue
        read = [(issue, ticket_of(_of_json(issue))) for issue in issues]
        changes += [change for _, change in read if change is not None]
        unread += [json.dumps(issue, ensure_ascii=False) for issue, change in read if change is None]
        blank = re.sub(r"[^\n]", "", text[found.end() : end])
        text = text[: found.end()] + blank.ljust(end - found.end()) + text[end:]
        start = end
    return text, tuple(changes), tuple(unread)


def ticket_of(cells: Cells) -> Change | None:
    """Return the ticket of named cells; None without an id or a title."""
    ticket_id = _first(cells, "id").strip()
    summary = _first(cells, "title")
    if not _ID.fullmatch(ticket_id) or not summary.strip():
        return None
    parts = read_subject(summary)
    labels = tuple(
        dict.fromkeys(label for told in cells.get("labels", ()) for label in re.split(r"[,;，；、\s]+", told) if label)
    )
    body = _first(cells, "body").strip()[:LONGEST_BODY]
    note = breaking_note(body)
    told = _first(cells, "breaking").strip()
    flagged = told.lower() in _YES or any(_BREAKING_LABEL.fullmatch(label) for label in labels)
    return Change(
        # A bare number is written as people write it, so that it is told from other numbers of a text.
        id=f"#{ticket_id}" if ticket_id.isdecimal() else ticket_id,
        kind="ticket",
        title=parts.title,
        type=" ".join(_first(cells, "type").lower().split()) or parts.type,
        scope=parts.scope,
        body=body,
        breaking=parts.breaking or note is not None or flagged,
        note=note or "",
        labels=labels,
        date=iso_date(_first(cells, "date")),
        status=" ".join(_first(cells, "status").split()),
        version=_first(cells, "version").strip(),
    )


def _first(cells: Cells, name: str) -> str:
    return next((cell for cell in cells.get(name, ()) if cell.strip()), "")


def _column(name: str) -> tuple[str, int]:
    """Return which column a heading names, and how sure its name is; nothing where it is none of ours."""
    plain = unicodedata.normalize("NFKC", name).strip(" \"'*`\ufeff").casefold()
    plain = " ".join(re.sub(r"/s|\(s\)|[_]", lambda found: " " if found[0] == "_" else "", plain).split())
    return _NAMED.get(plain, ("", 0))


def _head(line: str) -> tuple[str, list[str]]:
    """Return the delimiter and the columns of a table's heading; no columns where a line is none."""
    for delimiter in _DELIMITERS:
        if delimiter not in line:
            continue
        named = [_column(cell) for cell in _cells(line, delimiter)]
        columns = [name for name, _ in named]
        if "id" in columns and "title" in columns:
            # Of several columns that could be the id, the surest name is it: Jira exports both Issue key and Issue id.
            surest = min(place for name, place in named if name == "id")
            return delimiter, [name if name != "id" or place == surest else "" for name, place in named]
    return "", []


def _cells(line: str, delimiter: str) -> list[str]:
    """Return the cells of one line."""
    try:
        return next(csv.reader([_bare(line, delimiter)], delimiter=delimiter), [])
    except csv.Error:
        return []


def _bare(line: str, delimiter: str) -> str:
    """Return a line without the bars around a Markdown table's row."""
    return re.sub(r"^\s*\||\|\s*$", "", line).replace("\\|", "/") if delimiter == "|" else line


def _rows(lines: Sequence[str], delimiter: str, id_place: int) -> tuple[int, list[list[str]]]:
    """Return how many lines the table takes after its heading, and its rows."""
    taken, rows = _read_rows(lines, delimiter, id_place)
    starts = re.compile(rf"(?m)^[A-Z][A-Z0-9]{{1,9}}-\d{{1,7}}{re.escape(delimiter)}")
    # A quote that nobody closed swallows the rows below it: then every line is a row.
    if any(starts.search(cell, 1) for row in rows for cell in row if "\n" in cell):
        told = [_cells(line, delimiter) for line in lines[:taken]]
        return taken, [row for row in told if row]
    return taken, rows


def _read_rows(lines: Sequence[str], delimiter: str, id_place: int) -> tuple[int, list[list[str]]]:
    reader = csv.reader((f"{_bare(line, delimiter)}\n" for line in lines), delimiter=delimiter)
    rows: list[list[str]] = []
    taken = 0
    try:
        for row in reader:
            cells = [cell.strip() for cell in row]
            if any(cells) and not all(re.fullmatch(r":?-{2,}:?", cell) for cell in cells):
                told = cells[id_place] if len(cells) > id_place else ""
                if len(rows) >= _LONGEST_TABLE or len(cells) == 1 or (told and not _ID.fullmatch(told)):
                    break
                rows.append(row)
            taken = reader.line_num
    except csv.Error:
        return taken, rows
    return min(taken, len(lines)), rows


def _by_name(columns: Sequence[str], row: Sequence[str]) -> dict[str, list[str]]:
    """Return the cells of a row by their column; several columns may share a name."""
    named: dict[str, list[str]] = {}
    for name, cell in zip(columns, row, strict=False):
        if name:
            named.setdefault(name, []).append(cell)
    return named


def _issues(value: Any) -> list[Mapping[str, Any]]:
    """Return the objects of JSON that may be tickets."""
    if isinstance(value, dict):
        listed = next(
            (value[name] for name in ("issues", "values", "items", "tickets", "data") if isinstance(value.get(name), list)), None
        )
        value = listed if listed is not None else [value]
    found: list[Mapping[str, Any]] = [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []
    return found if any(ticket_of(_of_json(one)) is not None for one in found) else []


def _of_json(issue: Mapping[str, Any]) -> dict[str, list[str]]:
    """Return an issue's fields as named cells."""
    fields = issue.get("fields")
    told = {**issue, **(fields if isinstance(fields, dict) else {})}
    ranked: dict[str, list[tuple[int, list[str]]]] = {}
    for name, value in told.items():
        spaced = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", str(name))
        column, place = _column(spaced)
        if column and (texts := [text for text in _texts(value) if text.strip()]):
            ranked.setdefault(column, []).append((place, texts))
    return {
        column: [text for _, texts in sorted(named, key=lambda pair: pair[0]) for text in texts]
        for column, named in ranked.items()
    }


def _texts(value: Any, depth: int = 0) -> Iterable[str]:
    """Return the texts of a field: a word, a list of them, an object with a name, or a rich text as Jira nests it."""
    if isinstance(value, str | int | float):
        return [str(value).lower() if isinstance(value, bool) else str(value)]
    if isinstance(value, list):
        return [text for one in value[:500] for text in _texts(one, depth + 1)] if depth < 12 else []
    if isinstance(value, dict):
        if isinstance(value.get("content"), list):
            return [" ".join(_texts(value["content"], depth + 1))] if depth < 12 else []
        named = next((value[name] for name in ("text", "name", "value", "key") if isinstance(value.get(name), str)), "")
        return [named] if named else []
    return []
