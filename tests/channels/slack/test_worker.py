"""What was begun is finished once, whoever dies in between, and what cannot be answered is told."""

import asyncio
from typing import Any

from channels.slack.payloads import read_payload
from channels.slack.worker import Worker
from records.database import Database
from records.slack import Kind, SlackInbox
from records.slack_tables import slack_inbox
from tests.doubles.fake_slack import FakeSlack
from tests.doubles.scripted_assistant import ScriptedAssistant
from tests.doubles.slack_payloads import event, mention
from tests.doubles.slack_served import opened, text_of

BRIEF = "a customer freezes a card"
MESSAGES: tuple[Kind, ...] = ("message",)


class Dying(ScriptedAssistant):
    """An assistant whose first answer never ends."""

    def __init__(self) -> None:
        super().__init__(pace=0.005)
        self.begun = asyncio.Event()

    async def answer(self, request: Any) -> Any:
        if not self.begun.is_set():
            self.begun.set()
            await asyncio.Event().wait()
        async for one in super().answer(request):
            yield one


async def test_an_answer_that_a_stop_cut_off_goes_on_in_the_same_message_after_the_restart(
    database: Database, slack: FakeSlack
) -> None:
    assistant = Dying()
    async with opened(database, slack, assistant) as served:
        assert (await served.send(event(mention(BRIEF)))).status_code == 200
        await assistant.begun.wait()
        await served.until(lambda: served.slack.ours("C1"))
        await asyncio.sleep(0.1)
    async with opened(database, slack, assistant) as served:
        await served.card()
        await served.settled()
    (message,) = slack.ours("C1")
    assert "S1" in text_of(message)
    assert len(slack.of("chat.startStream")) == 1


async def test_an_answer_whose_message_was_posted_but_never_noted_is_found_again(database: Database, slack: FakeSlack) -> None:
    assistant = ScriptedAssistant(pace=0.005)
    said = mention(BRIEF)
    inbox = SlackInbox(database)
    async with opened(database, slack, assistant) as served:
        await served.door._worker.stop()
        await served.send(event(said))
    # A program takes the work, posts, and is killed before it can note the message.
    assert await inbox.claim("host:1:gone", MESSAGES) is not None
    lost = slack._answer("chat.startStream", {"channel": "C1", "thread_ts": said["ts"], "markdown_text": "…"})["ts"]
    async with database.begin() as connection:
        await connection.execute(slack_inbox.update().values(lease=None))
    async with opened(database, slack, assistant) as served:
        await served.card()
        await served.settled()
    (message,) = slack.ours("C1")
    assert message.ts == lost
    assert "S1" in text_of(message)


async def test_two_replicas_answer_each_event_once_and_every_thread_in_its_order(database: Database, slack: FakeSlack) -> None:
    one, two = ScriptedAssistant(pace=0.002), ScriptedAssistant(pace=0.002)
    async with opened(database, slack, one) as first, opened(database, slack, two) as second:
        for number in range(6):
            said = event(mention(f"{BRIEF} {number}"))
            answers = await asyncio.gather(first.send(said), second.send(said), first.send(said))
            assert {answer.status_code for answer in answers} == {200}
        await first.until(lambda: len([message for message in slack.ours("C1") if "S1" in text_of(message)]) == 6)
        await first.settled()
    assert sorted(request.brief[-1] for request in [*one.asked, *two.asked]) == list("012345")
    assert len(slack.ours("C1")) == 6


async def test_slack_out_of_order_for_a_while_costs_no_answer(database: Database, slack: FakeSlack) -> None:
    slack.refuse("users.info", "internal_error", times=1)
    async with opened(database, slack, ScriptedAssistant(pace=0.002)) as served:
        await served.send(event(mention(BRIEF)))
        await served.until(served.told)
        assert "in a minute" in served.told()[0]
        slack.refuse("chat.startStream", "internal_error", times=1)
        slack.refuse("chat.postMessage", "internal_error", times=1)
        await served.send(event(mention(BRIEF)))
        await served.card()
        await served.settled()
    assert len(slack.ours("C1")) == 1


async def test_what_is_never_settled_is_given_up_and_told(database: Database) -> None:
    inbox, told = SlackInbox(database), []
    arrival = read_payload(event(mention(BRIEF))).arrival
    assert arrival is not None
    await inbox.take(arrival)
    for _ in range(5):
        work = await inbox.claim("host:1:a", MESSAGES)
        assert work is not None
        await inbox.give_back(work, "host:1:a")

    async def never(_work: Any) -> bool:
        raise AssertionError("it was tried often enough")

    async def give_up(work: Any) -> None:
        told.append(work.id)

    worker = Worker(inbox, never, give_up, "host:1:b")
    worker.start()
    async with asyncio.timeout(10):
        while not told:
            await asyncio.sleep(0.02)
    await worker.stop()
    assert await inbox.claim("host:1:b", MESSAGES) is None
