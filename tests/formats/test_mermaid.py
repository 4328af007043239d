"""Mermaid as we write it: read back by Mermaid's own grammar as exactly what was meant."""

import pytest

from formats.class_model import (
    Association,
    Attribute,
    ClassModel,
    Course,
    Message,
    ModelClass,
    Sequence,
    Transition,
    broken_lines,
)
from formats.mermaid import class_diagram, escaped, sequence_diagram, state_diagram, unescaped
from formats.mermaid_engine import read_mermaid
from formats.mermaid_read import read_class_model

# Each breaks a diagram, or is read as something else, where it stands there unescaped.
NASTY = [
    "当前余额",
    "In Progress",
    'a "quoted" name',
    "List~String~",
    "call(x)",
    "{brace}",
    "end",
    "a:b",
    "semi;colon",
    "# hash",
    "50% off",
    "$static",
    "*abstract",
    "<<stereotype>>",
    "a|b",
    "--> arrow",
    "a..b",
    "`tick`",
    "direction LR",
    "note right of A",
    "+plus",
    "-minus",
    "&amp;",
    "<b>bold</b>",
    "back\\slash",
    "%%{init: {}}%%",
    "#35;",
    "emoji 😀",
    "عربي",
    "ﬂ°",
]


def model(text: str) -> ClassModel:
    classes = (
        ModelClass("C1", text, text, (Attribute(text, text), Attribute("note", "string", False))),
        ModelClass("C2", "Line", "", (Attribute("amount", "money"),)),
        ModelClass("C3", "Empty"),
    )
    lines = (
        Association("C1", "C2", "composition", "1", "0..*", text),
        Association("C2", "C1", "inheritance"),
        Association("C2", "C3", "aggregation", "0..1", "1..*"),
        Association("C3", "C1", "association", "1", "1", "has"),
    )
    return ClassModel(classes, lines)


@pytest.mark.parametrize("text", NASTY)
def test_a_class_diagram_comes_back_as_it_was_meant_whatever_its_names_are(text: str) -> None:
    read = read_class_model(class_diagram(model(text)))
    assert read.model == model(text)
    assert read.lost == ()


@pytest.mark.parametrize("text", NASTY)
def test_a_state_diagram_comes_back_as_it_was_meant_whatever_its_states_are(text: str) -> None:
    changes = (Transition("", text), Transition(text, "Done", text), Transition("Done", ""))
    (read,) = read_class_model(state_diagram(ModelClass("C1", "Order", states=(text, "Done"), transitions=changes))).model.classes
    assert read.states == (text, "Done")
    assert read.transitions == changes


@pytest.mark.parametrize("text", NASTY)
def test_a_sequence_diagram_keeps_its_participants_and_messages(text: str) -> None:
    sequence = Sequence((("A", text), ("B", "Account")), (Message("A", "B", text), Message("B", "A", "done", reply=True)))
    told = read_mermaid(sequence_diagram(sequence))
    assert list(told["actors"]) == ["A", "B"]
    assert [(one["from"], one["to"]) for one in told["messages"]] == [("A", "B"), ("B", "A")]


@pytest.mark.parametrize("text", NASTY)
def test_the_courses_of_a_sequence_are_alternatives_whatever_they_are_called(text: str) -> None:
    courses = (Course(text, (Message("A", "B", text),)), Course("Limit", (Message("B", "A", "done", reply=True),)))
    told = read_mermaid(sequence_diagram(Sequence((("A", "Person"), ("B", "System")), courses=courses)))
    assert [(one.get("from"), one.get("to")) for one in told["messages"] if one.get("to")] == [("A", "B"), ("B", "A")]
    assert len(told["messages"]) == 5  # the two, and the frame's beginning, turn and end


def test_a_long_message_is_broken_into_lines_that_hold_all_of_it() -> None:
    english, chinese = "the cardholder freezes the card in the app " * 3, "持卡人在手机银行冻结借记卡，系统在六十秒内生效。" * 3
    assert " ".join(broken_lines(english, 30)) == english.strip()
    assert "".join(broken_lines(chinese, 30)) == chinese
    assert max(len(line) for line in broken_lines(english, 30)) <= 30
    assert not any(line.startswith(("，", "。")) for line in broken_lines(chinese, 30))


@pytest.mark.parametrize("text", NASTY)
def test_what_is_escaped_is_unescaped(text: str) -> None:
    assert unescaped(escaped(text)) == text


def test_a_label_that_names_a_direction_swallows_its_line_in_mermaid_and_not_in_ours() -> None:
    swallowed = 'classDiagram\n  class C1["A"]\n  class C2["B"]\n  C1 --> C2 : direction LR\n'
    assert read_mermaid(swallowed)["relations"] == []
    ours = class_diagram(
        ClassModel((ModelClass("C1", "A"), ModelClass("C2", "B")), (Association("C1", "C2", label="direction LR"),))
    )
    assert len(read_mermaid(ours)["relations"]) == 1


def test_a_plain_diagram_stays_plain() -> None:
    classes = (ModelClass("C1", "账户", "实体", (Attribute("余额", "金额"),)), ModelClass("C2", "Income record"))
    told = class_diagram(ClassModel(classes, (Association("C1", "C2", "composition", "1", "0..*", "拥有"),)))
    assert told == (
        'classDiagram\n  class C1["账户"] {\n    <<实体>>\n    余额: 金额\n  }\n  class C2["Income record"]\n'
        '  C1 "1" *-- "0..*" C2 : 拥有\n'
    )
