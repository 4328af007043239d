"""Diagrams as pictures that stand alone."""

import re
from functools import cache

import pytest
from lxml import etree

from formats.class_model import Association, Attribute, ClassModel, ModelClass, Transition
from formats.mermaid import MermaidError, class_diagram, state_diagram
from formats.mermaid_svg import svg

ODD = 'a "quoted" (x) 50% <b>bold</b>'
CLASSES = class_diagram(
    ClassModel(
        (
            ModelClass("C1", "账户", "实体", (Attribute("当前可用余额合计与冻结金额", "金额"),)),
            ModelClass("C2", ODD, "", (Attribute("<script>alert(1)</script>", "string"),)),
        ),
        (Association("C1", "C2", "composition", "1", "0..*", "拥有"),),
    )
)
STATES = state_diagram(
    ModelClass(
        "C1",
        "A",
        states=("待审批", "In Progress"),
        transitions=(Transition("", "待审批"), Transition("待审批", "In Progress", "批准")),
    )
)


# Drawing takes a second; what is only looked at is drawn once.
drawn = cache(svg)


def texts(picture: bytes) -> list[str]:
    """Return the texts of a picture, line by line."""
    found = etree.fromstring(picture).iter("{http://www.w3.org/2000/svg}text")
    return ["".join(str(text) for text in one.itertext()).strip() for one in found]


@pytest.mark.parametrize("mermaid", [CLASSES, STATES])
def test_a_picture_holds_no_script_no_foreign_link_and_no_html(mermaid: str) -> None:
    picture = drawn(mermaid)
    tags = {etree.QName(one).localname for one in etree.fromstring(picture).iter(etree.Element)}
    assert not tags & {"script", "foreignObject", "image", "a", "use", "iframe"}
    assert not re.search(rb"\son\w+=|javascript:|@import", picture)
    assert set(re.findall(rb"https?://[^\"' )]+", picture)) <= {b"http://www.w3.org/2000/svg", b"http://www.w3.org/1999/xlink"}


def test_names_stand_in_the_picture_as_they_were_written() -> None:
    told = texts(drawn(CLASSES))
    assert "账户" in told
    assert ODD in told
    assert "当前可用余额合计与冻结金额: 金额" in told
    assert "<script>alert(1)</script>: string" in told


def test_a_box_is_as_wide_as_its_chinese_text() -> None:
    root = etree.fromstring(drawn(CLASSES))
    # Seventeen signs of 16 pixels, and the margins of the box.
    assert float(root.get("width", "0")) > 17 * 16


def test_the_same_text_gives_the_same_picture_with_ids_of_its_own() -> None:
    assert svg(STATES) == drawn(STATES)
    names = [re.search(rb'<svg[^>]* id="(\w+)"', drawn(one)) for one in (CLASSES, STATES)]
    assert names[0] is not None
    assert names[1] is not None
    assert names[0][1] != names[1][1]
    assert b"my-svg" not in drawn(STATES)


def test_orders_to_mermaid_in_a_text_are_not_followed() -> None:
    order = (
        '%%{init: {"securityLevel": "loose", "htmlLabels": true, "themeCSS": "svg { background: url(https://x.test/a) }"}}%%\n'
    )
    assert svg(order + STATES) == drawn(STATES)
    assert svg("---\nconfig:\n  htmlLabels: true\n---\n" + STATES) == drawn(STATES)


def test_a_link_in_a_text_does_not_reach_the_picture() -> None:
    try:
        picture = svg('classDiagram\n  class A\n  link A "https://x.test/" "tip"\n')
    except MermaidError:
        return
    assert b"x.test" not in picture


def test_what_is_no_diagram_is_refused() -> None:
    with pytest.raises(MermaidError):
        svg("hello")
