"""The arithmetic behind the printed figures: what a reader takes from a table is what was measured."""

import json
import math
from pathlib import Path
from typing import Any

import pytest

from benchmarks.figures import Figure, Journal
from benchmarks.latency import Timed, at
from benchmarks.latency import _judge as judge_latency
from benchmarks.peers import BEHIND, COLUMNS, PEERS, Places, _mean_gain, _places, _print_table, _verdict, gain, interval


def kept(folder: Path, name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (folder / "benchmarks" / f"{name}.jsonl").read_text("utf-8").splitlines()]


def same(places: list[int]) -> Places:
    """The same places in every column."""
    return dict.fromkeys(COLUMNS, places)


@pytest.mark.parametrize(
    ("place", "worth"), [(1, 1.0), (2, 1 / math.log2(3)), (3, 0.5), (10, 1 / math.log2(11)), (11, 0), (0, 0)]
)
def test_ndcg_at_ten_of_one_right_paragraph(place: int, worth: float) -> None:
    assert gain(place) == pytest.approx(worth)


def test_mean_ndcg_counts_what_was_not_found() -> None:
    assert _mean_gain([1, 3, 0, 11]) == pytest.approx((1 + 0.5) / 4)


def test_several_passages_of_one_paragraph_take_one_place() -> None:
    found = {"en → en": [["7", "7", "4", "7", "9"], ["1"], []]}
    assert _places(found, {"en → en": ["9", "2", "3"]}) == {"en → en": [3, 0, 0]}


def test_answers_and_questions_must_be_as_many() -> None:
    with pytest.raises(ValueError, match="zip"):
        _places({"en → en": [["1"]]}, {"en → en": ["1", "2"]})


def test_the_table_tells_recall_at_five_beside_ndcg(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _print_table({"Stagecraft": same([1, 5, 6, 0])}, Journal(tmp_path))
    (row,) = kept(tmp_path, "peers")
    mean = (1 + 1 / math.log2(6) + 1 / math.log2(7)) / 4
    assert set(row["recall_5"].values()) == {0.5}
    assert row["ndcg_10"]["zh → en"] == pytest.approx(mean)
    assert f"{mean:.3f} / 0.500" in capsys.readouterr().out


def test_the_interval_of_two_that_are_the_same_is_nothing() -> None:
    assert interval([1, 2, 0], [1, 2, 0]) == (0.0, 0.0)


def test_the_interval_is_that_of_the_pairs_and_the_same_at_every_run() -> None:
    # Ours is ahead by exactly one in half of the questions: mean 0.5, deviation 0.05.
    ours, theirs = [1] * 100, [0, 1] * 50
    low, high = interval(ours, theirs)
    assert (low, high) == interval(ours, theirs)
    assert low == pytest.approx(0.5 - 1.96 * 0.05, abs=0.015)
    assert high == pytest.approx(0.5 + 1.96 * 0.05, abs=0.015)
    # Unpaired it would be wide; paired, a constant lead has no width.
    assert interval([1] * 10, [3] * 10) == (0.5, 0.5)
    with pytest.raises(ValueError, match="zip"):
        interval([1, 2], [1])


@pytest.mark.parametrize(
    ("theirs", "held"),
    [
        ({}, False),  # the same everywhere is no lead
        ({"en → en": [0] * 1000}, True),
        ({"en → en": [0] * 1000, "zh → zh": [1] * 997 + [0] * 3}, True),
    ],
)
def test_a_peer_is_led_where_the_mean_is_ahead(theirs: Places, held: bool, capsys: pytest.CaptureFixture[str]) -> None:
    figure = _verdict(PEERS[0], same([1] * 1000), same([1] * 1000) | theirs)
    assert figure.held is held
    assert PEERS[0].title in capsys.readouterr().out


@pytest.mark.parametrize(("behind", "held"), [(2, True), (4, False)])
def test_no_column_may_lie_behind_by_more_than_the_allowance(behind: int, held: bool) -> None:
    ours = same([1] * 1000) | {"zh → en": [0] * behind + [1] * (1000 - behind)}
    theirs = same([1] * 1000) | {"en → en": [0] * 1000}
    assert (behind / 1000 <= BEHIND) is held
    figure = _verdict(PEERS[0], ours, theirs)
    assert figure.held is held
    assert f"least {-behind / 1000:+.3f}" in figure.value


def test_a_percentile_is_one_of_the_times() -> None:
    seconds = [float(number) for number in range(100, 0, -1)]
    assert (at(seconds, 0.5), at(seconds, 0.99), at([3.0], 0.99)) == (51.0, 100.0, 3.0)


@pytest.mark.parametrize(
    ("others", "held"),
    [(0.0, False), (1.0, True)],
)
def test_the_ratio_to_the_peer_is_held_to_what_the_machine_allows(others: float, held: bool, tmp_path: Path) -> None:
    # The query's vector made: 1.5 times theirs; kept: half of theirs.
    timed = Timed(10_000, {False: [0.015] * 100, True: [0.003] * 100}, {False: [0.010] * 100, True: [0.006] * 100}, others)
    judge_latency(timed, Journal(tmp_path))
    tail, ratio, both_kept, ours_kept = kept(tmp_path, "figures")
    assert (tail["value"], tail["held"]) == ("1.00", True)
    assert (ratio["value"], ratio["held"]) == ("1.50", held)
    assert [(row["value"], row["held"]) for row in (both_kept, ours_kept)] == [("0.50", None), ("0.30", True)]


def test_a_long_tail_is_told_and_a_size_without_target_is_not_judged(tmp_path: Path) -> None:
    ours = [0.010] * 95 + [0.050] * 5
    judge_latency(Timed(100_000, {False: ours, True: ours}, {False: [0.001], True: [0.001]}), Journal(tmp_path))
    tail, *others = kept(tmp_path, "figures")
    assert (tail["value"], tail["held"]) == ("5.00", False)
    assert [row["held"] for row in others] == [None] * 3
    judge_latency(Timed(2_000, {False: ours, True: ours}), Journal(tmp_path / "alone"))
    assert len(kept(tmp_path / "alone", "figures")) == 1


def test_a_line_that_a_crash_cut_short_is_passed_over(tmp_path: Path) -> None:
    journal = Journal(tmp_path)
    journal.tell(Figure("part", "name", "1", "1", held=True))
    with (tmp_path / "benchmarks" / "figures.jsonl").open("a", encoding="utf-8") as file:
        file.write('{"commit": "cut')
    assert [row["name"] for row in journal.kept("figures")] == ["name"]
