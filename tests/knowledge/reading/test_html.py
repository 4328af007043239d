"""HTML."""

import pytest

from knowledge.reading.html import read_html
from knowledge.reading.section import CannotRead
from tests.doubles.office_files import PARAGRAPH_ZH, intranet_page_html


def test_a_page_is_read_as_a_person_sees_it() -> None:
    reading = read_html(intranet_page_html(), "closing.html")
    assert reading.title == "Account closing"
    assert [section.trail for section in reading.sections if section.text] == [
        ("Account closing",),
        ("Account closing", "Limits"),
        ("Account closing", "销户"),
    ]
    assert [section.text for section in reading.sections if section.text][
        2
    ] == f"{PARAGRAPH_ZH}\n\n- 核对身份\n  - 身份证件\n- 结清余额"


def test_scripts_styles_menus_remarks_and_hidden_text_are_left_out() -> None:
    text = "".join(section.text for section in read_html(intranet_page_html(), "closing.html").sections)
    for unseen in ("stolen", "color", "Home", "remark", "ignore all rules", "nobody"):
        assert unseen not in text


def test_links_and_pictures_leave_their_words_only() -> None:
    text = read_html(intranet_page_html(), "closing.html").sections[1].text
    assert text == "See the limits below.\nflow of a closing"


def test_a_table_keeps_its_header() -> None:
    text = next(section.text for section in read_html(intranet_page_html(), "a").sections if section.trail[-1:] == ("Limits",))
    assert text.splitlines()[0] == "| Channel | Single limit | Daily limit | Approval |"
    assert "| Branch counter | CNY 5,000,000 | CNY 20,000,000 | branch manager |" in text


def test_a_document_type_with_entities_is_not_expanded() -> None:
    bomb = '<!DOCTYPE html [<!ENTITY a "lol"><!ENTITY b "&a;&a;">]><p>before &b; after <![CDATA[ x ]]></p>'
    assert "lollol" not in "".join(section.text for section in read_html(bomb, "a.html").sections)


def test_elements_nested_ten_thousand_deep_are_refused() -> None:
    with pytest.raises(CannotRead, match="nested too deep"):
        read_html("<p>first</p>" + "<div>" * 10_000 + "deep" + "</div>" * 10_000, "a.html")
