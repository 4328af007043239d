"""Mends before checks, the gravest finding first, and how heavy findings weigh."""

from dataclasses import replace

from chains.answering.checking import as_rows, burden, checked, mended
from stages.catalog import catalog
from stages.findings import Finding, Severity
from stages.material import Material
from stages.user_stories.shape import UserStories
from tests.doubles.scripted_replies import EN, story

STAGE = catalog().stage("user_stories").stage
SEVERITIES: tuple[Severity, ...] = ("error", "warning", "hint")
MATERIAL = Material(EN, "en", roles=("customer",), all_roles=("customer",))


def artifact(*stories: dict[str, object]) -> UserStories:
    return UserStories.model_validate({"stories": list(stories), "questions": []})


def test_every_mend_is_made_and_told() -> None:
    told = artifact(
        story(1, "customer", "I want to view the income records.", "so that I know.", sources=("P9",)),
        story(2, "customer", "view the income records", "I know"),
    )
    found, mends = mended(STAGE, told, MATERIAL)
    assert [one.want for one in found.items() if hasattr(one, "want")] == ["view the income records"]
    assert {one.rule for one in mends} == {"wording", "not-unique", "source"}


def test_a_mend_never_leaves_an_empty_artifact() -> None:
    def all_gone(told: UserStories, _material: Material) -> tuple[UserStories, list[object]]:
        return told.with_items([]), []

    kept, _ = mended(replace(STAGE, mends=(all_gone,)), artifact(story(1, "customer", "view it", "x y")), MATERIAL)  # type: ignore[arg-type]
    assert len(kept.items()) == 1


def test_findings_come_once_and_the_gravest_first() -> None:
    told = artifact(story(1, "sorcerer", "view the income records", ""), story(2, "customer", "dance", "for joy and health"))
    twice = replace(STAGE, checks=(*STAGE.checks, *STAGE.checks))
    found = checked(twice, told, MATERIAL)
    assert found == checked(STAGE, told, MATERIAL)
    weights = [{"error": 2, "warning": 1, "hint": 0}[one.severity] for one in found]
    assert weights == sorted(weights, reverse=True)
    assert found[0].rule == "role-unknown"


def test_one_error_weighs_more_than_some_warnings_and_a_hint_nothing() -> None:
    error, warning, hint = (Finding("r", severity, "", "") for severity in SEVERITIES)
    assert burden([hint] * 9) == 0
    assert burden([error]) > burden([warning] * 9) > burden([])


def test_rows_are_json() -> None:
    assert as_rows([Finding("r", "hint", "p", "m", "S1")]) == (
        {"rule": "r", "severity": "hint", "place": "p", "message": "m", "item": "S1"},
    )
