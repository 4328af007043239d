"""PDF."""

import pytest

from knowledge.reading.pdf import read_pdf
from knowledge.reading.section import CannotRead
from tests.doubles.office_files import pictures_pdf, procedure_pdf


def test_pages_stand_below_their_bookmarks() -> None:
    reading = read_pdf(procedure_pdf(), "disputes.pdf")
    assert reading.title == "Dispute procedure"
    assert [section.trail for section in reading.sections] == [
        ("Dispute procedure", "p. 1"),
        ("Dispute procedure", "Evidence", "p. 2"),
        ("Dispute procedure", "争议处理", "p. 3"),
        ("Dispute procedure", "Closing", "p. 4"),
    ]


def test_text_of_both_languages_is_made_whole_again() -> None:
    sections = read_pdf(procedure_pdf(), "disputes.pdf").sections
    assert "within sixty days of the statement on which it stands" in sections[0].text
    assert sections[0].text.endswith("- The payment is frozen.\n- The merchant is asked.")
    assert sections[2].text == "持卡人可在账单日起六十日内对交易提出争议。客服人员录入争议后，须在五个工作日内答复客户。"


def test_running_heads_and_page_numbers_are_left_out() -> None:
    text = "".join(section.text for section in read_pdf(procedure_pdf(), "disputes.pdf").sections)
    assert "Operations Manual" not in text
    assert "Page" not in text


@pytest.mark.parametrize(
    ("raw", "words", "chinese"),
    [
        (procedure_pdf(password="secret"), "locked by a password", "密码"),
        (pictures_pdf(), "pictures only", "图片"),
        (b"%PDF-1.7\nbroken", "damaged", "损坏"),
        (procedure_pdf()[:900], "damaged", "损坏"),
    ],
)
def test_what_cannot_be_read_is_refused_with_what_to_do(raw: bytes, words: str, chinese: str) -> None:
    with pytest.raises(CannotRead, match=words) as refusal:
        read_pdf(raw, "a.pdf")
    assert chinese in refusal.value.zh


def test_more_than_2_000_pages_are_refused() -> None:
    with pytest.raises(CannotRead, match="2,001 pages; the limit is 2,000"):
        read_pdf(procedure_pdf([("", "")] * 2001), "a.pdf")
