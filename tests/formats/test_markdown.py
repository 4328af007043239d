"""Texts in Markdown are read as they were written."""

import re

import pytest
from markdown_it import MarkdownIt

from formats.markdown import escape_markdown, source_list

NASTY = [
    "*bold* _soft_ `code` ~struck~",
    "[a link](http://example.org) ![image](x.png)",
    "<script>alert(1)</script> &copy; &lt;",
    "# heading",
    "- a point",
    "+ a point",
    "1. a number",
    "12) a number",
    "=====",
    "---",
    "> quoted",
    "| a | table |",
    "back\\slash \\* \\",
    "https://example.org and www.example.org and a@example.org",
    "emoji 😀 \u200b 全角｜＃ مرحبا",
    "plain text",
    "3.5 per cent, C++ - fine",
]


@pytest.mark.parametrize("text", NASTY)
def test_nothing_of_an_escaped_text_is_markup(text: str) -> None:
    told = MarkdownIt("commonmark").enable(["table", "strikethrough"]).render(escape_markdown(text))
    plain = re.fullmatch(r"<p>(.*)</p>\n", told)
    assert plain, told
    unescaped = plain[1].replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", '"').replace("&amp;", "&")
    assert unescaped == text


@pytest.mark.parametrize("text", ["https://example.org", "www.example.org", "a@example.org"])
def test_an_address_is_broken_so_that_it_is_no_link(text: str) -> None:
    assert "\\" in escape_markdown(text)


def test_line_breaks_become_spaces() -> None:
    assert escape_markdown("a\n\n# b\r\nc") == "a \\# b c"


def test_sources_are_numbered_with_their_place() -> None:
    assert source_list([("Limits", "Limits"), ("Guide | *x*", "Part > 1")], "en") == [
        "## Sources",
        "",
        "1. Limits",
        "2. Guide \\| \\*x\\* › Part \\> 1",
    ]
    assert source_list([("限额", "")], "zh")[0] == "## 资料来源"


def test_without_sources_there_is_no_list() -> None:
    assert source_list([], "en") == []
