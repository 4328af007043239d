"""How a weak model is led to user stories."""

from typing import Any

import pytest
from jsonschema import Draft202012Validator

from stages.material import Material, Source, Term, UpstreamItem
from stages.user_stories.shape import UserStories
from stages.user_stories.way import StoriesWay, narrow

WAY = StoriesWay()
TELLER = Term("teller", "role", "teller", "", ("teller", "柜员"))
CUSTOMER = Term("customer", "role", "customer", "", ("customer", "client", "客户"))
CARD = Term("card", "entity", "card", "", ("card", "卡片"))
SOURCES = (
    Source("P1", "1", "Cards", "rules", "", "freeze a card at once"),
    Source("P2", "2", "Cash", "rules", "", "count the cash"),
)
HAND = Material(
    "Clients freeze a card. The teller counts cash, and a curator approves the exhibit.",
    "en",
    terms=(TELLER, CUSTOMER, CARD),
    sources=SOURCES,
    roles=("customer", "teller"),
    entities=("card",),
    unlisted_roles=("curator",),
    unlisted_entities=("exhibit",),
    all_roles=("customer", "teller", "auditor"),
)
VAGUE = Material("Something for the caretaker", "en", all_roles=("customer", "teller"))


def valid(schema: dict[str, Any], value: object) -> bool:
    Draft202012Validator.check_schema(schema)
    return bool(Draft202012Validator(schema).is_valid(value))


def item(**changed: Any) -> dict[str, Any]:
    return {
        "role": "customer",
        "want": "freeze a card",
        "benefit": "it is safe",
        "entities": ["card"],
        "sources": ["P1"],
        **changed,
    }


def test_no_outline_is_asked_where_the_rules_find_actions() -> None:
    assert WAY.outline_schema(HAND) is None


def test_a_short_outline_is_asked_where_the_rules_find_none() -> None:
    schema = WAY.outline_schema(VAGUE)
    assert schema
    assert valid(schema, {"actions": ["assign a defect"]})
    wrong: dict[str, Any]
    for wrong in ({"actions": []}, {"actions": ["x" * 200]}, {"actions": ["do"] * 9}, {"actions": ["do it"], "more": 1}, {}):
        assert not valid(schema, wrong)


def test_each_action_has_the_role_that_stands_before_it() -> None:
    told = [(entry.id, entry.text, entry.about["roles"]) for entry in WAY.entries(None, HAND)]
    assert told == [
        ("S1", "freeze a card", ("customer",)),
        ("S2", "count cash", ("teller",)),
        ("S3", "approve the exhibit", ("curator",)),
    ]


def test_an_action_without_a_role_has_the_role_of_the_action_before() -> None:
    hand = Material("The teller counts cash. Then close the till.", "en", terms=(TELLER,), roles=("teller",))
    assert [entry.about["roles"] for entry in WAY.entries(None, hand)] == [("teller",), ("teller",)]


def test_entries_of_an_outline_are_each_once_and_never_empty() -> None:
    entries = WAY.entries({"actions": [" assign a defect ", "", "assign a defect", "close it"]}, VAGUE)
    assert [(entry.id, entry.text) for entry in entries] == [("S1", "assign a defect"), ("S2", "close it")]
    assert entries[0].about["roles"] == ("customer", "teller")


def test_one_story_is_narrowed_to_what_is_near_its_action() -> None:
    schema = WAY.item_schema(WAY.entries(None, HAND)[0], HAND)
    assert valid(schema, item())
    wrong: dict[str, Any]
    for wrong in (
        {"role": "teller"},
        {"entities": ["exhibit"]},
        {"sources": ["P2"]},
        {"sources": []},
        {"sources": ["P9"]},
        {"want": ""},
        {"want": "x" * 121},
        {"id": "S1"},
        {"mood": "good"},
    ):
        assert not valid(schema, item(**wrong)), wrong


def test_with_nothing_near_entities_and_sources_must_be_empty() -> None:
    entry = WAY.entries({"actions": ["water the plants"]}, VAGUE)[0]
    schema = WAY.item_schema(entry, VAGUE)
    assert valid(schema, item(entities=[], sources=[]))
    assert not valid(schema, item(entities=[], sources=["P1"]))
    assert not valid(schema, item(entities=["card"], sources=[]))


def test_the_stories_that_were_written_are_put_together_in_order() -> None:
    entries = WAY.entries(None, HAND)
    body = WAY.assemble({"S3": item(role="curator"), "S1": item()}, entries, HAND)
    assert [story.id for story in UserStories.model_validate(body).stories] == ["S1", "S3"]
    assert WAY.completed(body, HAND) == body


def test_a_story_can_be_written_again_under_its_id() -> None:
    (entry,) = WAY.entry_of({"id": "S3", **item()}, HAND)
    assert (entry.id, entry.text) == ("S3", "freeze a card")
    assert valid(WAY.item_schema(entry, HAND), item())


def test_a_story_without_a_wish_can_be_written_again_too() -> None:
    (entry,) = WAY.entry_of({"id": "S3", **item(want=" ")}, HAND)
    assert entry.about["roles"]


def test_the_whole_schema_knows_only_what_is_in_hand() -> None:
    schema = narrow(HAND)
    story = {"id": "S1", "activity": "Card control", **item()}
    assert valid(schema, {"stories": [story], "questions": []})
    assert valid(schema, {"stories": [story | {"role": "curator", "entities": ["exhibit"], "sources": []}], "questions": []})
    wrong: dict[str, Any]
    for wrong in ({"role": "pirate"}, {"entities": ["treasure"]}, {"sources": ["P9"]}, {"mood": "good"}, {"operations": []}):
        assert not valid(schema, {"stories": [story | wrong], "questions": []})
    assert not valid(schema, {"stories": [], "questions": []})


@pytest.mark.parametrize("brief", ["", "asdf", "……"])
def test_a_brief_without_meaning_has_no_entries(brief: str) -> None:
    assert WAY.entries(None, Material(brief, "en")) == ()


def operation(item_id: str, method: str, path: str, summary: str = "") -> UpstreamItem:
    body = {"method": method, "path": path, "summary": summary}
    return UpstreamItem(item_id, f"{method} {path} {summary}".strip(), "api", 1, stage="api_definition", body=body)


API = (
    operation("O1", "GET", "/v1/income-records", "Lists the income records of an account."),
    operation("O2", "POST", "/v1/incomeRecords"),
    operation("O3", "DELETE", "/v1/accounts/{accountId}/income-records/{id}"),
    operation("O4", "POST", "/cards/{id}/freeze"),
    operation("O5", "PATCH", "/cards/{id}", "修改卡片"),
    operation("O6", "GET", "/"),
)


def test_an_api_has_an_entry_an_operation_and_no_outline_is_asked() -> None:
    hand = Material("", "en", upstream=API, all_roles=("customer",))
    assert WAY.outline_schema(hand) is None
    told = [(entry.id, entry.text, entry.about["operations"]) for entry in WAY.entries(None, hand)]
    assert told == [
        ("S1", "list the income records of an account", ("O1",)),
        ("S2", "add an income record", ("O2",)),
        ("S3", "delete an income record", ("O3",)),
        ("S4", "freeze a card", ("O4",)),
        ("S5", "change a card", ("O5",)),
        ("S6", "GET /", ("O6",)),
    ]


def test_an_api_is_read_in_the_language_of_the_answer() -> None:
    term = Term("income-record", "entity", "收入记录", "", ("收入记录", "income record"))
    hand = Material("", "zh", terms=(term,), upstream=API, all_roles=("客户",))
    assert [entry.text for entry in WAY.entries(None, hand)][:5] == [
        "查看收入记录",
        "新增收入记录",
        "删除收入记录",
        "freezecards",
        "修改卡片",
    ]


def test_what_the_brief_wishes_comes_after_the_operations() -> None:
    hand = Material("Customers can order a card.", "en", upstream=API[:1], all_roles=("customer",))
    assert [(entry.id, entry.text) for entry in WAY.entries(None, hand)][1:] == [("S2", "order a card")]
    assert "operations" not in WAY.entries(None, hand)[1].about


def test_the_weak_model_is_never_asked_for_operations_and_they_are_kept_with_their_story() -> None:
    hand = Material("", "en", upstream=API[:2], all_roles=("customer",))
    entries = WAY.entries(None, hand)
    assert not {"operations", "activity"} & set(WAY.item_schema(entries[0], hand)["properties"])
    body = WAY.assemble({"S2": item(entities=[], sources=[])}, entries, hand)
    (story,) = UserStories.model_validate(body).stories
    assert story.rests_on() == ("O2",)
    (entry,) = WAY.entry_of(story.model_dump(), hand)
    assert entry.about["operations"] == ("O2",)


def test_the_whole_schema_knows_the_operations_in_hand() -> None:
    schema = narrow(Material("", "en", upstream=API[:2], all_roles=("customer",)))
    story = {"id": "S1", "activity": "", **item(entities=[], sources=[]), "operations": ["O1", "O2"]}
    assert valid(schema, {"stories": [story], "questions": []})
    assert not valid(schema, {"stories": [story | {"operations": ["O9"]}], "questions": []})


def test_an_artifact_holds_as_many_stories_as_a_later_stage_can_rest_on() -> None:
    many = tuple(operation(f"O{number}", "GET", f"/things{number}") for number in range(1, 41))
    assert len(WAY.entries(None, Material("", "en", upstream=many))) == 20


def test_what_a_meeting_note_leaves_open_becomes_a_question() -> None:
    note = "Anna: customers want to freeze a card.\nDecision: the teller counts cash.\nOpen: who pays the courier?"
    body = WAY.assemble({}, (), Material(note, "en"))
    assert body["questions"] == ["who pays the courier?"]
