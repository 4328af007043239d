"""Mermaid that people paste: what it holds, what is lost, and what its grammar passes over in silence."""

import pytest

from formats.class_model import Association, Attribute, Transition
from formats.mermaid import MermaidError
from formats.mermaid_engine import read_mermaid
from formats.mermaid_read import is_mermaid, read_class_model, read_leniently

PASTED = """Here is our model:
```mermaid
classDiagram
  namespace Cards {
    class Card["Debit card"] {
      <<entity>>
      +String number
      -List~String~ holders
      limit: money [0..1]
      freeze()
    }
  }
  class Order
  Card "1" *-- "many" Limit : has
  Limit ..> Order
  Product <|-- Card
  Line --o Order
  Order <-- Customer
  note for Card "lost when drawn"
```
Thanks."""


def test_a_pasted_class_diagram_is_read_with_what_is_lost_named() -> None:
    read = read_class_model(PASTED)
    card = read.model.classes[0]
    assert (card.name, card.kind, read.model.context) == ("Debit card", "entity", "Cards")
    assert card.attributes == (
        Attribute("number", "String"),
        Attribute("holders", "List<String>"),
        Attribute("limit", "money", False),
    )
    assert set(read.lost) == {"Debit card: freeze()", "lost when drawn", "Limit ..> Order"}


def test_the_whole_and_the_special_one_come_first_whichever_way_the_arrow_points() -> None:
    assert read_class_model(PASTED).model.associations == (
        Association("Card", "Limit", "composition", "1", "0..*", "has"),
        Association("Limit", "Order"),
        Association("Card", "Product", "inheritance"),
        Association("Order", "Line", "aggregation"),
        Association("Customer", "Order"),
    )


def test_a_sentence_that_mermaid_passes_over_in_silence_is_named_as_lost() -> None:
    text = "classDiagram\n  class Order\n  Order has many Line\n"
    assert read_mermaid(text)["relations"] == []
    assert list(read_mermaid("classDiagram\nOrder has many Line")["classes"]) == []
    assert read_class_model(text).lost == ("Order has many Line",)


def test_a_state_of_two_words_is_one_state_and_the_trap_is_named() -> None:
    text = "stateDiagram-v2\n  [*] --> In Progress\n  In Progress --> Done : finish\n"
    trapped = read_mermaid("stateDiagram-v2\n  [*] --> In Progress\n")["states"]
    assert {"In", "Progress"} <= set(trapped)
    read = read_class_model(text)
    (one,) = read.model.classes
    assert one.states == ("In Progress", "Done")
    assert one.transitions == (Transition("", "In Progress"), Transition("In Progress", "Done", "finish"))
    assert read.faults == ("[*] --> In Progress", "In Progress --> Done : finish")


def test_a_pasted_sequence_becomes_classes_and_who_asks_is_a_role() -> None:
    read = read_class_model(
        "sequenceDiagram\n  actor U as 客户\n  participant B as 收入记录\n  participant D\n  U->>B: 新增\n  B->>D: save\n  D-->>B: ok\n"
    )
    assert [one.name for one in read.model.classes] == ["收入记录", "D"]
    assert read.model.associations == (Association("B", "D", label="save"),)
    assert "actor 客户" in read.lost


def test_lines_that_mermaid_refuses_are_left_out_and_named() -> None:
    read = read_leniently("classDiagram\n  class A\n  A --> --> B\n  class B {\n    x: int\n  }\n  A --> B\n  foo(((\n")
    assert [one.id for one in read.model.classes] == ["A", "B"]
    assert read.model.associations == (Association("A", "B"),)
    assert {"A --> --> B", "foo((("} <= set(read.lost)
    assert len(read.faults) == 2, read.faults


@pytest.mark.parametrize(
    "text", ["classDiagram", "classDiagram\n  class X {{{", "sequenceDiagram\n  ->>:", "stateDiagram-v2\n}}}"]
)
def test_a_diagram_without_a_line_that_holds_is_empty_and_says_why(text: str) -> None:
    read = read_leniently(text)
    assert not any(one.attributes for one in read.model.classes)
    assert read.faults or not read.model.classes or text.startswith(("state", "sequence"))


def test_a_refused_text_raises_where_it_is_read_strictly() -> None:
    with pytest.raises(MermaidError):
        read_class_model("classDiagram\n  class X {{{")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (PASTED, True),
        ("stateDiagram-v2\n a --> b", True),
        ("a diagram of classes", False),
        ("@startuml\nclass A\n@enduml", False),
    ],
)
def test_mermaid_is_known_by_its_first_word(text: str, told: bool) -> None:
    assert is_mermaid(text) is told
