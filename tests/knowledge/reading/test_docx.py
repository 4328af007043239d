"""DOCX."""

import io

import docx
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from knowledge.reading.docx import read_docx
from knowledge.reading.section import Section
from tests.doubles.office_files import LIMITS, PARAGRAPH, PARAGRAPH_ZH, transfer_standard_docx


def _texts(raw: bytes) -> list[Section]:
    return [section for section in read_docx(raw, "a.docx").sections if section.text]


def _document(*blocks: str) -> bytes:
    """A document of raw body elements."""
    document, target = docx.Document(), io.BytesIO()
    for place, block in enumerate(blocks):
        document.element.body.insert(place, parse_xml(block.replace(">", f" {nsdecls('w')}>", 1)))
    document.save(target)
    return target.getvalue()


def _paragraph(text: str, properties: str = "") -> str:
    return f"<w:p><w:pPr>{properties}</w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>"


def test_headings_are_the_trail_and_the_title_is_the_title() -> None:
    assert read_docx(transfer_standard_docx(), "a.docx").title == "Transfer standard"
    assert [section.trail for section in _texts(transfer_standard_docx())] == [
        (),
        ("Limits", "Release by a second officer"),
        ("Limits", "Table of limits"),
        ("限额",),
    ]


def test_paragraphs_and_lists_keep_their_order() -> None:
    texts = _texts(transfer_standard_docx())
    assert texts[1].text == f"{PARAGRAPH}\n\n- The payer is identified.\n- The payee is screened against the sanctions list."
    assert texts[3].text == PARAGRAPH_ZH


def test_a_table_keeps_its_header_and_a_merged_cell_stands_once() -> None:
    lines = _texts(transfer_standard_docx())[2].text.splitlines()
    assert lines[0] == f"| {' | '.join(LIMITS[0])} |"
    assert lines[3] == f"| {' | '.join(LIMITS[2])} |"
    assert lines[5] == "| Limits of minors are halved. |  |  |  |"


def test_changes_are_read_as_accepted_and_footers_are_left_out() -> None:
    text = "".join(section.text for section in _texts(transfer_standard_docx()))
    assert "The limit is reviewed yearly" in text
    assert "monthly" not in text
    assert "Confidential" not in text


def test_a_cell_over_several_rows_stands_in_each_of_them() -> None:
    def row(first: str, second: str) -> str:
        return f"<w:tr><w:tc>{first}</w:tc><w:tc><w:p><w:r><w:t>{second}</w:t></w:r></w:p></w:tc></w:tr>"

    begun = '<w:tcPr><w:vMerge w:val="restart"/></w:tcPr><w:p><w:r><w:t>Mobile</w:t></w:r></w:p>'
    goes_on = "<w:tcPr><w:vMerge/></w:tcPr><w:p/>"
    head = "<w:p><w:r><w:t>Channel</w:t></w:r></w:p>"
    table = f"<w:tbl><w:tblPr/><w:tblGrid/>{row(head, 'Limit')}{row(begun, 'single')}{row(goes_on, 'daily')}</w:tbl>"
    assert _texts(_document(table))[0].text.splitlines()[2:] == ["| Mobile | single |", "| Mobile | daily |"]


def test_text_in_content_controls_is_read_and_the_table_of_contents_is_not() -> None:
    control = f"<w:sdt><w:sdtContent>{_paragraph('inside a control')}</w:sdtContent></w:sdt>"
    contents = _paragraph("Limits 3", '<w:pStyle w:val="TOC1"/>')
    style = '<w:style w:type="paragraph" w:styleId="TOC1"><w:name w:val="toc 1"/></w:style>'
    document, target = docx.Document(io.BytesIO(_document(control, contents))), io.BytesIO()
    document.styles.element.append(parse_xml(style.replace(">", f" {nsdecls('w')}>", 1)))
    document.save(target)
    assert [section.text for section in _texts(target.getvalue())] == ["inside a control"]


def test_a_heading_may_be_named_by_its_outline_level_alone() -> None:
    sections = _texts(_document(_paragraph("限额", '<w:outlineLvl w:val="1"/>'), _paragraph("text")))
    assert sections == [Section(("限额",), "text")]
