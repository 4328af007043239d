"""What XML cannot hold is left out; everything else stays."""

import pytest

from formats.printable import printable, printable_line
from tests.doubles.hostile_cells import CONTROLS


@pytest.mark.parametrize("text", CONTROLS)
def test_refused_characters_are_left_out(text: str) -> None:
    told = printable(text)
    assert all(sign in "\t\n" or ord(sign) >= 0x20 for sign in told)
    told.encode()


@pytest.mark.parametrize("text", ["客户 😀 مرحبا", "a\tb\nc", "a\u200bb", ""])
def test_any_other_text_stays(text: str) -> None:
    assert printable(text) == text


def test_every_end_of_a_line_is_a_line_feed() -> None:
    assert printable("a\r\nb\rc\u2028d\x85e") == "a\nb\nc\nd\ne"


def test_a_line_holds_no_break() -> None:
    assert printable_line(" a\r\n b\x00\tc ") == "a b c"
