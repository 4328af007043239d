"""The story map: what belongs together stands together."""

from stages.material import Material, Term
from stages.user_stories.shape import Story, UserStories
from stages.user_stories.story_map import mend_story_map

TERMS = tuple(Term(name, "entity", name, "", (name,)) for name in ("card", "payee"))
HAND = Material("cards and payees", "en", terms=TERMS)


def story(number: int, want: str, *entities: str, activity: str = "") -> Story:
    told = {"id": f"S{number}", "role": "customer", "want": want, "benefit": "", "activity": activity}
    return Story.model_validate({**told, "entities": list(entities), "sources": []})


def mapped(*several: Story) -> tuple[list[tuple[str, str, str]], int]:
    artifact, told = mend_story_map(UserStories(stories=list(several), questions=[]), HAND)
    return [(one.id, one.want, one.activity) for one in artifact.stories], len(told)


def test_stories_of_one_thing_stand_together_in_the_order_of_the_brief() -> None:
    told, mends = mapped(
        story(1, "freeze a card", "card"),
        story(2, "add a payee", "card", "payee"),
        story(3, "delete a payee", "payee"),
        story(4, "order a card", "card"),
    )
    assert told == [
        ("S1", "freeze a card", "Card"),
        ("S2", "order a card", "Card"),
        ("S3", "add a payee", "Payee"),
        ("S4", "delete a payee", "Payee"),
    ]
    assert mends == 1


def test_a_story_that_stands_alone_stays_with_the_one_before_it() -> None:
    told, mends = mapped(
        story(1, "freeze a card", "card"), story(2, "see the day", "day"), story(3, "order a card", "card"), story(4, "leave")
    )
    assert [(one, activity) for one, _, activity in told] == [("S1", "Card"), ("S2", "Card"), ("S3", "Card"), ("S4", "Card")]
    assert mends == 0


def test_stories_that_share_nothing_have_no_headings() -> None:
    told, mends = mapped(story(1, "freeze a card", "card"), story(2, "add a payee", "payee"))
    assert ([activity for *_, activity in told], mends) == (["", ""], 0)


def test_the_activities_that_a_model_names_are_kept_and_brought_together() -> None:
    told, mends = mapped(
        story(1, "freeze a card", activity="Lost cards"),
        story(2, "add a payee", activity="Payees"),
        story(3, "order a card", activity="Lost cards"),
    )
    assert [(one, want, activity) for one, want, activity in told] == [
        ("S1", "freeze a card", "Lost cards"),
        ("S2", "order a card", "Lost cards"),
        ("S3", "add a payee", "Payees"),
    ]
    assert mends == 1


def test_ids_stay_where_nothing_moves() -> None:
    told, _ = mapped(story(2, "freeze a card", "card"), story(5, "order a card", "card"))
    assert [one for one, *_ in told] == ["S2", "S5"]
    again, mends = mapped(*(story(int(one[1:]), want, "card", activity=activity) for one, want, activity in told))
    assert (again, mends) == (told, 0)
