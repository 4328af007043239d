"""The table and its grammar, both ways, and the edits that people make in it."""

from dataclasses import replace
from pathlib import Path

import pytest

from formats.api.cell_text import escaped, unescaped
from formats.api.model import Api, Body, Field, Operation, Parameter, Response, beyond_columns
from formats.api.openapi import openapi
from formats.api.problems import PROBLEM_FIELDS, problem, with_problems
from formats.api.table import HEADINGS, api_rows, api_table
from formats.api.table_reading import read_table

DOCS = Path(__file__).parents[3] / "docs/api-table.md"
ORDER = (
    Field("id", format="uuid", required=True),
    Field("state", enum=("open", "on hold", "2nd"), beyond={"default": "open"}),
    Field("lines", type="array", required=True, beyond={"minItems": 1}),
    Field("lines[]", type="object"),
    Field("lines[].sku", required=True, description="What is ordered"),
)
API = Api(
    title="Orders",
    operations=(
        Operation(
            "POST",
            "/orders/{shopId}",
            id="order",
            summary="Place | order",
            parameters=(Parameter("dry", "query", "boolean"), Parameter("shopId", "path", "string", required=True)),
            request=Body(fields=ORDER, name="Order", required=True),
            responses=(Response("201", "Placed", "application/json", ORDER, "Order"), problem("422", "A line is wrong")),
            beyond={"security": [{"login": []}]},
        ),
        Operation("DELETE", "/orders/{shopId}", responses=(Response("204"), Response("404", "None"))),
    ),
    beyond={"components": {"securitySchemes": {"login": {"type": "http", "scheme": "bearer"}}}},
)


def test_a_row_says_parameters_body_and_answers_and_names_a_body_once() -> None:
    first = api_rows(API)[0]
    assert first == [
        "/orders/{shopId} †",
        "POST",
        "Place | order",
        "path: shopId: string!\nquery: dry: boolean\n"
        'body! Order: id: string(uuid)!, state: string{open, on hold, "2nd"}, lines: array!, lines[].sku: string!',
        '201 "Placed" Order',
        '422 "A line is wrong" application/problem+json Problem: type: string(uri-reference), title: string, '
        "status: integer(int32), detail: string, instance: string(uri-reference)",
    ]


def test_only_a_row_of_which_more_is_known_is_marked() -> None:
    assert [row[0].endswith("†") for row in api_rows(API)] == [True, False]
    assert beyond_columns(API.operations[0]) == ("security", "default", "minItems")


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_table_is_read_in_both_languages(language: str) -> None:
    table = api_table(API, "zh" if language == "zh" else "en")
    assert table.startswith(f"| {' | '.join(HEADINGS['zh' if language == 'zh' else 'en'])} |")
    reading = read_table(table, API)
    assert reading.faults == ()
    assert reading.api == API


def test_without_its_artifact_a_table_still_holds_what_the_columns_say() -> None:
    read = read_table(api_table(API)).api
    assert api_table(read) == api_table(API).replace(" †", "")
    assert read.operations[0].request is not None
    assert read.operations[0].request.fields[1] == Field("state", enum=("open", "on hold", "2nd"))


def test_the_tables_of_the_documentation_follow_its_grammar() -> None:
    text = DOCS.read_text("utf-8").split("## Examples")[1].split("## What six")[0]
    reading = read_table(text)
    assert reading.faults == ()
    assert len(reading.api.operations) == 3
    assert reading.api.operations[0].responses[1].fields == PROBLEM_FIELDS
    rows = [line for line in text.splitlines() if line.startswith("| /")]
    shared = [line.replace(" †", "") for line in api_table(reading.api).splitlines() if line.startswith("| /")]
    assert shared[1:] == rows[1:]


def test_an_edited_table_changes_what_was_edited_and_keeps_the_rest() -> None:
    edited = api_table(API).replace("dry: boolean", "dry: boolean!").replace("{shopId}", "{shop}").replace("shopId:", "shop:")
    api = read_table(edited.replace("lines[].sku: string!", "lines[].sku: integer!, note: string"), API).api
    operation = api.operations[0]
    assert operation.path == "/orders/{shop}"
    assert (operation.id, dict(operation.beyond)) == ("order", {"security": [{"login": []}]})
    assert operation.parameters[0] == Parameter("dry", "query", "boolean", required=True)
    assert operation.request is not None
    by_path = {each.path: each for each in operation.request.fields}
    assert by_path["lines"].beyond == {"minItems": 1}
    assert by_path["lines[].sku"] == Field("lines[].sku", "integer", required=True, description="What is ordered")
    assert by_path["note"] == Field("note")


def test_a_changed_type_loses_the_limits_of_the_old_one() -> None:
    api = read_table(api_table(API).replace('state: string{open, on hold, "2nd"}', "state: integer"), API).api
    assert api.operations[0].request is not None
    assert api.operations[0].request.fields[1] == Field("state", "integer")


def test_a_field_below_a_schema_that_was_cut_is_written() -> None:
    cut = Field("parent", "object", name="Node", beyond={"$ref": "#/components/schemas/Node"})
    api = Api(operations=(Operation("PUT", "/nodes", request=Body(fields=(cut,), name="Node")),))
    edited = read_table(api_table(api).replace("parent: object", "parent.id: string"), api).api
    schema = openapi(edited)["components"]["schemas"]["Node"]["properties"]["parent"]
    assert schema == {"type": "object", "properties": {"id": {"type": "string"}}}


@pytest.mark.parametrize(
    "text",
    [
        "a | b",
        "`code`",
        "a\\|b",
        "*bold* _it_ snake_case ~x~",
        "<br> <script>",
        "&lt; a & b",
        "one\ntwo",
        "ends\\",
        "— | —",
        "\\n",
    ],
)
def test_any_text_stays_itself_in_a_cell(text: str) -> None:
    cell = escaped(text)
    assert "\n" not in cell
    assert unescaped(cell) == text
    summary, _, description = text.partition("\n")
    api = Api(operations=(Operation("GET", "/a", summary=summary, description=description),))
    assert read_table(api_table(api)).api == api


def test_a_pipe_that_is_not_escaped_is_told_and_no_column_is_lost() -> None:
    table = api_table(API).replace("Place \\| order", "Place | order")
    reading = read_table(table, API)
    assert [(each.rule, each.values["line"]) for each in reading.faults] == [("unescaped-pipe", "3")]
    assert reading.api.operations[0].summary == "Place | order"
    assert reading.api.operations[0].responses == API.operations[0].responses


def test_a_row_of_nothing_but_pipes_is_told_quickly() -> None:
    table = api_table(API) + "|" * 2_000 + "\n"
    assert "unescaped-pipe" in {each.rule for each in read_table(table).faults}


def test_text_without_a_table_is_told() -> None:
    assert [each.rule for each in read_table("no table here").faults] == ["no-table"]


def test_problem_details_are_one_shared_schema() -> None:
    bare = replace(API, operations=(*API.operations, Operation("GET", "/orders", responses=(Response("500"),))))
    document = openapi(with_problems(bare))
    assert sorted(document["components"]["schemas"]) == ["Order", "Problem"]
    problems = document["paths"]["/orders"]["get"]["responses"]["500"]["content"]
    assert problems == {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
