"""What people write in Slack is answered where they wrote it."""

from tests.doubles.fake_slack import BOT
from tests.doubles.slack_payloads import command, event, mention, message, moment, opened, press, shortcut
from tests.doubles.slack_served import Served, buttons, named, text_of


async def test_a_mention_in_a_channel_is_answered_in_its_thread_by_a_stream_that_becomes_a_card(served: Served) -> None:
    said = mention("user stories: a customer freezes a card")
    answer = await served.send(event(said))
    assert answer.status_code == 200
    card = await served.card()
    assert card.thread == said["ts"]
    asked = served.assistant.asked[0]
    assert (asked.stage, asked.brief, asked.channel) == ("user_stories", "a customer freezes a card", "slack")
    assert served.slack.of("chat.startStream")[0]["recipient_user_id"] == "UANA"
    assert "S1" in text_of(card)
    assert named(card, "accept", "S1")
    assert len(served.slack.ours("C1")) == 1


async def test_a_direct_message_and_a_message_in_the_panel_are_answered(served: Served) -> None:
    first, second = message("a customer freezes a card"), message("a customer pays", thread=moment())
    await served.send(event(first))
    await served.send(event(second))
    assert (await served.card("D1", 1)).thread in (first["ts"], second["thread_ts"])
    assert {one.thread for one in served.slack.ours("D1")} == {first["ts"], second["thread_ts"]}


async def test_what_follows_in_a_thread_needs_no_new_mention(served: Served) -> None:
    said = mention("a customer freezes a card")
    await served.send(event(said))
    await served.card()
    await served.send(event(message("acceptance criteria: for these", channel="C1", thread=said["ts"])))
    await served.card(at=1)
    assert served.assistant.asked[1].stage == "acceptance_criteria"
    assert served.assistant.asked[1].brief == "for these"


async def test_what_people_say_to_each_other_is_left_alone(served: Served) -> None:
    await served.send(event(message("lunch?", channel="C1")))
    await served.send(event(message("yes", channel="C1", thread=moment())))
    await served.send(event({**message("joined", channel="C1"), "subtype": "channel_join"}))
    await served.send(event({**message("edited", channel="D1"), "subtype": "message_changed"}))
    await served.send(event({**message("hello", channel="D1"), "bot_id": "BOTHER"}))
    await served.send(event(message("mine", channel="D1", user=BOT)))
    await served.send(event(mention("hello")))
    await served.card()
    await served.settled()
    assert len(served.assistant.asked) == 1
    assert not served.told()


async def test_a_message_that_overtakes_the_mention_of_its_thread_is_answered_after_it(served: Served) -> None:
    start, follow = mention("a customer freezes a card"), message("acceptance criteria: for these", channel="C1")
    follow["thread_ts"] = start["ts"]
    served.slack.write("C1", "UANA", follow["text"], follow["ts"], start["ts"])
    await served.send(event(follow))
    await served.send(event(start))
    await served.card(at=1)
    assert [one.brief for one in served.assistant.asked] == ["a customer freezes a card", "for these"]


async def test_a_mention_and_the_message_of_the_same_post_are_one(served: Served) -> None:
    said = mention("a customer freezes a card")
    twin = {**said, "type": "message", "channel_type": "channel"}
    for sent in (event(said), event(twin), event(said, event_id="EvOther")):
        assert (await served.send(sent)).status_code == 200
    await served.card()
    await served.settled()
    assert len(served.assistant.asked) == 1


async def test_a_brief_in_chinese_is_answered_in_chinese(served: Served) -> None:
    await served.send(event(mention("客户可以冻结丢失的银行卡", user="UBEN")))
    card = await served.card()
    assert "采纳" in str(buttons(card))
    assert served.assistant.asked[0].language is None


async def test_an_unclear_brief_brings_questions_and_an_unreachable_model_a_button_to_try_again(served: Served) -> None:
    await served.send(event(mention("unclear")))
    await served.until(lambda: any("Who freezes the card?" in text_of(one) for one in served.slack.ours("C1")))
    await served.send(event(mention("unreachable")))
    failed = await served.until(
        lambda: next((one for one in served.slack.ours("C1") if "cannot be reached" in text_of(one)), None)
    )
    assert buttons(failed)[0]["action_id"] == "retry"
    assert not failed.streaming


async def test_a_bug_is_told_by_a_number_alone(served: Served) -> None:
    await served.send(event(mention("bug")))
    failed = await served.until(lambda: next((one for one in served.slack.ours("C1") if "0badf00d" in text_of(one)), None))
    assert "secret" not in text_of(failed)


async def test_texts_that_attack_the_channel_are_shown_as_they_were_written(served: Served) -> None:
    await served.send(event(mention("hostile <!channel> &lt;!here&gt;")))
    card = await served.card()
    shown = text_of(card)
    assert "<http" not in shown.replace("<https://stagecraft.bank.example/", "")
    assert "&lt;img" in shown
    assert all(block["text"].get("verbatim") for block in card.blocks if block["type"] == "section")
    assert "<!" not in str(served.slack.of("chat.appendStream", "chat.startStream", "chat.update"))


async def test_the_panel_greets_and_offers_the_examples_of_the_stages(served: Served) -> None:
    held = opened()
    await served.send(event(held))
    prompts = await served.until(lambda: served.slack.of("assistant.threads.setSuggestedPrompts"))
    assert prompts[0]["prompts"][0]["message"].startswith("User stories: ")
    assert served.slack.ours("D1")[0].thread == held["assistant_thread"]["thread_ts"]
    assert "Ana" in served.slack.ours("D1")[0].text


async def test_a_command_opens_a_thread_with_its_brief(served: Served) -> None:
    assert (await served.send(command("user_stories a customer freezes a card"))).status_code == 200
    card = await served.card()
    root = served.slack.messages["C1", card.thread]
    assert "a customer freezes a card" in root.text
    assert "<@UANA>" in root.text


async def test_a_command_without_a_brief_lists_the_stages_to_this_person_alone(served: Served) -> None:
    await served.send(command("help"[:0]))
    await served.until(served.told)
    assert "user_stories" in served.told()[0]
    assert not served.slack.ours("C1")


async def test_a_command_where_the_bot_is_no_member_is_answered_aside(served: Served) -> None:
    for _ in range(2):
        served.slack.refuse("chat.postMessage", "not_in_channel")
        served.slack.refuse("chat.postEphemeral", "not_in_channel")
    address = served.slack.base_url.replace("/api/", "/response/1")
    await served.send(command("user stories: pay", response_url=address))
    told = await served.until(lambda: served.slack.of("response_url"))
    assert "/invite" in told[0]["text"]


async def test_stories_are_made_of_what_people_said_in_a_thread(served: Served) -> None:
    root, reply = moment(), moment()
    served.slack.write("C1", "UANA", "Customers lose cards", root)
    served.slack.write("C1", "UBEN", "so let them *freeze* one &amp; unfreeze it", reply, root)
    await served.send(shortcut(reply, thread=root))
    card = await served.card()
    assert card.thread == root
    assert served.assistant.asked[0].brief == "Customers lose cards\nso let them *freeze* one & unfreeze it"
    assert served.assistant.asked[0].stage == "user_stories"


async def test_a_press_on_try_again_asks_a_turn_of_ones_own_only(served: Served) -> None:
    await served.send(event(mention("unreachable")))
    failed = await served.until(lambda: next((one for one in served.slack.ours("C1") if buttons(one)), None))
    await served.send(press(buttons(failed)[0], failed))
    await served.settled()
    # The scripted assistant keeps no ledger: what is on no record is asked by nobody.
    assert len(served.assistant.asked) == 1
