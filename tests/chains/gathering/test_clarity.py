"""A brief that says something is told from one that does not."""

import pytest

from chains.gathering.clarity import is_clear
from formats.language import language_of
from stages.catalog import catalog
from stages.material import Material, Source, Term, UpstreamItem

SOURCE = Source(
    "P1",
    "p",
    "Card limits",
    "rules",
    "Card limits",
    "The daily limit of a debit card is set at the counter. 借记卡限额在柜台设定。",
)
MEANINGLESS = ["", "asdf", "……", "hello", "测试", "?!", "😀", "a", "好", "42", "lorem ipsum dolor", "hmm hmm hmm", "\x00\x01"]
BRIEFS = [(one.name, brief.language, brief.brief) for one in catalog() for brief in one.examples.starters]
BRIEFS += [
    (one.name, case.language, text) for one in catalog() for case in one.cases for text in (case.upstream or (case.brief,))
]


def material(brief: str) -> Material:
    return Material(brief, language_of(brief), sources=(SOURCE,))


@pytest.mark.parametrize("brief", MEANINGLESS)
def test_what_has_no_meaning_is_not_clear(brief: str) -> None:
    assert not is_clear(material(brief))
    pasted = Material("", language_of(brief), sources=(SOURCE,), upstream=(UpstreamItem("S1", brief),))
    assert not is_clear(pasted), "nor as a pasted story"


@pytest.mark.parametrize(
    "brief",
    [
        "freeze a card",
        "查看账户收入",
        "the auditor",
        "the daily limit of cards",
        "借记卡 限额",
        "给客户的保管箱问答",
        "客戶的保管箱",
    ],
)
def test_an_action_a_role_or_known_words_are_clear(brief: str) -> None:
    assert is_clear(material(brief))


def test_a_term_is_clear_by_itself() -> None:
    assert not is_clear(Material("AML", "en"))
    assert is_clear(Material("AML", "en", terms=(Term("aml", "process", "AML", "…"),)))


def test_an_artifact_upstream_says_enough() -> None:
    assert is_clear(Material("", "en", upstream=(UpstreamItem("S1", "x", "artifact", 1),)))


@pytest.mark.parametrize(("stage", "language", "brief"), BRIEFS)
def test_every_starter_and_case_is_clear_without_any_knowledge(stage: str, language: str, brief: str) -> None:
    declared = catalog().stage(stage).stage
    assert declared.speaks(brief) == language
    assert (declared.is_clear or is_clear)(Material(brief, language))
