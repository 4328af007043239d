"""What a steward has to settle."""

from typing import Any

from knowledge.terms.findings import DISPUTES, ORDER, Entry, Place, said
from knowledge.terms.glossary import Definition, Names, Term
from knowledge.terms.report import found_among


def entry(en: str, zh: str, *, row: int = 1, pack: str = "", settled: bool = False, **more: Any) -> Entry:
    values: dict[str, Any] = {"id": f"{en}{row}", "kind": "entity", "context": "", "owner": "", "status": "approved"}
    values |= {"definition": Definition("", ""), "aliases": Names(), "forbidden": Names()} | more
    return Entry(Term(en=en, zh=zh, **values), (Place("pack", pack) if pack else Place("row", str(row)),), settled)


def told(*entries: Entry) -> list[tuple[str, str]]:
    return [(finding.kind, finding.sentence("en")) for finding in found_among(entries)]


def test_sound_terms_leave_nothing_to_settle() -> None:
    assert told(entry("payee", "收款人"), entry("payer", "付款人")) == []


def test_one_name_for_two_terms_is_told_with_what_each_means() -> None:
    assert told(entry("Payment", "付款", row=2), entry("payments", "支付", row=9)) == [
        ("one-name", "“Payment” stands for 2 terms: 付款 (row 2); 支付 (row 9)")
    ]


def test_an_alias_that_names_another_term_is_one_name_for_two() -> None:
    assert told(entry("payee", "收款人", aliases=Names(("recipient",))), entry("recipient", "接收方", row=3)) == [
        ("one-name", "“recipient” stands for 2 terms: payee · 收款人 (row 1); recipient · 接收方 (row 3)")
    ]


def test_several_names_for_one_term_are_told_once() -> None:
    found = told(*(entry(name, "供应商", row=row) for row, name in enumerate(("Supplier", "Vendor", "Provider"), 2)))
    assert found[-1] == ("two-names", "“供应商” has 3 names: Supplier (row 2); Vendor (row 3); Provider (row 4)")


def test_the_same_definition_under_two_names_is_told_unless_the_names_say_it_already() -> None:
    meaning = Definition("What a customer owes.", "")
    assert [
        kind for kind, _ in told(entry("debt", "债务", definition=meaning), entry("liability", "负债", definition=meaning))
    ] == ["same-meaning"]
    assert [
        kind for kind, _ in told(entry("debt", "债务", definition=meaning), entry("liability", "债务", definition=meaning))
    ] == ["two-names"]


def test_a_forbidden_word_that_is_a_name_is_told() -> None:
    (found,) = told(entry("payee", "收款人", forbidden=Names(("Recipients",))), entry("recipient", "接收方", row=4))
    assert found == ("forbidden-name", "“Recipients” is forbidden by the first of these and a name of the others: "
                     "payee · 收款人 (row 1); recipient · 接收方 (row 4)")  # fmt: skip


def test_gaps_are_told_once_for_all_and_dispute_nothing() -> None:
    found = found_among(
        [*(entry(f"word{row}", "", row=row) for row in range(20)), entry("", "词"), entry("w", "无", kind="widget")]
    )
    assert [finding.kind for finding in found] == ["no-english", "no-chinese", "unknown-kind"]
    assert found[1].sentence("en").endswith("and 12 more")
    assert not any(finding.disputed for finding in found)


def test_terms_that_two_packs_hold_alike_are_no_dispute() -> None:
    assert [kind for kind, _ in told(entry("payee", "收款人"), entry("Payees", "收款人", pack="bank"))] == ["elsewhere"]


def test_retired_terms_contradict_nobody_and_what_is_settled_is_not_told_again() -> None:
    assert told(entry("payment", "付款"), entry("payment", "支付", status="retired")) == []
    assert told(entry("fx", "外汇", settled=True), entry("forex", "外汇", settled=True)) == []
    assert len(told(entry("fx", "外汇", settled=True), entry("forex", "外汇"))) == 1


def test_the_gravest_stand_first_then_what_concerns_most_terms() -> None:
    found = told(
        entry("a", "甲"), entry("b", "甲"), entry("c", "乙"), entry("d", "乙"), entry("e", "乙"), entry("pay", "付"), entry("pay", "支")
    )  # fmt: skip
    assert [sentence[:9].split(" ")[0] for _, sentence in found] == ["“pay”", "“乙”", "“甲”"]


def test_every_kind_has_its_texts_in_both_languages() -> None:
    for kind in ORDER:
        for part in ("title", "said", *(["way"] if kind in DISPUTES else [])):
            assert said(kind, part, "en")
            assert said(kind, part, "zh")
