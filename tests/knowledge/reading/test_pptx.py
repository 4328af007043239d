"""PPTX."""

from knowledge.reading.pptx import read_pptx
from tests.doubles.office_files import product_training_pptx


def test_a_slide_is_a_section_below_its_title() -> None:
    reading = read_pptx(product_training_pptx(), "training.pptx")
    assert reading.title == "Instant transfers"
    assert [section.trail for section in reading.sections] == [("Instant transfers",), ("限额一览",), ("p. 3",)]


def test_bullets_notes_and_tables_are_read() -> None:
    first, second, third = read_pptx(product_training_pptx(), "training.pptx").sections
    assert first.text == "- Settled within ten seconds\n  - around the clock\n\nMention the fee of CNY 2."
    assert second.text.splitlines()[0] == "| 渠道 | 单笔限额 | 单日限额 | 审批 |"
    assert third.text == "Questions to the payments desk"
