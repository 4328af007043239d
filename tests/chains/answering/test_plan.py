"""The token plan: whole pieces from the least relevant, down to 2,048 tokens, and a refusal where nothing fits."""

from dataclasses import replace

import pytest

from chains.answering.plan import MARGIN, plan
from chains.answering.tokens import estimated_tokens
from errors import BriefError
from stages.material import Material, Source, Term, UpstreamItem
from tests.doubles.scripted_endpoint import ITEMS, WHOLE, ScriptedEndpoint
from tests.doubles.scripted_replies import EN, STORY_ZH, criteria, item, stories
from tests.doubles.small_house import SmallHouse

RULES = "Rule. " * 150
EXAMPLES = ["Example. " * 60] * 4
SMALL = replace(WHOLE, context_tokens=2048)


def sources(count: int, words: int = 80) -> tuple[Source, ...]:
    return tuple(Source(f"P{n}", str(n), "Title", "rules", "Title", "word " * words) for n in range(1, count + 1))


def terms(count: int) -> tuple[Term, ...]:
    return tuple(Term(f"t{n}", "entity", f"term {n}", "a definition of some length " * 2) for n in range(count))


def long_material(brief: str = EN) -> Material:
    upstream = tuple(UpstreamItem(f"S{n}", "As a customer, I want to freeze a debit card. " * 2) for n in range(1, 21))
    return Material(brief, "en", terms=terms(24), sources=sources(30), upstream=upstream)


@pytest.mark.parametrize("context", [2048, 4096, 8192, 32_768])
def test_the_shares_fit_into_the_context(context: int) -> None:
    planned = plan(
        long_material(), replace(WHOLE, context_tokens=context), rules=RULES, examples=EXAMPLES, schema="", reply_tokens=3000
    )
    shares = dict(planned.shares)
    assert shares.pop("context") == context
    assert sum(shares.values()) <= context * MARGIN
    assert planned.reply_tokens == min(3000, int(int(context * MARGIN) * 0.35))


def test_pieces_stay_whole_and_the_least_relevant_go_first() -> None:
    material = long_material()
    planned = plan(material, SMALL, rules=RULES, examples=EXAMPLES, schema="", reply_tokens=3000)
    kept = planned.material
    for name in ("sources", "terms", "upstream"):
        before, after = getattr(material, name), getattr(kept, name)
        assert after == before[: len(after)], "the first, unchanged"
        assert len(after) < len(before)
    assert kept.upstream
    assert kept.terms
    assert planned.examples <= len(EXAMPLES)


def test_what_is_not_used_falls_to_the_passages() -> None:
    bare = Material("freeze a card", "en", sources=sources(30))
    few = plan(long_material(), SMALL, rules=RULES, examples=EXAMPLES, schema="", reply_tokens=3000)
    many = plan(bare, SMALL, rules=RULES, examples=EXAMPLES, schema="", reply_tokens=3000)
    assert len(many.material.sources) > len(few.material.sources)


def test_a_small_need_leaves_everything_as_it_is() -> None:
    material = Material(EN, "en", terms=terms(3), sources=sources(3))
    planned = plan(material, WHOLE, rules=RULES, examples=EXAMPLES, schema="{}", reply_tokens=1000)
    assert planned.material == material
    assert planned.examples == 4


def test_a_brief_that_does_not_fit_is_refused_in_both_languages() -> None:
    with pytest.raises(BriefError) as refused:
        plan(Material("word " * 2000, "en"), SMALL, rules=RULES, examples=[], schema="", reply_tokens=3000)
    assert "Shorten it" in refused.value.sentence("en")
    assert "请缩短" in refused.value.sentence("zh")
    assert "context 2048" in refused.value.detail


def test_the_first_story_is_never_left_out_in_silence() -> None:
    material = Material("", "zh", upstream=(UpstreamItem("S1", "冻" * 620), UpstreamItem("S2", "结" * 50)))
    planned = plan(material, SMALL, rules="规则" * 100, examples=[], schema="", reply_tokens=3000)
    assert [one.id for one in planned.material.upstream] == ["S1"]
    with pytest.raises(BriefError):
        plan(material, SMALL, rules="规则" * 600, examples=[], schema="", reply_tokens=3000)


async def test_an_answer_at_2048_tokens_works_with_long_material(house: SmallHouse) -> None:
    endpoint = ScriptedEndpoint([stories()], abilities=SMALL)
    answer = await house.answer(endpoint, EN + ". " + "It must work on the phone. " * 100)
    assert len(answer.ready.body["stories"]) == 4
    prompt = sum(estimated_tokens(message.text) for message in endpoint.asks[0].messages)
    assert prompt + endpoint.asks[0].reply_tokens <= 2048
    assert any("left out" in line for step in answer.events for line in getattr(step, "lines", ()))


@pytest.mark.parametrize("stage", ["user_stories", "acceptance_criteria"])
async def test_items_and_prompt_schemas_fit_into_2048_tokens(house: SmallHouse, stage: str) -> None:
    for abilities in (replace(ITEMS, context_tokens=2048), replace(SMALL, structured=False)):
        said = stories() if stage == "user_stories" else criteria()
        endpoint = ScriptedEndpoint(item if abilities.way == "items" else [said], abilities=abilities)
        answer = await house.answer(endpoint, EN if stage == "user_stories" else STORY_ZH, stage)
        assert answer.ended.outcome == "answered", [event for event in answer.events if "Failed" in type(event).__name__]
        for ask in endpoint.asks[:1]:
            assert sum(estimated_tokens(message.text) for message in ask.messages) + ask.reply_tokens <= 2048


async def test_a_brief_that_is_too_long_for_the_model_is_refused_and_on_record(house: SmallHouse) -> None:
    brief = "freeze the debit card of a customer. " * 400
    endpoint = ScriptedEndpoint([stories()], abilities=SMALL)
    answer = await house.answer(endpoint, brief)
    assert "longer than the model can read" in answer.failed.sentence
    assert endpoint.asks == []
    assert (await house.turn(answer.ended.turn_id)).brief == brief
