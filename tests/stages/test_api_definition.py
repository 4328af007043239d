"""An API definition: how an operation is read, edited and told, what it is exported as, and what is read from a pasted text."""

import io
import json
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest
import yaml
from openapi_spec_validator import OpenAPIV31SpecValidator

from errors import BriefError, Language
from formats.api.comparison import differences
from formats.api.table import HEADINGS
from formats.document import Code, Heading, Table
from formats.skeletons.spring import spring_is_there
from stages.api_definition.exporting import document, sheets
from stages.api_definition.importing import read
from stages.api_definition.model import api_of, listed_api_of, scope_of, whole_api_of
from stages.api_definition.shape import ApiDefinition, Operation
from stages.api_definition.stage import STAGE
from stages.api_definition.view import read_edited, source_text, tell, view, view_draft
from tests.stages.api_definitions import SOURCES, api, domain_class, in_hand, operation, story, written
from tests.stages.test_api_definition_checks import NASTY

HAND = in_hand(story(1, "freeze a debit card"), story(2, "view the debit cards"), domain_class(1, "Debit card", limit="money"))
PETS = """
openapi: 3.0.3
info: {title: Pets, version: 2.1.0}
servers: [{url: https://pets.example}]
security: [{key: []}]
paths:
  /pets/{petId}:
    get:
      operationId: showPet
      tags: [pets]
      parameters:
        - {name: petId, in: path, required: true, schema: {type: string, format: uuid, maxLength: 36}}
        - {name: kind, in: query, schema: {type: string, enum: [CAT, DOG]}}
      callbacks: {gone: {'{$request.query.url}': {post: {responses: {'200': {description: ok}}}}}}
      responses:
        '200':
          description: A pet.
          headers: {X-Rate: {schema: {type: integer}}}
          content: {application/json: {schema: {oneOf: [{$ref: '#/components/schemas/Cat'}, {type: string}]}}}
        '404': {description: No pet.}
components:
  schemas: {Cat: {type: object, required: [name], properties: {name: {type: string, nullable: true}}}}
  securitySchemes: {key: {type: apiKey, in: header, name: X-Key}}
"""


def rendered(artifact: ApiDefinition, notation: str, language: Language = "en") -> bytes:
    return STAGE.notations[notation].render(artifact, language, SOURCES)


def test_an_operation_is_shown_with_a_table_of_what_it_takes_and_a_line_for_each_answer() -> None:
    told = view(operation(), "en")
    assert told.title == "POST /v1/cards/{cardId}/freezes"
    assert [line.cells for line in told.lines if line.cells] == [
        ("Where", "Name", "Type", "Required"),
        ("path", "cardId", "string", "yes"),
        ("header", "Idempotency-Key", "string (uuid)", "yes"),
        ("body", "reason", "string: LOST, STOLEN", "no"),
    ]
    assert [(line.keyword, line.text) for line in told.lines if line.keyword] == [
        ("201", "It is frozen. (shows: id)"),
        ("404", "There is no such card."),
    ]
    assert (told.sources, told.links) == (("P1",), ("S1",))


def test_what_the_columns_do_not_show_is_named_beside_the_title() -> None:
    assert view(operation(beyond={"callbacks": {}}), "en").badges == ("also: callbacks",)
    assert view(operation(beyond={"callbacks": {}}), "zh").badges == ("另有：callbacks",)


def test_an_operation_is_told_in_one_line() -> None:
    assert tell(operation(), "en") == "POST /v1/cards/{cardId}/freezes: freeze a card"
    assert STAGE.told(operation(summary=""), "zh") == "POST /v1/cards/{cardId}/freezes"


@pytest.mark.parametrize("item", [{}, {"path": 3}, [], None, {"path": "/v1"}, {"path": "/v1", "method": None, "summary": 3}])
def test_a_draft_is_shown_as_far_as_it_can_be_read(item: Any) -> None:
    told = view_draft(item, "en")
    assert (told is not None) == (isinstance(item, dict) and isinstance(item.get("path"), str))


@pytest.mark.parametrize("text", NASTY)
def test_an_operation_comes_back_from_its_yaml_as_it_was(text: str) -> None:
    one = operation(
        summary=text,
        description=text,
        beyond={"x-note": text, "callbacks": {"a": [1, None, True, 1.5]}},
        request={"fields": [{"path": "reason", "enum": [text, 1, None, True], "description": text}]},
    )
    assert read_edited(source_text(one, "en"), one, "en") == one


@pytest.mark.parametrize("operation", written(HAND).operations, ids=lambda one: one.id)
def test_what_the_model_wrote_comes_back_from_its_yaml(operation: Operation) -> None:
    assert read_edited(source_text(operation, "zh"), operation, "zh") == operation


def test_an_edit_changes_what_it_says_and_nothing_else() -> None:
    text = (
        source_text(operation(), "en")
        .replace("freeze a card", "block a card")
        .replace("type: string, required", "type: integer, required", 1)
    )
    edited = read_edited(text, operation(), "en")
    assert (edited.summary, edited.parameters[0].type, edited.stories, edited.sources) == (
        "block a card",
        "integer",
        ["S1"],
        ["P1"],
    )


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("just words", "needs a method and a path"),
        ("", "needs a method and a path"),
        ("path: /a", "needs a method and a path"),
        ("a: [", "no sound YAML"),
        ("{method: GET, path: /a, colour: red}", "colour"),
        ("{method: get it, path: /a}", "method"),
        ("{method: GET, path: /a, parameters: 3}", "parameters"),
        ("{method: GET, path: /a, responses: [{status: []}]}", "status"),
        ("{method: GET, path: &a /a, summary: *a}", "anchors"),
    ],
)
def test_an_edit_that_is_no_operation_is_told_in_a_sentence(text: str, told: str) -> None:
    with pytest.raises(ValueError, match=told):
        read_edited(text, operation(), "en")
    with pytest.raises(ValueError, match=r"[\u4e00-\u9fff]"):
        read_edited(text, operation(), "zh")


def test_the_openapi_document_is_valid_and_holds_what_the_standard_lays_down() -> None:
    artifact = written(HAND)
    told = yaml.safe_load(rendered(artifact, "openapi.yaml"))
    assert told == json.loads(rendered(artifact, "openapi.json"))
    assert list(OpenAPIV31SpecValidator(told).iter_errors()) == []
    frozen = told["paths"]["/v1/debit-cards/{debitCardId}/freezes"]["post"]
    assert frozen["security"] == [{"oauth2": ["debit-cards:freezes:create"]}]
    assert set(told["components"]["schemas"]["Problem"]["required"]) >= {
        "type",
        "title",
        "status",
        "detail",
        "instance",
        "code",
        "traceId",
    }
    assert "Location" in frozen["responses"]["201"]["headers"]
    assert frozen["responses"]["404"]["content"].keys() == {"application/problem+json"}


def test_scopes_name_context_resource_and_action() -> None:
    assert scope_of("GET", "/v1/accounts/{accountId}/income-records") == "accounts:income-records:read"
    assert scope_of("POST", "/v1/orders/{orderId}/approvals") == "orders:approvals:approve"
    assert scope_of("DELETE", "/") == "api:api:delete"


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_table_has_six_columns_and_comes_back(language: Language) -> None:
    artifact = written(HAND)
    told = rendered(artifact, "table", language).decode()
    assert told.splitlines()[0] == f"| {' | '.join(HEADINGS[language])} |"
    imported = read(told, language)
    assert imported
    again = ApiDefinition.model_validate(imported.body)
    assert [line for lines in differences(listed_api_of(artifact), api_of(again)).values() for line in lines] == []
    (sheet,) = sheets(artifact, language)
    assert sheet.ids == ["O1", "O2"]
    assert all(len(row) == 6 for row in sheet.rows)


def test_the_document_holds_the_overview_each_operation_and_the_openapi_text() -> None:
    told = document(api(questions=["Who may lift it?"]), "en", SOURCES)
    assert [block.text for block in told.blocks if isinstance(block, Heading) and block.level == 1] == [
        "API table",
        "Operations",
        "Open questions",
        "OpenAPI",
    ]
    assert all(len(row) == len(block.columns) for block in told.blocks if isinstance(block, Table) for row in block.rows)
    assert any(isinstance(block, Code) and block.notation == "yaml" for block in told.blocks)


def test_an_imported_api_keeps_what_no_column_holds_and_comes_back_as_it_was() -> None:
    imported = read(PETS, "en")
    assert imported
    artifact = ApiDefinition.model_validate(imported.body)
    assert (artifact.title, artifact.by_standard, artifact.operations[0].name) == ("Pets", False, "showPet")
    told = yaml.safe_load(rendered(artifact, "openapi.yaml"))
    assert list(OpenAPIV31SpecValidator(told).iter_errors()) == []
    pet = told["paths"]["/pets/{petId}"]["get"]
    assert "callbacks" in pet
    assert pet["responses"]["200"]["headers"]["X-Rate"] == {"schema": {"type": "integer"}}
    assert "oneOf" in json.dumps(pet["responses"]["200"])
    assert "content" not in pet["responses"]["404"]
    assert (told["security"], told["servers"]) == ([{"key": []}], [{"url": "https://pets.example"}])
    assert list(told["components"]["securitySchemes"]) == ["key"]
    assert whole_api_of(artifact) == api_of(artifact)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "freeze a card",
        "| a | b |\n|---|---|\n| 1 | 2 |",
        "openapi: [",
        "paths: 3",
        "{",
        "info: x\npaths: {}",
        "As a customer, I want paths: to",
        "a" * 9000,
    ],
)
def test_what_is_no_api_is_read_as_none(text: str) -> None:
    assert read(text, "en") is None


BROKEN = [
    ("openapi: 3.1.0\ninfo: {title: A, version: '1'}\npaths:\n  /cards:\n    get: [", "OpenAPI"),
    ("# ours\n---\nswagger: '2.0'\npaths: {", "Swagger"),
    ('{"openapi": "3.0.0", "paths": {', "OpenAPI"),
    ('{"info": {"title": "A"}, "openapi": "3.0.0" "paths": {}}', "OpenAPI"),
    ('{"info": {"_postman_id": "x"}, "item": [', "Postman"),
]


@pytest.mark.parametrize(("text", "kind"), BROKEN)
def test_an_api_file_that_is_broken_is_told_and_not_taken_for_a_brief(text: str, kind: str) -> None:
    with pytest.raises(BriefError, match=f"{kind} file cannot be read") as refused:
        read(text, "en")
    assert f"无法读取这份 {kind} 文件" in refused.value.sentence("zh")


def test_an_api_file_without_an_operation_is_told_too() -> None:
    with pytest.raises(BriefError, match="describes no operation"):
        read("openapi: 3.1.0\ninfo: {title: A, version: '1'}\npaths: {}\n", "en")


@pytest.mark.parametrize(
    "text", ["OpenAPI: 3 wishes\n- view: cards: all", "openapi: 3 {{{ things", "We use openapi: 3.1.0\npaths: ["]
)
def test_a_brief_that_speaks_of_openapi_is_none(text: str) -> None:
    assert read(text, "en") is None


def test_a_table_by_hand_is_read_with_what_is_held_against_it() -> None:
    table = "| 接口 | 方法 | 描述 | 请求 | 响应 | 错误响应 |\n|---|---|---|---|---|---|\n| /cards | POST | 冻结 | a | b | c | 200 |  |\n"
    imported = read(table, "zh")
    assert imported
    assert imported.body["operations"][0]["path"] == "/cards"
    assert any("单元格" in fault for fault in imported.faults)


def test_a_django_project_of_an_answer_passes_djangos_checks(tmp_path: Path) -> None:
    with zipfile.ZipFile(io.BytesIO(rendered(written(HAND), "django"))) as archive:
        archive.extractall(tmp_path)
    environment = {"DJANGO_SECRET_KEY": "for-the-test", "PATH": ""}
    done = subprocess.run(
        [sys.executable, "manage.py", "check"],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def test_spring_is_offered_only_where_java_and_the_generator_are_there() -> None:
    assert ("spring" in STAGE.notations) == spring_is_there()


@pytest.mark.skipif(not spring_is_there(), reason="Java or openapi-generator-cli is not on this machine")
def test_a_spring_project_of_an_answer_has_a_controller() -> None:
    with zipfile.ZipFile(io.BytesIO(rendered(written(HAND), "spring"))) as archive:
        assert any(name.endswith("ApiController.java") for name in archive.namelist())


def test_the_form_that_the_page_shows_is_one_of_the_notations() -> None:
    assert STAGE.source in STAGE.notations
