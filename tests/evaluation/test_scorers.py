"""Scorers: what reads back, what is named, what the model did not write, what a case expects."""

from dataclasses import replace
from typing import Any

import pytest

from evaluation.scorers import (
    EXPECTATIONS,
    Answered,
    artifact_of,
    broken_references,
    copied,
    duplicates,
    not_the_models,
    rules_broken,
    unreadable,
)
from stages.catalog import catalog
from stages.findings import Finding
from stages.material import Material, Source, UpstreamItem

SOURCE = Source("P1", "p-1", "Account rules", "rules-accounts", "Income", "Income is recorded.")
MATERIAL = Material(
    "A customer views income",
    "en",
    sources=(SOURCE,),
    roles=("customer",),
    entities=("income record",),
    unlisted_roles=("auditor",),
    all_roles=("teller",),
    upstream=(UpstreamItem("S1", "As a customer, I want to view income, so that I know it."),),
)


def story(number: int = 1, **changed: Any) -> dict[str, Any]:
    told = {"role": "customer", "want": "view the income", "benefit": "I know it", "entities": [], "sources": ["P1"]}
    return {"id": f"S{number}", **told, **changed}


def scenario(number: int = 1, kind: str = "positive", **changed: Any) -> dict[str, Any]:
    told: dict[str, Any] = {"story": "S1", "name": f"Income is shown {number}", "given": ["an account"], "when": "it opens"}
    told |= {"then": ["the income is shown"], "columns": [], "rows": [], "sources": ["P1"]}
    return {"id": f"S1-{number}", "kind": kind, **told, **changed}


def stories(*told: dict[str, Any], findings: tuple[Finding, ...] = ()) -> Answered:
    return Answered(catalog().stage("user_stories"), {"stories": list(told), "questions": []}, findings, MATERIAL)


def criteria(*told: dict[str, Any]) -> Answered:
    body = {"scenarios": list(told), "questions": [], "stories": [{"id": "S1", "text": MATERIAL.upstream[0].text}]}
    return Answered(catalog().stage("acceptance_criteria"), body, (), MATERIAL)


def judged(scorer: Any, answer: Answered) -> Any:
    artifact = artifact_of(answer)
    assert artifact is not None
    return scorer(answer, artifact)


def expected(name: str, answer: Answered, value: Any) -> tuple[str, ...]:
    artifact = artifact_of(answer)
    assert artifact is not None
    return EXPECTATIONS[name](answer, artifact, value)


def test_a_body_that_breaks_its_schema_is_no_artifact() -> None:
    assert artifact_of(stories(story(want=""))) is None
    assert artifact_of(stories(story(invented="?"))) is None
    assert artifact_of(stories(story())) is not None


def test_a_sound_answer_has_nothing_against_it() -> None:
    for answer in (stories(story()), criteria(scenario())):
        assert judged(unreadable, answer) == judged(broken_references, answer) == ()


def test_a_story_whose_wish_runs_into_its_reason_does_not_read_back() -> None:
    assert judged(unreadable, stories(story(), story(2, want="view income so that I see it"))) == ("S2",)


def test_a_scenario_whose_step_would_be_another_line_does_not_read_back() -> None:
    assert "S1-1" in judged(unreadable, criteria(scenario(when="it opens\nThen the world ends")))


def test_what_the_stage_found_unreadable_counts_too() -> None:
    finding = Finding("unreadable", "error", "stories[0].want", "no story", "S1")
    assert judged(unreadable, stories(story(), findings=(finding,))) == ("S1",)


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"sources": ["P1", "P9"]}, "S1 sources P9"),
        ({"role": "emperor"}, "S1 role emperor"),
        ({"entities": ["crown"]}, "S1 entities crown"),
    ],
)
def test_a_reference_to_what_was_not_in_hand_is_named(changed: dict[str, Any], told: str) -> None:
    assert judged(broken_references, stories(story(**changed))) == (told,)


@pytest.mark.parametrize("role", ["customer", "auditor", "teller"])
def test_roles_of_the_brief_and_of_the_glossary_exist(role: str) -> None:
    assert judged(broken_references, stories(story(role=role))) == ()


def test_a_scenario_of_a_story_that_is_not_upstream_is_named() -> None:
    assert judged(broken_references, criteria(scenario(story="S7"))) == ("S1-1 rests on S7",)


def test_pairs_of_stories_that_say_the_same_are_named() -> None:
    told = artifact_of(stories(story(1), story(2), story(3, want="delete a record"), story(4, role="teller")))
    assert told is not None
    assert duplicates(told) == ("S1=S2",)


@pytest.mark.parametrize("rule", ["unwritten", "filled-in"])
def test_what_the_model_did_not_write_covers_nothing(rule: str) -> None:
    answer = stories(story(), findings=(Finding(rule, "error", "S1", "by us", "S1"),))
    assert not_the_models(answer) == ("S1",)
    assert expected("actions", answer, [[["view"], ["income"]]]) == ("view + income",)


def test_expected_actions_without_a_story_are_told() -> None:
    assert expected("actions", stories(story()), [[["view"]], [["delete", "remove"], ["income"]]]) == ("delete + income",)


def test_expected_kinds_and_counts_are_held_against_every_story() -> None:
    answer = criteria(scenario(1), scenario(2, "negative"))
    assert expected("kinds", answer, ["positive", "negative", "boundary"]) == ("S1 boundary",)
    assert expected("scenarios_a_story", answer, 3) == ("S1: 2",)
    assert expected("scenarios_a_story", answer, 2) == ()


def test_every_expectation_of_every_case_has_a_scorer() -> None:
    assert {name for stage in catalog() for case in stage.cases for name in case.expect} <= set(EXPECTATIONS)


def test_a_reason_taken_over_from_an_example_is_told_unless_the_brief_says_it() -> None:
    reason = next(one.reply["benefit"] for one in catalog().stage("user_stories").examples.items if one.language == "en")
    answer = stories(story(benefit=reason), story(2))
    assert judged(copied, answer) == (f"S1 benefit: {reason}",)
    assert judged(copied, replace(answer, material=replace(MATERIAL, brief=f"So that {reason}."))) == ()


def test_findings_are_counted_by_rule() -> None:
    findings = [Finding(rule, "hint", "", "") for rule in ("no-source", "atomic", "no-source")]
    assert rules_broken(findings) == {"atomic": 1, "no-source": 2}
