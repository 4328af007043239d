"""The last message is the brief, an answer to questions completes one, and everything before it is material."""

from channels.api.chat_request import ChatMessage, Role
from channels.api.conversation import questions_heading, read_conversation

CARD = "0f8fad5b-d9cb-469f-a165-70867728950e"
OTHER = "7c9e6679-7425-40de-944b-e07fc1f90ae7"


def said(*messages: tuple[Role, str]) -> list[ChatMessage]:
    return [ChatMessage(role=role, content=text) for role, text in messages]


def test_where_nobody_asks_there_is_nothing_to_answer() -> None:
    assert read_conversation(said(("system", "x"), ("assistant", "y"))) is None


def test_the_last_message_of_the_person_is_the_brief_and_the_rest_is_material_newest_first() -> None:
    read = read_conversation(
        said(("system", "rules"), ("user", "one"), ("assistant", "card one"), ("user", "two"), ("developer", "more rules"))
    )
    assert read is not None
    assert read.brief == "two"
    assert read.material == ("card one", "one", "rules")


def test_only_the_newest_of_a_long_conversation_is_kept() -> None:
    turns: list[tuple[Role, str]] = [("user" if place % 2 == 0 else "assistant", f"m{place}") for place in range(21)]
    read = read_conversation(said(*turns))
    assert read is not None
    assert read.brief == "m20"
    assert read.material == ("m19", "m18", "m17", "m16", "m15", "m14")


def test_answers_to_questions_complete_the_brief_as_often_as_there_were_questions() -> None:
    for language in ("en", "zh"):
        asked = f"{questions_heading(language)}\n\n1. Who?"
        read = read_conversation(
            said(("user", "old"), ("assistant", "card"), ("user", "freeze"), ("assistant", asked), ("user", "the customer"),
                 ("assistant", asked), ("user", "in the app"))
        )  # fmt: skip
        assert read is not None
        assert read.brief == "freeze\n\nthe customer\n\nin the app"
        assert read.material == ("card", "old")


def test_cards_of_earlier_answers_are_found_by_their_links_the_newest_first() -> None:
    first, second = f"http://h/?artifact={CARD}", f"[card](http://h/?artifact={OTHER})"
    read = read_conversation(
        said(("user", f"/?artifact={'0' * 36}"), ("assistant", first), ("assistant", second), ("user", "go on"))
    )
    assert read is not None
    assert read.artifacts == (OTHER, CARD)


def test_parts_of_a_message_are_read_as_one_text() -> None:
    message = ChatMessage.model_validate(
        {"role": "user", "content": [{"type": "text", "text": "a"}, {"type": "text", "text": "b"}]}
    )
    read = read_conversation([message])
    assert read is not None
    assert read.brief == "a\nb"
