"""The trace: a row for each story, with what is missing, what is stale, and what rests on no story."""

import pytest
import sqlalchemy as sa

from chains.workspace.trace import TEST, TraceRow, TraceTable
from records.turns import Adoption
from tests.doubles.life_cycle import Cycle, cycle, thing
from tests.doubles.scripted_endpoint import ScriptedEndpoint
from tests.doubles.small_house import ANA, SmallHouse


@pytest.fixture
def six(house: SmallHouse) -> Cycle:
    return cycle(house, ScriptedEndpoint())


async def traced(six: Cycle) -> TraceTable:
    return await six.desk.trace("default", ANA, "en")


def ids(row: TraceRow) -> list[list[str]]:
    return [[item.item for item in cell] for cell in row.cells]


async def test_an_empty_workspace_has_columns_and_no_gap(six: Cycle) -> None:
    table = await traced(six)
    assert [column.name for column in table.columns] == [
        "user_stories",
        "acceptance_criteria",
        "domain_model",
        "api_definition",
        TEST,
        "release_notes",
        "faq",
    ]
    assert (table.rows, table.gaps, any(column.begun for column in table.columns)) == ((), 0, False)


async def test_a_row_for_each_story_holds_all_that_rests_on_it(six: Cycle) -> None:
    await six.all_six()
    table = await traced(six)
    assert [ids(row) for row in table.rows] == [
        [["S1"], ["A1", "A3"], ["C1"], ["O1", "O3"], ["A1", "A3"], ["N1"], ["Q1", "Q3"]],
        [["S2"], ["A2"], ["C2"], ["O2"], ["A2"], ["N2"], ["Q2", "Q3"]],
    ]
    assert (table.gaps, table.stale) == (0, 0)
    assert {item.stage for row in table.rows for item in row.cells[4]} == {TEST}


async def test_gaps_are_marked_where_the_stage_was_begun(six: Cycle) -> None:
    stories = await six.made("user_stories", {"S1": (), "S2": ()})
    await six.made("acceptance_criteria", {"A1": ["S1"]}, stories)
    table = await traced(six)
    assert [row.gaps for row in table.rows] == [(), ("acceptance_criteria", TEST)]
    assert table.gaps == 2
    assert [column.begun for column in table.columns] == [True, True, False, False, True, False, False]


async def test_an_endpoint_without_a_story_stands_in_a_row_of_its_own_with_what_rests_on_it(six: Cycle) -> None:
    await six.made("user_stories", {"S1": ()})
    model = await six.made("domain_model", {"C1": (), "C2": ()})
    await six.made("api_definition", {"O1": ["C1"]}, model)
    table = await traced(six)
    assert [(ids(row)[0], ids(row)[2], ids(row)[3], row.loose) for row in table.rows] == [
        (["S1"], [], [], False),
        ([], ["C1"], ["O1"], True),
        ([], ["C2"], [], True),
    ]
    assert table.rows[1].gaps == ("user_stories",)


async def test_an_item_that_names_a_story_belongs_to_that_story_alone(six: Cycle) -> None:
    stories = await six.made("user_stories", {"S1": (), "S2": ()})
    model = await six.made("domain_model", {"C1": ["S1", "S2"]}, stories)
    await six.made("api_definition", {"O1": ["C1", "S1"], "O2": ["C1"]}, model, stories)
    table = await traced(six)
    assert [ids(row)[3] for row in table.rows] == [["O1", "O2"], ["O2"]]


async def test_what_is_stale_says_why_and_what_was_rejected_is_left_out(six: Cycle) -> None:
    made = await six.all_six()
    await six.changed(made["user_stories"], thing("S1", "another"))
    await six.house.ledger.record_adoption(Adoption(made["acceptance_criteria"].artifact.id, 1, ANA.id, "rejected", "A2"))
    table = await traced(six)
    assert [(item.item, item.stale) for item in table.rows[0].cells[1]] == [("A1", True), ("A3", True)]
    assert "has changed" in table.rows[0].cells[1][0].reason
    assert ids(table.rows[1]) == [["S2"], [], ["C2"], ["O2"], [], ["N2"], ["Q2", "Q3"]]
    assert "acceptance_criteria" in table.rows[1].gaps
    assert table.stale == 12


async def test_what_rests_on_a_rejected_story_alone_is_loose(six: Cycle) -> None:
    made = await six.all_six()
    await six.house.ledger.record_adoption(Adoption(made["user_stories"].artifact.id, 1, ANA.id, "rejected", "S2"))
    table = await traced(six)
    assert [(row.loose, ids(row)[1]) for row in table.rows] == [(False, ["A1", "A3"]), (True, ["A2"])]


async def test_the_sheet_writes_out_what_is_missing_and_what_is_stale(six: Cycle) -> None:
    stories = await six.made("user_stories", {"S1": (), "S2": ()})
    await six.made("acceptance_criteria", {"A1": ["S1"]}, stories)
    await six.changed(stories, thing("S1", "another"))
    sheet = await six.desk.trace_sheet("default", ANA, "zh")
    assert sheet.rows[0][:2] == ["S1 another", "A1 about A1 [已过期]"]
    assert sheet.rows[1][:3] == ["S2 about S2", "缺失", ""]
    assert sheet.ids == ["S1", "S2"]
    assert (await six.desk.trace_xlsx("default", ANA, "en")).content[:2] == b"PK"


async def test_many_artifacts_are_traced_in_as_few_questions_as_one(six: Cycle) -> None:
    for number in range(5):
        stories = await six.made("user_stories", {f"S{number}": ()})
        await six.made("acceptance_criteria", {f"A{number}": [f"S{number}"]}, stories)
    asked: list[str] = []

    def note(*told: object) -> None:
        asked.append(str(told[2]))

    sa.event.listen(six.house.database.engine.sync_engine, "before_cursor_execute", note)
    table = await traced(six)
    assert len(table.rows) == 5
    assert len([statement for statement in asked if statement.startswith("SELECT")]) <= 6
