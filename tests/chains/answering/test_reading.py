"""Replies read as JSON, however they are framed, broken off or overdone."""

import json
import time

import pytest

from chains.answering.reading import read_artifact, read_draft, read_json
from stages.user_stories.shape import UserStories
from tests.doubles.scripted_replies import stories

TEXT = json.dumps(stories())


@pytest.mark.parametrize(
    "reply",
    [TEXT, f"  {TEXT}\n", f"```json\n{TEXT}\n```", f"```\n{TEXT}\n```", f"Here you are: {TEXT}", f"{TEXT}\n\nAnything else?"],
)
def test_the_object_of_a_reply_is_found_in_its_frame(reply: str) -> None:
    assert read_json(reply) == stories()


@pytest.mark.parametrize("reply", ["", " ", "sorry", "[1, 2]", "42", "null", '"text"', "NaN", "```json\n```", "]}"])
def test_what_holds_no_object_is_none(reply: str) -> None:
    assert read_json(reply) is None


def test_a_reply_that_breaks_off_is_closed_where_it_stands() -> None:
    found = read_json(TEXT[: len(TEXT) // 2])
    assert found is not None
    assert found["stories"][0] == stories()["stories"][0]


@pytest.mark.parametrize("nest", ["[", '{"a":', '{"a":['])
def test_a_reply_that_is_nested_without_end_is_none(nest: str) -> None:
    assert read_json('{"stories":' + nest * 20_000) is None


def test_characters_that_no_database_stores_are_replaced() -> None:
    assert read_json(r'{"want": "a\ud800b\u0000c", "\udfff": 1}') == {"want": "a\ufffdb\ufffdc", "\ufffd": 1}


def test_a_huge_number_is_no_crash() -> None:
    assert isinstance(read_json('{"a": ' + "9" * 5000 + "}"), dict | None)


def test_a_long_half_of_a_reply_is_read_in_time() -> None:
    begun = time.thread_time()
    assert read_json(json.dumps({"stories": stories()["stories"] * 50})[:-3]) is not None
    assert time.thread_time() - begun < 10


def test_an_artifact_that_its_shape_refuses_says_where_and_why() -> None:
    artifact, told = read_artifact(UserStories, {"stories": [{"id": "S1"}], "questions": []})
    assert artifact is None
    assert "stories.0.role: Field required" in told
    assert read_artifact(UserStories, stories())[1] == ""


def test_at_most_five_complaints_are_told_to_the_model() -> None:
    told = read_artifact(UserStories, {"stories": [{}] * 9})[1]
    assert told.count(";") == 4


def test_what_is_not_asked_for_is_refused() -> None:
    assert read_artifact(UserStories, stories() | {"admin": True})[0] is None


@pytest.mark.parametrize("at", [20, 60, 100, 300])
def test_a_draft_is_read_as_far_as_it_has_come(at: int) -> None:
    draft = read_draft("```json\n" + TEXT[:at])
    assert draft is not None
    assert list(draft) == ["stories"]


def test_a_whole_draft_is_the_reply_and_what_is_no_object_is_none() -> None:
    assert read_draft(TEXT) == stories()
    assert read_draft("I think") is None
    assert read_draft("{'stories': []}") is None
    assert read_draft('{"stories":' + "[" * 20_000) is None
    assert read_draft(r'{"want": "a\u0000') == {"want": "a\ufffd"}
