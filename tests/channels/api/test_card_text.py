"""A card's text comes in pieces that can be read at once, and nothing in it is markup that a model wrote."""

from channels.api.card_text import CardText, item_text, questions_text
from channels.texts import texts_in
from stages.declaration import ItemView, Line

EVIL = "![x](http://evil.test/x.png) <img src=x> [go](http://evil.test) www.evil.test"


def view(item: str, title: str = "Freeze a card", section: str = "") -> ItemView:
    return ItemView(item, title, (Line("As a", "customer"), Line("I want to", "freeze it", 1)), section=section)


def test_an_item_is_a_heading_with_its_lines_set_as_deep_as_they_are() -> None:
    assert item_text(view("S1"), texts_in("en")) == "### S1 Freeze a card\n\n- **As a** customer\n  - **I want to** freeze it"


def test_lines_with_cells_are_a_table() -> None:
    lines = (Line("Given", "a card"), Line("", "", cells=("limit", "fee")), Line("", "", cells=("5|0", "")))
    text = item_text(ItemView("S1", "Pay", lines, links=("US1",), badges=("positive",)), texts_in("en"))
    assert text == ("### S1 Pay · positive\n\n- **Given** a card\n\n| limit | fee |\n|---|---|\n| 5\\|0 |   |\n\nRests on US1")


def test_what_a_model_wrote_is_shown_as_it_was_written() -> None:
    text = item_text(ItemView("S1", EVIL, (Line(EVIL, EVIL),)), texts_in("en"))
    assert "![" not in text.replace("\\!", "").replace("\\[", "")
    assert "<img" not in text.replace("\\<", "")
    assert "](http" not in text.replace("\\]", "")
    questions = questions_text("Say more:", [EVIL], "For example:", [EVIL])
    assert "<img" not in questions.replace("\\<", "")


def test_pieces_join_with_an_empty_line_between_them_and_no_item_comes_twice() -> None:
    card = CardText(texts_in("en"))
    text = card.head("User stories", demonstration=False) + card.items([view("S1")]) + card.items([view("S1"), view("S2")])
    assert text == f"# User stories\n\n{item_text(view('S1'), texts_in('en'))}\n\n{item_text(view('S2'), texts_in('en'))}"
    assert card.items([view("S1"), view("S2")]) == ""


def test_a_section_is_headed_once() -> None:
    card = CardText(texts_in("en"))
    text = card.items([view("S1", section="Cards"), view("S2", section="Cards"), view("S3", section="Limits")])
    assert text.count("## Cards") == 1
    assert text.index("## Limits") > text.index("### S2")


def test_the_demonstration_model_is_named_at_the_beginning() -> None:
    assert "demonstration model" in CardText(texts_in("en")).head("User stories", demonstration=True)
