"""An API's description becomes a piece an operation, whatever is wrong with it."""

import json
import time
from pathlib import Path
from typing import Any

import pytest

from knowledge.reading.api_openapi import read_openapi
from knowledge.reading.limits import safe_json, safe_yaml
from knowledge.reading.section import CannotRead, Reading, Section

METHODS = {"get", "put", "post", "delete", "patch", "head", "options", "trace"}


def described(paths: dict[str, Any], **more: Any) -> Reading:
    reading = read_openapi("bank.json", {"openapi": "3.1.0", "info": {"title": "Bank"}, "paths": paths, **more})
    assert reading is not None
    return reading


def operation(reading: Reading, name: str) -> Section:
    return next(section for section in reading.sections if section.trail[1:] == (name,))


def schemas(**named: Any) -> dict[str, Any]:
    return {"schemas": named}


def body(schema: Any) -> dict[str, Any]:
    return {"requestBody": {"required": True, "content": {"application/json": {"schema": schema}}}}


def reference(name: str) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{name}"}


def test_every_operation_of_the_public_descriptions_is_one_whole_piece(test_data: Path) -> None:
    read = 0
    for path in sorted((test_data / "api-specs").iterdir()):
        text = path.read_text("utf-8") if path.suffix in (".json", ".yaml") else "null"
        data: Any = safe_yaml(text) if path.suffix == ".yaml" else safe_json(text)
        reading = read_openapi(path.name, data)
        if reading is None:
            continue
        read += 1
        named = {f"{m.upper()} {p}" for p, item in data["paths"].items() for m in item if m in METHODS}
        found = [section for section in reading.sections if section.whole and section.trail[0] != "Schemas"]
        assert {section.trail[1] for section in found} == named, path.name
        assert len(found) == len(named)
        for section in found:
            method, place = section.trail[1].split(" ", 1)
            statuses = data["paths"][place][method.lower()]["responses"]
            assert all(f"\n- {status}" in section.text for status in statuses), (path.name, section.trail)
            assert len(section.text) < 20_000
    assert read == 13


def test_data_that_describes_no_api_is_left_to_others() -> None:
    others: list[Any] = [None, [], {"paths": {}}, {"swagger": "1.2"}, {"info": {"_postman_id": "1"}, "item": []}, "openapi"]
    for data in others:
        assert read_openapi("x.json", data) is None


def test_parameters_body_and_responses_say_name_place_type_and_what_is_required() -> None:
    order = {
        "type": "object",
        "required": ["amount"],
        "properties": {
            "amount": {"type": "integer", "minimum": 1, "description": "In cents"},
            "lines": {"type": "array", "items": {"type": "object", "properties": {"sku": {"type": ["string", "null"]}}}},
            "state": {"type": "string", "enum": ["open", "closed"]},
            "at": {"type": "string", "format": "date-time"},
        },
    }
    post = body(reference("Order")) | {
        "summary": "Place an order",
        "deprecated": True,
        "parameters": [{"name": "X-Trace", "in": "header", "required": True, "schema": {"type": "string"}}],
        "responses": {
            "201": {"description": "Created", "content": {"application/json": {"schema": reference("Order")}}},
            "404": {"description": "No such customer"},
            "default": {"description": "Anything else"},
        },
        "security": [{"key": []}],
    }
    shared = [{"name": "id", "in": "path", "required": True, "schema": {"type": "string"}, "description": "客户号"}]
    components = schemas(Order=order) | {"securitySchemes": {"key": {"type": "apiKey", "in": "header", "name": "X-Key"}}}
    text = operation(
        described({"/v1/customers/{id}/orders": {"parameters": shared, "post": post}}, components=components),
        "POST /v1/customers/{id}/orders",
    ).text
    for expected in (
        "(deprecated): Place an order",
        "- `X-Trace` (header, string, required)",
        "- `id` (path, string, required): 客户号",
        "Request body: Order (application/json, required):",
        "- `amount` (integer, required, min 1): In cents",
        "- `lines[].sku` (string or null)",
        "- `state` (string, one of `open`, `closed`)",
        "- `at` (string, date-time)",
        "- 201: Created\n  Returns Order (application/json), fields as above",
        "- 404: No such customer",
        "- default: Anything else",
        "Security: key (apiKey in header X-Key)",
    ):
        assert expected in text


def test_the_first_section_says_where_the_api_runs_and_how_one_signs_in() -> None:
    data = {
        "swagger": "2.0",
        "info": {"title": "Old bank", "version": "7"},
        "host": "api.bank.example",
        "basePath": "/v2",
        "schemes": ["https"],
        "consumes": ["application/json"],
        "securityDefinitions": {"basic": {"type": "basic", "description": "Branch staff"}},
        "paths": {
            "/cards": {
                "post": {
                    "parameters": [
                        {"in": "body", "name": "card", "schema": {"$ref": "#/definitions/Card"}},
                        {"in": "formData", "name": "scan", "type": "file", "required": True},
                    ],
                    "responses": {
                        200: {"description": "OK", "schema": {"type": "array", "items": {"$ref": "#/definitions/Card"}}}
                    },
                }
            }
        },
        "definitions": {"Card": {"properties": {"pan": {"type": "string"}}}, "Spare": {"properties": {"x": {"type": "string"}}}},
    }
    reading = read_openapi("old.yaml", data)
    assert reading is not None
    assert (reading.title, reading.type) == ("Old bank", "api")
    overview, cards, spare = reading.sections
    assert overview.trail == ()
    for expected in ("version 7", "`https://api.bank.example/v2`", "`basic` (basic): Branch staff", "cards (1 operation)"):
        assert expected in overview.text
    assert cards.trail == ("cards", "POST /cards")
    for expected in (
        "Request body: Card (application/json):",
        "- `scan` (form, file, required)",
        "Returns array of Card, fields as",
    ):
        assert expected in cards.text
    assert (spare.trail, "`x` (string)" in spare.text) == (("Schemas", "Spare"), True)


def test_a_group_is_the_tag_or_what_the_path_is_about() -> None:
    get: dict[str, Any] = {"responses": {}}
    reading = described({"/api/v2/accounts/{id}": {"get": get}, "/{id}": {"get": get}, "/x": {"get": get | {"tags": ["支付"]}}})
    assert [section.trail[0] for section in reading.sections[1:]] == ["accounts", "/", "支付"]


def test_loops_are_named_and_inheritance_is_merged() -> None:
    components = schemas(
        Node={"type": "object", "properties": {"name": {"type": "string"}, "next": reference("Node")}},
        Base={"type": "object", "required": ["id"], "properties": {"id": {"type": "string"}}},
        Leaf={"allOf": [reference("Base"), reference("Leaf"), {"properties": {"extra": {"type": "number"}}}]},
        Self=reference("Self"),
        Either={"oneOf": [reference("Node"), reference("Base"), {"properties": {"inline": {"type": "string"}}}]},
    )
    paths = {
        f"/{name}": {"post": body(reference(name)) | {"responses": {}}} for name in ("Node", "Leaf", "Self", "Either", "Missing")
    }
    reading = described(paths, components=components)
    assert "- `next` (Node, as above)" in operation(reading, "POST /Node").text
    leaf = operation(reading, "POST /Leaf").text
    assert "- `id` (string, required)" in leaf
    assert "- `extra` (number)" in leaf
    assert "one of Node, Base, object" in operation(reading, "POST /Either").text
    assert "`inline`" in operation(reading, "POST /Either").text
    assert "leads nowhere in this file" in operation(reading, "POST /Missing").text
    assert "`#/components/schemas/Missing`" in reading.sections[0].text
    assert "`#/components/schemas/Self`" in reading.sections[0].text


def test_references_to_other_files_and_hosts_are_named_not_followed(tmp_path: Path) -> None:
    (tmp_path / "secret.json").write_text('{"properties": {"stolen": {"type": "string"}}}', "utf-8")
    for place in (
        f"file://{tmp_path}/secret.json",
        "http://127.0.0.1:9/x.json",
        f"{tmp_path}/secret.json#/properties",
        "secret.json",
    ):
        text = "\n".join(
            section.text for section in described({"/a": {"post": body({"$ref": place}) | {"responses": {}}}}).sections
        )
        assert "stolen" not in text
        assert "leads nowhere in this file" in text


def test_webhooks_and_callbacks_are_told() -> None:
    hook = {"post": {"summary": "Paid", "responses": {}, "callbacks": {"onPaid": {}}}}
    reading = described({}, webhooks={"paymentPaid": hook})
    assert "Calls back: `onPaid`" in operation(reading, "POST paymentPaid").text


@pytest.mark.parametrize("odd", [None, [], "text", 7, {"get": None}, {"get": {"responses": [], "parameters": {}, "tags": "x"}}])
def test_parts_of_the_wrong_kind_are_passed_over(odd: Any) -> None:
    data: dict[str, Any] = {
        "/a": odd,
        "/b": {"get": {"parameters": [odd], "requestBody": odd, "responses": {"200": odd}, "security": odd}},
    }
    assert operation(described(data, components=odd, servers=odd, tags=odd), "GET /b").whole


def test_a_schema_that_unfolds_without_end_stays_bounded_and_what_is_cut_gets_a_piece_of_its_own() -> None:
    layers = {f"L{n}": {"properties": {f"f{i}": reference(f"L{n + 1}") for i in range(10)}} for n in range(9)}
    wide = {"Wide": {"properties": {f"column{n}": {"type": "string"} for n in range(5000)}}}
    paths = {f"/{name}": {"post": body(reference(name)) | {"responses": {}}} for name in ("L0", "Wide")}
    reading = described(paths, components=schemas(**layers, **wide))
    assert all(len(section.text) < 20_000 for section in reading.sections)
    assert "more fields of Wide are left out" in operation(reading, "POST /Wide").text
    assert {("Schemas", f"L{n}") for n in range(4, 8)} <= {section.trail for section in reading.sections}


def test_thousands_of_operations_over_one_large_schema_take_seconds() -> None:
    wide = {"allOf": [reference(f"P{n}") for n in range(150)]}
    parts = {
        f"P{n}": {"properties": {f"p{n}_{i}": {"type": "string", "description": "d" * 300} for i in range(50)}}
        for n in range(150)
    }
    paths = {f"/p{n}": {"post": body(reference("Wide")) | {"responses": {"200": {"description": "ok"}}}} for n in range(10_000)}
    begun = time.thread_time()
    reading = described(paths, components=schemas(Wide=wide, **parts))
    assert len([section for section in reading.sections if section.whole and section.trail[0] != "Schemas"]) == 10_000
    assert time.thread_time() - begun < 10


def test_more_operations_than_the_limit_are_refused_with_the_limit() -> None:
    with pytest.raises(CannotRead, match="20,000 operations") as refused:
        described({f"/p{n}": {"get": {"responses": {}}} for n in range(20_001)})
    assert "20,000" in refused.value.zh


def test_a_reading_survives_its_way_through_json() -> None:
    reading = described({"/a": {"get": {"responses": {"200": {"description": "好"}}}}})
    assert Reading.from_json(reading.to_json()) == reading
    assert json.loads(reading.to_json())["type"] == "api"
