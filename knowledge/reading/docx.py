"""DOCX: paragraphs, lists and tables in the order of the document; deleted text, comments, headers and footers are left out."""

import io
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from knowledge.reading.limits import checked_zip
from knowledge.reading.markdown import title_of
from knowledge.reading.section import Reading, Section
from knowledge.reading.tables import as_markdown

if TYPE_CHECKING:
    from docx.document import Document

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_HEADING_STYLE = re.compile(r"(?:heading|标题)\s*([1-9])$", re.IGNORECASE)
_CONTENTS_STYLE = re.compile(r"(?:toc|table of figures|目录)\s*\d*$", re.IGNORECASE)
_BESIDE = {"tab": " ", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}
# What holds blocks or text in its turn: content controls, inserted text, custom marks.
_AROUND = {f"{_W}{name}" for name in ("sdt", "sdtContent", "ins", "moveTo", "customXml", "smartTag")}
_GONE = {f"{_W}{name}" for name in ("del", "moveFrom", "delText", "instrText")} | {_FALLBACK}


class _Styles:
    """What the styles of one document say of a paragraph: its heading level, whether it is a list or the table of contents."""

    def __init__(self, document: "Document") -> None:
        self._styles = {each.get(f"{_W}styleId"): each for each in document.styles.element.iter(f"{_W}style")}
        self._ordered = _ordered_lists(document)
        self._known: dict[str, tuple[int, bool]] = {}

    def heading(self, paragraph: Any) -> int:
        """Return 1 to 9 for a heading, 0 for text."""
        own = _value(paragraph, "pPr/outlineLvl")
        return int(own) + 1 if own.isdigit() and int(own) < 9 else self._of(paragraph)[0]

    def is_contents(self, paragraph: Any) -> bool:
        return self._of(paragraph)[1]

    def bullet(self, paragraph: Any) -> str:
        """Return the mark of a list's item with its indent, or nothing."""
        number, level = _value(paragraph, "pPr/numPr/numId"), _value(paragraph, "pPr/numPr/ilvl")
        if not number and not paragraph.findall(f"{_W}pPr/{_W}numPr"):
            number = self._inherited(_value(paragraph, "pPr/pStyle"), "pPr/numPr/numId")
        if not number or number == "0":
            return ""
        mark = "1. " if number in self._ordered else "- "
        return "  " * (int(level) if level.isdigit() else 0) + mark

    def _of(self, paragraph: Any) -> tuple[int, bool]:
        style = _value(paragraph, "pPr/pStyle")
        if style not in self._known:
            name = self._name(style)
            named, outline = _HEADING_STYLE.search(name), self._inherited(style, "pPr/outlineLvl")
            level = int(named.group(1)) if named else int(outline) + 1 if outline.isdigit() and int(outline) < 9 else 0
            self._known[style] = (level, bool(_CONTENTS_STYLE.match(name)))
        return self._known[style]

    def _name(self, style: str) -> str:
        return _value(self._styles[style], "name") if style in self._styles else ""

    def _inherited(self, style: str, place: str) -> str:
        """Return a value of a style or of those that it is based on."""
        seen: set[str] = set()
        while style in self._styles and style not in seen:
            seen.add(style)
            if value := _value(self._styles[style], place):
                return value
            style = _value(self._styles[style], "basedOn")
        return ""


def read_docx(raw: bytes, name: str) -> Reading:
    """Read a Word document; its title is that of its properties, or its paragraph of style Title. Raises CannotRead."""
    checked_zip(raw).close()
    import docx

    document = docx.Document(io.BytesIO(raw))
    sections, headline = _sections(document)
    return Reading(headline or (document.core_properties.title or "").strip() or title_of(name), tuple(sections))


def _sections(document: "Document") -> tuple[list[Section], str]:
    """Walk the body; return its sections and what stands in the style Title."""
    styles, sections, headline = _Styles(document), [], ""
    trail: list[tuple[int, str]] = []
    blocks: list[str] = []
    for block in _blocks(document.element.body):
        text = _table(block) if block.tag == f"{_W}tbl" else _text(block)
        if not text or styles.is_contents(block):
            continue
        level = styles.heading(block)
        if level:
            sections.append(_section(trail, blocks))
            trail, blocks = [(above, title) for above, title in trail if above < level] + [(level, _one_line(text))], []
        elif not headline and not sections and _value(block, "pPr/pStyle") == "Title":
            headline = _one_line(text)
        else:
            blocks.append(styles.bullet(block) + text)
    return [*sections, _section(trail, blocks)], headline


def _section(trail: list[tuple[int, str]], blocks: list[str]) -> Section:
    """Join blocks; items of a list stand on neighbouring lines."""
    text = ""
    for before, block in zip(["", *blocks], blocks, strict=False):
        text += ("\n" if _is_item(before) and _is_item(block) else "\n\n") + block
    return Section(tuple(title for _, title in trail), text.strip("\n"))


def _is_item(block: str) -> bool:
    return block.lstrip().startswith(("- ", "1. "))


def _blocks(around: Any) -> Iterator[Any]:
    """Yield paragraphs and tables in order, also those inside content controls and inserted passages."""
    for element in around:
        if element.tag in (f"{_W}p", f"{_W}tbl"):
            yield element
        elif element.tag in _AROUND:
            yield from _blocks(element)


def _text(element: Any) -> str:
    """Return the text of a paragraph or run as it stands after all changes are accepted."""
    parts = []
    for child in element:
        if child.tag in _GONE or not isinstance(child.tag, str):
            continue
        if child.tag == f"{_W}t":
            parts.append(child.text or "")
        elif (name := child.tag.removeprefix(_W)) in _BESIDE:
            parts.append(_BESIDE[name])
        elif name not in ("pPr", "rPr", "tbl"):
            parts.append(_text(child))
    return "".join(parts).strip() if element.tag == f"{_W}p" else "".join(parts)


def _table(table: Any) -> str:
    """Return a table as Markdown: a cell over several columns stands once, one over several rows in each of them."""
    rows: list[list[str]] = []
    for row in (each for each in _within(table) if each.tag == f"{_W}tr"):
        cells: list[str] = []
        for cell in (each for each in _within(row) if each.tag == f"{_W}tc"):
            above = rows[-1] if rows and _continues(cell) else []
            text = above[len(cells)] if len(above) > len(cells) else _cell(cell)
            span = _value(cell, "tcPr/gridSpan")
            cells += [text, *[""] * (min(int(span), 100) - 1 if span.isdigit() else 0)]
        rows.append(cells)
    rows = [row for row in rows if any(row)]
    return as_markdown(rows[0], rows[1:]) if rows else ""


def _within(element: Any) -> Iterator[Any]:
    for child in element:
        if child.tag in _AROUND:
            yield from _within(child)
        else:
            yield child


def _continues(cell: Any) -> bool:
    merged = cell.find(f"{_W}tcPr/{_W}vMerge")
    return merged is not None and merged.get(f"{_W}val") in (None, "continue")


def _cell(cell: Any) -> str:
    """Return a cell on one line; a table inside it row by row."""
    blocks = (_table(each).replace("|", " ") if each.tag == f"{_W}tbl" else _text(each) for each in _blocks(cell))
    return _one_line(" ".join(blocks))


def _ordered_lists(document: "Document") -> set[str]:
    """Return the lists that count instead of having bullets."""
    from docx.opc.constants import RELATIONSHIP_TYPE

    if not any(each.reltype == RELATIONSHIP_TYPE.NUMBERING for each in document.part.rels.values()):
        return set()
    numbering = document.part.numbering_part.element
    bulleted = {
        each.get(f"{_W}abstractNumId")
        for each in numbering.iter(f"{_W}abstractNum")
        if _value(each, "lvl/numFmt") in ("bullet", "none", "")
    }
    return {each.get(f"{_W}numId") for each in numbering.iter(f"{_W}num") if _value(each, "abstractNumId") not in bulleted}


def _value(element: Any, place: str) -> str:
    """Return the value of the first element at a place below another, or nothing."""
    found = element.find("/".join(f"{_W}{name}" for name in place.split("/")))
    return "" if found is None else found.get(f"{_W}val") or ""


def _one_line(text: str) -> str:
    return " ".join(text.split())
