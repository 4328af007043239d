"""What crosses from the reading process to the house."""

from knowledge.reading.section import CannotRead, Reading, Section


def test_a_reading_survives_the_way_to_the_house() -> None:
    reading = Reading("限额", (Section(("A", "B"), "text\n\n| a |", whole=True), Section((), "")), "api", "title: x")
    assert Reading.from_json(reading.to_json().encode("utf-8")) == reading


def test_a_refusal_has_its_sentence_in_both_languages() -> None:
    refusal = CannotRead("It is empty.", "文件为空。")
    assert (refusal.sentence("en"), refusal.sentence("zh")) == ("It is empty.", "文件为空。")
