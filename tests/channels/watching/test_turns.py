import json
import logging

import pytest

from channels.watching.lines import Lines, LogOptions
from channels.watching.turns import PersonMarks, TurnLog
from tests.channels.watching.test_metrics import CALL, TURN


def test_a_turn_is_one_line_that_names_nobody(caplog: pytest.LogCaptureFixture) -> None:
    log = TurnLog(PersonMarks("a key"))
    with caplog.at_level(logging.INFO, "stagecraft.turns"):
        log.turn_began()
        log.called(CALL)
        log.adopted("faq", "edited")
        log.turn_ended(TURN)
    (record,) = caplog.records
    told = json.loads(Lines(LogOptions("json")).format(record))
    assert (told["turn"], told["door"], told["stage"], told["outcome"], told["seconds"]) == (
        "t1",
        "page",
        "user_stories",
        "answered",
        3.5,
    )
    assert told["first_token_seconds"] == 0.7
    assert told["person"] == PersonMarks("a key")("ana") != "ana"
    assert "failure" not in told


def test_a_mark_is_the_same_for_a_person_and_another_under_another_key() -> None:
    marks = PersonMarks("a key")
    assert marks("ana") == marks("ana") != marks("ben")
    assert marks("ana") != PersonMarks("another key")("ana")
    assert PersonMarks()("ana") == PersonMarks()("ana") != marks("ana")
    assert marks("") == ""
