"""What Gherkin's own parser lets pass, each with the text that slips through it, and what catches it here."""

from typing import Any

import pytest
from pydantic import ValidationError

from formats.gherkin import GherkinError, read_feature
from stages.acceptance_criteria.checks import check_coverage, check_read_back, check_scenarios, check_unique, mend_steps
from stages.acceptance_criteria.shape import AcceptanceCriteria, Scenario, StoryText
from stages.acceptance_criteria.view import feature_file, read_edited
from stages.material import Material, UpstreamItem

STORY = "As a customer, I want to pay a bill, so that it is settled."
HAND = Material("", "en", upstream=(UpstreamItem("S1", STORY), UpstreamItem("S2", STORY)))
PLAIN: dict[str, Any] = {
    "id": "S1-1",
    "story": "S1",
    "kind": "positive",
    "name": "A bill is paid",
    "given": ["the bill is open"],
    "when": "Ana pays the bill",
    "then": ["the bill is settled"],
    "columns": [],
    "rows": [],
    "sources": [],
}


def criteria(*several: dict[str, Any]) -> AcceptanceCriteria:
    scenarios = [Scenario.model_validate({**PLAIN, **changed}) for changed in several]
    return AcceptanceCriteria(scenarios=scenarios, questions=[], stories=[StoryText(id="S1", text=STORY)])


SLIPS: list[tuple[str, str, list[dict[str, Any]]]] = [
    ("outline-without-rows", "Scenario Outline", [{"columns": ["bill"], "when": "Ana pays <bill>"}]),
    ("placeholder-undefined", "Ana pays <bill>", [{"when": "Ana pays <bill>"}]),
    ("placeholder-undefined", "<b>", [{"columns": ["a"], "rows": [["1"]], "when": "Ana pays <a>", "then": ["<b> is settled"]}]),
    ("placeholder-unused", "| bill", [{"columns": ["bill"], "rows": [["rent"]]}]),
    ("several-actions", "pays the bill and cancel the order", [{"when": "Ana pays the bill and cancel the order"}]),
    ("duplicate-name", "A bill is paid", [{}, {"id": "S1-2", "when": "Ben pays the bill"}]),
    ("same-steps", "Ana pays the bill", [{}, {"id": "S1-2", "name": "Another"}]),
    ("ui-words", "clicks the button", [{"when": "Ana clicks the button"}]),
    ("vague", "quickly", [{"then": ["the bill is settled quickly"]}]),
    ("boundary-without-number", "@boundary", [{"kind": "boundary"}]),
    ("too-few", "A bill is paid", [{}]),
    ("no-negative", "A bill is paid", [{}]),
    ("no-boundary", "A bill is paid", [{}]),
    ("story-uncovered", "S1", [{}]),
]


@pytest.mark.parametrize(("rule", "slips", "several"), SLIPS)
def test_what_the_parser_lets_pass_is_found_here(rule: str, slips: str, several: list[dict[str, Any]]) -> None:
    artifact = criteria(*several)
    text = feature_file(artifact, "en", ()).decode()
    assert slips in text
    assert len(read_feature(text).scenarios) == len(several)
    assert check_read_back(artifact, HAND) == []
    found = [one.rule for check in (check_coverage, check_scenarios, check_unique) for one in check(artifact, HAND)]
    assert rule in found


TEXTS = [
    ("a scenario without steps", "Scenario: A bill is paid\n"),
    ("Then before When", "Scenario: A bill\n  Given an open bill\n  Then it is settled\n  When Ana pays it\n"),
    ("When before Given", "Scenario: A bill\n  When Ana pays it\n  Given an open bill\n  Then it is settled\n"),
    ("several Whens", "Scenario: A bill\n  Given an open bill\n  When Ana pays it\n  When Ana goes\n  Then it is settled\n"),
    ("a When behind And", "Scenario: A bill\n  Given an open bill\n  When Ana pays it\n  And Ana goes\n  Then it is settled\n"),
    ("no Then", "Scenario: A bill\n  Given an open bill\n  When Ana pays it\n"),
]


@pytest.mark.parametrize(("slip", "text"), TEXTS)
def test_an_edited_scenario_that_only_the_parser_takes_is_refused(slip: str, text: str) -> None:
    assert len(read_feature(f"Feature: Bills\n{text}").scenarios) == 1, slip
    with pytest.raises(ValueError, match="exactly one When"):
        read_edited(text, Scenario.model_validate(PLAIN), "en")


@pytest.mark.parametrize("changed", [{"given": []}, {"when": ""}, {"then": []}, {"given": [" " * 0]}])
def test_the_shape_holds_no_scenario_without_steps(changed: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Scenario.model_validate({**PLAIN, **changed})


def test_a_generated_artifact_is_never_an_empty_file() -> None:
    with pytest.raises(GherkinError, match="no feature"):
        read_feature("")
    with pytest.raises(ValidationError):
        AcceptanceCriteria(scenarios=[], questions=[])


@pytest.mark.parametrize("when", ["Ana pays the bill\nWhen Ana goes", "Ana pays the bill\n  Then it is settled"])
def test_a_step_that_hides_another_one_stays_one_step(when: str) -> None:
    artifact, _ = mend_steps(criteria({"when": when}), HAND)
    (scenario,) = read_feature(feature_file(artifact, "en", ()).decode()).scenarios
    assert [step.kind for step in scenario.steps] == ["given", "when", "then"]


def test_a_step_of_white_space_alone_is_found() -> None:
    assert [one.rule for one in check_read_back(criteria({"when": "   "}), HAND)] == ["unreadable"]
