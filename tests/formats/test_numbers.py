"""Numbers are compared in one form, however they are written."""

import pytest

from formats.numbers import numbers, numbers_told


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("20,000 and 20000 and 20000.00", {"20000"}),
        ("２０，０００ 元", {"20000"}),
        ("2 万元, 20000 元", {"20000"}),
        ("1.5 亿", {"150000000"}),
        ("It costs 5,000.", {"5000"}),
        ("0.50", {"0.5"}),
        ("version 2.1.3", {"2.1.3"}),
        ("24/7 and T+1", {"24", "7", "1"}),
        ("none", set()),
        ("", set()),
    ],
)
def test_digits_are_read_in_one_form(text: str, found: set[str]) -> None:
    assert numbers(text) == found


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("二十四小时", "24"),
        ("两万元", "20000"),
        ("一百零五", "105"),
        ("十二笔", "12"),
        ("三万五千", "35000"),
        ("thirty days", "30"),
        ("Twenty-four hours", "24"),
        ("five thousand EUR", "5000"),
        ("a hundred", "100"),
        ("30 days", "30"),
    ],
)
def test_numbers_in_words_are_told_too(text: str, number: str) -> None:
    assert number in numbers_told(text)


def test_words_that_only_look_like_numbers_are_none() -> None:
    assert numbers_told("someone often attends") == set()
