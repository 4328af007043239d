"""Markdown as we write it: texts escaped so that they are read as they were written, sources numbered."""

import re
from collections.abc import Sequence

from errors import Language
from formats.document import Block, Bullets, Code, Document, Heading, Paragraph, Picture, Table
from formats.printable import printable

SOURCES = {"en": "Sources", "zh": "资料来源"}
# Only at the beginning of a line would they close a fence.
_TICKS = re.compile(r"^[ \t]*(`{3,})", re.MULTILINE)


def escape_markdown(text: str) -> str:
    """Return a text in which nothing is markup, a link, an image or HTML, on one line."""
    escaped = re.sub(r"([\\`*_\[\]<>#|~!&@]|(?<=\w):(?=//)|(?<=www)\.)", r"\\\1", " ".join(text.split()))
    return re.sub(r"^(?:(\d{1,9})(?=[.)])|(?=[-+=]))", r"\1\\", escaped)


def source_list(sources: Sequence[tuple[str, str]], language: Language) -> list[str]:
    """Return the lines of a numbered list of sources, each a title and where in the asset it stands; nothing without sources."""
    if not sources:
        return []
    lines = [f"## {SOURCES[language]}", ""]
    for number, (title, breadcrumb) in enumerate(sources, 1):
        where = f" › {escape_markdown(breadcrumb)}" if breadcrumb and breadcrumb != title else ""
        lines.append(f"{number}. {escape_markdown(title)}{where}")
    return lines


def render_markdown(document: Document) -> str:
    """Return a document as Markdown: the title, its blocks, the numbered sources at the end."""
    lines = [f"# {_line(document.title)}", ""]
    for block in document.blocks:
        lines += [*_block(block), ""]
    lines += source_list(document.sources, document.language)
    return printable("\n".join(lines)).rstrip() + "\n"


def _block(block: Block) -> list[str]:
    """Return the lines of a block."""
    match block:
        case Heading():
            return [f"{'#' * (min(max(block.level, 1), 4) + 1)} {_line(block.text)}"]
        case Paragraph():
            return [" ".join(part for part in (_bold(block.keyword), _line(block.text)) if part)]
        case Bullets():
            return [f"- {_line(text)}" for text in block.texts]
        case Table():
            return table_lines(block)
        case Code():
            return _fenced(block.notation, block.text)
        case Picture():
            return [_bold(block.title), "", *_fenced("mermaid", block.mermaid)]


def _line(text: str) -> str:
    """Return a text in which nothing is markup and every character is allowed."""
    return escape_markdown(printable(text))


def _bold(text: str) -> str:
    """Return a text in bold; nothing of an empty one, whose asterisks would be a rule."""
    line = _line(text)
    return f"**{line}**" if line else ""


def table_lines(table: Table) -> list[str]:
    """Return the lines of a table; an empty heading keeps a space, by which it stays a cell."""
    rows = [[_line(cell) or " " for cell in row] for row in (table.columns, *table.rows)]
    told = [f"| {' | '.join(row)} |" for row in rows]
    return [told[0], f"|{'---|' * len(table.columns)}", *told[1:]]


def _fenced(notation: str, text: str) -> list[str]:
    """Return a text as it is, in a fence that is longer than any in it."""
    longest = max((len(run) for run in _TICKS.findall(text)), default=2)
    fence = "`" * max(3, longest + 1)
    return [f"{fence}{re.sub(r'[^A-Za-z0-9_+-]', '', notation)}", *printable(text).rstrip().split("\n"), fence]
