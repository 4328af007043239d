"""Printed lines."""

from knowledge.reading.lines import paragraphs_of, without_running_lines


def test_lines_become_paragraphs_and_cut_words_are_joined() -> None:
    lines = [
        "A customer may dispute a payment within sixty days of the state-",
        "ment on which it stands, and is answered within five business days.",
        "Short end.",
        "The next paragraph begins here and goes on to the end of the line,",
        "then ends.",
    ]
    assert paragraphs_of(lines) == (
        "A customer may dispute a payment within sixty days of the statement on which it stands, and is answered within five "
        "business days. Short end.\n\nThe next paragraph begins here and goes on to the end of the line, then ends."
    )


def test_chinese_lines_are_joined_without_a_space() -> None:
    assert paragraphs_of(["持卡人可在账单日起六十日内对交易提出争", "议。"]) == "持卡人可在账单日起六十日内对交易提出争议。"


def test_bullets_are_a_list() -> None:
    assert paragraphs_of(["• one thing to do", "• another thing"]) == "- one thing to do\n- another thing"


def test_running_heads_and_page_numbers_are_left_out() -> None:
    pages = [["Bank of Example", f"text {name}", "middle", f"text {name}", f"- {number} -"] for number, name in enumerate("abc")]
    assert without_running_lines(pages) == [[f"text {name}", "middle", f"text {name}"] for name in "abc"]


def test_of_two_pages_nothing_is_taken() -> None:
    assert without_running_lines([["same", "a"], ["same", "b"]]) == [["same", "a"], ["same", "b"]]
