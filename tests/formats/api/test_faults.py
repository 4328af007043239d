"""What parsers and the specification's validator let pass is held against an API here."""

from typing import Any

import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator
from referencing.exceptions import PointerToNowhere

from benchmarks.api_kinds import RECURSIVE
from formats.api.document_faults import document_faults, faults_of, validity_faults
from formats.api.faults import design_faults
from formats.api.model import Api, Field, Operation, Parameter, Response
from formats.api.openapi import openapi
from formats.api.problems import problem

OK = (Response("200", "Fine"), problem("400", "Wrong"))


def document(operation: dict[str, Any], **more: Any) -> dict[str, Any]:
    """Return a document with one operation."""
    answered = {"responses": {"200": {"description": "Fine"}}, **operation}
    return {"openapi": "3.1.0", "info": {"title": "A", "version": "1"}, "paths": {"/orders": {"get": answered}}, **more}


def passes_the_validator(written: dict[str, Any]) -> bool:
    """Whether the specification's validator, bare, has nothing against a document."""
    return not list(OpenAPIV31SpecValidator(written).iter_errors())


def rules(written: dict[str, Any]) -> list[str]:
    """Return the rules that our own checks find broken."""
    return [each.rule for each in document_faults(written)]


@pytest.mark.parametrize(
    "schema",
    [
        {"type": "integer", "examples": ["seven"]},
        {"type": "object", "properties": {"day": {"type": "integer", "examples": ["x"]}}},
    ],
)
def test_a_wrong_example_of_a_schema_slips_through_and_is_caught(schema: dict[str, Any]) -> None:
    written = document({}, components={"schemas": {"Count": schema}})
    assert passes_the_validator(written)
    assert rules(written) == ["example-wrong"]


def test_a_wrong_example_of_a_body_or_parameter_slips_through_and_is_caught() -> None:
    media = {"schema": {"$ref": "#/components/schemas/Count"}, "example": {"n": "x"}}
    parameter = {"name": "n", "in": "query", "schema": {"type": "integer"}, "examples": {"a": {"value": "b"}, "c": {"value": 1}}}
    count = {"type": "object", "properties": {"n": {"type": "integer"}}}
    operation = {"parameters": [parameter], "responses": {"200": {"description": "", "content": {"application/json": media}}}}
    written = document(operation, components={"schemas": {"Count": count}})
    assert passes_the_validator(written)
    assert sorted(each.place for each in document_faults(written)) == [
        "/paths/~1orders/get/parameters/0/examples/a",
        "/paths/~1orders/get/responses/200/content/application~1json/example",
    ]


def test_nullable_in_31_slips_through_and_is_caught() -> None:
    written = document({}, components={"schemas": {"Name": {"type": "string", "nullable": True}}})
    assert passes_the_validator(written)
    assert rules(written) == ["nullable"]


def test_a_property_called_nullable_is_none() -> None:
    schema = {"type": "object", "properties": {"nullable": {"type": "boolean"}}}
    assert rules(document({}, components={"schemas": {"Name": schema}})) == []


def test_an_undefined_security_scheme_slips_through_and_is_caught() -> None:
    written = document(
        {"security": [{"login": []}]}, security=[{"key": []}], components={"securitySchemes": {"other": {"type": "mutualTLS"}}}
    )
    assert passes_the_validator(written)
    assert [each.values["scheme"] for each in document_faults(written)] == ["key", "login"]


def test_two_paths_told_apart_by_a_name_alone_slip_through_and_are_caught() -> None:
    api = Api(
        operations=tuple(
            Operation("GET", f"/orders/{{{name}}}", parameters=(Parameter(name, "path", required=True),), responses=OK)
            for name in ("id", "name")
        )
    )
    assert passes_the_validator(openapi(api))
    assert [(each.rule, dict(each.values)) for each in design_faults(api)] == [
        ("path-ambiguous", {"path": "/orders/{name}", "other": "/orders/{id}"})
    ]


def test_a_reference_to_nothing_is_told_where_the_validator_breaks() -> None:
    schema = {"type": "object", "properties": {"gone": {"$ref": "#/components/schemas/Gone"}}}
    written = document({}, components={"schemas": {"Kept": schema}})
    with pytest.raises(PointerToNowhere):
        passes_the_validator(written)
    assert rules(written) == ["dangling-reference"]
    assert validity_faults(written) == ()


def test_a_reference_to_another_host_is_never_fetched() -> None:
    written = document({"requestBody": {"content": {"application/json": {"schema": {"$ref": "http://127.0.0.1:9/a.json"}}}}})
    assert rules(written) == ["dangling-reference"]
    assert validity_faults(written) == ()


def test_a_circle_of_schemas_is_judged_where_the_validator_breaks() -> None:
    circle = {
        "Shape": {"oneOf": [{"$ref": "#/components/schemas/Group"}, {"type": "string"}]},
        "Group": {"allOf": [{"$ref": "#/components/schemas/Shape"}]},
    }
    written = document({}, components={"schemas": circle})
    with pytest.raises(RecursionError):
        passes_the_validator(written)
    assert validity_faults(written) == ()
    assert validity_faults(RECURSIVE) == ()


def test_an_invalid_document_is_told_with_its_place() -> None:
    fault = validity_faults({**document({"responses": {"999x": {"description": ""}}})})[0]
    assert (fault.rule, fault.place) == ("invalid", "paths//orders/get/responses")


def test_a_pattern_that_never_ends_is_not_tried() -> None:
    schema = {"type": "string", "pattern": "^(a+)+$", "examples": ["a" * 60 + "!"]}
    assert rules(document({}, components={"schemas": {"Slow": schema}})) == []


@pytest.mark.parametrize(
    ("operation", "rule"),
    [
        (Operation("POST", "/createOrder", responses=OK), "verb-in-path"),
        (Operation("POST", "/orders/get-all", responses=OK), "verb-in-path"),
        (Operation("POST", "/orders/verify", responses=OK), "verb-in-path"),
        (Operation("GET", "/orders/search", responses=OK), "verb-in-path"),
        (Operation("GET", "/orders/findByStatus", responses=OK), "verb-in-path"),
        (Operation("POST", "/orders/{id}/transfer", parameters=(Parameter("id", "path"),), responses=OK), "verb-in-path"),
        (Operation("PUT", "/order/{id}", parameters=(Parameter("id", "path"),), responses=OK), "resource-not-plural"),
        (Operation("POST", "/orders", responses=OK[:1]), "client-error-missing"),
        (Operation("POST", "/orders", responses=OK[1:]), "success-missing"),
        (Operation("PUT", "/orders/{id}", responses=OK), "path-parameter-missing"),
        (Operation("POST", "/orders", parameters=(Parameter("id", "path"),), responses=OK), "path-parameter-unknown"),
        (
            Operation("GET", "/orders", responses=(Response("200", media="application/json", fields=(Field("", "array"),)), OK[1])),
            "pagination-missing",
        ),
        (
            Operation("GET", "/orders", responses=(Response("200", fields=(Field("items", "array"), Field("items[]", "object"))), OK[1])),
            "pagination-missing",
        ),
    ],
)  # fmt: skip
def test_a_rule_of_design_that_no_parser_checks(operation: Operation, rule: str) -> None:
    assert [each.rule for each in design_faults(Api(operations=(operation,)))] == [rule]


@pytest.mark.parametrize(
    "operation",
    [
        Operation("GET", "/v1/people/{id}/addresses", parameters=(Parameter("id", "path"), Parameter("page", "query")), responses=OK),
        Operation("GET", "/orders", parameters=(Parameter("cursor", "query"),), responses=(Response("200", fields=(Field("", "array"),)), OK[1])),
        Operation("GET", "/客户/{编号}", parameters=(Parameter("编号", "path"),), responses=OK),
        Operation("GET", "/", responses=OK),
        Operation("GET", "/orders/{id}/transfer", parameters=(Parameter("id", "path"),), responses=OK),
        Operation("GET", "/evidence/{id}/progress", parameters=(Parameter("id", "path"),), responses=OK),
        Operation("POST", "/transfer-limits/{id}/search-results", parameters=(Parameter("id", "path"),), responses=OK),
    ],
)  # fmt: skip
def test_a_sound_operation_breaks_no_rule(operation: Operation) -> None:
    assert faults_of(Api(operations=(operation,))) == ()
