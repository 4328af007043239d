"""Tables that an analyst wrote by hand are read as far as they go, and what was not understood is named."""

import pytest

from formats.api.model import Field, Operation, Parameter
from formats.api.openapi import openapi
from formats.api.table_reading import NOT_UNDERSTOOD, read_table

HEAD = "| API | Method | Description | Request | Response | Error Response |\n|---|---|---|---|---|---|\n"


def read(row: str) -> tuple[Operation, list[str]]:
    """Return the operation of one row, and the rules that were broken."""
    reading = read_table(HEAD + row)
    return reading.api.operations[0], [each.rule for each in reading.faults]


@pytest.mark.parametrize(
    ("cell", "fields"),
    [
        ("amount, currency", [("amount", "string", ""), ("currency", "string", "")]),
        ('{"amount": number, "day": date}', [("amount", "number", ""), ("day", "string", "date")]),
        ("`{amount: 12.5, lines: [{sku: \"a\"}]}`", [("amount", "number", ""), ("lines", "array", ""), ("lines[]", "object", ""), ("lines[].sku", "string", "")]),
        ("amount (decimal, required); note: string optional", [("amount", "number", ""), ("note", "string", "")]),
        ("Body: 客户编号(必填)、金额: 数字", [("客户编号", "string", ""), ("金额", "number", "")]),
        ("请求体：{金额: 数字}", [("金额", "number", "")]),
        ("[{id: uuid}]", [("", "array", ""), ("[]", "object", ""), ("[].id", "string", "uuid")]),
    ],
)  # fmt: skip
def test_a_loose_request_is_read(cell: str, fields: list[tuple[str, str, str]]) -> None:
    operation, rules = read(f"| /payments | POST | Pay | {cell} | 201 | 400 |")
    assert operation.request is not None
    assert [(each.path, each.type, each.format) for each in operation.request.fields] == fields
    assert rules == []


def test_required_and_choices_are_read_from_words() -> None:
    operation, _ = read("| /p | POST | | amount (decimal, required), currency (EUR\\|USD), 备注(可选) | 201 | 400 |")
    assert operation.request is not None
    assert operation.request.fields == (
        Field("amount", "number", required=True),
        Field("currency", enum=("EUR", "USD")),
        Field("备注"),
    )


def test_names_of_a_reading_request_belong_to_the_path_and_the_query() -> None:
    operation, rules = read("| GET /payments/:id | | Read | id, expand (boolean, optional) | 200 | 404 |")
    assert (operation.method, operation.path, rules) == ("GET", "/payments/{id}", [])
    assert operation.parameters == (Parameter("id", "path", required=True), Parameter("expand", "query", "boolean"))


def test_status_codes_in_prose_are_read() -> None:
    operation, rules = read("| /p | POST | | a | 201 Created {id: uuid} | 400 invalid amount; 401/403 forbidden, 5XX |")
    assert [(each.status, each.description) for each in operation.responses] == [
        ("201", "Created"),
        ("400", "invalid amount"),
        ("401", ""),
        ("403", "forbidden"),
        ("5XX", ""),
    ]
    assert operation.responses[0].fields == (Field("id", format="uuid"),)
    assert rules == []


def test_words_that_nobody_understands_are_named_and_kept() -> None:
    operation, rules = read("| /p | POST | | whatever the clerk typed in on the form | a list of things | it fails |")
    assert rules == ["not-understood", "status-assumed", "status-assumed"]
    assert operation.beyond == {NOT_UNDERSTOOD: {"request": ["whatever the clerk typed in on the form"]}}
    assert [(each.status, each.description) for each in operation.responses] == [
        ("200", "a list of things"),
        ("default", "it fails"),
    ]
    assert openapi(read_table(HEAD + "| /p | POST | | so they say it | 200 | |").api)["paths"]["/p"]["post"][NOT_UNDERSTOOD]


def test_a_short_row_is_told_and_read() -> None:
    operation, rules = read("| orders | DELETE | Remove |")
    assert (operation.path, operation.method) == ("/orders", "DELETE")
    assert rules == ["cells-missing", "path-missing"]


def test_several_methods_in_a_cell_are_several_operations() -> None:
    reading = read_table(HEAD + "| /a | PUT, PATCH | | x | 200 | 400 |\n| /a | PUT | | y | 200 | 400 |")
    assert [each.method for each in reading.api.operations] == ["PUT", "PATCH"]
    assert [each.rule for each in reading.faults] == ["operation-twice"]


def test_columns_in_another_order_and_other_words_are_found() -> None:
    text = "| 方法 | 接口路径 | 备注 | 说明 | 入参 | 返回 | 错误码 |\n|---|---|---|---|---|---|---|\n| get | /a | x | 读 | 无 | 200 | 404 |"
    operation = read_table(text).api.operations[0]
    assert (operation.method, operation.path, operation.summary) == ("GET", "/a", "读")
    assert [each.status for each in operation.responses] == ["200", "404"]


def test_a_pipe_between_choices_is_put_back_where_it_stood() -> None:
    operation, rules = read("| /a | POST | x | amount, currency (EUR|USD) | 201 | 400 a|b |")
    assert rules == ["unescaped-pipe"]
    assert operation.request is not None
    assert operation.request.fields[1].enum == ("EUR", "USD")
    assert [(each.status, each.description) for each in operation.responses] == [("201", ""), ("400", "a|b")]


@pytest.mark.parametrize(
    "cell", ["{", "{a: ", "[[[[", "{" * 300, '"', "body:", "query: a: b: c", "body X: a: string(", "{a,,}", "\\", "200: {", "†"]
)
def test_hostile_cells_never_break_the_reading(cell: str) -> None:
    reading = read_table(f"{HEAD}| /a | POST | {cell} | {cell} | {cell} | {cell} |")
    assert len(reading.api.operations) == 1
    openapi(reading.api)
