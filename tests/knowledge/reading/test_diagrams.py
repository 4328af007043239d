"""The source of a diagram is kept as it is, with the names in it as words."""

import time

import pytest

from knowledge.reading.diagrams import read_diagram
from knowledge.reading.section import CannotRead

DIAGRAMS = {
    "class": (
        'classDiagram\n  class Account {\n    +String iban\n  }\n  Customer "1" --> "0..*" Account : holds\n  Customer <|-- Vip\n',
        ["Account", "Customer", "Vip"],
        ["holds"],
    ),
    "sequence": (
        "sequenceDiagram\n  participant C as 客户\n  actor Bank\n  C->>Bank: 提交转账\n  Note over C: x\n  Bank--xLedger: book\n",
        ["C", "客户", "Bank", "Ledger"],
        ["提交转账", "book"],
    ),
    "flow": (
        'flowchart TD\n  A[Start payment] --> B{Limit reached?}\n  B -- yes --> C(Refuse)\n  B -->|no| D["Book it"]\n  D --> E --> F\n',
        ["A", "B", "Start payment", "Limit reached?", "C", "Refuse", "D", "Book it", "E", "F"],
        ["yes", "no"],
    ),
    "state": (
        'stateDiagram-v2\n  [*] --> Draft\n  Draft --> InReview : submit\n  state "In review" as InReview\n  InReview --> [*]\n',
        ["Draft", "InReview", "In review"],
        ["submit"],
    ),
    "entities": (
        "erDiagram\n  CUSTOMER ||--o{ ORDER : places\n  LINE {\n    string sku\n  }\n",
        ["CUSTOMER", "ORDER", "LINE"],
        ["places"],
    ),
    "plantuml": (
        "@startuml\nskinparam monochrome true\nactor 客户\n"
        'participant "Payment service" as PS\n客户 -[#red]-> PS : 发起转账\nPS --> 客户 : 回执\n@enduml\n',
        ["客户", "Payment service", "PS"],
        ["发起转账", "回执"],
    ),
    "components": (
        "@startuml\n[Web] ..> (Sign in) : uses\n:Teller: --> (Sign in)\n@enduml\n",
        ["Web", "Sign in", "Teller"],
        ["uses"],
    ),
}


@pytest.mark.parametrize("kind", DIAGRAMS)
def test_a_diagram_is_one_piece_with_its_names_relations_and_source(kind: str) -> None:
    source, names, relations = DIAGRAMS[kind]
    (section,) = read_diagram(source, "transfers.mmd").sections
    assert section.whole
    told = dict(line.split(": ", 1) for line in section.text.split("```")[0].splitlines() if ": " in line)
    assert sorted(told["Names"].split(", ")) == sorted(names)
    assert told["Relations"].split(", ") == relations
    assert source.strip("\n") in section.text


def test_the_title_is_what_the_diagram_gives_itself_else_the_file() -> None:
    assert read_diagram("---\ntitle: Payments\n---\ngraph TD\n  A --> B\n", "x.mmd").title == "Payments"
    assert read_diagram("@startuml\ntitle 转账\nA -> B\n@enduml\n", "x.puml").title == "转账"
    assert read_diagram("graph TD\n  A --> B\n", "transfer.mmd").title == "transfer"


def test_several_diagrams_of_a_file_are_a_piece_each() -> None:
    reading = read_diagram("@startuml one\nA -> B\n@enduml\n\n@startuml\ntitle Two\nC -> D\n@enduml\n", "all.puml")
    assert [section.trail for section in reading.sections] == [("one",), ("Two",)]


def test_an_include_stays_text_and_is_never_followed() -> None:
    (section,) = read_diagram(
        "@startuml\n!include /etc/passwd\n!includeurl http://127.0.0.1/x\nA -> B\n@enduml\n", "x.puml"
    ).sections
    assert "!include /etc/passwd" in section.text
    assert "root:" not in section.text


def test_a_source_cannot_close_the_fence_it_stands_in() -> None:
    (section,) = read_diagram("graph TD\n  A --> B\n```\n# escaped\n", "x.mmd").sections
    assert section.text.count("````") == 2


def test_a_large_diagram_is_cut_between_its_blocks() -> None:
    classes = "".join(f"  class C{n} {{\n" + "    +int field\n" * 10 + "  }\n" for n in range(40))
    sections = read_diagram(f"classDiagram\n{classes}", "model.mmd").sections
    assert len(sections) > 5
    for number in range(40):
        (holding,) = [section.text for section in sections if f"class C{number} {{" in section.text]
        assert holding.split(f"class C{number} {{")[1].count("+int field") >= 10


def test_a_source_beyond_the_limit_is_refused_and_one_below_it_takes_seconds() -> None:
    with pytest.raises(CannotRead, match="2,000,000"):
        read_diagram("A --> B\n" * 300_000, "x.mmd")
    for line in (
        "A --> B : x\n",
        "-" * 399 + "\n",
        "[(" * 199 + "\n",
        "a--b:" * 80 + "\n",
        'a "' * 130 + "\n",
        "\n",
        "@startuml\n",
    ):
        begun = time.thread_time()
        read_diagram((line * 2_000_000)[:2_000_000], "x.mmd")
        assert time.thread_time() - begun < 10
