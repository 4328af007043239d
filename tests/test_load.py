"""What the load run rests on: sound replies, and figures that say what they mean."""

import json

import psutil
import pytest

from benchmarks.load.replies import brief, reply_to, tokens_of
from benchmarks.load.running import Watch
from benchmarks.load.visitor import Shown
from stages.user_stories.shape import UserStories

SCHEMA = {"properties": {"stories": {"items": {"properties": {"sources": {"items": {"enum": ["P2"]}}}}}}}


def test_the_endpoints_reply_is_a_sound_artifact_that_cites_what_the_call_allows() -> None:
    for body in ({}, {"response_format": {"json_schema": {"schema": SCHEMA}}}):
        reply = json.loads(reply_to(body))
        assert UserStories.model_validate(reply).stories
        assert all(set(story["sources"]) <= {"P2"} for story in reply["stories"])
    assert brief()


def test_the_tokens_of_a_reply_are_the_reply() -> None:
    assert "".join(tokens_of(reply_to({}))) == reply_to({})


def test_memory_that_grows_by_a_mebibyte_a_minute_has_that_slope() -> None:
    watch = Watch(psutil.Process(), 1.0, [(float(second), 300 + second / 60) for second in range(0, 300, 5)])
    assert watch.slope(60) == pytest.approx(1.0)
    assert watch.slope(1000) == 0


def test_somebody_is_told_by_a_place_by_words_or_by_an_end() -> None:
    working = {"phase": "working", "items": [], "progress": {"waits": False, "writing": False}}
    shown = Shown("1-0", 1.0)
    shown.take_card(working)
    assert (shown.told, shown.begun > 0) == (0, True)
    shown.take_card({**working, "progress": {"waits": True}})
    assert shown.told > 0
    assert shown.waited
    assert not shown.writing
    shown.take_card({**working, "progress": {"writing": True}})
    assert shown.writing > 0
    shown.take_card({"phase": "failed", "items": [], "error": "busy"})
    assert (shown.phase, shown.error, shown.done.is_set()) == ("failed", "busy", True)
