"""What was read is made to fit its shape: what cannot be held is cut or left out, and named."""

from typing import Any

import pytest

from chains.importing.fitting import fitted
from stages.user_stories.shape import UserStories


def story(number: int, **changed: Any) -> dict[str, Any]:
    told = {"id": f"S{number}", "role": "customer", "want": f"pay bill {number}", "benefit": "", "entities": [], "sources": []}
    return told | changed


def body(*stories: dict[str, Any], **changed: Any) -> dict[str, Any]:
    return {"stories": list(stories), "questions": [], **changed}


def test_what_fits_is_kept_as_it_is() -> None:
    artifact, told = fitted(UserStories, body(story(1), story(2)), "en")
    assert artifact is not None
    assert ([one.id for one in artifact.items()], told) == (["S1", "S2"], ())


@pytest.mark.parametrize(
    "broken",
    [
        {"want": ""},
        {"want": None},
        {"id": "X1"},
        {"mood": "good"},
        {"role": 5},
        {"entities": "card"},
        {"want": "", "role": "", "id": 1},
    ],
)
def test_an_item_that_breaks_the_shape_is_left_out_and_named(broken: dict[str, Any]) -> None:
    artifact, told = fitted(UserStories, body(story(1), story(2, **broken), story(3), story(4, **broken), story(5)), "en")
    assert artifact is not None
    assert [one.id for one in artifact.items()] == ["S1", "S3", "S5"]
    assert [one.split(" ")[0] for one in told] == ["stories[1]", "stories[3]"]


def test_an_item_that_lacks_a_field_is_left_out() -> None:
    lacking = story(2)
    del lacking["benefit"]
    artifact, told = fitted(UserStories, body(story(1), lacking), "zh")
    assert artifact is not None
    assert [one.id for one in artifact.items()] == ["S1"]
    assert "已略去" in told[0]
    assert "pay bill 2" in told[0]


def test_a_text_that_is_too_long_is_cut_and_named() -> None:
    artifact, told = fitted(UserStories, body(story(1, want="x" * 900, role="y" * 100), story(2)), "en")
    assert isinstance(artifact, UserStories)
    assert (len(artifact.stories[0].want), artifact.stories[0].want[-1], len(artifact.stories[0].role)) == (240, "…", 60)
    assert len(told) == 2


def test_a_list_that_is_too_long_keeps_its_first_and_says_so() -> None:
    artifact, told = fitted(UserStories, body(*(story(number) for number in range(1, 31))), "en")
    assert artifact is not None
    assert len(artifact.items()) == 20
    assert told == ("stories holds 30; the first 20 are kept.",)


def test_items_that_share_an_id_are_numbered_anew() -> None:
    artifact, told = fitted(UserStories, body(story(1), story(1), story(2), story(1)), "en")
    assert artifact is not None
    assert ([one.id for one in artifact.items()], told) == (["S1", "S2", "S3", "S4"], ())


@pytest.mark.parametrize(
    "nothing", [{}, {"stories": []}, {"stories": None, "questions": []}, {"stories": [5, "x", None], "questions": []}]
)
def test_where_nothing_fits_there_is_no_artifact(nothing: dict[str, Any]) -> None:
    assert fitted(UserStories, nothing, "en")[0] is None


def test_a_question_that_does_not_fit_is_left_out_alone() -> None:
    artifact, told = fitted(UserStories, body(story(1), questions=["Who pays?", "", "Why?"]), "en")
    assert isinstance(artifact, UserStories)
    assert artifact.questions == ["Who pays?", "Why?"]
    assert told[0].startswith("questions[1]")


def test_what_was_read_is_not_changed() -> None:
    read = body(story(1, want="x" * 900), story(1))
    before = repr(read)
    fitted(UserStories, read, "en")
    assert repr(read) == before
