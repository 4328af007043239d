"""The card while its answer comes."""

from typing import Any

import pytest

from chains.events import DraftGrew, Person, Request, StepDone, TextArrived, TurnWaits
from channels.elements.live import LiveAnswer
from channels.texts import Texts
from errors import Language
from stages.declaration import ItemView

ASKED = Request("user_stories", "Freeze a card.", Person("ana", "Ana"))


class Views:
    """Counts how often a draft is made into what is shown."""

    def __init__(self) -> None:
        self.made = 0

    def __call__(self, _stage: str, body: dict[str, Any], _language: Language) -> tuple[ItemView, ...]:
        self.made += 1
        return tuple(ItemView(str(number), title, ()) for number, title in enumerate(body["stories"]))


def live(language: Language = "en", views: Views | None = None) -> LiveAnswer:
    return LiveAnswer(ASKED, "User stories", Texts(language), views or Views())


@pytest.mark.parametrize(
    ("language", "place", "following"), [("en", "3 before you", "yours is next"), ("zh", "还有 3 个", "下一个就是您")]
)
def test_a_turn_that_waits_shows_its_place(language: Language, place: str, following: str) -> None:
    answer = live(language)
    assert answer.take(TurnWaits(3))
    assert place in answer.props()["progress"]["text"]
    assert answer.props()["progress"]["waits"]
    answer.take(TurnWaits(0))
    assert following in answer.props()["progress"]["text"]
    answer.take(StepDone("gather", (), 0.1))
    assert not answer.props()["progress"]["waits"]


def test_the_first_text_is_shown_and_the_others_are_nothing_new() -> None:
    answer = live()
    assert [answer.take(TextArrived("a")) for _ in range(3)] == [True, False, False]
    assert answer.props()["progress"]["text"] == "The answer is coming in"
    assert answer.props()["progress"]["writing"]


def test_only_drafts_that_are_shown_are_made_into_a_card() -> None:
    views = Views()
    answer = live(views=views)
    for number in range(5):
        answer.take(DraftGrew({"stories": ["freeze"] * number}, 0, 0))
    assert views.made == 0
    assert len(answer.props()["items"]) == 4
    assert len(answer.props()["items"]) == 4
    assert views.made == 1
