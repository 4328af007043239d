"""Checks and mends that hold for every stage."""

from dataclasses import replace
from typing import Any

import pytest

from errors import Language
from stages.findings import Finding
from stages.material import Material, Source, Term, UpstreamItem
from stages.shared_checks import (
    check_forbidden_words,
    check_language,
    check_numbers,
    check_sources,
    mend_forbidden_words,
    mend_sources,
)
from stages.user_stories.shape import Story, UserStories

LIMIT = Term(
    "limit", "entity", "transfer limit", "The most.", ("transfer limit", "limit of transfers", "转账限额"), ("cap", "封顶")
)
ACCOUNT = Term("account", "entity", "account", "Where money lies.", ("account", "账户"), ("profile", "户头"))
CAPS = Term("salary", "entity", "salary cap", "Another.", ("salary cap",))
SOURCES = (
    Source("P1", "1", "Transfers", "rules", "", "A transfer above 5,000 needs an approval within twenty-four hours."),
    Source("P2", "2", "转账", "rules", "", "单笔转账限额为 2 万元。"),
    Source("P3", "3", "Loans", "rules", "", "Interest is paid monthly."),
)


def stories(want: str = "set the transfer limit", benefit: str = "I stay safe", *sources: str) -> UserStories:
    return UserStories(
        stories=[Story(id="S1", role="customer", want=want, benefit=benefit, entities=[], sources=list(sources))], questions=[]
    )


def material(language: Language = "en", brief: str = "", **more: Any) -> Material:
    return Material(brief, language, terms=(LIMIT, ACCOUNT, CAPS), sources=SOURCES, **more)


def rules(findings: list[Finding]) -> list[str]:
    return [finding.rule for finding in findings]


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("see the balance", "en"),
        ("see the 转账 limit of the account", "en"),
        ("KYC", "en"),
        ("2,000", "en"),
        ("查看余额", "zh"),
        ("KYC", "zh"),
        ("KYC API", "zh"),
        ("客户 KYC review 流程", "zh"),
        ("500", "zh"),
    ],
)
def test_a_text_in_the_language_of_the_answer_is_sound(text: str, language: Language) -> None:
    sound = "it is fine" if language == "en" else "便于了解"
    assert check_language(stories(text, sound), material(language)) == []


@pytest.mark.parametrize(
    ("text", "language"), [("查看余额", "en"), ("查看 my 余额", "en"), ("see the balance", "zh"), ("the KYC file", "zh")]
)
def test_a_text_in_another_language_is_found(text: str, language: Language) -> None:
    found = check_language(stories(text, "KYC"), material(language))
    assert [(one.rule, one.place, one.item) for one in found] == [("language", "want", "S1")]


@pytest.mark.parametrize(
    ("text", "language", "word"),
    [
        ("set the cap", "en", "cap"),
        ("set the Cap.", "en", "Cap"),
        ("set the salary cap and the cap", "en", "cap"),
        ("设置封顶金额", "zh", "封顶"),
    ],
)
def test_a_forbidden_word_is_found_with_its_official_term(text: str, language: Language, word: str) -> None:
    found = check_forbidden_words(stories(text, "ok"), material(language))
    assert rules(found) == ["forbidden-word"]
    assert word.lower() in found[0].message
    assert LIMIT.name in found[0].message


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("set the transfer limit", "en"),
        ("see the capital and the recap", "en"),
        ("see the salary cap", "en"),
        ("设置转账限额", "zh"),
        ("set the cap", "zh"),
        ("封顶", "en"),
    ],
)
def test_an_official_name_or_part_of_a_word_is_not_forbidden(text: str, language: Language) -> None:
    assert check_forbidden_words(stories(text, "ok"), material(language)) == []


@pytest.mark.parametrize(
    ("before", "after", "language"),
    [
        ("set the cap", "set the transfer limit", "en"),
        ("open a profile and a cap", "open an account and a transfer limit", "en"),
        ("see the salary cap and the cap", "see the salary cap and the transfer limit", "en"),
        ("Cap", "transfer limit", "en"),
        ("设置封顶", "设置transfer limit", "zh"),
    ],
)
def test_the_official_term_takes_the_place_of_a_forbidden_word(before: str, after: str, language: Language) -> None:
    mended, told = mend_forbidden_words(stories(before, "ok"), material(language))
    assert mended.items()[0].texts()["want"] == after
    assert [(one.rule, one.place, one.before, one.after) for one in told] == [("forbidden-word", "want", before, after)]
    assert check_forbidden_words(mended, material(language)) == []


def test_a_term_with_signs_is_replaced_as_it_is_written() -> None:
    odd = replace(LIMIT, name=r"limit\1 (T+1)", names=(r"limit\1 (T+1)",), forbidden=("c.a.p.",))
    mended, _ = mend_forbidden_words(stories("set the c.a.p. now", "ok"), Material("", "en", terms=(odd,)))
    assert mended.items()[0].texts()["want"] == r"set the limit\1 (T+1) now"


def test_stories_without_forbidden_words_stay_the_same_object() -> None:
    artifact = stories()
    assert mend_forbidden_words(artifact, material()) == (artifact, [])
    assert mend_forbidden_words(artifact, material())[0] is artifact


@pytest.mark.parametrize(
    ("text", "brief", "sources"),
    [
        ("pay 20,000 at once", "Customers pay 20000", ()),
        ("pay 20000 at once", "Customers pay 20,000.00", ()),
        ("支付 20,000 元", "客户支付两万元", ()),
        ("支付 2 万元", "客户支付 20000 元", ()),
        ("支付 20 元", "客户支付２０元", ()),
        ("wait 30 days", "Customers wait thirty days", ()),
        ("等待 24 小时", "客户等待二十四小时", ()),
        ("pay 7 times", "Customers pay", ()),
        ("pay 5000", "Customers pay", ("P1",)),
        ("wait 24 hours", "Customers wait", ("P1",)),
        ("pay 20,000", "Customers pay", ("P2",)),
    ],
)
def test_a_number_of_the_brief_or_of_a_cited_source_is_sound(text: str, brief: str, sources: tuple[str, ...]) -> None:
    assert check_numbers(stories(text, "ok", *sources), material("en", brief)) == []


def test_a_number_that_nothing_holds_is_found() -> None:
    found = check_numbers(stories("pay 5000 within 48 hours", "ok", "P3", "P9"), material("en", "Customers pay 300"))
    assert [(one.rule, "5000" in one.message or "48" in one.message) for one in found] == [("unsupported-number", True)] * 2


def test_a_number_of_an_upstream_story_is_sound() -> None:
    above = material(upstream=(UpstreamItem("S1", "As a payer, I want to pay 5,000."),))
    assert check_numbers(stories("pay 5000"), above) == []


def test_sources_that_exist_are_sound() -> None:
    assert check_sources(stories("pay", "ok", "P1", "P3"), material()) == []


def test_a_source_that_does_not_exist_is_found() -> None:
    found = check_sources(stories("pay", "ok", "P1", "P9"), material())
    assert [(one.rule, one.severity, "P9" in one.message) for one in found] == [("unknown-source", "error", True)]


def test_an_item_without_sources_is_hinted_at() -> None:
    assert [(one.rule, one.severity) for one in check_sources(stories(), material())] == [("no-source", "hint")]


@pytest.mark.parametrize("cited", [("P1", "P9"), ("P1", "P1"), ("P3", "P1"), ("P3", "P1", "P9")])
def test_sources_that_are_foreign_repeated_or_far_are_left_out(cited: tuple[str, ...]) -> None:
    artifact = stories("approve a transfer above a limit", "ok", *cited)
    mended, told = mend_sources(artifact, material())
    assert list(mended.items()[0].sources) == ["P1"]
    assert [(one.rule, one.before, one.after) for one in told] == [("source", ", ".join(cited), "P1")]


def test_sources_that_are_near_stay() -> None:
    artifact = stories("approve a transfer above a limit", "ok", "P1")
    assert mend_sources(artifact, material()) == (artifact, [])


def test_a_source_in_the_other_language_stays_where_a_term_joins_them() -> None:
    artifact = stories("set the transfer limit", "ok", "P2")
    assert mend_sources(artifact, material()) == (artifact, [])
