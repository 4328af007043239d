"""The buttons of a card do what they say, for the person whose card it is."""

from tests.doubles.slack_payloads import event, mention, press, submission
from tests.doubles.slack_served import Served, buttons, named, text_of


async def carded(served: Served) -> None:
    await served.send(event(mention("a customer freezes a card")))
    await served.card()


async def test_an_accepted_item_says_so_on_its_card(served: Served) -> None:
    await carded(served)
    card = await served.card()
    await served.send(press(named(card, "accept", "S1"), card))
    await served.until(lambda: ":white_check_mark: Accepted" in text_of(card))
    assert served.assistant.cards["a1"].items[0].status == "accepted"
    assert served.assistant.cards["a1"].items[1].status == ""


async def test_everything_is_accepted_by_one_press(served: Served) -> None:
    await carded(served)
    card = await served.card()
    await served.send(press(named(card, "accept", ""), card))
    await served.until(lambda: served.assistant.cards["a1"].status == "accepted")


async def test_an_item_is_edited_in_a_modal_and_the_new_version_takes_its_place(served: Served) -> None:
    await carded(served)
    card = await served.card()
    await served.send(press(named(card, "edit", "S1"), card))
    view = (await served.until(lambda: served.slack.of("views.open")))[0]["view"]
    assert view["blocks"][0]["element"]["initial_value"] == served.assistant.cards["a1"].items[0].edit_text
    answer = await served.send(submission(view, "Title: Freeze at once\nI want: to freeze the card at once"))
    assert (answer.status_code, answer.content) == (200, b"")
    await served.until(lambda: "to freeze the card at once" in text_of(card))
    assert '"v":2' in named(card, "accept", "S1")["value"]


async def test_what_is_wrong_with_an_edit_is_said_beside_the_text(served: Served) -> None:
    await carded(served)
    card = await served.card()
    await served.send(press(named(card, "edit", "S1"), card))
    view = (await served.until(lambda: served.slack.of("views.open")))[0]["view"]
    answer = await served.send(submission(view, "no keyword here"))
    assert answer.json()["response_action"] == "errors"
    assert "keyword" in answer.json()["errors"]["text"]
    assert served.assistant.cards["a1"].version == 1


async def test_a_rejection_asks_for_its_reason(served: Served) -> None:
    await carded(served)
    card = await served.card()
    await served.send(press(named(card, "reject", "S2"), card))
    view = (await served.until(lambda: served.slack.of("views.open")))[0]["view"]
    assert view["blocks"][0]["element"]["action_id"] == "reason"
    await served.send(submission(view, "Out of scope"))
    await served.until(lambda: served.assistant.cards["a1"].items[1].status == "rejected")
    await served.until(lambda: "Rejected" in text_of(card))


async def test_a_press_on_a_version_that_has_changed_is_told_and_changes_nothing(served: Served) -> None:
    await carded(served)
    card = await served.card()
    old = press(named(card, "accept", "S1"), card)
    await served.assistant.edit("a1", 1, None, "S1", "Title: X\nI want: y")
    await served.send(old)
    await served.until(served.told)
    assert "newest version" in served.told()[0]
    assert served.assistant.cards["a1"].items[0].status == "edited"


async def test_carrying_on_writes_the_next_stage_in_the_same_thread(served: Served) -> None:
    await carded(served)
    card = await served.card()
    await served.send(press(named(card, "carry_on"), card))
    following = await served.card(at=1)
    assert following.thread == card.thread
    asked = served.assistant.asked[1]
    assert (asked.stage, asked.upstream, asked.brief) == ("acceptance_criteria", ("a1",), "")


async def test_a_download_comes_as_a_file_into_the_thread(served: Served) -> None:
    await carded(served)
    card = await served.card()
    await served.send(press(named(card, "download"), card))
    files = await served.until(lambda: [one for one in served.slack.files if "files" in one])
    assert files[0]["content"].startswith(b"# ")
    assert (files[0]["channel"], files[0]["thread"]) == ("C1", card.thread)
    assert ".md" in str(files[0]["files"])


async def test_a_value_that_is_none_of_ours_is_refused_by_a_sentence(served: Served) -> None:
    await carded(served)
    card = await served.card()
    for value in ("", "{", '{"a": 1}', '{"a": "../etc"}', '{"x": "y"}'):
        await served.send(press({**named(card, "accept", "S1"), "value": value}, card))
    await served.until(lambda: len(served.told()) == 5)
    assert {"This button sent something that cannot be read. Reload the page and try again."} == set(served.told())


async def test_a_slow_press_reaches_slack_before_it_is_done(served: Served) -> None:
    await carded(served)
    card = await served.card()
    served.slack.busy("views.open", 1)
    assert (await served.send(press(named(card, "edit", "S1"), card))).status_code == 200
    assert not served.slack.of("views.open")
    await served.until(lambda: served.slack.of("views.open"))
    assert not [one for one in buttons(card) if one["action_id"] == "retry"]
