"""How an API is judged and what is mended by rule."""

import re
from pathlib import Path
from typing import Any

import pytest

import formats.api
from formats.api.faults import Fault
from stages.api_definition.checks import check_coverage, check_document, check_read_back, check_standard, check_words
from stages.api_definition.mends import (
    mend_duplicates,
    mend_headers,
    mend_media,
    mend_parameters,
    mend_paths,
    mend_problems,
    mend_references,
    standard_path,
)
from stages.api_definition.naming import action_nouns
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
    for check in (check_coverage, check_words, check_standard, check_document, check_read_back):
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
        ("/v1/orders/{orderId}/withdraw", "/v1/orders/{orderId}/withdrawals"),
        ("/v1/orders/{orderId}/export", "/v1/orders/{orderId}/exports"),
        ("/v1/orders/search", "/v1/orders/search"),
        ("/v1/orders/{orderId}/bulk-approve", "/v1/orders/{orderId}/bulk-approvals"),
        ("/v1/loans/{loanId}/progress", "/v1/loans/{loanId}/progress"),
        ("/v1/incomeEvidence/{id}", "/v1/income-evidence/{id}"),
        ("/v1/order", "/v1/orders"),
    ],
)
def test_a_path_is_written_as_the_standard_has_it(path: str, standard: str) -> None:
    assert standard_path(path) == standard
    assert standard_path(standard) == standard


@pytest.mark.parametrize(
    ("verb", "noun"),
    [
        *(("withdraw", "withdrawals"), ("confirm", "confirmations"), ("cancel", "cancellations"), ("verify", "verifications")),
        *(("submit", "submissions"), ("upload", "uploads"), ("download", "downloads"), ("approve", "approvals")),
        *(("reject", "rejections"), ("reschedule", "reschedulings"), ("apply", "applications"), ("rate", "ratings")),
    ],
)
def test_a_verb_in_a_path_becomes_its_noun_and_an_import_is_told_of_it(verb: str, noun: str) -> None:
    path = f"/v1/cards/{{cardId}}/{verb}"
    mended, told = mend_paths(api(operation(path=path)), HAND)
    assert mended.operations[0].path == f"/v1/cards/{{cardId}}/{noun}"
    assert [one.rule for one in told] == ["path-form"]
    assert document_rules(path=mended.operations[0].path) == []
    assert "verb-in-path" in rules(check_document(api(operation(path=path), by_standard=False), HAND))


@pytest.mark.parametrize("verb", ["unfreeze", "search", "update", "fetch", "getAll", "withdraw-application"])
def test_a_verb_without_a_noun_is_still_found_after_mending(verb: str) -> None:
    mended, _ = mend_paths(api(operation(path=f"/v1/cards/{{cardId}}/{verb}")), HAND)
    assert "verb-in-path" in rules(check_document(mended, HAND))


def test_every_noun_of_a_verb_stays_as_it_is() -> None:
    for noun in action_nouns().values():
        assert standard_path(f"/v1/cards/{{cardId}}/{noun}", "POST") == f"/v1/cards/{{cardId}}/{noun}"


def test_what_is_read_of_one_thing_is_no_verb() -> None:
    assert standard_path("/v1/currencies/{currencyId}/rate", "GET") == "/v1/currencies/{currencyId}/rates"


@pytest.mark.parametrize(
    ("method", "header"), [("POST", "Idempotency-Key"), ("PUT", "If-Match"), ("PATCH", "If-Match"), ("DELETE", "If-Match")]
)
def test_a_call_without_the_header_of_the_standard_is_found_and_mended(method: str, header: str) -> None:
    bare = [one for one in operation().parameters if one.place == "path"]
    lacking = api(operation(method=method, request=None, parameters=bare))
    assert rules(check_standard(lacking, HAND)) == ["header-missing"]
    assert header in check_standard(lacking, HAND)[0].message
    mended, told = mend_headers(lacking, HAND)
    added = mended.operations[0].parameters[-1]
    assert (added.name, added.place, added.required) == (header, "header", True)
    assert [one.rule for one in told] == ["header-missing"]
    assert check_standard(mended, HAND) == []


def test_a_header_that_is_there_in_small_letters_is_demanded_and_not_told_twice() -> None:
    optional = {"name": "idempotency-key", "place": "header", "description": "ours"}
    mended, _ = mend_headers(api(operation(parameters=[optional])), HAND)
    (one,) = mended.operations[0].parameters
    assert (one.name, one.required, one.description) == ("idempotency-key", True, "ours")


def test_an_import_without_the_headers_is_told_and_left_as_it_is() -> None:
    imported = api(operation(parameters=[]), operation(id="O2", method="PATCH", parameters=[]), by_standard=False)
    assert rules(check_standard(imported, HAND)) == ["header-missing", "header-missing", "patch-media"]
    for mend in (mend_headers, mend_media):
        assert mend(imported, HAND) == (imported, [])
    search = operation(path="/searches", parameters=[], responses=[{"status": "200", "description": "found"}])
    assert check_standard(api(search, by_standard=False), HAND) == [], "nothing is created"


def test_a_change_in_part_is_sent_as_a_merge_patch() -> None:
    match = {"name": "If-Match", "place": "header", "required": True}
    plain = api(operation(method="PATCH", parameters=[match]))
    assert rules(check_standard(plain, HAND)) == ["patch-media"]
    mended, told = mend_media(plain, HAND)
    assert mended.operations[0].request is not None
    assert mended.operations[0].request.media == "application/merge-patch+json"
    assert [one.rule for one in told] == ["patch-media"]
    assert check_standard(mended, HAND) == []


@pytest.mark.parametrize(
    ("method", "path", "needed"),
    [
        ("GET", "/v1/cards", "400 401 403 410"),
        ("GET", "/v1/cards/{cardId}/freezes", "400 401 403 404 410"),
        ("GET", "/v1/cards/{cardId}", "401 403 404"),
        ("POST", "/v1/cards", "400 401 403 409 422"),
        ("POST", "/v1/cards/{cardId}/freezes", "400 401 403 404 409 422"),
        ("PATCH", "/v1/cards/{cardId}", "400 401 403 404 412 422 428"),
        ("PUT", "/v1/cards/{cardId}", "400 401 403 404 412 422 428"),
        ("DELETE", "/v1/cards/{cardId}", "401 403 404 412 428"),
        ("HEAD", "/v1/cards/{cardId}", "401 403 404"),
    ],
)
def test_an_operation_without_an_error_gets_those_that_the_standard_has_for_its_method(
    method: str, path: str, needed: str
) -> None:
    success = {"status": "204", "description": "ok"}
    mended, told = mend_problems(api(operation(method=method, path=path, request=None, responses=[success])), HAND)
    assert [one.status for one in mended.operations[0].responses[1:]] == needed.split()
    assert all(one.description and one.media for one in mended.operations[0].responses[1:])
    assert [one.rule for one in told] == ["no-4xx"]


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


def test_the_errors_that_are_added_are_told_in_the_language_of_the_answer() -> None:
    mended, told = mend_problems(api(operation(responses=[{"status": "201", "description": "ok"}])), Material("", "zh"))
    assert mended.operations[0].responses[1].description == "请求格式有误"
    assert told[0].after == "400, 401, 403, 404, 409, 422"


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
    for mend in (mend_paths, mend_duplicates, mend_parameters, mend_headers, mend_media, mend_problems, mend_references):
        assert mend(sound, HAND) == (sound, [])


def test_the_checks_of_an_answer_without_anything_upstream_hold_too() -> None:
    for check in STAGE.checks:
        found = check(api(operation(stories=[], sources=[])), Material("", "en"))
        assert all(finding.severity == "hint" for finding in found)
