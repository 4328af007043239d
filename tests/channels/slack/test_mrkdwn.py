"""Text reads in Slack as it was written, and is cut where Slack would refuse it."""

import pytest

from channels.slack.mrkdwn import bold, cut, escaped, from_markdown, literal, split


@pytest.mark.parametrize(
    ("markdown", "told"),
    [
        ("**bold** and plain", "*bold* and plain"),
        ("__bold__", "*bold*"),
        ("# Heading **x**", "*Heading x*"),
        ("- one\n  * two", "• one\n  • two"),
        ("`a < b`", "`a &lt; b`"),
        ("a & b < c > d", "a &amp; b &lt; c &gt; d"),
        ("[ours](https://ours.test/a)", "<https://ours.test/a|ours>"),
        ("[theirs](https://theirs.test)", "theirs (https://theirs.test)"),
        ("[trick](https://ours.test.evil.test)", "trick (https://ours.test.evil.test)"),
        ("![x](http://evil.test/leak.png)", "x (http://evil.test/leak.png)"),
        ("<!channel> <@U1> <http://evil.test|bank>", "&lt;!channel&gt; &lt;@U1&gt; &lt;http://evil.test|bank&gt;"),
        ("客户**冻结**卡", "客户*冻结*卡"),
        ("2 * 3 * 4 and snake_case_name", "2 * 3 * 4 and snake_case_name"),
    ],
)
def test_markdown_becomes_what_slack_reads(markdown: str, told: str) -> None:
    assert from_markdown(markdown, "https://ours.test").replace("\u2060", "") == told


def test_characters_that_would_format_are_kept_and_take_no_effect() -> None:
    assert literal("*not bold*") != "*not bold*"
    assert literal("*not bold*").replace("\u2060", "") == "*not bold*"
    assert literal("user_stories 2 * 3") == "user_stories 2 * 3"
    assert bold("a *b* & c") == f"*{literal('a *b* & c')}*"
    assert bold("  ") == ""


@pytest.mark.parametrize("text", ["word " * 3000, "客户冻结" * 3000, "&" * 9000, "line\n" * 4000, "x", ""])
def test_a_long_text_is_split_without_losing_a_word_or_tearing_an_entity(text: str) -> None:
    pieces = list(split(escaped(text)))
    assert all(1 <= len(piece) <= 3000 for piece in pieces)
    whole = "".join("".join(pieces).split())
    assert whole == "".join(escaped(text).split())
    assert all(piece.count("&") == piece.count(";") for piece in pieces if "&" in piece)


def test_a_cut_is_shown_and_tears_no_entity() -> None:
    assert cut("short", 10) == "short"
    assert cut("a" * 20, 10) == "aaaaaaaa …"
    assert cut("aaaaaa&amp;bbbbb", 10) == "aaaaaa …"
    assert len(cut("x" * 9999, 300)) <= 300
