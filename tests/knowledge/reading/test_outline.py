"""JSON and YAML that describe nothing known."""

from knowledge.reading.outline import read_outline
from knowledge.reading.section import Section


def test_the_first_names_are_the_trail() -> None:
    data = {"title": "Routing", "version": 2, "routes": [{"to": "core", "active": True}, {"to": "cards"}], "codes": ["a", "b"]}
    reading = read_outline(data, "routing.yaml")
    assert reading.title == "Routing"
    assert reading.sections == (
        Section((), "- title: Routing\n- version: 2"),
        Section(("routes",), "-\n  - to: core\n  - active: true\n-\n  - to: cards"),
        Section(("codes",), "- a\n- b"),
    )


def test_a_list_is_one_section() -> None:
    assert read_outline(["a", None], "list.json").sections == (Section((), "- a\n- "),)
