"""Hostile web pages, Markdown, plain text, features, diagrams and histories."""

from tests.doubles.hostile_kinds import EVIL, MEGABYTE, Kind, Size
from tests.doubles.office_files import procedure_pdf, transfer_standard_docx


def _page(body: str, head: str = "") -> bytes:
    return f"<!DOCTYPE html><html><head><title>Hostile</title>{head}</head><body>{body}</body></html>".encode()


def _deep_html(size: Size) -> bytes:
    tag = size.dice.choice(["div", "ul><li", "table><tr><td", "b", "blockquote", "font"])
    closed = "".join(f"</{each}>" for each in reversed(tag.split("><")))
    depth = size.of(100_000, 3_000)
    return _page(f"<{tag}>" * depth + "deep" + closed * depth)


def _scripts(size: Size) -> bytes:
    harm = [
        f"<script>{EVIL}</script>",
        f"<SCRIPT SRC='http://127.0.0.1:9/'>{EVIL}</SCRIPT>",
        f"<svg><script>{EVIL}</script></svg>",
        f"<style>{EVIL}</style>",
        f"<noscript>{EVIL}</noscript>",
        f"<template>{EVIL}</template>",
        f"<iframe srcdoc='<script>{EVIL}</script>'>{EVIL}</iframe>",
        f"<object data='data:text/html,{EVIL}'></object>",
        f"<img src='x' onerror='{EVIL}'>",
        f"<a href='javascript:{EVIL}'>here</a>",
        f"<a href='data:text/html,{EVIL}'>there</a>",
        f"<!-- {EVIL} -->",
    ]
    meta = "<meta http-equiv='refresh' content='0;url=http://127.0.0.1:9/'><base href='http://evil.example/'>"
    return _page(f"<h1>Limits</h1><p>Shown</p>{''.join(size.dice.sample(harm, size.dice.randint(6, len(harm))))}", meta)


def _long_attribute(size: Size) -> bytes:
    value = size.text(15 * MEGABYTE, MEGABYTE, "x", "&amp;", "javascript:", "< ")
    return _page(f'<p title="{value}" onclick="{EVIL}">Shown</p>')


def _data_uris(size: Size) -> bytes:
    return _page(f"<p>Shown</p><img src='data:image/png;base64,{'A' * size.of(6 * MEGABYTE, 100_000)}'>")


def _unclosed_html(size: Size) -> bytes:
    return _page(
        size.text(4 * MEGABYTE, 200_000, "<p><b>", "<table>", "</div>", "<!--", "<![CDATA[", "&#x41;", "<a href=x>", "<")
    )


def _big_html_table(size: Size) -> bytes:
    span = size.dice.choice(["colspan=99999 rowspan=99999", "colspan=-1", "rowspan=0", ""])
    return _page(f"<table>{f'<tr><td {span}>cell</td><td>b</td></tr>' * size.of(60_000, 1_000)}</table>")


def _feature_steps(size: Size) -> bytes:
    return ("Feature: F\n  Scenario: S\n" + "    Given a step\n" * size.of(100_000, 2_000)).encode()


def _feature_rows(size: Size) -> bytes:
    head = "Feature: F\n  Scenario Outline: S\n    Given <a>\n    Examples:\n      | a | b |\n"
    return (head + "      | 1 | 2 |\n" * size.of(100_000, 2_000)).encode()


def _feature_scenarios(size: Size) -> bytes:
    background = "  Background:\n" + "    Given a long background step of many words\n" * 200
    return (f"Feature: F\n{background}" + "  Scenario: S\n    Then a\n" * size.of(20_000, 500)).encode()


def _broken_feature(size: Size) -> bytes:
    return size.text(
        2 * MEGABYTE, 20_000, "Feature: F\n", 'Scenario: S\n"""\n', "| a |\n| a | b |\n", "@a @b\n", "# language: xx\n", "|" * 999
    ).encode()


def _diagram_includes(size: Size) -> bytes:
    lines = [
        "!include /etc/passwd",
        "!includeurl http://127.0.0.1:9/x",
        "!import /etc",
        "!$x = %load_json('/etc/passwd')",
        "!include <x>",
    ]
    return "\n".join(["@startuml", *size.dice.sample(lines, 4), "A -> B : pays", "@enduml"]).encode()


def _diagram_lines(size: Size) -> bytes:
    return size.text(
        14 * MEGABYTE, 100_000, "  A --> B : x\n", "@startuml\n", "class A {\n", "-" * 399 + "\n", "a--b:" * 80 + "\n"
    ).encode()


def _mermaid_harm(size: Size) -> bytes:
    init = "%%{init: {'securityLevel': 'loose', 'themeCSS': 'url(http://127.0.0.1:9)'}}%%\n"
    return f'{init}graph TD\n  A["<img src=x onerror={EVIL}>"] --> B[Pays]\n  click A href "javascript:{EVIL}"\n```\n# out\n'.encode()


def _history(size: Size) -> bytes:
    count = size.of(300_000, 1_000)
    if size.dice.random() < 0.4:
        return "".join(f"{n + 2**28:08x} subject {n}\n" for n in range(count)).encode()
    body = "Author: A <a@b.example>\nDate:   Tue Mar 5 10:00:00 2024 +0800\n\n    s\n\n"
    return "".join(f"commit {n:040x}\n{body}" for n in range(min(count, 150_000))).encode()


def _front_bomb(size: Size) -> bytes:
    bombs = [
        "a: &a [x]\nb: [*a, *a]",
        "run: !!python/object/apply:os.system ['id']",
        "a: " + "[" * 5000,
        "\n".join(f"k{n}: v" for n in range(size.of(300_000, 1000))),
        "title: \x07bell",
        "title: [unclosed",
        "groups: ['@root']",
    ]
    return f"---\n{size.dice.choice(bombs)}\n---\n# Title\n\nText.\n".encode()


def _regex_bait(size: Size) -> bytes:
    return size.text(
        size.dice.choice([1, 4]) * MEGABYTE, 100_000,
        "a", "|", "| - ", "- ", "`", "```\n", "# ", "*", "[", "![](", "<", "a  \n", " ", "\\", ":-", "> ", "\t", "0x", "---\n", "&", "。",
    ).encode()  # fmt: skip


def _empty_tables(size: Size) -> bytes:
    return ("| - | - |\n" * size.of(200_000, 5_000) + f"|{' - |' * size.of(100_000, 1_000)}\n" * 3).encode()


def _open_fence(size: Size) -> bytes:
    return ("```\n" + "text in a fence that nobody closes\n" * size.of(200_000, 2_000)).encode()


def _deep_list(size: Size) -> bytes:
    return "".join(f"{' ' * (2 * n)}- item\n" for n in range(size.of(3_000, 300))).encode()


def _headings(size: Size) -> bytes:
    return "".join(f"{'#' * (n % 6 + 1)} Heading {n}\n\ntext\n\n" for n in range(size.of(100_000, 2_000))).encode()


def _one_paragraph(size: Size) -> bytes:
    return size.text(10 * MEGABYTE, 500_000, "word ", "词语，", "x", "A sentence. ", "一句话。").encode()


def _not_utf8(size: Size) -> bytes:
    return "Text 文字\n".encode() * 50 + size.dice.choice(
        [b"\xff\xfe\xfd", b"\x80\x81", b"\xc3\x28", b"\xed\xa0\x80", b"\xfe"]
    ) * size.of(1000)


def _bad_gb(size: Size) -> bytes:
    return "渠道限额\n".encode("gb18030") * 50 + b"\x81\x30\x81" + b"\xff" * size.of(100)


def _utf16(size: Size) -> bytes:
    text = "Text 文字 in two bytes. " * size.of(2000, 10)
    raw = text.encode(size.dice.choice(["utf-16-le", "utf-16-be"]))
    return raw if size.dice.random() < 0.5 else b"\xff\xfe" + text.encode("utf-16-le") + b"\x41"


def _surrogates(size: Size) -> bytes:
    return b"\xff\xfe" + "ok ".encode("utf-16-le") + b"\x00\xd8" * size.of(100) + "end".encode("utf-16-le")


def _mark_only(size: Size) -> bytes:
    return size.dice.choice([b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff", b"\xff\xfe\x00\x00"])


def _nothing(size: Size) -> bytes:
    return size.dice.choice([b"", b"\n", b" \t\r\n" * 100])


def _noise(size: Size) -> bytes:
    return size.dice.randbytes(size.of(2 * MEGABYTE, 2_000))


def _invisible(size: Size) -> bytes:
    return ("pay\u202eelbayap\u202c \u200b\u200b\ufeff\u2066x\u2069 " * size.of(1000, 5) + "\U000e0041" * 50).encode()


def _too_large(size: Size) -> bytes:
    return b"word " * (21 * MEGABYTE // 5)


KINDS = (
    Kind("html nested without end", ".html", "either", _deep_html),
    Kind("html with scripts, handlers and a refresh", ".html", "read", _scripts),
    Kind("html with an attribute of megabytes", ".html", "either", _long_attribute),
    Kind("html with pictures in its addresses", ".htm", "read", _data_uris),
    Kind("html that is never closed", ".html", "either", _unclosed_html),
    Kind("html with a table without end", ".html", "either", _big_html_table),
    Kind("feature of a hundred thousand steps", ".feature", "read", _feature_steps),
    Kind("feature of a hundred thousand rows", ".feature", "read", _feature_rows),
    Kind("feature whose background is repeated", ".feature", "read", _feature_scenarios),
    Kind("feature that is none", ".feature", "either", _broken_feature),
    Kind("plantuml that includes", ".puml", "read", _diagram_includes),
    Kind("diagram of a million lines", ".mmd", "either", _diagram_lines),
    Kind("mermaid with handlers", ".mmd", "read", _mermaid_harm),
    Kind("history of hundreds of thousands of commits", ".log", "either", _history),
    Kind("front matter with a bomb", ".md", "either", _front_bomb),
    Kind("bait for regular expressions", ".md", "either", _regex_bait),
    Kind("tables of rules alone", ".md", "either", _empty_tables),
    Kind("a fence that is never closed", ".md", "read", _open_fence),
    Kind("lists in lists without end", ".md", "read", _deep_list),
    Kind("a hundred thousand headings", ".md", "either", _headings),
    Kind("a paragraph of megabytes", ".txt", "either", _one_paragraph),
    Kind("text that is no utf-8", ".txt", "either", _not_utf8),
    Kind("text that is no gb18030", ".txt", "refused", _bad_gb),
    Kind("utf-16 without a mark or of odd length", ".txt", "either", _utf16),
    Kind("utf-16 with halves of characters", ".txt", "refused", _surrogates),
    Kind("a mark of encoding alone", ".md", "refused", _mark_only),
    Kind("nothing at all", ".md", "refused", _nothing),
    Kind("noise", ".txt", "refused", _noise),
    Kind("text of invisible characters", ".md", "either", _invisible),
    Kind("more than twenty megabytes", ".txt", "refused", _too_large),
    Kind("picture called markdown", ".md", "refused", lambda size: b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + size.dice.randbytes(500)),
    Kind("word document called pdf", ".pdf", "either", lambda size: transfer_standard_docx()),
    Kind("pdf called word document", ".docx", "either", lambda size: procedure_pdf()),
    Kind("program called text", ".txt", "refused", lambda size: b"MZ\x90\0\3\0\0\0\4\0\0\0\xff\xff" + size.dice.randbytes(3000)),
    Kind("text called spreadsheet", ".xlsx", "either", lambda size: b"name\tamount\nfee\t1\n" * size.of(100, 2)),
)
