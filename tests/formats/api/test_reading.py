"""API files of every kind are read and graded, hostile ones refused or survived."""

import json
from typing import Any

import pytest

from benchmarks.api_kinds import KINDS, NULLABLE_30, POSTMAN
from formats.api.model import Api, Body, Field, Operation, Parameter, bodies
from formats.api.openapi import openapi
from formats.api.reading import LARGEST, read_api
from formats.api.reading_openapi import Reading
from formats.plain_data import Unsound


def operation(api: Api, key: str) -> Operation:
    """Return the operation of a method and path."""
    return next(each for each in api.operations if " ".join(each.key) == key)


def body(read: Operation) -> Body:
    """Return the request's body."""
    assert read.request is not None
    return read.request


def read(document: dict[str, Any]) -> Reading:
    """Read a document."""
    return read_api(json.dumps(document))


def test_swagger_2_keeps_forms_files_media_types_and_every_status() -> None:
    api = read_api(KINDS["swagger 2"]).api
    upload, change = operation(api, "POST /orders/{id}"), operation(api, "PUT /orders/{id}")
    assert body(upload).media == "multipart/form-data"
    assert body(upload).fields[0] == Field("scan", format="binary", required=True)
    assert body(upload).fields[2] == Field("tags[]", enum=("a", "b"))
    assert [(each.name, each.place, each.required) for each in upload.parameters] == [
        ("sort", "query", False),
        ("X-Tenant", "header", True),
        ("id", "path", True),
    ]
    assert body(change).beyond == {"media": ["application/xml"]}
    assert [(each.status, each.name) for each in change.responses] == [("200", "Page_Order"), ("404", "Page_Order")]
    assert openapi(api)["servers"] == [{"url": "https://a.example/v1"}]
    assert openapi(api)["components"]["securitySchemes"]["login"]["flows"]["authorizationCode"]["tokenUrl"]


def test_a_postman_collection_is_read_by_example_without_its_secrets() -> None:
    api = read_api(KINDS["postman"]).api
    order = operation(api, "POST /orders/{shopId}")
    assert order.tags == ("Orders",)
    assert order.parameters == (
        Parameter("shopId", "path", "integer", required=True),
        Parameter("dry", "query", "boolean"),
        Parameter("X-Trace", "header", "integer"),
    )
    assert [(each.path, each.type) for each in body(order).fields] == [
        ("lines", "array"),
        ("lines[]", "object"),
        ("lines[].sku", "string"),
        ("lines[].count", "integer"),
        ("lines[].price", "number"),
        ("note", ""),
        ("count", ""),
    ]
    assert [(each.status, each.media) for each in order.responses] == [("201", "application/json"), ("422", "text/plain")]
    assert [(each.path, each.format) for each in order.responses[0].fields] == [("id", "uuid"), ("at", "date-time")]
    assert body(operation(api, "POST /files")).fields[0] == Field("file", format="binary")
    assert operation(api, "COPY /files/{fileId}").parameters[0].name == "fileId"
    assert "secret-value" not in json.dumps(openapi(api))
    assert openapi(api)["components"]["securitySchemes"] == {"bearer": {"type": "http", "scheme": "bearer"}}


def test_two_requests_to_one_place_become_one_operation() -> None:
    items = [
        {"name": name, "request": {"method": "POST", "url": "/a", "body": {"mode": "raw", "raw": raw}}}
        for name, raw in (("one", '{"a": 1}'), ("two", '{"a": 1.5, "b": true}'))
    ]
    api = read({**POSTMAN, "item": items}).api
    assert [(each.path, each.type) for each in body(api.operations[0]).fields] == [("a", "number"), ("b", "boolean")]


def test_null_in_30_is_a_type_and_a_named_schema_stays_one() -> None:
    api = read(NULLABLE_30).api
    fields = {each.path: each for each in api.operations[0].responses[0].fields}
    assert fields["[].name"].type == "string/null"
    assert fields["[].home"].type == "object/null"
    assert fields["[].home"].name == fields["[].work"].name == "Address"
    assert fields["[].age"].beyond == {"exclusiveMinimum": 0}
    assert fields["[].kind"].enum == ("a", "b", None)
    person = openapi(api)["components"]["schemas"]["Person"]
    assert person["properties"]["home"]["anyOf"] == [{"$ref": "#/components/schemas/Address"}, {"type": "null"}]
    assert person["required"] == ["name", "not-listed"]


def test_a_schema_in_itself_is_cut_and_marked() -> None:
    api = read_api(KINDS["recursive"]).api
    fields = {each.path: each for each in body(operation(api, "PUT /categories/{categoryId}")).fields}
    assert fields["parent"].beyond == {"$ref": "#/components/schemas/Category"}
    assert "parent.name" not in fields
    assert fields["owner.email"].format == "email"


def test_what_the_columns_cannot_hold_comes_back() -> None:
    document = openapi(read_api(KINDS["polymorphic"]).api)
    pay = document["paths"]["/payments"]["post"]
    assert set(pay) >= {"callbacks", "security"}
    assert set(pay["responses"]["201"]) >= {"headers", "links"}
    assert document["components"]["schemas"]["Payment"]["oneOf"] == [
        {"$ref": "#/components/schemas/Card"},
        {"$ref": "#/components/schemas/Cash"},
    ]
    assert document["components"]["schemas"]["Card"]["allOf"][0] == {"$ref": "#/components/schemas/Base"}


def test_what_is_wrong_in_a_file_is_named_and_the_rest_read() -> None:
    reading = read(
        {
            "openapi": "3.1.0",
            "info": None,
            "paths": {
                "/a/{id}": {
                    "get": {
                        "parameters": [{"name": "id", "in": "path"}, {"name": "x", "in": "moon"}, {"$ref": "#/gone"}, 7],
                        "responses": {
                            "20": {},
                            "200": {"content": {"application/json": {"schema": {"$ref": "http://a.example/x"}}}},
                        },
                    },
                    "post": "nothing",
                },
                "/b": 3,
            },
            "components": {"schemas": {"A": {"type": "string", "nullable": True}}},
        }
    )
    assert [each.rule for each in reading.faults] == [
        "nullable",
        "path-parameter-optional",
        "parameter-not-understood",
        "dangling-reference",
        "parameter-not-understood",
        "status-unknown",
        "dangling-reference",
    ]
    assert [" ".join(each.key) for each in reading.api.operations] == ["GET /a/{id}"]
    assert "http://a.example/x" in json.dumps(openapi(reading.api))
    assert '"$ref": "http' not in json.dumps(openapi(reading.api))


def test_a_key_that_stands_twice_is_told_and_the_last_taken() -> None:
    reading = read_api('{"openapi": "3.1.0", "info": {"title": "A", "title": "B"}, "paths": {}}')
    assert [(each.rule, each.values["key"]) for each in reading.faults] == [("key-twice", "title")]
    assert reading.api.title == "B"


def test_yaml_with_anchors_is_read() -> None:
    text = "openapi: 3.1.0\ninfo: {title: A, version: 1}\npaths:\n  /a:\n    get:\n      responses: &all {'200': {description: ok}}\n    put:\n      responses: *all\n"
    assert [len(each.responses) for each in read_api(text).api.operations] == [1, 1]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "just words",
        '{"openapi": "3.1.0"',
        '{"a": 1}',
        "a: &a [*a]",
        "paths: &a\n" + "".join(f"  x{n}: &b{n} [{', '.join([f'*b{n - 1}'] * 9) if n else 1}]\n" for n in range(9)),
        "[" * 100_000,
        " " * (LARGEST + 1),
    ],
)
def test_what_is_no_api_or_a_bomb_is_refused_in_words(text: str) -> None:
    with pytest.raises(Unsound) as refused:
        read_api(text)
    assert refused.value.en
    assert refused.value.zh


def test_schemas_that_double_at_every_step_are_read_in_time() -> None:
    def step(number: int) -> dict[str, Any]:
        other = {"$ref": f"#/components/schemas/S{number + 1}"}
        return {"allOf": [other, other], "properties": {"a": other, "b": other}} if number < 40 else {"type": "string"}

    schemas = {f"S{number}": step(number) for number in range(41)}
    answers = {"200": {"description": "", "content": {"application/json": {"schema": {"$ref": "#/components/schemas/S0"}}}}}
    reading = read(
        {"openapi": "3.1.0", "info": {}, "paths": {"/a": {"get": {"responses": answers}}}, "components": {"schemas": schemas}}
    )
    count = sum(len(each.fields) for each in bodies(reading.api.operations[0]))
    assert 0 < count < 5_000
    openapi(reading.api)


@pytest.mark.parametrize("value", [None, 1, "x", [], {}, [None], {"$ref": 1}, {"$ref": "#"}, {"": {"": {}}}, True])
@pytest.mark.parametrize("kind", ["paths", "parameters", "schema", "item", "content", "definitions"])
def test_odd_parts_never_break_the_reading(kind: str, value: Any) -> None:
    schema = (
        value if kind == "schema" else {"type": "object", "properties": value, "items": value, "allOf": value, "required": value}
    )
    operation_ = {
        "parameters": value if kind == "parameters" else [{"name": "a", "in": "query", "schema": schema}],
        "requestBody": {"content": value if kind == "content" else {"application/json": {"schema": schema}}},
        "responses": {"200": value, "201": {"headers": value, "schema": schema, "examples": value}},
    }
    paths = value if kind == "paths" else {"/a": {"get": operation_, "parameters": value}}
    shared = {"info": {"title": value}, "paths": paths}
    openapi(read({"openapi": "3.0.1", **shared, "components": {"schemas": {"A": schema}, "parameters": value}}).api)
    openapi(read({"swagger": "2.0", **shared, "definitions": value, "responses": value, "securityDefinitions": {"a": value}}).api)
    item = {"name": value, "request": {"url": value, "method": value, "header": value, "body": {"mode": "raw", "raw": value}}}
    items = [value, item, {"request": {"url": {"query": [value], "variable": [value]}}, "response": [value]}]
    openapi(read({"info": {}, "item": items, "variable": value, "auth": {"type": value}}).api)
