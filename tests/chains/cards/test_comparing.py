"""Two texts as one, word by word, and two versions item by item."""

import pytest

from chains.cards.comparing import ItemChange, Piece, compare, pieces
from stages.catalog import catalog
from tests.doubles.scripted_replies import stories

STORIES = catalog().stage("user_stories")


def text_of(found: tuple[Piece, ...], *kinds: str) -> str:
    return "".join(piece.text for piece in found if piece.kind in kinds)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("freeze a debit card", "freeze two debit cards"),
        ("客户可以冻结借记卡", "客户可冻结信用卡"),
        ("", "new"),
        ("old", ""),
        ("a\nb", "a\n\nb"),
        ("Limit 5,000 元/日", "Limit 6,000 元/日"),
        ("x " * 3000, "y " * 3000),
        ("", ""),
    ],
)
def test_pieces_hold_both_texts_whole(before: str, after: str) -> None:
    found = pieces(before, after)
    assert text_of(found, "same", "removed") == before
    assert text_of(found, "same", "added") == after


def test_english_is_compared_by_word_and_chinese_by_character() -> None:
    assert [(one.kind, one.text) for one in pieces("freeze a card", "freeze two cards")] == [
        ("same", "freeze "),
        ("removed", "a"),
        ("added", "two"),
        ("same", " "),
        ("removed", "card"),
        ("added", "cards"),
    ]
    assert [(one.kind, one.text) for one in pieces("冻结借记卡", "冻结信用卡")] == [
        ("same", "冻结"),
        ("removed", "借记"),
        ("added", "信用"),
        ("same", "卡"),
    ]


def compared(*changed: int) -> tuple[ItemChange, ...]:
    before, after = stories(), stories()
    for number in changed:
        after["stories"][number]["want"] = "export the income records"
    del after["stories"][1]
    after["stories"].append({**before["stories"][0], "id": "S9"})
    shape = STORIES.stage.artifact
    return compare(STORIES, shape.model_validate(before), shape.model_validate(after), "en")


def test_items_that_changed_came_and_went_stand_in_reading_order() -> None:
    found = compared(0)
    assert [(one.item, one.kind) for one in found] == [
        ("S1", "changed"),
        ("S2", "removed"),
        ("S3", "same"),
        ("S4", "same"),
        ("S9", "added"),
    ]
    assert found[0].after.startswith("As a customer, I want to export the income records")
    assert (found[1].after, found[4].before) == ("", "")
    assert [piece.kind for piece in found[1].pieces] == ["removed"]
