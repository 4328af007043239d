"""The model that every notation of a domain model is made of."""

import pytest

from formats.class_model import multiplicity, one_line


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("1", "1"),
        ("1..1", "1"),
        ("*", "0..*"),
        ("n", "0..*"),
        ("many", "0..*"),
        ("0..n", "0..*"),
        ("0 .. *", "0..*"),
        ("多", "0..*"),
        ("1..n", "1..*"),
        ("1..*", "1..*"),
        ("0..1", "0..1"),
        ("2..4", "2..4"),
        ("", ""),
    ],
)
def test_the_many_ways_to_write_a_multiplicity_are_four(written: str, read: str) -> None:
    assert multiplicity(written) == read


def test_a_text_is_put_on_one_line_without_control_signs() -> None:
    assert one_line(" a\n b\x00\tc\u2028d ") == "a b c d"
