"""The card of a turn that left no artifact says why, shows what was written, and offers the one press that fits."""

import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from channels.elements.ended import ended_props
from channels.people import LOCAL_ANALYST
from channels.texts import texts_in
from errors import Language
from records.turns import Outcome, Turn
from stages.declaration import ItemView

NOW = datetime(2026, 11, 22, tzinfo=UTC)
DRAFT = json.dumps({"stories": [{"id": "S1"}, {"id": "S2"}]})[:-4]
TURN = Turn(
    id="t1",
    workspace="w",
    artifact=None,
    stage="user_stories",
    phase="requirements",
    asker="ana",
    channel="page",
    language="en",
    brief="Freeze a card",
    prompt_hash="",
    model="m",
    instance="h:1:1",
    outcome="interrupted",
    draft=DRAFT,
    passages=(),
    steps=(),
    findings=(),
    mends=(),
    prompt=(),
    tokens={},
    seconds=None,
    failure_id=None,
    failure=None,
    started=NOW,
    ended=NOW,
    upstream=("a1",),
)


def views(stage: str, body: dict[str, list[dict[str, str]]], language: Language) -> tuple[ItemView, ...]:
    return tuple(ItemView(item["id"], f"{stage} {language}", ()) for item in body["stories"])


def props_of(turn: Turn, language: Language = "en") -> dict[str, object]:
    return ended_props(turn, LOCAL_ANALYST, "User stories", texts_in(language), views)


@pytest.mark.parametrize(
    ("outcome", "draft", "phase", "goes_on"),
    [
        ("interrupted", DRAFT, "interrupted", True),
        ("interrupted", "", "interrupted", True),
        ("cancelled", DRAFT, "stopped", True),
        ("cancelled", "", "stopped", False),
        ("failed", DRAFT, "failed", True),
        ("failed", "", "failed", False),
        ("answering", DRAFT, "working", False),
    ],
)
def test_a_card_says_how_its_turn_stands_and_whether_it_goes_on(outcome: Outcome, draft: str, phase: str, goes_on: bool) -> None:
    props = props_of(replace(TURN, outcome=outcome, draft=draft))
    assert (props["phase"], props["goOn"], props["turnId"]) == (phase, goes_on, "t1")
    shown = props["items"]
    assert isinstance(shown, list)
    assert [item["id"] for item in shown] == (["S1", "S2"] if draft else [])


def test_what_can_be_asked_again_is_what_was_asked() -> None:
    assert props_of(TURN)["retry"] == {"stage": "user_stories", "brief": "Freeze a card", "upstream": ["a1"]}


def test_the_reason_of_a_failure_stays_and_the_words_are_the_readers() -> None:
    assert props_of(replace(TURN, outcome="failed", failure="It broke off."))["error"] == "It broke off."
    assert "继续" in str(props_of(TURN, "zh")["error"])
    assert "Continue" in str(props_of(TURN)["error"])
