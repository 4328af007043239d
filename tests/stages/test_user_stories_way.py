"""How a weak model is led to user stories."""

from typing import Any

import pytest
from jsonschema import Draft202012Validator

from stages.material import Material, Source, Term
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
    story = {"id": "S1", **item()}
    assert valid(schema, {"stories": [story], "questions": []})
    assert valid(schema, {"stories": [story | {"role": "curator", "entities": ["exhibit"], "sources": []}], "questions": []})
    for wrong in ({"role": "pirate"}, {"entities": ["treasure"]}, {"sources": ["P9"]}, {"mood": "good"}):
        assert not valid(schema, {"stories": [story | wrong], "questions": []})
    assert not valid(schema, {"stories": [], "questions": []})


@pytest.mark.parametrize("brief", ["", "asdf", "……"])
def test_a_brief_without_meaning_has_no_entries(brief: str) -> None:
    assert WAY.entries(None, Material(brief, "en")) == ()
