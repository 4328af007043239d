"""PlantUML: written so that nothing of a text is an order, and read line by line without ever being run."""

import re

import pytest

from formats.class_model import Association, Attribute, ClassModel, Course, Message, ModelClass, Sequence, Transition
from formats.plantuml import class_diagram, escaped, sequence_diagram, state_diagram, unescaped
from formats.plantuml_read import is_plantuml, read_class_model
from tests.formats.test_mermaid import NASTY, model

ORDERS = ["!include /etc/passwd", "%getenv(HOME)", "$name", "'comment", "/' block", "@enduml", "\\n", "a}b"]


@pytest.mark.parametrize("text", [*NASTY, *ORDERS])
def test_a_class_diagram_comes_back_as_it_was_meant(text: str) -> None:
    read = read_class_model(class_diagram(model(text)))
    assert read.model == model(text)
    assert read.lost == ()


@pytest.mark.parametrize("text", [*NASTY, *ORDERS])
def test_a_state_diagram_comes_back_as_it_was_meant(text: str) -> None:
    changes = (Transition("", text), Transition(text, "Done", text), Transition("Done", ""))
    read = read_class_model(state_diagram(ModelClass("C1", "Order", states=(text, "Done"), transitions=changes)))
    (one,) = read.model.classes
    assert (one.name, one.states, one.transitions) == ("Order", (text, "Done"), changes)


@pytest.mark.parametrize("text", [*NASTY, *ORDERS])
def test_a_sequence_diagram_comes_back_as_participants_and_what_they_ask(text: str) -> None:
    courses = (Course(text, (Message("A", "B", text), Message("B", "A", "done", reply=True))),)
    read = read_class_model(sequence_diagram(Sequence((("A", text), ("B", "System")), courses=courses)))
    assert read.model.classes == (ModelClass("A", text), ModelClass("B", "System"))
    assert read.model.associations == (Association("A", "B", label=text),)
    assert read.lost == (f"alt {text}", "B → A: done")


def test_a_pasted_sequence_diagram_leaves_its_actor_outside_of_the_model() -> None:
    told = '@startuml\nactor Ana\nparticipant "Card service" as cards\ndatabase Core\nAna -> cards : freeze\ncards ->> Core: lock\nalt no card\nCore --> cards : error\nend\n@enduml'
    read = read_class_model(told)
    assert [one.name for one in read.model.classes] == ["Card service", "Core"]
    assert read.model.associations == (Association("cards", "Core", label="lock"),)
    assert read.lost == ("actor Ana", "Ana → cards: freeze", "alt no card", "Core → cards: error")


@pytest.mark.parametrize("text", ORDERS)
def test_no_line_that_we_write_is_an_order_to_plantuml(text: str) -> None:
    told = class_diagram(model(text)) + state_diagram(ModelClass("C1", text, states=(text, "Done")))
    assert not re.search(r"(?m)^\s*!|%\w+\(|\$\w|^\s*'|^\s*/'", told)
    assert told.count("@enduml") == 2


@pytest.mark.parametrize("text", [*NASTY, *ORDERS])
def test_what_is_escaped_is_unescaped(text: str) -> None:
    assert unescaped(escaped(text)) == text


PASTED = """@startuml
!include /etc/passwd
skinparam monochrome true
title Cards
package "Card services" {
  class "Debit card" as Card <<entity>> {
    +number : String
    -limit: Money [0..1]
    --
    freeze()
  }
  abstract class Product
  class Order extends Product
}
Card "1" *-- "many" Limit : has >
Limit ..> Order
Product <|-- Card
Line -right-o Order
Order <-- Customer
note left of Card : hello
/' a comment
over two lines '/
what is this
@enduml"""


def test_a_pasted_class_diagram_is_read_with_what_is_lost_named() -> None:
    read = read_class_model(PASTED)
    card = read.model.classes[0]
    assert (card.id, card.name, card.kind, read.model.context) == ("Card", "Debit card", "entity", "Card services")
    assert card.attributes == (Attribute("number", "String"), Attribute("limit", "Money", False))
    assert read.model.associations == (
        Association("Order", "Product", "inheritance"),
        Association("Card", "Limit", "composition", "1", "0..*", "has"),
        Association("Limit", "Order"),
        Association("Card", "Product", "inheritance"),
        Association("Order", "Line", "aggregation"),
        Association("Customer", "Order"),
    )
    assert set(read.lost) == {
        "!include /etc/passwd",
        "Debit card: freeze()",
        "Limit ..> Order",
        "note left of Card : hello",
        "what is this",
    }


def test_a_pasted_state_diagram_becomes_a_class_named_by_its_title() -> None:
    read = read_class_model(
        '@startuml\ntitle Order\n[*] --> Open\nstate "In Progress" as s1\nOpen --> s1 : go\ns1 --> [*]\n@enduml'
    )
    (one,) = read.model.classes
    assert (one.name, one.states) == ("Order", ("Open", "In Progress"))
    assert one.transitions[1] == Transition("Open", "In Progress", "go")


def test_plantuml_is_known_by_its_first_word() -> None:
    assert is_plantuml(PASTED)
    assert not is_plantuml("classDiagram\n class A")


@pytest.mark.parametrize(
    "text", ["@startuml", "@startuml\n}\n}\n{\n@enduml", "@startuml\n" + '"' * 200, "@startuml\nclass\n::\n-->"]
)
def test_nonsense_is_read_as_nothing(text: str) -> None:
    assert read_class_model(text).model == ClassModel(())
