"""How a weak model is led to a domain model."""

from typing import Any

import pytest
from jsonschema import Draft202012Validator

from stages.catalog import read_stage
from stages.declaration import Entry
from stages.domain_model.candidates import candidates
from stages.domain_model.lives import states_of
from stages.domain_model.shape import DomainModel
from stages.domain_model.way import ModelWay, narrow
from stages.material import Material, Source, Term, UpstreamItem

WAY = ModelWay()
ACCOUNT = Term("account", "entity", "account", "Where money is kept.", ("account", "账户"))
RECORD = Term("income-record", "entity", "income record", "", ("income record", "收入记录"))
RECORD_TOLD = Term("income-record", "entity", "income record", "What came in.", ("income record", "收入记录"))
BALANCE = Term("balance", "value", "balance", "", ("balance",))
CUSTOMER = Term("customer", "role", "customer", "", ("customer", "客户"))
TELLER = Term("teller", "role", "teller", "", ("teller",))
HAND = Material(
    "A customer adds income records of an account, uploads receipts and sees the balance. The teller checks the status.",
    "en",
    terms=(CUSTOMER, TELLER, RECORD, ACCOUNT, BALANCE),
    sources=(Source("P1", "1", "Income", "rules", "", "an income record of an account"),),
    roles=("customer", "teller"),
    entities=("income record", "account", "balance"),
    unlisted_entities=("receipts", "status"),
    all_roles=("customer", "teller"),
    upstream=(UpstreamItem("S1", "As a customer, I want to add an income record.", stage="user_stories"),),
)
BARE = Material("Something for the caretaker so that defects are closed", "en")


def valid(schema: dict[str, Any], value: object) -> bool:
    Draft202012Validator.check_schema(schema)
    return bool(Draft202012Validator(schema).is_valid(value))


def reply(**changed: Any) -> dict[str, Any]:
    attributes = [{"name": "number", "type": "identifier"}, {"name": "opened on", "type": "date"}]
    return {"description": "Where money is kept.", "attributes": attributes, **changed}


def test_the_classes_are_what_brief_and_stories_name_owner_first_and_no_role_that_only_works() -> None:
    entries = WAY.entries(None, HAND)
    assert [(entry.id, entry.text) for entry in entries] == [
        ("C1", "Customer"),
        ("C2", "Account"),
        ("C3", "Income record"),
        ("C4", "Receipt"),
        ("C5", "Balance"),
    ]
    assert WAY.outline_schema(HAND) is None


def test_each_class_belongs_to_the_one_that_the_words_name() -> None:
    told = {entry.text: entry.about["others"] for entry in WAY.entries(None, HAND)}
    assert told == {
        "Customer": (),
        "Account": ("Customer",),
        "Income record": ("Account",),
        "Receipt": ("Customer",),
        "Balance": ("Customer",),
    }


def test_a_name_that_ends_as_another_is_a_kind_of_it() -> None:
    joint = Term("joint", "entity", "joint account", "", ("joint account",))
    hand = Material("joint accounts and accounts", "en", terms=(joint, ACCOUNT), entities=("joint account", "account"))
    entries = WAY.entries(None, hand)
    assert [(entry.text, entry.about["line"]) for entry in entries] == [
        ("Account", ("association",)),
        ("Joint account", ("inheritance",)),
    ]
    body = WAY.assemble({"C1": reply(sources=[]), "C2": reply(belongs_to="Account", sources=[])}, entries, hand)
    assert DomainModel.model_validate(body).classes[1].associations[0].kind == "inheritance"


def test_classes_rest_on_the_stories_that_name_them() -> None:
    told = {entry.text: entry.about["stories"] for entry in WAY.entries(None, HAND)}
    assert told["Income record"] == ("S1",)
    assert told["Receipt"] == ()


def test_the_model_is_asked_only_where_the_rules_find_few() -> None:
    schema = WAY.outline_schema(BARE)
    assert schema
    assert valid(schema, {"classes": ["defect", "caretaker"]})
    wrong: dict[str, Any]
    for wrong in (
        {"classes": []},
        {"classes": ["x" * 99] * 2},
        {"classes": ["ab"] * 9},
        {},
        {"classes": ["ab", "cd"], "more": 1},
    ):
        assert not valid(schema, wrong)


def test_what_the_model_names_is_kept_where_the_brief_speaks_of_it() -> None:
    names = [one.name for one in candidates(BARE, ["defects", "spaceship", "status", "defect"])]
    assert names == ["Defect"]


def test_a_verb_is_no_class_and_a_part_of_an_official_name_is_none_either() -> None:
    hand = Material(
        "Customers cancel a branch appointment and add income records.", "en", terms=(RECORD_TOLD,), entities=("income record",)
    )
    names = [one.name for one in candidates(hand, ["cancel", "branch appointment", "branch", "appointment", "income", "record"])]
    assert names == ["Income record", "Branch appointment", "Branch"]


def test_there_is_always_something_to_write() -> None:
    outline: dict[str, Any]
    for outline in ({"classes": ["x", "y"]}, {"classes": ["…"]}, {"classes": []}):
        assert WAY.entries(outline, BARE)
    assert WAY.entries(None, Material("?", "zh"))


def test_a_reply_is_small_and_leads_only_to_classes_that_are_there() -> None:
    account = WAY.entries(None, HAND)[1]
    schema = WAY.item_schema(account, HAND)
    assert list(schema["properties"]) == ["description", "attributes", "belongs_to", "sources"]
    assert valid(schema, reply(belongs_to="Customer", sources=["P1"]))
    assert not valid(schema, reply(belongs_to="Teller", sources=["P1"]))
    assert not valid(schema, reply(belongs_to="Customer", sources=["P7"]))
    assert not valid(schema, reply(belongs_to="Customer", sources=["P1"], attributes=[]))


def test_replies_become_a_model_that_names_only_what_is_there() -> None:
    entries = WAY.entries(None, HAND)
    replies = {
        entry.id: reply(sources=[], **({"belongs_to": entry.about["others"][0]} if entry.about["others"] else {}))
        for entry in entries
    }
    artifact = DomainModel.model_validate(WAY.assemble(replies, entries, HAND))
    lines = [(one.id, told.target, told.name, told.own, told.other) for one in artifact.classes for told in one.associations]
    assert lines[:2] == [("C2", "C1", "Customer", "0..*", "1"), ("C3", "C2", "Account", "0..*", "1")]
    assert artifact.classes[2].rests_on() == ("S1",)
    assert [one.id for one in artifact.upstream_items()] == ["S1"]


def test_one_reply_alone_can_be_judged() -> None:
    entry = WAY.entries(None, HAND)[1]
    assert DomainModel.model_validate(WAY.assemble({"C2": reply(belongs_to="Customer", sources=[])}, [entry], HAND))


def test_a_line_to_a_class_that_was_not_written_is_left_out() -> None:
    entries = WAY.entries(None, HAND)
    body = WAY.assemble({"C2": reply(belongs_to="Customer", sources=[]), "C4": reply(sources=[])}, entries, HAND)
    assert [one["associations"] for one in body["classes"]] == [[], []]


def test_a_class_that_is_written_again_belongs_to_what_it_belonged_to() -> None:
    entries = WAY.entries(None, HAND)
    body = WAY.assemble({"C1": reply(sources=[]), "C2": reply(belongs_to="Customer", sources=[])}, entries, HAND)
    (again,) = WAY.entry_of(DomainModel.model_validate(body).classes[1].model_dump(), HAND)
    assert (again.id, again.about["others"], again.about["ids"]) == ("C2", ("Customer",), ("C1",))
    assert again.about["definition"] == ("Where money is kept.",)
    assert DomainModel.model_validate(WAY.assemble({"C2": reply(belongs_to="Customer", sources=[])}, [again], HAND))


@pytest.mark.parametrize(
    ("language", "brief", "name", "states"),
    [
        (
            "en",
            "Customers book an appointment, reschedule an appointment and cancel an appointment.",
            "appointment",
            ["booked", "rescheduled", "cancelled"],
        ),
        ("zh", "客户提交投诉，撤回投诉；主管关闭投诉。", "投诉", ["已提交", "已撤回", "已关闭"]),
        ("en", "Customers view an appointment.", "appointment", []),
    ],
)
def test_states_are_what_the_actions_lead_to(language: Any, brief: str, name: str, states: list[str]) -> None:
    assert [state for state, _ in states_of([name], Material(brief, language))] == states


def test_the_whole_schema_holds_references_to_what_is_there() -> None:
    schema = narrow(HAND)
    one = schema["properties"]["classes"]["items"]["properties"]
    assert one["stories"]["items"]["enum"] == ["S1"]
    assert one["sources"]["items"]["enum"] == ["P1"]
    line = one["associations"]["items"]["properties"]
    assert "name" not in line
    assert line["own"]["enum"] == ["1", "0..1", "0..*", "1..*"]
    assert line["target"]["enum"][:2] == ["C1", "C2"]
    assert "upstream" not in schema["properties"]
    Draft202012Validator.check_schema(schema)


def test_without_stories_and_passages_nothing_can_be_named() -> None:
    one = narrow(BARE)["properties"]["classes"]["items"]["properties"]
    assert one["stories"]["maxItems"] == 0
    assert one["sources"]["maxItems"] == 0


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_part_of_the_prompt_can_be_filled_in(language: Any) -> None:
    prompt = read_stage("domain_model", "stages.domain_model").prompts[language]
    values = {"brief": "b", "terms": HAND.terms, "sources": HAND.sources, "upstream": HAND.upstream, "fence": "~~~"}
    assert "S1" in prompt.text("Whole", values | {"roles": ()})
    told = prompt.text("Item", values | {"entry": Entry("C1", "Account", {"definition": ("Where money is kept.",)})})
    assert "Where money is kept." in told
    assert "Where" not in prompt.text("Item", values | {"terms": (), "entry": Entry("C1", "Account", {})})
