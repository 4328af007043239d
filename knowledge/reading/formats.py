"""Reads a file of any known format into sections; runs in the reading process, where a hostile file harms nobody."""

import re
from collections.abc import Callable
from typing import Any, Final

from knowledge.reading.limits import checked_size, decoded, safe_json, safe_yaml
from knowledge.reading.recognition import PACKED_SUFFIXES, TEXT_SUFFIXES, packed_kind, text_kind
from knowledge.reading.section import CannotRead, Reading, Section

SUFFIXES: Final = frozenset([*PACKED_SUFFIXES, *TEXT_SUFFIXES]) - {""}

_LONGEST_NAME = 200  # characters of a heading
_DEEPEST_TRAIL = 12
# What PostgreSQL, JSON or a terminal would stumble over.
_UNSOUND = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


def read(name: str, raw: bytes) -> Reading:
    """Return what a file says; `name` is that of the file, `raw` its bytes. Raises CannotRead, whatever is wrong with it."""
    reading = _guarded(_read, name, raw)
    sections = tuple(_sound_section(section) for section in reading.sections)
    sections = tuple(section for section in sections if section.text.strip())
    if not sections:
        raise CannotRead("There is no text in it.", "其中没有文字。")
    return Reading(_sound(reading.title, 300) or name, sections, reading.type, reading.front)


def rows(name: str, raw: bytes, sheet: str | None = None) -> list[list[str]]:
    """Return the rows of a CSV or XLSX file as text, the header first; `sheet` names one of a workbook. Raises CannotRead."""
    found = _guarded(_rows, name, raw, sheet)
    return [[_UNSOUND.sub("", cell) for cell in row] for row in found]


def _guarded(reads: Callable[..., Any], name: str, raw: bytes, *more: str | None) -> Any:
    """Call a reader; whatever its library raises on an unsound file becomes a refusal."""
    checked_size(raw)
    try:
        return reads(name, raw, *more)
    except (CannotRead, MemoryError):
        raise
    except RecursionError as error:
        raise CannotRead(
            "Its parts are nested too deep: save it anew with fewer levels.", "内容嵌套过深：请减少层级后重新保存。"
        ) from error
    except Exception as error:
        raise CannotRead(
            "It is damaged or not what its format asks for: open it in its own program and save it again.",
            "文件已损坏，或不符合其格式：请用原程序打开后重新保存。",
            detail=f"{type(error).__name__}: {error}"[:500],
        ) from error


def _read(name: str, raw: bytes) -> Reading:
    kind = packed_kind(name, raw)
    if not kind:
        return _read_text(name, decoded(raw))
    if kind == "docx":
        from knowledge.reading.docx import read_docx

        return read_docx(raw, name)
    if kind == "pdf":
        from knowledge.reading.pdf import read_pdf

        return read_pdf(raw, name)
    if kind == "pptx":
        from knowledge.reading.pptx import read_pptx

        return read_pptx(raw, name)
    from knowledge.reading.xlsx import read_xlsx

    return read_xlsx(raw, name)


def _read_text(name: str, text: str) -> Reading:
    """Read what is text, each kind by its own module, which is loaded when first needed."""
    kind = text_kind(name, text)
    if kind in ("json", "yaml"):
        return _read_data(name, safe_json(text) if kind == "json" else safe_yaml(text))
    if kind == "html":
        from knowledge.reading.html import read_html

        return read_html(text, name)
    if kind == "csv":
        from knowledge.reading.tabular_csv import read_csv

        return read_csv(text, name)
    if kind == "feature":
        from knowledge.reading.feature import read_feature

        return read_feature(text, name)
    if kind == "diagram":
        from knowledge.reading.diagrams import read_diagram

        return read_diagram(text, name)
    return _read_prose(name, text, kind)


def _read_prose(name: str, text: str, kind: str) -> Reading:
    """Read Markdown, or plain text, which may be an export of git's history."""
    from knowledge.reading.markdown import read_markdown

    if kind == "text":
        from knowledge.reading.git_log import read_git_log

        if history := read_git_log(text, name):
            return history
    return read_markdown(text, name)


def _read_data(name: str, data: Any) -> Reading:
    """Read JSON or YAML: an API, a Postman collection, or an outline of what it holds."""
    from knowledge.reading.api_openapi import read_openapi
    from knowledge.reading.api_postman import read_postman
    from knowledge.reading.outline import read_outline

    return read_openapi(name, data) or read_postman(name, data) or read_outline(data, name)


def _rows(name: str, raw: bytes, sheet: str | None) -> list[list[str]]:
    kind = packed_kind(name, raw) or text_kind(name, text := decoded(raw))
    if kind == "xlsx":
        from knowledge.reading.xlsx import xlsx_rows

        return xlsx_rows(raw, sheet)
    if kind == "csv":
        from knowledge.reading.tabular_csv import csv_rows

        return csv_rows(text)
    raise CannotRead("It is no table: give a CSV or XLSX file.", "这不是表格：请提供 CSV 或 XLSX 文件。")


def _sound_section(section: Section) -> Section:
    """Return a section without signs that cannot be kept; what is cut from a heading stands in the text instead."""
    text = _UNSOUND.sub("", section.text)
    last = section.trail[-1] if section.trail else ""
    if len(last) > _LONGEST_NAME:
        text = f"{_UNSOUND.sub('', last)}\n\n{text}"
    trail = tuple(_sound(name, _LONGEST_NAME) for name in section.trail[:_DEEPEST_TRAIL])
    return Section(trail, text, section.whole)


def _sound(name: str, longest: int) -> str:
    plain = " ".join(_UNSOUND.sub("", name[: 4 * longest]).split())
    return plain if len(plain) <= longest else f"{plain[: longest - 1]}…"
