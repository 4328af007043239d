"""The briefs are what the issue asks for, and each outline can be reached."""

import pytest
from pydantic import ValidationError

from evaluation.briefs import Brief, read_briefs
from evaluation.coverage import assigned
from formats.language import language_of
from stages.catalog import catalog

BRIEFS, HELD_OUT = read_briefs(), read_briefs("held_out.yaml")


def test_there_are_thirty_briefs_half_in_each_language() -> None:
    assert len(BRIEFS) == 30
    assert sum(brief.language == "en" for brief in BRIEFS) == 15


@pytest.mark.parametrize("kind", ["hostile", "meaningless"])
def test_two_briefs_are_hostile_and_two_have_no_meaning_one_in_each_language(kind: str) -> None:
    assert sorted(brief.language for brief in BRIEFS if brief.kind == kind) == ["en", "zh"]


def test_every_brief_has_an_id_and_a_text_of_its_own() -> None:
    every = [*BRIEFS, *HELD_OUT]
    assert len({brief.id for brief in every}) == len({brief.text for brief in every}) == len(every)


@pytest.mark.parametrize("brief", [*BRIEFS, *HELD_OUT], ids=lambda brief: brief.id)
def test_the_language_of_a_brief_is_the_one_that_the_assistant_reads(brief: Brief) -> None:
    assert language_of(brief.text) == brief.language or brief.kind == "meaningless"


@pytest.mark.parametrize("brief", [*BRIEFS, *HELD_OUT], ids=lambda brief: brief.id)
def test_each_action_is_covered_by_its_own_name(brief: Brief) -> None:
    groups = [action.covered_by for action in brief.actions]
    assert None not in assigned(groups, [action.name for action in brief.actions], brief.language)


@pytest.mark.parametrize("brief", [*BRIEFS, *HELD_OUT], ids=lambda brief: brief.id)
def test_only_a_brief_without_meaning_asks_for_nothing(brief: Brief) -> None:
    assert bool(brief.actions) == (brief.kind != "meaningless")
    assert len({action.name for action in brief.actions}) == len(brief.actions)
    assert all(group for action in brief.actions for group in action.covered_by)


def test_no_brief_is_shown_to_the_model_as_an_example() -> None:
    shown = {example.brief for stage in catalog() for example in stage.examples.whole}
    shown |= {example.brief for stage in catalog() for example in stage.examples.outlines}
    told = {" ".join(text.split()) for text in shown}
    assert not told & {" ".join(brief.text.split()) for brief in (*BRIEFS, *HELD_OUT)}


def test_a_misspelt_field_is_refused() -> None:
    with pytest.raises(ValidationError):
        Brief.model_validate({"id": "x", "language": "en", "kind": "ordinary", "text": "t", "actions": [], "note": "?"})
