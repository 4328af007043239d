"""Likeness between texts, the terms in them, and the sources near them."""

import pytest

from stages.material import Material, Source, Term
from stages.words import likeness, related_sources, shares_words, terms_in

PAYEE = Term("payee", "entity", "payee", "Who gets it.", ("payee", "beneficiary", "收款人"))
CAP = Term("cap", "entity", "T+1 cap", "A limit.", ("T+1 cap", "转账限额"))


def source(key: str, text: str, kind: str = "rule", title: str = "") -> Source:
    return Source(key, f"id-{key}", title, "rules", "", text, "en", kind)


@pytest.mark.parametrize(
    ("one", "other", "share"),
    [
        ("freeze a card", "freezes the cards", 1.0),
        ("freeze a card", "pay a bill", 0.0),
        ("freeze a card", "", 0.0),
        ("", "", 0.0),
        ("freeze card", "freeze bill", 1 / 3),
        ("转账限额", "轉賬限額", 1.0),
    ],
)
def test_likeness_is_the_share_of_words_in_common(one: str, other: str, share: float) -> None:
    assert likeness(one, other) == pytest.approx(share)
    assert likeness(other, one) == pytest.approx(share)


def test_stop_words_are_not_shared_words() -> None:
    assert shares_words("the card of the day", ["a card"])
    assert not shares_words("the bill of it", ["of the it"])
    assert not shares_words("", ["a card"])


@pytest.mark.parametrize("text", ["the payee", "Payees are", "two beneficiaries", "新增收款人", "a BENEFICIARY."])
def test_a_term_is_found_by_any_of_its_names(text: str) -> None:
    assert terms_in(text, [PAYEE, CAP]) == (PAYEE,)


@pytest.mark.parametrize("text", ["the T+1 cap", "T+1 caps hold", "设置转账限额"])
def test_a_term_with_signs_in_its_name_is_found(text: str) -> None:
    assert terms_in(text, [PAYEE, CAP]) == (CAP,)


@pytest.mark.parametrize("text", ["repayee", "pay", "", "收款"])
def test_a_part_of_a_word_is_no_term(text: str) -> None:
    assert terms_in(text, [PAYEE, CAP]) == ()


def test_the_nearest_sources_come_first_and_what_is_far_not_at_all() -> None:
    sources = (source("P1", "freeze a card"), source("P2", "freeze a lost debit card"), source("P3", "loans and interest"))
    near = related_sources("freeze a lost card", Material("", "en", sources=sources))
    assert [one.key for one in near] == ["P2", "P1"]


def test_no_more_sources_than_asked_for_are_returned() -> None:
    sources = tuple(source(f"P{number}", "freeze a card") for number in range(5))
    material = Material("", "en", sources=sources)
    assert len(related_sources("freeze a card", material)) == 2
    assert len(related_sources("freeze a card", material, most=5)) == 5


def test_rules_of_the_business_come_before_guides_on_writing() -> None:
    sources = (source("P1", "freeze a lost debit card", "checklist"), source("P2", "freeze a card"))
    assert [one.key for one in related_sources("freeze a lost card", Material("", "en", sources=sources))] == ["P2", "P1"]


def test_a_chinese_text_finds_an_english_source_through_its_terms() -> None:
    sources = (source("P1", "A new payee, also called beneficiary, waits one day."), source("P2", "loans"))
    with_terms = Material("", "zh", terms=(PAYEE,), sources=sources)
    assert [one.key for one in related_sources("新增收款人", with_terms)] == ["P1"]
    assert related_sources("新增收款人", Material("", "zh", sources=sources)) == ()


def test_an_english_text_finds_a_chinese_source_through_its_terms() -> None:
    sources = (source("P1", "新增收款人须等待二十四小时。"), source("P2", "贷款"))
    assert [one.key for one in related_sources("add a payee", Material("", "en", terms=(PAYEE,), sources=sources))] == ["P1"]


def test_one_word_in_common_is_too_little_for_a_text_of_many() -> None:
    sources = (source("P1", "the card"),)
    assert related_sources("freeze a lost debit card today", Material("", "en", sources=sources)) == ()
    assert related_sources("the card", Material("", "en", sources=sources)) == sources
