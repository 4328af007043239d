import re

import pytest

from channels.rendering import MOST_CHARACTERS, plain

TEXTS = [
    "role:admin end",
    "Given:the user",
    "a:b:c:d",
    "要求:a",
    "x ::note y",
    ":::warning",
    "at 10:30, key: value, 全角：值",
    "# no heading",
    "no heading\n===",
    "1. no list\n2) none",
    "- no list",
    "*not bold* a_b ~~c~~",
    "`no code`",
    "```\nno fence\n```",
    "| a | b |",
    "![x](http://evil.test/leak.png)",
    "![x][ref]\n\n[ref]: http://evil.test/leak",
    "[go](javascript:alert(1))",
    '<img src="http://evil.test/p.png" onerror=x>',
    "<https://evil.test> www.evil.test HTTP://EVIL.TEST",
    "back\\slash \\`![x](http://evil.test)`",
    "a &amp; b &#58;x $y$ someone@evil.test",
]


_CODE = re.compile(r"(?<!\\)`([^`\n]+)`")


def as_shown(text: str) -> str:
    """Return what CommonMark shows of a text that is all escapes and code spans."""
    spans = _CODE.split(text)
    return "".join(span if at % 2 else re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", span) for at, span in enumerate(spans))


@pytest.mark.parametrize("text", TEXTS)
def test_a_text_is_shown_as_it_was_written(text: str) -> None:
    assert as_shown(plain(text)) == text


@pytest.mark.parametrize("text", TEXTS)
def test_no_prefix_of_a_text_holds_anything_that_is_formatted_fetched_or_eaten(text: str) -> None:
    for end in range(len(text) + 1):
        shown = re.sub(r"\\[!-/:-@\[-`{-~]", "", _CODE.sub("", plain(text[:end])))
        assert not re.search(r"[`*_{}\[\]()<>!|~$=]", shown)
        assert not re.search(r":[A-Za-z:]|https?:|www\.", shown, re.IGNORECASE)
        assert not re.search(r"^\s*(?:[-+#]|\d+[.)])", shown, re.MULTILINE)


def test_a_long_text_is_cut_and_the_cut_is_shown() -> None:
    assert plain("x" * (MOST_CHARACTERS + 5)) == "x" * MOST_CHARACTERS + " …"


def test_the_pages_cursor_cannot_be_written() -> None:
    assert plain("a\u200bb") == "ab"
