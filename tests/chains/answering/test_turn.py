"""A running turn collects what its record will hold."""

import time

from chains.answering.turn import RunningTurn
from chains.endpoint.asking import Ask, Message, Reply

ASK = Ask((Message("user", "freeze a card"),), None, "stories", 100)


def test_the_furthest_text_is_the_longest_that_came() -> None:
    turn = RunningTurn()
    assert turn.furthest == ""
    turn.sent(ASK)["reply"] = "sorry"
    assert turn.furthest == "sorry"
    turn.draft = '{"stories": []}'
    turn.sent(ASK)["reply"] = "{"
    assert turn.furthest == turn.record().draft == '{"stories": []}'


def test_what_calls_cost_is_added_up() -> None:
    turn = RunningTurn(model="configured")
    turn.received(Reply("a", "stop", "", 10, 2, 5))
    turn.received(Reply("b", "stop", "served", 20, 3, 0))
    assert turn.end().tokens == {"prompt": 30, "completion": 5, "cached": 5, "calls": 2}
    assert turn.model == "served"


def test_the_first_token_is_that_of_the_first_call() -> None:
    turn = RunningTurn()
    turn.arrived()
    first = turn.first_token
    turn.arrived()
    assert turn.first_token == first
    assert first is not None


def test_a_turn_that_nothing_came_of_has_failed() -> None:
    record = RunningTurn().record()
    assert (record.outcome, record.artifact, record.draft) == ("failed", None, "")


def test_steps_keep_their_order_and_time() -> None:
    turn = RunningTurn()
    turn.step("gather", ("1 term",), time.perf_counter() - 2)
    turn.step("plan", (), time.perf_counter())
    assert [step["name"] for step in turn.record().steps] == ["gather", "plan"]
    assert turn.steps[0].seconds >= 2
