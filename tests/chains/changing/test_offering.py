"""Nouns that are offered to a steward after an answer."""

from dataclasses import replace

import pytest

from chains.changing.offering import MOST_NOUNS, nouns_to_offer
from chains.events import Request
from errors import Language
from knowledge.terms.stewardship import Steward
from records.terms import TermRecords
from stages.material import Material
from stages.user_stories.shape import Story, UserStories
from tests.doubles.scripted_endpoint import ScriptedEndpoint
from tests.doubles.scripted_replies import story as reply
from tests.doubles.small_house import ANA, Answer, SmallHouse

VOUCHER = {"stories": [reply(1, "customer", "redeem a loyalty voucher", "the purchase costs less")], "questions": []}


def story(want: str) -> Story:
    return Story(id="S1", role="customer", want=want, benefit="it is safe", entities=[], sources=[])


def offered(names: list[str], *wants: str, roles: tuple[str, ...] = (), language: Language = "en") -> list[tuple[str, str, str]]:
    material = Material("brief", language, unlisted_entities=tuple(names), unlisted_roles=roles)
    artifact = UserStories(stories=[story(want) for want in wants], questions=[])
    return [(noun.name, noun.kind, noun.example) for noun in nouns_to_offer(material, artifact, "a1")]


def test_only_what_the_artifact_uses_is_offered_with_the_text_it_stands_in() -> None:
    assert offered(["loyalty point", "gift box"], "see my balance", "redeem Loyalty Points") == [
        ("loyalty point", "entity", "redeem Loyalty Points")
    ]
    assert offered(["point"], "appoint a deputy") == []


def test_roles_come_first_and_a_noun_comes_once() -> None:
    found = offered(["Loyalty points", "loyalty point"], "ask the branch greeter for loyalty points", roles=("branch greeter",))
    assert [(name, kind) for name, kind, _ in found] == [("branch greeter", "role"), ("Loyalty points", "entity")]


def test_common_words_and_names_of_another_language_are_not_offered() -> None:
    assert offered(["list", "Details", "x", "积分", "y" * 90], f"open the list of Details x 积分 {'y' * 90}") == []
    assert offered(["积分", "列表", "VIP"], "在列表中兑换积分 VIP", language="zh") == [("积分", "entity", "在列表中兑换积分 VIP")]


def test_a_turn_offers_a_few_nouns_at_most() -> None:
    names = [f"noun{letter} thing" for letter in "abcdefghijkl"]
    assert len(offered(names, " and ".join(names))) == MOST_NOUNS


async def test_an_answer_offers_what_the_glossary_lacks_and_counts_what_is_seen_again(house: SmallHouse) -> None:
    steward = Steward(house.knowledge.records, TermRecords(house.database))
    for _ in range(2):
        endpoint = ScriptedEndpoint([VOUCHER])
        flow = replace(house.flow(endpoint), offers=steward)
        request = Request("user_stories", "A customer can redeem a loyalty voucher", ANA)
        answer = Answer(tuple([event async for event in flow.answer(request)]))
        assert answer.ready.artifact_id
        await steward.close()
    (offer,) = await steward.offers()
    assert (offer.name, offer.kind, offer.seen, offer.person) == ("loyalty voucher", "entity", 2, ANA.id)
    assert "loyalty voucher" in offer.example


async def test_offers_that_cannot_be_kept_harm_no_answer(house: SmallHouse, caplog: pytest.LogCaptureFixture) -> None:
    steward = Steward(house.knowledge.records, TermRecords(house.database))
    async with house.database.begin() as connection:
        await connection.exec_driver_sql("DROP TABLE term_offers")
    flow = replace(house.flow(ScriptedEndpoint([VOUCHER])), offers=steward)
    events = [event async for event in flow.answer(Request("user_stories", "A customer can redeem a loyalty voucher", ANA))]
    await steward.close()
    assert Answer(tuple(events)).ended.outcome == "answered"
    assert "could not be offered" in caplog.text
