"""FAQ as text and as FAQPage JSON-LD: rendered, read back, and read from the many ways in which people write it."""

import json
from typing import Any

import pytest
from bs4 import BeautifulSoup

from errors import Language
from formats.faq import bare, read_faq, read_pair, render_pair
from formats.json_ld import Pair, faults_of_faq_page, read_faq_page, render_faq_page

PAIRS = (Pair("How do I freeze my card?", "Open the app."), Pair("卡丢了怎么办？", "先挂失。"))
NASTY = [
    "</script><script>alert(1)</script>",
    "<!-- comment",
    "a & b < c > d",
    'quotes " and \\ backslash',
    "line\nbreak",
    "\u2028 separator \u2029",
    "]]> ' `",
    "emoji 😀",
]


@pytest.mark.parametrize("text", NASTY)
def test_json_ld_cannot_end_the_script_that_it_is_put_into_and_comes_back(text: str) -> None:
    rendered = render_faq_page([Pair(f"Q {text}?", f"A {text}")], "en")
    page = BeautifulSoup(f'<script type="application/ld+json">{rendered}</script><p>after</p>', "html.parser")
    assert page.find("p") is not None
    assert len(page.find_all("script")) == 1
    entity = json.loads(page.script.string if page.script and page.script.string else "")["mainEntity"][0]
    assert entity["name"] == f"Q {text}?"
    assert entity["acceptedAnswer"]["text"] == f"A {text}"


@pytest.mark.parametrize(("language", "tag"), [("en", "en"), ("zh", "zh-CN")])
def test_json_ld_has_the_shape_of_schema_org(language: Language, tag: str) -> None:
    page = json.loads(render_faq_page(PAIRS, language))
    assert page["@context"] == "https://schema.org"
    assert page["@type"] == "FAQPage"
    assert page["inLanguage"] == tag
    assert [entity["@type"] for entity in page["mainEntity"]] == ["Question", "Question"]
    assert faults_of_faq_page(page) == ()


def test_an_open_question_is_not_published() -> None:
    page = json.loads(render_faq_page([Pair("Open?"), PAIRS[0]], "en"))
    assert [entity["name"] for entity in page["mainEntity"]] == ["How do I freeze my card?"]


def sound() -> dict[str, Any]:
    page: dict[str, Any] = json.loads(render_faq_page(PAIRS, "en"))
    return page


def changed(path: str, value: Any) -> str:
    """Return the page as text with the value at a path replaced, or taken out where it is None."""
    page = sound()
    node: Any = page
    *parents, last = path.split(".")
    for part in parents:
        node = node[int(part)] if part.isdigit() else node[part]
    if value is None:
        del node[last]
    else:
        node[last] = value
    return json.dumps(page)


# Each of these is sound JSON: the parser lets it pass, and the check of the shape names it.
GAPS = [
    ("context", changed("@context", "https://example.org")),
    ("context", changed("@context", None)),
    ("type", changed("@type", "QAPage")),
    ("no-questions", changed("mainEntity", [])),
    ("no-questions", changed("mainEntity", None)),
    ("question-type", changed("mainEntity.0.@type", "Thing")),
    ("no-name", changed("mainEntity.0.name", "  ")),
    ("no-name", changed("mainEntity.0.name", None)),
    ("no-name", changed("mainEntity.0.name", 7)),
    ("no-answer", changed("mainEntity.0.acceptedAnswer", None)),
    ("answer-type", changed("mainEntity.0.acceptedAnswer", "just text")),
    ("no-text", changed("mainEntity.0.acceptedAnswer.text", "")),
    ("repeated", changed("mainEntity.1.name", "how do I  FREEZE my card?")),
]


@pytest.mark.parametrize(("rule", "text"), GAPS)
def test_what_the_json_parser_lets_pass_is_named(rule: str, text: str) -> None:
    assert rule in {fault.rule for fault in faults_of_faq_page(json.loads(text))}


@pytest.mark.parametrize("value", [None, [], "text", 3, {}, {"@type": ["FAQPage"], "mainEntity": [None, 3, []]}])
def test_what_is_no_page_at_all_is_a_fault(value: Any) -> None:
    assert faults_of_faq_page(value)


def test_a_page_is_found_in_a_graph_a_list_and_the_script_of_a_web_page() -> None:
    page = sound()
    graph = {
        "@context": "https://schema.org",
        "@graph": [{"@type": "Organization"}, {k: v for k, v in page.items() if k != "@context"}],
    }
    html = f"<html><script type=\"application/ld+json\">{json.dumps({'@type': 'Person'})}</script><script type='application/ld+json'>{json.dumps(page)}</script>"
    for text in (json.dumps(page), json.dumps([{"@type": "Person"}, page]), json.dumps(graph), html):
        read = read_faq(text)
        assert read is not None
        assert read.pairs == PAIRS
        assert read.faults == ()


def test_fields_that_cannot_be_kept_are_named_and_html_becomes_text() -> None:
    page = sound()
    page["author"] = {"name": "Ana"}
    page["mainEntity"][0]["upvoteCount"] = 3
    page["mainEntity"][0]["acceptedAnswer"] |= {"text": "<p>Open the <b>app</b>.</p><script>x()</script>", "image": "a.png"}
    read = read_faq_page(json.dumps(page))
    assert read is not None
    pairs, lost, _ = read
    assert pairs[0].answer == "Open the app ."
    assert lost == ("acceptedAnswer.image", "author", "mainEntity.upvoteCount")


def test_a_page_of_another_kind_and_broken_json_are_no_faq() -> None:
    assert read_faq('{"@type": "Product", "mainEntity": 3}') is None
    assert read_faq('{"mainEntity": [') is None
    assert read_faq('{"mainEntity":' + "[" * 100_000) is None


HABITS = [
    "Q: How do I freeze my card?\nA: Open the app.\n\nQ: Who pays?\nA: Nobody.",
    "q1. How do I freeze my card?\na1. Open the app.\nq2. Who pays?\na2. Nobody.",
    "Question 1: How do I freeze my card?\nAnswer: Open the app.\nQuestion 2: Who pays?\nAnswer: Nobody.",
    "**Q: How do I freeze my card?**\n\nA: Open the app.\n\n**Q:** Who pays?\n\n**A:** Nobody.",
    "- Q: How do I freeze my card?\n  A: Open the app.\n- Q: Who pays?\n  A: Nobody.",
    "# FAQ\n\n## How do I freeze my card?\n\nOpen the app.\n\n## Who pays?\n\nNobody.",
    "## Cards\n### 1. How do I freeze my card?\nOpen the app.\n### 2. Who pays?\nNobody.",
    "1. **How do I freeze my card?**\n   Open the app.\n\n2. **Who pays?**\n   Nobody.",
    "How do I freeze my card?\nOpen the app.\n\nWho pays?\nNobody.",
]
HABITS_ZH = [
    "问：卡丢了怎么办？\n答：先挂失。\n问：要多少钱？\n答：15 元。",
    "问题1：卡丢了怎么办？\n答案：先挂失。\n问题2：要多少钱？\n答案：15 元。",
    "- 问:卡丢了怎么办？\n- 答:先挂失。\n- 问:要多少钱？\n- 答:15 元。",
    "# 常见问题\n## 卡丢了怎么办？\n先挂失。\n## 要多少钱？\n15 元。",
    "一、说明\nQ：卡丢了怎么办？\nA：先挂失。\nQ：要多少钱？\nA：15 元。",
    "**卡丢了怎么办？**\n先挂失。\n**要多少钱？**\n15 元。",
]


@pytest.mark.parametrize("text", HABITS)
def test_every_english_habit_is_read(text: str) -> None:
    read = read_faq(text)
    assert read is not None
    assert read.pairs == (Pair("How do I freeze my card?", "Open the app."), Pair("Who pays?", "Nobody."))


@pytest.mark.parametrize("text", HABITS_ZH)
def test_every_chinese_habit_is_read(text: str) -> None:
    read = read_faq(text)
    assert read is not None
    assert read.pairs == (Pair("卡丢了怎么办？", "先挂失。"), Pair("要多少钱？", "15 元。"))


def test_what_stands_outside_the_pairs_is_named_as_lost_and_an_open_question_is_kept() -> None:
    read = read_faq("Written by Ana.\n\nQ: How long?\nA:\n\nQ: How much?\nA: Free.\n\n## Contact\nCall us.")
    assert read is not None
    assert read.pairs == (Pair("How long?"), Pair("How much?", "Free."))
    assert read.lost == ("Written by Ana.", "## Contact", "Call us.")
    assert [(fault.rule, fault.place) for fault in read.faults] == [("no-answer", "1")]


def test_questions_that_are_asked_twice_or_have_no_words_are_faults() -> None:
    read = read_faq("Q: Why?\nA: So.\nQ: why?\nA: Because.\nQ:\nA: Lost?")
    assert read is not None
    assert [(fault.rule, fault.place) for fault in read.faults] == [("repeated", "2"), ("no-name", "3")]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "As a customer, I want to freeze my card. Is that possible?\nThe team thinks so.",
        "Who approves?\nWhat is the limit?\nWhen does it start?",
        "# Rules\n\n## Limits\nAt most 5.",
        "A. first choice\nB. second choice",
        "Feature: freeze\n  Scenario: freeze\n    Given a card",
        "😀" * 100,
    ],
)
def test_other_texts_are_no_faq(text: str) -> None:
    assert read_faq(text) is None


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize(
    "pair",
    [
        *PAIRS,
        Pair("Open?"),
        Pair("Two lines?", "First line.\n\nSecond: with Q: inside.\nQ: at the start\nA: too\n# heading\n\\slash"),
        Pair("**half bold?", "**unpaired"),
        Pair("Q: again?", "A: again"),
        Pair("问：什么？", "\\答：什么"),
    ],
)
def test_a_pair_comes_back_from_the_text_that_a_person_edits(pair: Pair, language: Language) -> None:
    assert read_pair(render_pair(pair, language)) == pair


@pytest.mark.parametrize(
    "text", ["", "just text", "A: only an answer", "Q: one?\nA: a\nQ: two?\nA: b", "Q:\nA: x", "stray\nQ: one?\nA: x"]
)
def test_what_is_not_one_pair_is_refused(text: str) -> None:
    assert read_pair(text) is None


def test_emphasis_and_links_are_taken_from_a_text() -> None:
    assert bare("  **Open** the [app](https://x.example) ![i](a.png)  now. ") == "Open the app now."
