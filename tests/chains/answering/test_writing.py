"""The prompt's layout: what never changes comes first, byte for byte, and material stands inside a fence of its own."""

import json
import re
from dataclasses import replace

import pytest

from chains.answering.writing import Writer, compact
from chains.endpoint.asking import Abilities, Ask, Message
from chains.events import Person
from chains.gathering.gather import gather
from errors import Language
from stages.catalog import catalog
from stages.findings import Finding
from tests.doubles.scripted_endpoint import ITEMS, WHOLE
from tests.doubles.small_house import SmallHouse

ANA = Person("ana", "Ana")
STAGES = ["user_stories", "acceptance_criteria"]
BRIEFS: list[tuple[Language, tuple[str, str]]] = [
    ("en", ("A customer can freeze a debit card", "The payee sees the transfer limit and the account holder changes it")),
    ("zh", ("客户可以冻结借记卡", "信贷专员修改转账限额，客户查看账户")),
]


async def writer(house: SmallHouse, brief: str, language: Language, stage: str, abilities: Abilities = WHOLE) -> Writer:
    from chains.gathering.upstream import read_brief

    found = catalog().stage(stage)
    upstream = read_brief(brief, found, language)
    material = await gather("" if upstream else brief, language, ANA, house.knowledge, shelves=(), passages=6, upstream=upstream)
    return Writer(found, material, abilities, 3000)


def item_asks(told: Writer) -> list[Ask]:
    planned = told.plan()
    way = told.stage.stage.way
    return [told.item(planned, entry) for entry in way.entries(None, planned.material)]


@pytest.mark.parametrize("stage", STAGES)
@pytest.mark.parametrize(("language", "briefs"), BRIEFS)
async def test_whole_calls_of_two_briefs_are_alike_up_to_the_last_message(
    house: SmallHouse, stage: str, language: Language, briefs: tuple[str, str]
) -> None:
    asks = []
    for brief in briefs:
        told = await writer(house, brief, language, stage)
        asks.append(told.whole(told.plan()))
    one, other = asks
    assert one.messages[:-1] == other.messages[:-1]
    assert len(one.messages) > 2, "there are examples"
    assert briefs[0] in one.messages[-1].text
    assert briefs[1] in other.messages[-1].text
    assert one.messages[-1].role == "user"


@pytest.mark.parametrize("demonstration", [False, True])
@pytest.mark.parametrize("stage", STAGES)
@pytest.mark.parametrize(("language", "briefs"), BRIEFS)
async def test_item_calls_of_two_briefs_differ_in_the_order_of_examples_alone(
    house: SmallHouse, stage: str, language: Language, briefs: tuple[str, str], demonstration: bool
) -> None:
    abilities = replace(ITEMS, demonstration=demonstration)
    told = [ask for brief in briefs for ask in item_asks(await writer(house, brief, language, stage, abilities))]
    assert len(told) >= 2
    assert len({ask.messages[0] for ask in told}) == 1
    kinds = {"positive", "negative", "boundary"} if stage == "acceptance_criteria" else {""}
    orders = {tuple(sorted(message.text for message in ask.messages[1:-1])) for ask in told}
    assert len(orders) <= len(kinds), "the same examples, of a scenario's kind where it has one"


@pytest.mark.parametrize("stage", STAGES)
@pytest.mark.parametrize("abilities", [WHOLE, ITEMS], ids=["whole", "items"])
async def test_the_fence_is_drawn_anew_and_stands_nowhere_but_around_the_material(
    house: SmallHouse, stage: str, abilities: Abilities
) -> None:
    fences = set()
    for _ in range(3):
        told = await writer(house, "A customer can freeze a debit card", "en", stage, abilities)
        for ask in [told.whole(told.plan())] if abilities.way == "whole" else item_asks(told)[:1]:
            found = set(re.findall(r"~~~[0-9a-f]{8}", ask.messages[-1].text))
            assert len(found) == 1
            fences |= found
            assert not any("~~~" in message.text for message in ask.messages[:-1])
            inside = ask.messages[-1].text.split(next(iter(found)))[2]
            assert all(source.text in inside for source in told.material.sources)
    assert len(fences) == 3


async def test_the_schema_is_closed_to_what_is_in_hand(house: SmallHouse) -> None:
    told = await writer(house, "A customer can freeze a debit card", "en", "user_stories")
    ask = told.whole(told.plan())
    assert ask.schema is not None
    properties = ask.schema["properties"]["stories"]["items"]["properties"]
    assert properties["role"]["enum"][0] == "customer"
    assert properties["entities"]["items"]["enum"] == ["debit card"]
    assert properties["sources"]["items"]["enum"] == [source.key for source in told.material.sources]


async def test_the_schema_stands_in_the_prompt_where_the_endpoint_knows_none(house: SmallHouse) -> None:
    told = await writer(house, "A customer can freeze a debit card", "en", "user_stories", replace(WHOLE, structured=False))
    ask = told.whole(told.plan())
    assert compact(ask.schema) in "".join(message.text for message in ask.messages)


async def test_asking_again_shows_the_draft_and_what_stands_against_it(house: SmallHouse) -> None:
    told = await writer(house, "A customer can freeze a debit card", "en", "user_stories")
    ask = told.whole(told.plan())
    again = told.again(ask, '{"a": "{{ brief }}"}', [Finding("r", "error", "p", "The role “x” is unknown.")])
    assert again.messages[: len(ask.messages)] == ask.messages
    assert again.messages[-2] == Message("assistant", '{"a": "{{ brief }}"}')
    assert "The role “x” is unknown." in again.messages[-1].text
    assert (again.schema, again.reply_tokens) == (ask.schema, ask.reply_tokens)


async def test_a_brief_is_text_and_no_template(house: SmallHouse) -> None:
    brief = "A customer can freeze {{ terms }} {% for x in y %} of a debit card"
    told = await writer(house, brief, "en", "user_stories")
    assert brief in told.whole(told.plan()).messages[-1].text


@pytest.mark.parametrize("stage", STAGES)
@pytest.mark.parametrize(("language", "briefs"), BRIEFS)
async def test_examples_are_in_the_language_of_the_brief(
    house: SmallHouse, stage: str, language: Language, briefs: tuple[str, str]
) -> None:
    from formats.language import has_han

    told = await writer(house, briefs[0], language, stage)
    for message in told.whole(told.plan()).messages[1:-1]:
        if message.role == "assistant":
            assert has_han(message.text) == (language == "zh")
            json.loads(message.text)
