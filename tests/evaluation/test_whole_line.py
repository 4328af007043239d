"""What the runner of the whole line holds against an artifact."""

from typing import Any

from evaluation.whole_line import StageResult, unparsed
from stages.catalog import CatalogedStage, catalog

SCENARIO: dict[str, Any] = {
    "id": "S1-1",
    "story": "S1",
    "kind": "positive",
    "name": "A card is frozen",
    "given": ["the card is active"],
    "when": "the customer freezes the card",
    "then": ["the card is frozen"],
    "columns": [],
    "rows": [],
    "sources": [],
}


def criteria(**changed: Any) -> tuple[CatalogedStage, Any]:
    stage = catalog().stage("acceptance_criteria")
    story = {"id": "S1", "text": "As a customer, I want to freeze a card, so that it is safe."}
    return stage, stage.stage.artifact.model_validate({"scenarios": [SCENARIO | changed], "questions": [], "stories": [story]})


def test_an_artifact_whose_notation_comes_back_is_parsed() -> None:
    assert unparsed(*criteria(), "en") == ()


def test_every_stage_has_the_notation_that_is_its_source() -> None:
    for stage in catalog():
        assert stage.stage.source in stage.stage.notations, stage.name


def test_a_text_that_we_filled_in_or_a_notation_that_fails_makes_it_invalid() -> None:
    sound = StageResult("i", "faq", "en", follows_schema=True)
    assert sound.is_valid
    assert not StageResult("i", "faq", "en", follows_schema=True, filled_in=("Q1",)).is_valid
    assert not StageResult("i", "faq", "en", follows_schema=True, unparsed=("line 3",)).is_valid
    assert not StageResult("i", "faq", "en").is_valid


def test_a_result_comes_back_from_its_json() -> None:
    kept = StageResult("i", "faq", "zh", missed=("进度",), rules={"open": 2}, seconds=1.5)
    assert StageResult.from_json(kept.as_json()) == kept
