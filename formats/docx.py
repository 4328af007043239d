"""A document as DOCX, for Word and its kin: styled, with Chinese fonts, and with nothing in it that acts or points outside."""

import io
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from formats.document import Block, Bullets, Code, Document, Heading, Paragraph, Picture, Table
from formats.html import Draw, drawn_or_none
from formats.markdown import SOURCES
from formats.printable import printable, printable_line

if TYPE_CHECKING:
    from docx.document import Document as WordDocument
    from docx.styles.style import ParagraphStyle

# With more columns a table does not fit an upright page.
WIDEST_UPRIGHT = 5
# A diagram is drawn at twice its size, sharp on paper: so many dots an inch.
DENSITY = 192
_LATIN, _CHINESE, _MONOSPACED = "Calibri", "Microsoft YaHei", "Consolas"
_CODE = "Source Code"
MIME = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def render_docx(document: Document, draw: Draw | None = None) -> bytes:
    """Return the document as a DOCX file.

    `draw` makes a PNG (192 dots an inch) of a diagram's Mermaid source and raises ValueError where it cannot; the source stands in its place then.
    """
    import docx

    word = docx.Document()
    _prepare(word, document)
    word.add_heading(printable_line(document.title), 0)
    for block in document.blocks:
        _add(word, block, draw)
    if document.sources:
        word.add_heading(SOURCES[document.language], 1)
        for title, where in document.sources:
            told = title + (f" › {where}" if where and where != title else "")
            word.add_paragraph(printable_line(told), style="List Number")
    buffer = io.BytesIO()
    word.save(buffer)
    return buffer.getvalue()


def _prepare(word: "WordDocument", document: Document) -> None:
    """Name the document, lay wide tables on a page on its side, and give every style fonts that hold both scripts."""
    from docx.enum.section import WD_ORIENT
    from docx.enum.style import WD_STYLE_TYPE
    from docx.shared import Pt

    core = word.core_properties
    core.title, core.author, core.comments = printable_line(document.title)[:255], "Stagecraft", ""
    core.last_modified_by, core.created, core.modified = "Stagecraft", datetime.now(UTC), datetime.now(UTC)
    core.language = "zh-CN" if document.language == "zh" else "en"
    section = word.sections[0]
    if any(isinstance(block, Table) and len(block.columns) > WIDEST_UPRIGHT for block in document.blocks):
        section.orientation = WD_ORIENT.LANDSCAPE
        section.page_width, section.page_height = section.page_height, section.page_width
    code = word.styles.add_style(_CODE, WD_STYLE_TYPE.PARAGRAPH)
    code.base_style = word.styles["Normal"]
    code.font.size = Pt(9)
    _set_fonts(code, _MONOSPACED)
    for name in ("Normal", "Title", *(f"Heading {level}" for level in range(1, 5))):
        _set_fonts(word.styles[name], _LATIN)


def _set_fonts(style: "ParagraphStyle", latin: str) -> None:
    """Name the fonts of a style outright: those of the theme know no Chinese."""
    from docx.oxml.ns import qn

    style.font.name = latin
    fonts: Any = style.element.rPr.rFonts
    for name in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{name}"), None)
    fonts.set(qn("w:eastAsia"), _CHINESE)


def _add(word: "WordDocument", block: Block, draw: Draw | None) -> None:
    """Add a block to the end."""
    match block:
        case Heading():
            word.add_heading(printable_line(block.text), min(max(block.level, 1), 4))
        case Paragraph():
            _add_paragraph(word, block.keyword, block.text)
        case Bullets():
            for text in block.texts:
                word.add_paragraph(printable_line(text), style="List Bullet")
        case Table():
            _add_table(word, block.columns, block.rows)
        case Code():
            word.add_paragraph(printable(block.text).rstrip(), style=_CODE)
        case Picture():
            _add_picture(word, block, draw)


def _add_paragraph(word: "WordDocument", keyword: str, text: str) -> None:
    """Add a paragraph, its keyword in bold."""
    paragraph = word.add_paragraph()
    if keyword.strip():
        paragraph.add_run(f"{printable_line(keyword)} ").bold = True
    paragraph.add_run(printable(text))


def _add_table(word: "WordDocument", columns: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Add a table whose heading is set in bold and comes again on every page."""
    from docx.oxml.ns import qn
    from docx.oxml.parser import OxmlElement

    table = word.add_table(rows=1, cols=max(1, len(columns)), style="Table Grid")
    heading = table.rows[0]
    for cell, text in zip(heading.cells, columns, strict=False):
        cell.paragraphs[0].add_run(printable(text)).bold = True
    again = OxmlElement("w:tblHeader")
    again.set(qn("w:val"), "true")
    properties: Any = heading._tr.get_or_add_trPr()  # noqa: SLF001 - python-docx has no name of its own for it
    properties.append(again)
    for row in rows:
        for cell, text in zip(table.add_row().cells, row, strict=False):
            cell.paragraphs[0].add_run(printable(text))
    word.add_paragraph()


def _add_picture(word: "WordDocument", picture: Picture, draw: Draw | None) -> None:
    """Add a diagram, no wider and no higher than the page, or its source where it is not drawn."""
    drawn = drawn_or_none(picture.mermaid, draw)
    if drawn is None:
        word.add_paragraph().add_run(printable_line(picture.title)).bold = True
        word.add_paragraph(printable(picture.mermaid).rstrip(), style=_CODE)
        return
    section = word.sections[0]
    assert section.page_width
    assert section.page_height
    assert section.left_margin is not None
    assert section.right_margin is not None
    width = section.page_width - section.left_margin - section.right_margin
    height = int(section.page_height * 0.7)
    shape = word.add_picture(io.BytesIO(drawn))
    # A PNG that does not say its density counts as 72 dots an inch.
    scale = min(72 / DENSITY, width / shape.width, height / shape.height)
    shape.width, shape.height = int(shape.width * scale), int(shape.height * scale)
    shape._inline.docPr.set("descr", printable_line(picture.title))  # noqa: SLF001 - python-docx has no name of its own for it
    word.add_paragraph(printable_line(picture.title), style="Caption")
