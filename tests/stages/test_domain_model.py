"""The domain model: how it is judged, mended, shown, edited and read from what a person pastes."""

import csv
import io
from dataclasses import replace
from typing import Any

import pytest

from errors import Language
from formats.document import Picture, Table
from formats.mermaid_engine import read_mermaid
from formats.plantuml_read import read_class_model as read_plantuml
from stages.catalog import read_stage
from stages.domain_model.checks import (
    RULES,
    check_associations,
    check_classes,
    check_coverage,
    check_read_back,
    check_states,
)
from stages.domain_model.mends import mend_associations, mend_duplicates, mend_names, mend_states
from stages.domain_model.reading import read_pasted
from stages.domain_model.shape import DomainClass, DomainModel, plain_name, same_name, singular
from stages.domain_model.text import read_edited, source_text
from stages.domain_model.view import diagrams, document, mermaid_file, plantuml_file, sheets, svg_file, tell, view, view_draft
from stages.findings import Finding
from stages.material import Material, Source, Term, UpstreamItem

ACCOUNT = Term("account", "entity", "account", "Where money is kept.", ("account", "bank account", "账户"))
RECORD = Term("income-record", "entity", "income record", "", ("income record", "收入记录", "earnings entry"))
TELLER = Term("teller", "role", "teller", "", ("teller", "柜员"))
CUSTOMER = Term("customer", "role", "customer", "", ("customer", "客户"))
STORY = UpstreamItem("S1", "As a customer, I want to add an income record to my account.", "a", 1, stage="user_stories")
HAND = Material(
    "Income records of an account",
    "en",
    terms=(ACCOUNT, RECORD, TELLER, CUSTOMER),
    roles=("teller", "customer"),
    entities=("account", "income record"),
    all_roles=("teller", "customer"),
    upstream=(STORY,),
)


def one(number: int = 1, **changed: Any) -> DomainClass:
    base = {
        "id": f"C{number}",
        "name": "Account" if number == 1 else "Income record",
        "kind": "entity",
        "description": "Where money is kept.",
        "attributes": [
            {"name": "number", "type": "identifier", "required": True},
            {"name": "note", "type": "string", "required": False},
        ],
        "associations": [line("C2")] if number == 1 else [],
        "states": ["open", "closed"],
        "transitions": [
            {"source": "", "target": "open", "trigger": "open"},
            {"source": "open", "target": "closed", "trigger": "close"},
            {"source": "closed", "target": "", "trigger": ""},
        ],
        "stories": ["S1"],
        "sources": ["P1"],
    }
    return DomainClass.model_validate({**base, **changed})


def line(target: str, **changed: Any) -> dict[str, Any]:
    return {
        "target": target,
        "name": "Income record",
        "kind": "association",
        "own": "1",
        "other": "0..*",
        "label": "has",
        **changed,
    }


def model(*classes: DomainClass, **changed: Any) -> DomainModel:
    return DomainModel(classes=list(classes) or [one(1), one(2)], questions=[], **changed)


def judged(artifact: DomainModel, hand: Material = HAND) -> list[Finding]:
    checks = (check_read_back, check_classes, check_associations, check_states, check_coverage)
    return [finding for check in checks for finding in check(artifact, hand)]


def test_a_sound_model_has_no_findings() -> None:
    assert judged(model()) == []


UNSOUND: list[tuple[str, DomainModel]] = [
    ("duplicate-class", model(one(1), one(2, name="Accounts"))),
    ("duplicate-class", model(one(1), one(1, name="Income record"))),
    ("role-as-class", model(one(1), one(2, name="Teller"))),
    ("no-description", model(one(1, description=" "), one(2))),
    ("no-attributes", model(one(1, attributes=[]), one(2))),
    ("duplicate-attribute", model(one(1, attributes=[{"name": "a b", "type": "date"}, {"name": "aB", "type": "date"}]), one(2))),
    ("not-traced", model(one(1), one(2, name="Spaceship"))),
    ("story-unknown", model(one(1, stories=["S1", "S9"]), one(2))),
    ("story-uncovered", model(one(1, stories=[]), one(2, stories=[]))),
    ("unknown-target", model(one(1, associations=[line("C2"), line("C9")]), one(2))),
    ("no-multiplicity", model(one(1, associations=[line("C2", own="")]), one(2))),
    ("told-twice", model(one(1), one(2, associations=[line("C1", kind="composition", label="belongs to")]))),
    ("orphan", model(one(1, associations=[]), one(2))),
    (
        "inheritance-circle",
        model(
            one(1, associations=[line("C2", kind="inheritance", own="", other="")]),
            one(2, associations=[line("C1", kind="inheritance", own="", other="")]),
        ),
    ),
    ("unknown-state", model(one(1, transitions=[{"source": "open", "target": "lost", "trigger": ""}]), one(2))),
    ("unreachable", model(one(1, states=["open", "closed", "frozen"]), one(2))),
    ("unreachable", model(one(1, transitions=[]), one(2))),
]


@pytest.mark.parametrize(("rule", "artifact"), UNSOUND)
def test_what_the_grammar_lets_pass_is_found(rule: str, artifact: DomainModel) -> None:
    assert rule in {finding.rule for finding in judged(artifact)}


def test_every_rule_has_a_text_that_breaks_it() -> None:
    # A model that does not read back cannot be made of our own rendering: the rule is there for what we have not thought of.
    assert {rule for rule, _ in UNSOUND} == set(RULES.names()) - {"unreadable"}


def test_who_owns_what_is_kept_is_no_role_at_fault() -> None:
    assert "role-as-class" not in {finding.rule for finding in judged(model(one(1), one(2, name="Customer")))}


def test_a_model_of_odd_names_is_read_back_by_mermaid() -> None:
    odd = [
        one(number, name=name, associations=[]) for number, name in enumerate(['a"b', "direction LR", "end", "类{}", "x(y)"], 1)
    ]
    assert check_read_back(model(*odd), HAND) == []


def test_names_are_compared_without_capitals_spaces_and_plurals() -> None:
    assert plain_name("IncomeRecords") == plain_name("income record")
    assert same_name("Addresses", ["address"])
    assert [singular(name) for name in ("entries", "boxes", "status", "news", "records", "账户")] == [
        "entry",
        "box",
        "status",
        "news",
        "record",
        "账户",
    ]


def test_a_class_takes_the_official_name_of_its_term() -> None:
    mended, mends = mend_names(model(one(1, name="Bank account"), one(2, name="Earnings entries")), HAND)
    assert [item.name for item in mended.items()] == ["Account", "Income record"]
    assert mended.classes[0].associations[0].name == "Income record"
    assert len(mends) == 2


def test_an_empty_label_stays_empty() -> None:
    mended, _ = mend_names(model(one(1, name=" Account ", associations=[line("C2", label="")]), one(2)), HAND)
    assert mended.classes[0].associations[0].label == ""


def test_a_duplicate_is_dropped_and_its_lines_lead_to_the_first() -> None:
    twin = one(2, name="accounts", associations=[])
    third = one(3, name="Income record", associations=[line("C2")])
    mended, mends = mend_duplicates(model(one(1, associations=[]), twin, third), HAND)
    assert [item.id for item in mended.classes] == ["C1", "C3"]
    assert mended.classes[1].associations[0].target == "C1"
    assert mends[0].item == "C2"


def test_lines_to_nowhere_and_lines_told_both_ways_are_dropped() -> None:
    back = line("C1", own="0..*", other="1", label="of")
    mended, mends = mend_associations(model(one(1, associations=[line("C2"), line("C9")]), one(2, associations=[back])), HAND)
    assert [[told.target for told in item.associations] for item in mended.classes] == [["C2"], []]
    assert {mend.rule for mend in mends} == {"unknown-target", "told-twice"}


def test_states_without_changes_follow_each_other() -> None:
    mended, _ = mend_states(model(one(1, transitions=[]), one(2, states=[], transitions=[])), HAND)
    assert [(told.source, told.target) for told in mended.classes[0].transitions] == [("", "open"), ("open", "closed")]
    assert mended.classes[1].transitions == []


@pytest.mark.parametrize("mend", [mend_names, mend_duplicates, mend_associations, mend_states])
def test_a_sound_model_is_not_mended(mend: Any) -> None:
    assert mend(model(), HAND) == (model(), [])


EDITED: list[DomainClass] = [
    one(1),
    one(
        1,
        name='odd: "name" -> x',
        attributes=[{"name": "a: b", "type": "money"}],
        associations=[line("C2", name="x: y", label="")],
    ),
    one(
        1,
        states=["In Progress", "In Progress 2"],
        transitions=[{"source": "In Progress", "target": "In Progress 2", "trigger": "a: b"}],
    ),
    one(
        1, associations=[line("C2", kind="inheritance", own="", other=""), line("C3", own="", other="0..1", name="", label="has")]
    ),
    one(2, states=[], transitions=[], description="", attributes=[]),
]


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("item", EDITED)
def test_a_class_comes_back_from_the_text_that_a_person_edits(item: DomainClass, language: Language) -> None:
    assert read_edited(source_text(item, language), item, language) == item


def test_a_person_adds_an_attribute_and_a_line_in_plain_words() -> None:
    text = """类：账户
种类：实体
说明：保管资金的地方。
属性：
- 账号：标识
- 备注：文本（可选）
关联：
- 组合 1 对 0..* C2 收入记录：拥有
状态：
- 正常
- 已销户
状态变化：
- 正常 -> 已销户：销户"""
    read = read_edited(text, one(1), "zh")
    assert [(told.name, told.type, told.required) for told in read.attributes] == [
        ("账号", "identifier", True),
        ("备注", "string", False),
    ]
    assert read.associations[0].model_dump() == line("C2", name="收入记录", kind="composition", label="拥有")
    assert read.transitions[0].trigger == "销户"
    assert read.stories == ["S1"]


@pytest.mark.parametrize(
    "text", ["", "hello", "class:\nkind: entity", "class: A\nkind: thing", "class: A\nattributes:\n- x: spaceship"]
)
@pytest.mark.parametrize("language", ["en", "zh"])
def test_what_cannot_be_read_is_refused_with_a_sentence(text: str, language: Language) -> None:
    with pytest.raises(ValueError, match=r"cannot be read|读不懂"):
        read_edited(text, one(1), language)


def test_a_card_shows_attributes_as_a_table_with_lines_and_states() -> None:
    shown = view(one(1), "en")
    assert [told.cells for told in shown.lines if told.cells][:2] == [
        ("Attribute", "Type", "Required"),
        ("number", "identifier", "yes"),
    ]
    assert any("association 1 to 0..* Income record: has" in told.text for told in shown.lines)
    assert (shown.links, shown.sources, shown.badges) == (("S1",), ("P1",), ("entity",))


def test_a_draft_is_shown_as_far_as_it_can_be_read() -> None:
    told = view_draft({"name": "Account", "attributes": [{"name": "number"}, {"na": 1}, 3]}, "en")
    assert told is not None
    assert told.lines[-1].text == "number"
    nothing: Any
    for nothing in ({}, [], None, {"name": 3}):
        assert view_draft(nothing, "en") is None


def test_a_later_stage_reads_a_class_in_one_line() -> None:
    told = "Account: number (identifier), note (string, optional); has many Income record; states open, closed"
    assert tell(one(1), "en") == told
    assert "有多个" in tell(one(1), "zh")


def test_a_renamed_class_goes_by_its_new_name_where_others_lead_to_it() -> None:
    renamed = model().with_items([one(1), one(2, name="Earning")])
    assert renamed.classes[0].associations[0].name == "Earning"


def test_texts_are_put_back_in_their_places_and_states_stay_connected() -> None:
    changed = one(1).with_texts({"states[0]": "active", "attributes[0].name": "iban", "transitions[0].trigger": "start"})
    assert changed.states == ["active", "closed"]
    assert [told.source for told in changed.transitions] == ["", "active", "closed"]
    assert changed.attributes[0].name == "iban"
    assert one(1).with_texts({}) == one(1)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_notation_is_read_by_its_own_reader(language: Language) -> None:
    artifact = model()
    assert len(read_mermaid(mermaid_file(artifact, language, ()).decode())["relations"]) == 1
    assert [told.name for told in read_plantuml(plantuml_file(artifact, language, ()).decode()).model.classes[:2]] == [
        "Account",
        "Income record",
    ]
    assert svg_file(artifact, language, ()).startswith(b"<svg")


def test_a_class_with_states_has_a_diagram_of_its_own() -> None:
    assert [diagram.name for diagram in diagrams(model(one(1), one(2, states=[], transitions=[])), "en")] == [
        "classes",
        "states-c1",
    ]


def test_the_document_holds_the_drawing_and_a_table_for_each_class() -> None:
    told = document(model(), "en", (Source("P1", "p", "Rules", "s", "Accounts", ""),))
    assert isinstance(told.blocks[0], Picture)
    assert sum(isinstance(block, Table) for block in told.blocks) == 2
    assert told.sources == [("Rules", "Accounts")]


def test_sheets_have_a_row_for_each_class_attribute_and_line() -> None:
    told = sheets(model(), "zh")
    assert [len(sheet.rows) for sheet in told] == [2, 4, 1]
    for sheet in told:
        assert len(sheet.ids) == len(sheet.rows)
        assert {len(row) for row in sheet.rows} == {len(sheet.columns)}
        csv.writer(io.StringIO()).writerows(sheet.rows)


@pytest.mark.parametrize(
    "text",
    [
        'classDiagram\n  class A["Account"] {\n    String number\n    Spaceship ship\n  }\n  A "1" --> "2..4" B : has\n',
        '@startuml\nclass "Account" as A {\n  number : String\n  ship : Spaceship\n}\nA "1" --> "2..4" B : has\n@enduml',
    ],
)
def test_a_pasted_diagram_becomes_a_model_with_what_is_lost_named(text: str) -> None:
    read = read_pasted(text, "en")
    assert read is not None
    artifact = DomainModel.model_validate(read.body)
    assert [told.name for told in artifact.classes] == ["Account", "B"]
    assert artifact.classes[0].associations[0].model_dump() == line("C2", name="B", other="")
    assert set(read.lost) == {"Account.ship: Spaceship", "2..4"}


def test_pasted_states_become_a_class() -> None:
    read = read_pasted("stateDiagram-v2\n  [*] --> In Progress\n", "zh")
    assert read is not None
    assert DomainModel.model_validate(read.body).classes[0].states == ["In Progress"]
    assert read.faults == ("[*] --> In Progress",)


@pytest.mark.parametrize("text", ["", "hello", "classDiagram\nOrder has many Line", "@startuml\n@enduml", "openapi: 3.1.0"])
def test_what_holds_no_class_is_not_read(text: str) -> None:
    assert read_pasted(text, "en") is None


def test_what_we_write_is_read_as_the_same_classes_and_lines() -> None:
    for notation in (mermaid_file, plantuml_file):
        read = read_pasted(notation(model(), "zh", ()).decode(), "zh")
        assert read is not None
        told = DomainModel.model_validate(read.body)
        assert [item.attributes for item in told.classes[:2]] == [item.attributes for item in model().classes]
        assert told.classes[0].associations == model().classes[0].associations


@pytest.mark.parametrize(
    ("name", "names"),
    [("Card freeze", {"card freeze", "账户冻结"}), ("Income evidence", {"income evidence"}), ("收入证明", {"收入证明"})],
)
def test_an_official_name_that_the_brief_does_not_speak_is_in_the_glossary(name: str, names: set[str]) -> None:
    brief = Material("Card limits and income of a customer, 客户收入", "en")
    told = model(one(1, name=name, associations=[]))
    assert "not-in-glossary" in {finding.rule for finding in judged(told, brief)}
    known = replace(brief, all_names=frozenset(names))
    assert "not-in-glossary" not in {finding.rule for finding in judged(told, known)}


def test_the_stage_is_sound() -> None:
    stage = read_stage("domain_model", "stages.domain_model")
    assert stage.stage.source in stage.stage.notations
    assert {case.language for case in stage.cases} == {"en", "zh"}
    assert len(stage.cases) >= 12
    for example in stage.examples.whole:
        artifact = DomainModel.model_validate(example.artifact)
        rules = {finding.rule for finding in judged(artifact, Material(example.brief, example.language))}
        assert rules <= {"not-in-glossary", "unknown-source"}
