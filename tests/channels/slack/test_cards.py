"""However large an artifact is, and whatever it says, Slack takes its card."""

from dataclasses import replace
from typing import Any

import pytest

from chains.cards.cards import ArtifactCard
from chains.events import ArtifactReady, Person, Request
from channels.elements.cards import card_props
from channels.slack.cards import Shown, card_parts
from channels.slack.texts import SlackTexts
from errors import Language
from stages.declaration import Line
from tests.doubles.fake_slack import _unsound
from tests.doubles.scripted_assistant import ScriptedAssistant

ANA = Person("ana", "Ana")


async def card(language: Language = "en") -> ArtifactCard:
    assistant = ScriptedAssistant(pace=0)
    request = Request("user_stories", "客户付款" if language == "zh" else "pay", ANA)
    ready = [one async for one in assistant.answer(request) if isinstance(one, ArtifactReady)]
    return await assistant.card(ready[0].artifact_id, ANA)


def parts(held: ArtifactCard, language: Language = "en") -> list[list[dict[str, Any]]]:
    texts = SlackTexts(language)
    return card_parts(Shown(card_props(held, texts, lambda _text, _language: ()), texts, "https://own.test/?artifact=a1"))


@pytest.mark.parametrize("language", ["en", "zh"])
async def test_a_card_is_one_message_with_a_button_for_each_decision(language: Language) -> None:
    (blocks,) = parts(await card(language), language)
    actions = [element["action_id"] for block in blocks if block["type"] == "actions" for element in block["elements"]]
    assert actions.count("edit") == 3
    assert {"accept", "reject", "carry_on:acceptance_criteria", "download"} <= set(actions)
    assert not _unsound({"blocks": blocks})


async def test_what_is_accepted_is_not_offered_for_acceptance_again() -> None:
    held = await card()
    done = replace(held, items=tuple(replace(one, status="accepted") for one in held.items), status="accepted")
    (blocks,) = parts(done)
    assert '"accept"' not in str(
        [one["action_id"] for block in blocks if block["type"] == "actions" for one in block["elements"]]
    )
    assert str(blocks).count(":white_check_mark:") == 3


async def test_a_large_artifact_takes_several_messages_each_of_which_slack_takes() -> None:
    held = await card()
    item = held.items[0]
    long = replace(item, view=replace(item.view, title="t" * 400, lines=tuple(Line("I want", "& word " * 300) for _ in range(6))))
    made = parts(replace(held, title="x" * 500, items=(long,) * 40))
    assert len(made) > 4
    assert all(not _unsound({"blocks": blocks}) for blocks in made)
    assert all(block.get("type") != "actions" or len(block["elements"]) <= 25 for blocks in made for block in blocks)
    text = str(made)
    assert text.count("'action_id': 'edit'") == 40


async def test_sources_are_numbered_as_items_cite_them() -> None:
    (blocks,) = parts(await card())
    text = "\n".join(one["text"] for block in blocks if block["type"] == "context" for one in block["elements"])
    assert "Sources [1] [2]" in text
    assert "[1] *" in text
