"""A body becomes an artifact with its findings, or one finding that says why it is none."""

from typing import Any

from chains.answering.judging import Answered, judged, unreadable
from chains.answering.turn import RunningTurn
from stages.catalog import catalog
from stages.findings import Finding
from stages.material import Material, UpstreamItem
from tests.doubles.scripted_replies import EN, STORY, criteria, stories

STORIES, CRITERIA = (catalog().stage(name) for name in ("user_stories", "acceptance_criteria"))
MATERIAL = Material(EN, "en", roles=("customer",), entities=("income record",), all_roles=("customer",))


def test_a_sound_body_is_answered() -> None:
    found = judged(STORIES, stories(), MATERIAL)
    assert isinstance(found, Answered)
    assert len(found.artifact.items()) == 4
    assert {one.severity for one in found.findings} <= {"hint"}


def test_what_its_shape_refuses_is_one_error_for_the_model() -> None:
    bodies: list[dict[str, Any]] = [{}, {"stories": []}, {"stories": "S1"}, stories() | {"stories": [None]}]
    for body in bodies:
        found = judged(STORIES, body, MATERIAL)
        assert isinstance(found, Finding)
        assert (found.rule, found.severity) == ("schema", "error")
        assert found.message


def test_the_stories_under_test_are_added_by_us_whatever_the_model_says_of_them() -> None:
    material = Material("", "en", upstream=(UpstreamItem("S1", STORY),))
    found = judged(CRITERIA, criteria() | {"stories": [{"id": "S1", "text": "something else"}]}, material)
    assert isinstance(found, Answered)
    assert [one.text for one in found.artifact.upstream_items()] == [STORY]


def test_a_reply_that_cannot_be_read_keeps_its_draft() -> None:
    error = unreadable(STORIES.stage, RunningTurn(draft="junk"))
    assert error.draft == "junk"
    assert "User stories" in error.sentence("en")
    assert "用户故事" in error.sentence("zh")
