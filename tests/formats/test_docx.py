"""An exported DOCX opens as a document, holds Chinese fonts, and has nothing in it that acts or points outside."""

import io
import re
import struct
import zipfile
import zlib

import docx
import pytest
from defusedxml import ElementTree
from docx.enum.section import WD_ORIENT

from formats.document import Block, Bullets, Code, Document, Heading, Paragraph, Picture, Table
from formats.docx import render_docx
from formats.printable import printable
from tests.doubles.hostile_cells import HOSTILE

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
ACTING = {f"{W}{name}" for name in ("fldSimple", "fldChar", "instrText", "hyperlink", "object", "altChunk", "control")}


def chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


PNG = (
    b"\x89PNG\r\n\x1a\n"
    + chunk(b"IHDR", struct.pack(">IIBBBBB", 192, 96, 8, 0, 0, 0, 0))
    + chunk(b"IDAT", zlib.compress(b"\x00" * 193 * 96))
    + chunk(b"IEND", b"")
)


def everything(text: str) -> list[Block]:
    return [
        Heading(1, text),
        Paragraph(text, text),
        Bullets([text]),
        Table([text, "b"], [[text, "2"]]),
        Code("gherkin", text),
        Picture(text, text),
    ]


def written(*blocks: Block, draw: object = None) -> bytes:
    return render_docx(Document("Title", "zh", blocks, [("Guide", "Part")]), draw)  # type: ignore[arg-type]


@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_in_the_file_acts_or_points_outside(text: str) -> None:
    content = render_docx(Document(text, "en", everything(text), [(text, text)]))
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.testzip() is None
        for name in archive.namelist():
            assert not re.search(r"vba|macro|activeX|embeddings|oleObject", name, re.IGNORECASE)
            if name.endswith((".xml", ".rels")):
                tree = ElementTree.fromstring(archive.read(name))
                assert not {element.tag for element in tree.iter()} & ACTING, name
                assert "External" not in {element.get("TargetMode") for element in tree.iter()}, name
    told = docx.Document(io.BytesIO(content)).tables[0].cell(1, 0).text
    assert told.split() == printable(text).split()


def test_a_document_is_told_block_by_block() -> None:
    word = docx.Document(io.BytesIO(written(*everything("words"))))
    styles = [paragraph.style.name for paragraph in word.paragraphs if paragraph.style and paragraph.text]
    assert styles == [
        "Title",
        "Heading 1",
        "Normal",
        "List Bullet",
        "Source Code",
        "Normal",
        "Source Code",
        "Heading 1",
        "List Number",
    ]
    assert [[cell.text for cell in row.cells] for row in word.tables[0].rows] == [["words", "b"], ["words", "2"]]
    assert word.paragraphs[2].runs[0].bold
    assert word.paragraphs[-1].text == "Guide › Part"
    assert word.core_properties.title == "Title"


def test_every_style_names_a_chinese_font_outright() -> None:
    word = docx.Document(io.BytesIO(written()))
    for name in ("Normal", "Title", "Heading 1", "Heading 3", "Source Code"):
        fonts = word.styles[name].element.rPr.rFonts
        assert fonts.get(f"{W}eastAsia") == "Microsoft YaHei", name
        assert fonts.get(f"{W}eastAsiaTheme") is None, name


def test_code_keeps_its_lines_and_indents() -> None:
    word = docx.Document(io.BytesIO(written(Code("gherkin", "a\n  b\n\tc"))))
    assert [paragraph.text for paragraph in word.paragraphs if paragraph.style and paragraph.style.name == "Source Code"] == [
        "a\n  b\n\tc"
    ]


@pytest.mark.parametrize(("columns", "orientation"), [(3, WD_ORIENT.PORTRAIT), (7, WD_ORIENT.LANDSCAPE)])
def test_a_wide_table_lies_on_a_page_on_its_side(columns: int, orientation: WD_ORIENT) -> None:
    word = docx.Document(io.BytesIO(written(Table(["a"] * columns, [["1"] * columns]))))
    section = word.sections[0]
    assert section.orientation == orientation
    assert section.page_width is not None
    assert section.page_height is not None
    assert (section.page_width > section.page_height) == (orientation == WD_ORIENT.LANDSCAPE)


def test_a_diagram_is_a_picture_with_its_title() -> None:
    word = docx.Document(io.BytesIO(written(Picture("图", "pie"), draw=lambda _mermaid: PNG)))
    (shape,) = word.inline_shapes
    assert shape._inline.docPr.get("descr") == "图"
    assert word.paragraphs[2].text == "图"
    assert (shape.width.inches, shape.height.inches) == (1.0, 0.5)


def test_a_diagram_that_cannot_be_drawn_is_its_source() -> None:
    def refuse(_mermaid: str) -> bytes:
        raise ValueError("no diagram")

    word = docx.Document(io.BytesIO(written(Picture("图", "nonsense"), draw=refuse)))
    assert [paragraph.text for paragraph in word.paragraphs[1:3]] == ["图", "nonsense"]
