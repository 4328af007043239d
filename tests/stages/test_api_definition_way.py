"""How a weak model is led to an API, and what a capable one is held to."""

import copy
import json
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from errors import Language
from stages.api_definition.narrowing import narrow
from stages.api_definition.shape import ApiDefinition
from stages.api_definition.stage import STAGE
from stages.api_definition.way import ApiWay, kind_of
from stages.api_definition.wishes import wishes
from stages.catalog import catalog
from stages.declaration import Entry
from stages.material import Material, UpstreamItem
from tests.stages.api_definitions import SOURCES, domain_class, in_hand, reply, story, written

WAY = ApiWay()
HAND = in_hand(
    story(1, "freeze a debit card"),
    story(2, "view the debit cards"),
    story(3, "change the limit of a debit card"),
    domain_class(1, "Debit card", limit="money", opened="date"),
)


def valid(schema: dict[str, Any], value: object) -> bool:
    Draft202012Validator.check_schema(schema)
    return bool(Draft202012Validator(schema).is_valid(value))


def test_nothing_is_asked_where_stories_classes_or_actions_are_in_hand() -> None:
    assert WAY.outline_schema(HAND) is None
    assert WAY.outline_schema(Material("A customer can freeze a card.", "en")) is None
    schema = WAY.outline_schema(Material("Something for the caretaker", "en"))
    assert schema
    assert valid(schema, {"actions": ["assign a defect"]})
    assert not valid(schema, {"actions": []})


def test_an_outline_of_the_model_becomes_operations() -> None:
    entries = WAY.entries({"actions": [" assign a defect ", "", "close a defect"]}, Material("Something", "en"))
    assert [entry.about["path"] for entry in entries] == [
        ("/v1/defects/{defectId}/assignments",),
        ("/v1/defects/{defectId}/closures",),
    ]


def test_each_story_becomes_an_operation_that_rests_on_it_and_on_its_class() -> None:
    told = [
        (entry.id, entry.about["method"][0], entry.about["stories"], entry.about["classes"]) for entry in WAY.entries(None, HAND)
    ]
    assert told == [
        ("O1", "POST", ("S1",), ("C1",)),
        ("O2", "GET", ("S2",), ("C1",)),
        ("O3", "PATCH", ("S3",), ("C1",)),
    ]


def test_without_stories_each_entity_is_listed_read_created_and_changed() -> None:
    material = in_hand(domain_class(1, "Debit card"), domain_class(2, "Money", "value object"))
    assert [f"{entry.about['method'][0]} {entry.about['path'][0]}" for entry in WAY.entries(None, material)] == [
        "GET /v1/debit-cards",
        "GET /v1/debit-cards/{debitCardId}",
        "POST /v1/debit-cards",
        "PATCH /v1/debit-cards/{debitCardId}",
    ]


def test_without_stories_a_chinese_entity_is_offered_in_the_same_ways() -> None:
    material = in_hand(domain_class(1, "借记卡"), language="zh")
    assert [entry.about["method"][0] for entry in WAY.entries(None, material)] == ["GET", "GET", "POST", "PATCH"]


def test_scenarios_alone_are_served_story_by_story() -> None:
    scenarios = [
        UpstreamItem(f"S1-{number}", "", stage="acceptance_criteria", body={"story": "S1", "when": "Ana freezes the debit card"})
        for number in (1, 2)
    ]
    (wish,) = wishes(in_hand(*scenarios))
    assert wish.stories == ("S1-1", "S1-2")


def test_the_reply_of_one_operation_is_small_and_closed_to_what_is_near() -> None:
    schema = WAY.item_schema(WAY.entries(None, HAND)[0], HAND)
    sound = {"summary": "freeze a card", "description": "It is frozen.", "fields": ["reason"], "sources": ["P1"]}
    assert valid(schema, sound)
    wrong: dict[str, Any]
    for wrong in (
        {"fields": []},
        {"fields": ["treasure"]},
        {"sources": ["P9"]},
        {"summary": ""},
        {"summary": "x" * 81},
        {"path": "/x"},
    ):
        assert not valid(schema, sound | wrong), wrong


def test_what_is_changed_is_chosen_from_the_attributes_of_the_class() -> None:
    schema = WAY.item_schema(WAY.entries(None, HAND)[2], HAND)
    assert schema["properties"]["fields"]["items"]["enum"] == ["limit", "opened"]


@pytest.mark.parametrize("language", ["en", "zh"])
def test_what_is_written_is_sound_by_the_standard_and_without_findings_above_a_hint(language: Language) -> None:
    material = (
        HAND
        if language == "en"
        else in_hand(story(1, "冻结借记卡"), story(2, "查看借记卡"), story(3, "新增收入记录"), language="zh")
    )
    artifact = written(material)
    assert [finding for check in STAGE.checks for finding in check(artifact, material) if finding.severity != "hint"] == []
    frozen = artifact.operations[0]
    assert [one.name for one in frozen.parameters] == ["debitCardId", "Idempotency-Key"]
    assert [one.status for one in frozen.responses] == ["201", "400", "401", "403", "404", "409", "422"]
    shown = artifact.operations[1]
    assert {"limit", "cursor"} == {one.name for one in shown.parameters}
    assert shown.responses[0].fields[0].path == "items"


def test_an_amount_is_an_object_with_a_decimal_and_a_currency() -> None:
    body = written(HAND).operations[2].request
    assert body
    assert body.media == "application/merge-patch+json"
    assert [(field.path, field.format) for field in body.fields[:3]] == [
        ("limit", ""),
        ("limit.value", "decimal"),
        ("limit.currency", ""),
    ]


def test_a_change_in_part_of_a_whole_answer_is_a_merge_patch() -> None:
    request = {"required": True, "fields": [{"path": "limit", "type": "string"}]}
    told = {"path": "/v1/cards/{cardId}", "summary": "change a card", "request": request, "responses": [{"status": "200"}]}
    body = {"operations": [told | {"id": "O1", "method": "PATCH"}, told | {"id": "O2", "method": "PUT"}]}
    patch, put = ApiDefinition.model_validate(WAY.completed(body, HAND)).operations
    assert patch.request is not None
    assert put.request is not None
    assert (patch.request.media, put.request.media) == ("application/merge-patch+json", "application/json")
    assert WAY.completed({"operations": [{"method": "PATCH", "request": None, "responses": []}]}, HAND)


def test_no_mend_changes_what_was_written_by_rule() -> None:
    artifact = written(HAND)
    for mend in STAGE.mends:
        assert mend(artifact, HAND) == (artifact, [])


def test_an_operation_can_be_written_again_under_its_id() -> None:
    for operation in written(HAND).operations:
        (entry,) = WAY.entry_of(operation.model_dump(), HAND)
        assert entry.id == operation.id
        body = WAY.assemble({entry.id: reply(WAY.item_schema(entry, HAND))}, [entry], HAND)
        assert body["operations"][0]["path"] == operation.path


def test_an_operation_that_no_wish_leads_to_can_be_written_again_too() -> None:
    item = written(HAND).operations[0].model_dump() | {"path": "/v1/other-things/{otherThingId}", "method": "DELETE"}
    (entry,) = WAY.entry_of(item, HAND)
    assert (entry.about["does"], entry.about["path"]) == (("delete",), ("/v1/other-things/{otherThingId}",))
    assert [
        kind_of(*one) for one in (("GET", "/a"), ("GET", "/a/{b}"), ("POST", "/a"), ("POST", "/a/{b}/c"), ("PUT", "/a/{b}"))
    ] == [
        "list",
        "read",
        "create",
        "act",
        "change",
    ]


def test_a_reply_that_names_unknown_fields_loses_them() -> None:
    entry = WAY.entries(None, HAND)[0]
    body = WAY.assemble(
        {"O1": {"summary": "s", "description": "d", "fields": ["treasure", "reason", "reason"], "sources": []}}, [entry], HAND
    )
    assert [field["path"] for field in body["operations"][0]["request"]["fields"]] == ["reason"]


def test_each_kind_of_operation_has_examples_in_both_languages_that_keep_to_the_schema() -> None:
    stage = catalog().stage("api_definition")
    for language in ("en", "zh"):
        kinds = {kind for example in stage.examples.items if example.language == language for kind in example.about["kind"]}
        assert kinds == {"read", "create", "change", "delete", "act"}
    for example in stage.examples.items:
        kind = example.about["kind"][0]
        about = {"does": (kind,), "path": ("/v1/things",), "stories": (), "classes": (), "own_class": ()}
        entry = Entry("O1", example.entry, {**about, "fields": tuple(example.reply.get("fields", ()))})
        schema = WAY.item_schema(entry, Material("", example.language))
        assert valid(schema, {**example.reply, "sources": []}), example.entry


def test_the_whole_schema_knows_only_what_is_in_hand_and_asks_nothing_that_is_ours() -> None:
    schema = narrow(HAND)
    told = json.dumps(schema)
    assert "beyond" not in told
    assert "by_standard" not in told
    sound = next(example.artifact for example in catalog().stage("api_definition").examples.whole if example.language == "en")
    assert valid(schema, sound)
    for name, value in (("stories", ["S9"]), ("classes", ["C9"]), ("sources", ["P9"]), ("method", "FETCH"), ("beyond", {})):
        wrong = copy.deepcopy(sound)
        wrong["operations"][0][name] = value
        assert not valid(schema, wrong), name


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_whole_examples_are_without_fault(language: Language) -> None:
    (example,) = [one for one in catalog().stage("api_definition").examples.whole if one.language == language]
    upstream = tuple(UpstreamItem(f"S{number}", text) for number, text in enumerate(example.upstream, 1))
    material = Material("", language, sources=SOURCES, upstream=upstream)
    artifact = ApiDefinition.model_validate(WAY.completed(dict(example.artifact), material))
    assert [finding for check in STAGE.checks for finding in check(artifact, material) if finding.severity != "hint"] == []
    for mend in STAGE.mends:
        assert mend(artifact, material) == (artifact, [])


def test_what_is_no_api_is_left_for_the_schema_to_refuse() -> None:
    for body in ({}, {"operations": None}, {"operations": ["x", {"responses": 3}]}):
        assert WAY.completed(body, HAND).get("operations") == body.get("operations")


def test_a_stage_needs_at_least_twelve_cases_half_of_them_chinese() -> None:
    cases = catalog().stage("api_definition").cases
    assert len(cases) >= 12
    assert sum(case.language == "zh" for case in cases) * 2 == len(cases)
