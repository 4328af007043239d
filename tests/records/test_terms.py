"""Offers and decisions about terms, on SQLite and PostgreSQL."""

from dataclasses import replace
from typing import Any

import pytest

from records.database import Database, now
from records.knowledge import KnowledgeRecords
from records.terms import Noun, TermDecision, TermRecords

NOUN = Noun("en", "loyaltypoint", "loyalty point", "entity", "A customer redeems loyalty points.", "a1")
ROW: dict[str, Any] = {
    "pack": "steward", "id": "loyalty-point", "kind": "entity", "context": "", "en": "loyalty point", "zh": "",
    "definition": {"en": "", "zh": ""}, "aliases": {"en": [], "zh": []}, "forbidden": {"en": [], "zh": []},
    "owner": "ana", "status": "approved",
}  # fmt: skip


@pytest.fixture
def terms(database: Database) -> TermRecords:
    return TermRecords(database)


@pytest.fixture
def knowledge(database: Database) -> KnowledgeRecords:
    return KnowledgeRecords(database)


async def test_a_noun_is_one_offer_however_often_it_is_seen(terms: TermRecords) -> None:
    chinese = replace(NOUN, language="zh", key="积分", name="积分")
    await terms.offer([NOUN, chinese], "ana")
    await terms.offer([replace(NOUN, name="Loyalty Points", example="another", artifact="a2")], "ben")
    await terms.offer([], "ben")
    first, second = await terms.offers("open")
    assert (first.name, first.seen, first.example, first.person, first.artifact) == (NOUN.name, 2, NOUN.example, "ana", "a1")
    assert (second.name, second.seen) == ("积分", 1)
    assert first.updated > first.created
    assert len(await terms.offers("open", limit=1)) == 1


async def test_a_refused_noun_is_never_open_again(terms: TermRecords) -> None:
    await terms.offer([NOUN], "ana")
    (offer,) = await terms.offers()
    assert await terms.settle_offer(offer, "refused", "", "steward-1")
    await terms.offer([NOUN], "ben")
    assert await terms.offers("open") == []
    (refused,) = await terms.offers("refused")
    assert (refused.seen, refused.decided_by) == (2, "steward-1")


async def test_the_faster_of_two_stewards_settles_an_offer(terms: TermRecords, knowledge: KnowledgeRecords) -> None:
    await terms.offer([NOUN], "ana")
    (offer,) = await terms.offers()
    assert await terms.settle_offer(offer, "accepted", "steward/loyalty-point", "one", row=ROW)
    assert not await terms.settle_offer(offer, "refused", "", "two", row={**ROW, "id": "other"})
    assert [row["id"] for row in await knowledge.terms("steward")] == ["loyalty-point"]
    assert [one.status for one in await terms.offers()] == ["accepted"]


async def test_the_last_decision_about_a_term_holds(terms: TermRecords) -> None:
    await terms.settle_term(TermDecision("bank", "fx", "merged", "bank/forex", "one", now()))
    await terms.settle_term(TermDecision("bank", "fx", "accepted", "", "two", now()))
    (decision,) = await terms.decisions()
    assert (decision.decision, decision.into, decision.person) == ("accepted", "", "two")


async def test_a_term_of_the_stewards_takes_the_place_of_its_former_wording(
    terms: TermRecords, knowledge: KnowledgeRecords
) -> None:
    decision = TermDecision("bank", "fx", "replaced", "steward/loyalty-point", "one", now())
    await terms.settle_term(decision, row=ROW)
    await terms.settle_term(decision, row={**ROW, "id": "second"})
    await terms.settle_term(decision, row={**ROW, "zh": "积分"})
    assert [(row["id"], row["zh"], row["place"]) for row in await knowledge.terms("steward")] == [
        ("second", "", 1),
        ("loyalty-point", "积分", 2),
    ]


async def test_every_decision_moves_what_servers_follow_and_an_offer_does_not(
    terms: TermRecords, knowledge: KnowledgeRecords
) -> None:
    await terms.offer([NOUN], "ana")
    start, _ = await knowledge.generation("")
    (offer,) = await terms.offers()
    await terms.settle_offer(offer, "merged", "bank/points", "one")
    await terms.settle_term(TermDecision("bank", "fx", "refused", "", "one", now()))
    assert (await knowledge.generation(""))[0] == start + 2
