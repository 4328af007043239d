"""Decisions laid over the terms of packs."""

from datetime import UTC, datetime
from typing import Any

from knowledge.terms.overlay import held_terms, laid_over
from records.terms import Decision, Offer, OfferStatus, TermDecision

THEN = datetime(2025, 1, 1, tzinfo=UTC)


def row(name: str, zh: str = "", status: str = "draft", pack: str = "bank", **more: Any) -> dict[str, Any]:
    empty: dict[str, list[str]] = {"en": [], "zh": []}
    return {
        "pack": pack, "id": name, "place": 0, "kind": "entity", "context": "", "en": name, "zh": zh, "owner": "", "status": status,
        "definition": {"en": "", "zh": ""}, "aliases": empty, "forbidden": empty,
    } | more  # fmt: skip


def decided(term: str, decision: Decision, into: str = "") -> TermDecision:
    return TermDecision("bank", term, decision, into, "steward-1", THEN)


def offer(name: str, status: OfferStatus, term: str) -> Offer:
    return Offer(name, "en", name, name, "entity", "", "a1", "ana", 1, status, term, "s", THEN, THEN)


def test_without_decisions_terms_are_as_their_packs_say() -> None:
    assert [(term.id, term.status) for term in laid_over([row("b"), row("a", status="approved")], [], [])] == [
        ("b", "draft"),
        ("a", "approved"),
    ]


def test_accepted_terms_are_approved_refused_ones_retired() -> None:
    held = held_terms([row("a"), row("b", status="approved")], [decided("a", "accepted"), decided("b", "refused")], [])
    assert [(one.ref, one.term.status, one.decision) for one in held] == [
        ("bank/a", "approved", "accepted"),
        ("bank/b", "retired", "refused"),
    ]


def test_a_merged_term_gives_its_names_once_and_a_forbidden_one_its_words() -> None:
    rows = [row("Payment", "付款", "approved"), row("Remittance", "付款"), row("pay-in", "入款")]
    payment, remittance, _ = laid_over(
        rows, [decided("Remittance", "merged", "bank/Payment"), decided("pay-in", "forbidden", "bank/Payment")], []
    )
    assert (payment.aliases.en, payment.aliases.zh) == (("Remittance",), ())
    assert (payment.forbidden.en, payment.forbidden.zh) == (("pay-in",), ("入款",))
    assert remittance.status == "retired"


def test_a_merged_noun_is_an_alias_or_a_forbidden_word() -> None:
    offers = [
        offer("payout", "merged", "bank/Payment"),
        offer("打款", "forbidden", "bank/Payment"),
        offer("x", "open", "bank/Payment"),
    ]
    (payment,) = laid_over([row("Payment", "付款", "approved")], [], offers)
    assert (payment.aliases.en, payment.forbidden.zh) == (("payout",), ("打款",))


def test_merges_are_followed_to_their_end() -> None:
    rows = [row("a"), row("b"), row("c", status="approved")]
    chain = [decided("a", "merged", "bank/b"), decided("b", "merged", "bank/c")]
    terms = laid_over(rows, chain, [offer("z", "merged", "bank/a")])
    assert [term.status for term in terms] == ["retired", "retired", "approved"]
    assert sorted(terms[2].aliases.en) == ["a", "b", "z"]


def test_merges_in_a_circle_or_into_nothing_do_not_count() -> None:
    circle = [decided("a", "merged", "bank/b"), decided("b", "merged", "bank/a")]
    assert [term.status for term in laid_over([row("a"), row("b")], circle, [])] == ["draft", "draft"]
    assert [term.status for term in laid_over([row("a")], [decided("a", "merged", "bank/gone")], [])] == ["draft"]
    assert laid_over([], [decided("a", "accepted")], [offer("z", "merged", "bank/a")]) == []
