"""Texts in Markdown are read as they were written."""

import re

import pytest
from markdown_it import MarkdownIt

from formats.document import Block, Bullets, Code, Document, Heading, Paragraph, Picture, Table
from formats.markdown import escape_markdown, render_markdown, source_list
from tests.doubles.hostile_cells import HOSTILE

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


def rendered(*blocks: Block, sources: list[tuple[str, str]] | None = None) -> str:
    return render_markdown(Document("Title *x*", "en", blocks, sources or []))


def test_a_document_is_told_block_by_block() -> None:
    told = rendered(
        Heading(1, "One # two"),
        Paragraph("a customer", "As a"),
        Bullets(["- first", "second"]),
        Table(["A|B", ""], [["1|2", "x\ny"]]),
        sources=[("Guide", "Part")],
    )
    assert told == (
        "# Title \\*x\\*\n\n## One \\# two\n\n**As a** a customer\n\n- \\- first\n- second\n\n"
        "| A\\|B |   |\n|---|---|\n| 1\\|2 | x y |\n\n## Sources\n\n1. Guide › Part\n"
    )


def test_a_table_keeps_its_cells_whatever_they_hold() -> None:
    table = Table(["a", "b", "c"], [["1 | 2", "\\|", "`x|y`"], ["", "\\", "|"]])
    told = MarkdownIt("commonmark").enable("table").render(rendered(table))
    cells = re.findall(r"<td>(.*?)</td>", told)
    assert cells == ["1 | 2", "\\|", "`x|y`", "", "\\", "|"]


@pytest.mark.parametrize("text", ["```\nout\n```", "a\n````sh\nb", "~~~", "<script>"])
def test_code_stays_within_its_fence(text: str) -> None:
    (code,) = [
        token
        for token in MarkdownIt("commonmark").parse(rendered(Code("gherkin", text), Paragraph("after")))
        if token.type == "fence"
    ]
    assert code.content.rstrip("\n") == text
    assert code.info == "gherkin"


def test_a_picture_is_its_mermaid_source() -> None:
    told = rendered(Picture("The *model*", "classDiagram\n  A --> B"))
    assert "**The \\*model\\***\n\n```mermaid\nclassDiagram\n  A --> B\n```" in told


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_makes_no_markup_of_a_document(text: str) -> None:
    blocks: list[Block] = [
        Heading(1, text),
        Paragraph(text, text),
        Bullets([text]),
        Table([text], [[text]]),
        Picture(text, "pie"),
    ]
    tokens = MarkdownIt("commonmark").enable("table").parse(rendered(*blocks, sources=[(text, text)]))
    kinds = {child.type for token in tokens for child in [token, *(token.children or [])]}
    assert not kinds & {"html_inline", "html_block", "link_open", "image", "code_block", "hr", "blockquote_open"}
    assert sum(token.type == "heading_open" for token in tokens) == 3
    assert sum(token.type == "table_open" for token in tokens) == 1
