"""Reads the terms of a list, as analysts keep them in a table or in our YAML form, without losing a row in silence."""

import asyncio
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Protocol

from errors import KnowledgeError
from formats.language import has_han
from knowledge.reading.limits import checked_size, decoded, safe_yaml
from knowledge.terms.columns import Columns, columns_of
from knowledge.terms.disputes import TermList, listed
from knowledge.terms.findings import Entry, FindingKind, Place, TermFinding
from knowledge.terms.glossary import Definition, Names, Term, comparable
from knowledge.terms.lists import TermFile, TermStatus, shaped

_PARTED = re.compile(r"[;；|\n]")
_NOT_IN_ID = re.compile(r"[\W_]+")
# What a name, and what the shorter texts of a row, may take in characters: the columns on record hold 200.
_LONGEST_NAME, _LONGEST_WORD = 200, 100
_STATUSES: dict[str, TermStatus] = {
    **dict.fromkeys(("approved", "active", "accepted", "official", "valid", "批准", "已批准", "生效", "已生效", "有效", "正式", "启用"), "approved"),
    **dict.fromkeys(("draft", "proposed", "pending", "candidate", "new", "inreview", "草稿", "待定", "待审批", "待审核", "拟定", "候选"), "draft"),
    **dict.fromkeys(("retired", "deprecated", "obsolete", "inactive", "withdrawn", "停用", "废弃", "作废", "已废止", "失效", "退役"), "retired"),
}  # fmt: skip
_KINDS = {"角色": "role", "实体": "entity", "对象": "entity", "事件": "event", "值": "value", "值对象": "value", "指标": "value",
          "流程": "process", "过程": "process", "规则": "rule", "限界上下文": "bounded-context"}  # fmt: skip


class Rows(Protocol):
    """What reads the rows of a sheet, outside this process."""

    async def rows(self, path: Path, sheet: str | None = None) -> list[list[str]]:
        """Return the rows of a CSV or XLSX file as texts. Raises KnowledgeError where it cannot be read."""
        ...


async def read_list(
    path: Path, reader: Rows | None, mapping: Mapping[str, str], sheet: str | None, status: TermStatus
) -> TermList:
    """Return the terms of a file by its ending. Raises KnowledgeError where it cannot be read, or is none of these."""
    ending = path.suffix.lower()
    if not await asyncio.to_thread(path.is_file):
        raise KnowledgeError(f"There is no file {path}.", f"找不到文件 {path}。")
    if ending in (".yaml", ".yml"):
        return await asyncio.to_thread(lambda: terms_of_yaml(loaded_yaml(path), status))
    if ending not in (".csv", ".xlsx") or reader is None:
        raise KnowledgeError(
            f"{path.name} is no list of terms that can be read: save it as YAML, CSV or XLSX.",
            f"无法读取术语列表 {path.name}：请另存为 YAML、CSV 或 XLSX。",
        )
    rows = await reader.rows(path, sheet)
    return await asyncio.to_thread(terms_of_rows, rows, mapping, status)


def loaded_yaml(path: Path) -> Any:
    """Return what a YAML file holds. Raises KnowledgeError where it is unsound or passes a limit."""
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise KnowledgeError(f"{path.name} cannot be opened.", f"无法打开 {path.name}。", detail=str(error)) from error
    checked_size(raw)
    return safe_yaml(decoded(raw))


def terms_of_rows(rows: Sequence[Sequence[str]], mapping: Mapping[str, str], status: TermStatus) -> TermList:
    """Return the terms of a table; `status` is that of rows which name none.

    A missing id is made of the name. Raises KnowledgeError where no column of names is found.
    """
    columns = columns_of(rows, mapping)
    entries, notes = [], _Notes()
    counted = 0
    for number, row in enumerate(rows[columns.first :], columns.first + 1):
        if any(cell.strip() for cell in row):
            counted += 1
            entries += _of_row(row, columns, status, Place("row", str(number)), notes)
    return listed(counted, entries, notes.findings())


def terms_of_yaml(loaded: Any, status: TermStatus) -> TermList:
    """Return the terms of our YAML form, as it was loaded. Raises KnowledgeError naming the place that is unsound."""
    try:
        file: TermFile = shaped(loaded)
    except ValueError as error:
        raise KnowledgeError(f"The file is no list of terms: {error}.", f"文件不是术语列表：{error}。") from error
    entries = []
    for number, entry in enumerate(file.terms, 1):
        term = Term.of(entry.model_dump(exclude={"status"}) | {"status": entry.status or status})
        entries.append(Entry(term, (Place("entry", str(number)),)))
    return listed(len(entries), entries, [])


class _Notes:
    """What the rows leave open, gathered by kind and by the word that it is about."""

    def __init__(self) -> None:
        self._found: dict[tuple[FindingKind, str], dict[str, list[Entry]]] = {}

    def add(self, kind: FindingKind, name: str, entry: Entry) -> None:
        """Note what is open about a row."""
        self._found.setdefault((kind, name), {}).setdefault(entry.pair or "—", []).append(entry)

    def findings(self) -> list[TermFinding]:
        """Return one finding for each kind and word."""
        return [
            TermFinding(kind, name, tuple((label, tuple(those)) for label, those in options.items()))
            for (kind, name), options in self._found.items()
        ]


def _of_row(row: Sequence[str], columns: Columns, status: TermStatus, place: Place, notes: _Notes) -> list[Entry]:
    """Return the term of a row, or none where it is left out, which is noted."""
    written = " ".join(columns.values(row, "status"))
    known = _STATUSES.get(_word(written), "draft") if written else status
    entry = Entry(_term(row, columns, known), (place,))
    term = entry.term
    if not comparable(term.en + term.zh):
        notes.add("no-name", "", entry)
        return []
    if max(map(len, term.names)) > _LONGEST_NAME or max(map(len, (term.id, term.kind, term.context))) > _LONGEST_WORD:
        notes.add("too-long", "", replace(entry, term=replace(term, en=term.en[:40], zh=term.zh[:40])))
        return []
    if written and _word(written) not in _STATUSES:
        notes.add("unknown-status", written[:_LONGEST_WORD], entry)
    return [entry]


def _term(row: Sequence[str], columns: Columns, status: TermStatus) -> Term:
    """Return what a row says; values of either language go where their script belongs."""

    def one(field: str) -> str:
        return " ".join(" ".join(columns.values(row, field)).split())

    en, zh = _of_languages(columns, row, "name")
    meaning = _of_languages(columns, row, "definition")
    return Term(
        id=one("id"),
        kind=_KINDS.get(one("kind"), one("kind").lower()) or "entity",
        context=one("context"),
        en=one("en") or en,
        zh=one("zh") or zh,
        definition=Definition(one("definition_en") or meaning[0], one("definition_zh") or meaning[1]),
        aliases=_further(columns, row, "aliases"),
        forbidden=_further(columns, row, "forbidden"),
        owner=one("owner"),
        status=status,
    )


def _further(columns: Columns, row: Sequence[str], field: str) -> Names:
    """Return the single values of columns of either language and of each."""
    english, chinese = _by_script(_several(columns.values(row, field)))
    return Names(
        _several([*english, *columns.values(row, f"{field}_en")]), _several([*chinese, *columns.values(row, f"{field}_zh")])
    )


def _of_languages(columns: Columns, row: Sequence[str], field: str) -> tuple[str, str]:
    """Return what columns of either language say, in English and in Chinese, each on one line."""
    english, chinese = _by_script([" ".join(text.split()) for text in columns.values(row, field)])
    return " ".join(english), " ".join(chinese)


def _by_script(texts: Iterable[str]) -> tuple[list[str], list[str]]:
    """Return texts without Han characters, and texts with them."""
    english: list[str] = []
    chinese: list[str] = []
    for text in texts:
        (chinese if has_han(text) else english).append(text)
    return english, chinese


def _several(cells: Iterable[str]) -> tuple[str, ...]:
    """Return the single values of cells, each once."""
    values = (" ".join(value.split()) for cell in cells for value in _PARTED.split(cell))
    return tuple(dict.fromkeys(value for value in values if value))


def _word(text: str) -> str:
    """Return a word of a closed list as it is compared."""
    return _NOT_IN_ID.sub("", text.casefold())
