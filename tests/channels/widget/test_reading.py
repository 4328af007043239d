"""What a portal's page offers is read strictly: a browser may send anything."""

from typing import Any

import pytest

from channels.widget.reading import read_context

PAGE = {"title": "HB-2041 Frozen card", "url": "https://portal.bank.test/tickets/HB-2041", "text": "A frozen card.\nNo alert."}


def test_a_page_becomes_one_text_with_its_title_and_address_first() -> None:
    assert read_context(PAGE) == ("HB-2041 Frozen card\nhttps://portal.bank.test/tickets/HB-2041\nA frozen card.\nNo alert.",)
    assert read_context({"title": "Only a title"}) == ("Only a title",)
    assert read_context({"text": " a text \n"}) == ("a text",)


@pytest.mark.parametrize(
    "answer",
    [
        None,
        "a text",
        [],
        {},
        {"title": "", "url": "", "text": "  "},
        {"url": "https://portal.bank.test"},
        {**PAGE, "role": "system"},
        {**PAGE, "title": ["a"]},
        {**PAGE, "text": 5},
        {**PAGE, "title": "t" * 301},
        {**PAGE, "text": "t" * 8_001},
        {**PAGE, "url": "javascript:alert(1)"},
        {**PAGE, "url": "https://a b"},
        {**PAGE, "url": 'https://a"><script>'},
        {**PAGE, "url": "file:///etc/passwd"},
        {"error": "no such function"},
    ],
)
def test_what_is_no_page_is_no_material(answer: Any) -> None:
    assert read_context(answer) == ()
