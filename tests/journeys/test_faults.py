"""The faults of `make faults` on a small scale: kills in the middle of an ingest and of an answer, and doors that are closed to other groups."""

import asyncio
from pathlib import Path

import pytest

from benchmarks.faults.interrupted import interrupted, serving
from benchmarks.faults.kills import Plan, forkserver, killed
from benchmarks.faults.permissions import tried


@pytest.mark.slow
def test_a_killed_ingest_loses_nothing_acknowledged_and_leaves_nothing_half(tmp_path: Path) -> None:
    context = forkserver()
    for number in range(2):
        row = killed(context, Plan("quick", 2, 12, 6), tmp_path, number)
        assert {name: row[name] for name in ("lost", "half", "damaged", "unfinished")} == {
            "lost": [],
            "half": [],
            "damaged": [],
            "unfinished": [],
        }
        assert row["searchable"] < 60
        assert row["refused"] in {True, None}


@pytest.mark.slow
async def test_no_way_in_shows_a_passage_to_a_person_outside_its_groups(tmp_path: Path) -> None:
    seen = await tried(tmp_path, people=6, documents=4)
    assert {way: told.leaks for way, told in seen.items() if told.leaks} == {}
    assert all(told.rightly for told in seen.values())


@pytest.mark.slow
def test_an_answer_that_a_killed_or_ended_server_gave_is_there_and_goes_on_with_one_press(tmp_path: Path) -> None:
    with serving(tmp_path) as server:
        for number in range(2):
            found = asyncio.run(interrupted(server, number))
            assert found.wrong == []
            assert found.marked
            assert found.goes_on
