"""Passages side by side read as one text."""

from knowledge.search.joining import fits, joined, joined_text
from records.assets import Passage

HEADER = "| Card | Limit |\n| --- | --- |"


def passage(place: int, text: str = "Some words.", tokens: int = 100, asset: str = "a", breadcrumb: str = "A › B") -> Passage:
    return Passage(f"{asset}{place}", asset, place, breadcrumb, text, "", "en", tokens)


def test_only_the_next_or_the_one_before_of_the_same_heading_fits() -> None:
    mine = [passage(4), passage(5)]
    assert fits(mine, passage(3))
    assert fits(mine, passage(6))
    assert not fits(mine, passage(7))
    assert not fits(mine, passage(6, asset="b"))
    assert not fits(mine, passage(6, breadcrumb="A › C"))
    assert not fits(mine, passage(6, tokens=101))


def test_joined_passages_stand_in_reading_order() -> None:
    pieces = joined(joined([passage(4, "four")], passage(5, "five")), passage(3, "three"))
    assert joined_text(pieces)[0] == "three\n\nfour\n\nfive"


def test_a_table_that_was_cut_is_one_table_under_one_header() -> None:
    pieces = [passage(1, f"{HEADER}\n| Gold | 9,000 |"), passage(2, f"{HEADER}\n| Blue | 500 |")]
    text, tokens = joined_text(pieces)
    assert text == f"{HEADER}\n| Gold | 9,000 |\n| Blue | 500 |"
    assert tokens < 40


def test_another_table_keeps_its_header() -> None:
    other = "| Fee | Amount |\n| --- | --- |\n| Card | 5 |"
    text, _ = joined_text([passage(1, f"{HEADER}\n| Gold | 9,000 |"), passage(2, other)])
    assert text.endswith(other)
    text, _ = joined_text([passage(1, f"{HEADER}\n| Gold | 9,000 |\n\nMore words."), passage(2, f"{HEADER}\n| Blue | 500 |")])
    assert text.count(HEADER) == 2


def test_a_passage_alone_keeps_its_text_and_its_tokens() -> None:
    assert joined_text([passage(1, "Alone.", tokens=7)]) == ("Alone.", 7)
