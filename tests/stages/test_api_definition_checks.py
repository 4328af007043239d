"""How an API is judged and what is mended by rule."""

import re
from pathlib import Path
from typing import Any

import pytest

import formats.api
from formats.api.faults import Fault
from stages.api_definition.checks import check_coverage, check_document, check_read_back, check_words
from stages.api_definition.mends import (
    mend_duplicates,
    mend_parameters,
    mend_paths,
    mend_problems,
    mend_references,
    standard_path,
)
from stages.api_definition.stage import STAGE
from stages.api_definition.telling import RULES, told_fault
from stages.material import Material
from tests.stages.api_definitions import api, domain_class, in_hand, operation, story

HAND = in_hand(story(1, "freeze a card"))
NASTY = [
    '"quotes" and \\ back\\slashes',
    "| pipes | here |",
    "<script>alert(1)</script>",
    "1e5",
    "2024-01-01",
    "yes",
    "null",
    "- a: b",
    "{{ 7*7 }} {% raw %}",
    "&amp; &#x41; <br> a",
    "*bold* _it_ `code` ~~x~~ ![i](http://x)",
    "emoji 😀 \u200b مرحبا",
    "#hash: x # y",
    "=1+1",
    "line\nbreak",
    "全角：｜＃（标点）",
]


def rules(found: list[Any]) -> list[str]:
    return [finding.rule for finding in found]


def document_rules(**changed: Any) -> list[str]:
    return rules(check_document(api(operation(**changed)), HAND))


def test_a_sound_api_has_no_findings() -> None:
    for check in (check_coverage, check_words, check_document, check_read_back):
        assert check(api(), HAND) == []


def test_a_story_without_an_operation_and_references_to_nothing_are_found() -> None:
    material = in_hand(
        story(1, "freeze a card"), story(2, "view cards"), domain_class(1, "Card"), domain_class(2, "Money", "value object")
    )
    found = check_coverage(api(operation(stories=["S1", "S9"], classes=["C9"])), material)
    assert rules(found) == ["story-unknown", "class-unknown", "story-uncovered", "class-uncovered"]
    assert [finding.place for finding in found][-2:] == ["S2", "C1"]
    assert "S2" in found[2].message


def test_an_operation_without_words_and_a_path_of_its_own_form_are_found() -> None:
    found = check_words(api(operation(summary=" ", path="/v1/Card/{card_id}")), HAND)
    assert rules(found) == ["no-summary", "path-form"]
    assert "/v1/cards/{cardId}" in found[1].message
    assert rules(check_words(api(operation(path="/v1/resources-c3")), HAND)) == ["no-english-name"]


def test_the_form_of_an_imported_path_is_left_alone() -> None:
    assert check_words(api(operation(path="/api/Card"), by_standard=False), HAND) == []


@pytest.mark.parametrize(
    ("changed", "rule"),
    [
        ({"path": "/v1/getCards", "parameters": []}, "verb-in-path"),
        ({"path": "/v1/card/{cardId}"}, "resource-not-plural"),
        ({"parameters": []}, "path-parameter-missing"),
        ({"path": "/v1/cards"}, "path-parameter-unknown"),
        ({"responses": [{"status": "201", "description": "ok"}]}, "client-error-missing"),
        ({"responses": [{"status": "404", "description": "no"}]}, "success-missing"),
        ({"beyond": {"security": [{"pigeon": []}]}}, "security-undefined"),
        ({"request": {"fields": [{"path": "a", "beyond": {"nullable": True}}]}}, "nullable"),
        ({"request": {"fields": [{"path": "a", "type": "integer", "beyond": {"examples": ["x"]}}]}}, "example-wrong"),
    ],
)
def test_what_the_validator_lets_pass_is_found(changed: dict[str, Any], rule: str) -> None:
    found = check_document(api(operation(**changed)), HAND)
    assert rule in rules(found)
    assert all(finding.item == "O1" for finding in found if finding.rule == rule and "/v1/" in finding.place)


def test_a_list_without_pages_is_found() -> None:
    listed = {
        "status": "200",
        "media": "application/json",
        "fields": [{"path": "items", "type": "array"}, {"path": "items[]", "type": "object"}],
    }
    assert "pagination-missing" in document_rules(method="GET", path="/v1/cards", parameters=[], request=None, responses=[listed])


def test_two_paths_that_no_server_can_tell_apart_are_found() -> None:
    one = operation(method="GET", path="/v1/cards/{cardId}", request=None)
    other = operation(
        id="O2",
        method="DELETE",
        path="/v1/cards/{number}",
        request=None,
        parameters=[{"name": "number", "place": "path", "required": True}],
    )
    assert "path-ambiguous" in rules(check_document(api(one, other), HAND))


@pytest.mark.parametrize("text", NASTY)
def test_hostile_text_comes_back_the_same_from_openapi_and_from_the_table(text: str) -> None:
    artifact = api(
        operation(
            summary=text, description=text, request={"fields": [{"path": "reason", "enum": [text, "B"], "description": text}]}
        ),
        title=text,
    )
    assert check_read_back(artifact, HAND) == []


def test_every_fault_of_the_notations_is_told_in_both_languages() -> None:
    folder = Path(next(iter(formats.api.__path__)))
    named = {
        rule
        for file in folder.glob("*.py")
        for rule in re.findall(r"(?:Fault|_fault|_tell)\(\s*\"([a-z-]+)\"", file.read_text("utf-8"))
    }
    assert len(named) > 20
    assert named <= set(RULES.names())
    known = {"line": "3", "column": "Request", "text": "x", "operation": "GET /a"}
    assert told_fault(Fault("not-understood", "line 3", known), "zh").startswith("第 3 行")
    assert told_fault(Fault("nullable", "/paths", {"place": "/x"}), "en").startswith("/paths: ")


@pytest.mark.parametrize(
    ("path", "standard"),
    [
        ("/cards/{card_id}/freeze", "/v1/cards/{cardId}/freezes"),
        ("v2/IncomeRecord", "/v2/income-records"),
        ("https://api.example/v1/cards/:cardId?x=1", "/v1/cards/{cardId}"),
        ("/recon/v1/files/{date}", "/recons/v1/files/{date}"),
        ("/", "/v1"),
        ("/v1/卡片/{卡号}", "/v1/卡片/{卡号}"),
        ("/v1/cards/{cardId}/freezes", "/v1/cards/{cardId}/freezes"),
        ("/v1/cards/{cardId}/activate", "/v1/cards/{cardId}/activations"),
        ("/v1/cards/{cardId}/unfreeze", "/v1/cards/{cardId}/unfreeze"),
    ],
)
def test_a_path_is_written_as_the_standard_has_it(path: str, standard: str) -> None:
    assert standard_path(path) == standard
    assert standard_path(standard) == standard


def test_a_mended_path_takes_its_parameters_with_it() -> None:
    mended, told = mend_paths(
        api(operation(path="/cards/{card_id}/freeze", parameters=[{"name": "card_id", "place": "path"}])), HAND
    )
    (one,) = mended.operations
    assert (one.path, one.parameters[0].name) == ("/v1/cards/{cardId}/freezes", "cardId")
    assert told[0].before == "/cards/{card_id}/freeze"


def test_parameters_of_the_path_are_declared_and_those_of_no_path_left_out() -> None:
    mended, told = mend_parameters(
        api(operation(parameters=[{"name": "ghost", "place": "path"}, {"name": "q", "place": "query"}])), HAND
    )
    assert [(one.name, one.required) for one in mended.operations[0].parameters] == [("cardId", True), ("q", False)]
    assert told[0].rule == "parameters"


def test_a_list_gets_its_pages() -> None:
    mended, _ = mend_parameters(api(operation(method="GET", path="/v1/cards", parameters=[], request=None, responses=[])), HAND)
    assert [one.name for one in mended.operations[0].parameters] == ["limit", "cursor"]


def test_an_operation_without_an_error_gets_those_that_every_one_can_meet() -> None:
    mended, told = mend_problems(api(operation(responses=[{"status": "201", "description": "ok"}])), Material("", "zh"))
    assert [one.status for one in mended.operations[0].responses] == ["201", "400", "401", "403"]
    assert mended.operations[0].responses[1].description == "请求格式有误"
    assert told[0].after == "400, 401, 403"


def test_two_operations_of_one_method_and_path_become_one_that_serves_all() -> None:
    twin = operation(path="/v1/cards/{id}/freezes", stories=["S2"])
    mended, told = mend_duplicates(api(operation(), twin, operation(method="GET")), HAND)
    assert [(one.id, one.method, one.stories) for one in mended.operations] == [
        ("O1", "POST", ["S1", "S2"]),
        ("O2", "GET", ["S1"]),
    ]
    assert [one.rule for one in told] == ["operation-twice", "ids"]


def test_a_reference_that_is_told_twice_is_told_once() -> None:
    mended, _ = mend_references(api(operation(stories=["S1", "S1"], sources=["P1", "P1"])), HAND)
    assert (mended.operations[0].stories, mended.operations[0].sources) == (["S1"], ["P1"])


def test_what_is_sound_is_mended_by_nothing() -> None:
    sound = api()
    for mend in (mend_paths, mend_duplicates, mend_parameters, mend_problems, mend_references):
        assert mend(sound, HAND) == (sound, [])


def test_the_checks_of_an_answer_without_anything_upstream_hold_too() -> None:
    for check in STAGE.checks:
        found = check(api(operation(stories=[], sources=[])), Material("", "en"))
        assert all(finding.severity == "hint" for finding in found)
