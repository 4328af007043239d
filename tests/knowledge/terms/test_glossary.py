"""Where a text uses terms."""

import sys
from dataclasses import replace

import pytest
import yaml

from knowledge.terms.glossary import Glossary, Names, Term, comparable
from tests.doubles.packs import GLOSSARY

EMPTY: dict[str, list[str]] = {"en": [], "zh": []}


@pytest.fixture
def glossary() -> Glossary:
    entries = yaml.safe_load(GLOSSARY)["terms"]
    return Glossary(Term.of({"aliases": EMPTY, "forbidden": EMPTY} | entry) for entry in entries)


def written(glossary: Glossary, text: str) -> list[tuple[str, str, str, str]]:
    hits = glossary.found_in(text)
    assert all(text[hit.start : hit.end] == hit.written for hit in hits)
    return [(hit.written, hit.term.id, hit.how, hit.language) for hit in hits]


def test_the_longest_name_wins(glossary: Glossary) -> None:
    assert written(glossary, "raise the transfer limit") == [("transfer limit", "transfer-limit", "name", "en")]
    assert written(glossary, "提高转账限额") == [("转账限额", "transfer-limit", "name", "zh")]


def test_aliases_and_forbidden_words_are_told_apart(glossary: Glossary) -> None:
    assert written(glossary, "The beneficiary, never the recipient; 收钱人") == [
        ("beneficiary", "payee", "alias", "en"),
        ("recipient", "payee", "forbidden", "en"),
        ("收钱人", "payee", "forbidden", "zh"),
    ]


def test_case_plural_hyphen_and_line_break_make_no_difference(glossary: Glossary) -> None:
    found = written(glossary, "Payees' beneficiaries TRANSFER-LIMITS transfer\nlimit")
    assert [hit[1] for hit in found] == ["payee", "payee", "transfer-limit", "transfer-limit"]


def test_a_name_never_reaches_over_the_end_of_a_sentence_nor_into_a_word(glossary: Glossary) -> None:
    assert [hit[1] for hit in written(glossary, "He may transfer. Limit unknown.")] == ["transfer"]
    assert written(glossary, "transferable payeeship") == []


def test_traditional_and_full_width_are_found_at_their_place_in_the_original(glossary: Glossary) -> None:
    assert written(glossary, "請給收款人轉賬；ｐａｙｅｅ") == [
        ("收款人", "payee", "name", "zh"),
        ("轉賬", "transfer", "name", "zh"),
        ("ｐａｙｅｅ", "payee", "name", "en"),
    ]


def test_signs_inside_a_name_are_part_of_it(glossary: Glossary) -> None:
    assert [hit[0] for hit in written(glossary, "the T+1 cap 的")] == ["T+1 cap"]


def test_a_term_that_is_not_approved_is_not_found(glossary: Glossary) -> None:
    assert written(glossary, "a mortgage") == []


def test_roles_and_official_names_follow_the_language(glossary: Glossary) -> None:
    assert glossary.roles("en") == ["payee"]
    assert glossary.roles("zh") == ["收款人"]
    term = glossary.term("transfer")
    assert term is not None
    assert glossary.official(term, "zh") == "转账"
    assert glossary.term("loan") is None


def test_a_term_without_a_name_in_one_language_goes_by_the_other() -> None:
    entry = {"id": "fee", "kind": "value", "context": "", "owner": "", "status": "approved", "definition": {"en": "", "zh": ""}}
    fee = Term.of(entry | {"en": "fee", "zh": "", "aliases": EMPTY, "forbidden": {"en": ["levy"], "zh": ["规费"]}})
    assert (fee.name("en"), fee.name("zh"), fee.names) == ("fee", "fee", ("fee",))
    assert (fee.replaced("en"), fee.replaced("zh")) == (("levy",), ())
    assert Glossary([fee]).names("value", "zh") == ["fee"]
    assert [hit.term.id for hit in Glossary([fee]).found_in(", ; fee")] == ["fee"]


def test_names_are_comparable_whatever_their_case_width_plural_or_hyphen() -> None:
    assert {comparable(name) for name in ("Debit-Cards", "debit card", "ＤＥＢＩＴＣＡＲＤ", "DebitCard")} == {"debitcard"}
    assert comparable("賬戶") == comparable("账户")
    assert comparable("--") == ""


def test_beginnings_of_long_names_cost_no_more_than_their_length(glossary: Glossary) -> None:
    def named(en: str, name: str) -> Term:
        return replace(glossary.terms[0], id=name, en=en, zh="", aliases=Names(), forbidden=Names())

    long = Glossary([named("a " * 30 + "end", "long"), named("b " * 300, "sentence")])
    assert long.found_in("b " * 300) == []
    assert [hit.written for hit in long.found_in("a " * 29 + "end " + "a " * 30 + "end")] == ["a " * 30 + "end"]
    assert calls(long, "a " * 4000) < 9 * calls(long, "a " * 500)


def test_a_long_text_costs_work_in_proportion(glossary: Glossary) -> None:
    text = "transfer transfer limit 转账限 payee " * 100
    assert calls(glossary, text * 8) < 9 * calls(glossary, text)


def calls(glossary: Glossary, text: str) -> int:
    made = 0

    def counted(_frame: object, event: str, _argument: object) -> None:
        nonlocal made
        made += event in ("call", "c_call")

    sys.setprofile(counted)
    try:
        glossary.found_in(text)
    finally:
        sys.setprofile(None)
    return made
