"""The line in front of the gate: so many inside, fair between people, bounded."""

import pytest

from chains.endpoint.line import Line, LineFull


def test_so_many_are_inside_and_the_next_comes_in_when_one_leaves() -> None:
    line = Line(2, 2)
    first, second, third = (line.enter(key) for key in "abc")
    assert (first.inside, second.inside, third.inside) == (True, True, False)
    assert (line.inside, line.waiting) == (2, 1)
    line.leave(first)
    assert third.inside
    assert third.moved.is_set()
    assert (line.inside, line.waiting) == (2, 0)


def test_thirty_tickets_of_one_person_hold_nobody_else_up() -> None:
    line = Line(1, 1)
    running = line.enter("ana")
    many = [line.enter("ana") for _ in range(30)]
    ben = line.enter("ben")
    assert line.before(ben) == 1
    line.leave(running)
    assert many[0].inside
    line.leave(many[0])
    assert ben.inside
    assert not many[1].inside


def test_one_person_has_no_more_inside_than_allowed_while_others_come_in() -> None:
    line = Line(3, 1)
    ana, again = line.enter("ana"), line.enter("ana")
    ben = line.enter("ben")
    assert (ana.inside, again.inside, ben.inside) == (True, False, True)
    line.leave(ana)
    assert again.inside


def test_the_place_is_that_in_which_people_come_in() -> None:
    line = Line(1, 1)
    inside = line.enter("x")
    tickets = [line.enter(key) for key in ("a", "a", "b", "c", "b", "a")]
    order = []
    places = {ticket: line.before(ticket) for ticket in tickets}
    leaving = inside
    while line.waiting:
        line.leave(leaving)
        leaving = next(ticket for ticket in tickets if ticket.inside)
        order.append(leaving)
    assert [places[ticket] for ticket in order] == [0, 1, 2, 3, 4, 5]


def test_whoever_leaves_the_line_frees_the_place() -> None:
    line = Line(1, 1, 1)
    line.enter("a")
    waiting = line.enter("b")
    with pytest.raises(LineFull):
        line.enter("c")
    line.leave(waiting)
    assert not line.enter("c").inside
    assert line.waiting == 1


def test_in_a_full_line_the_last_of_the_longest_wait_makes_room_for_somebody_who_has_none() -> None:
    line = Line(1, 1, 3)
    line.enter("x")
    mine = [line.enter("ana") for _ in range(3)]
    ben = line.enter("ben")
    assert (mine[2].turned_away, mine[2].moved.is_set()) == (True, True)
    assert line.before(ben) == 1
    with pytest.raises(LineFull):
        line.enter("ana")
    line.leave(mine[2])
    assert line.waiting == 3


def test_without_a_line_whoever_does_not_come_in_is_refused() -> None:
    line = Line(1, 1, 0)
    line.enter("a")
    with pytest.raises(LineFull):
        line.enter("b")


def test_nothing_is_kept_of_people_who_are_gone() -> None:
    line = Line(2, 2)
    for number in range(100):
        line.leave(line.enter(str(number)))
    assert (line.inside, line.waiting, len(line._lines), len(line._inside)) == (0, 0, 0, 0)
