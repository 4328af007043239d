"""Who may ask in Slack is who has signed in to the page once, with the e-mail that Slack has confirmed."""

from typing import Any

import pytest

from channels.slack.people import Remembered
from records.people import People
from tests.doubles.slack_payloads import event, mention, moment
from tests.doubles.slack_served import Served

EN = "A customer freezes a card"


@pytest.mark.parametrize(
    ("profile", "sentence"),
    [
        ({"email": "nobody@bank.example"}, "does not know you yet"),
        ({"email": "ana@bank.example", "confirmed": False}, "is not confirmed"),
        ({"email": ""}, "is not confirmed"),
        ({"email": "ana@bank.example", "is_restricted": True}, "you are a guest here"),
        ({"email": "ana@bank.example", "is_ultra_restricted": True}, "you are a guest here"),
        ({"email": "ana@bank.example", "team": "T9"}, "this organisation only"),
        ({"email": "ana@bank.example", "is_stranger": True}, "this organisation only"),
    ],
)
async def test_who_may_not_ask_is_told_why_and_what_to_do(served: Served, profile: dict[str, Any], sentence: str) -> None:
    served.slack.person("UX", **profile)
    await served.send(event(mention(EN, user="UX")))
    await served.until(served.told)
    assert sentence in served.told()[0]
    assert served.slack.of("chat.postEphemeral")[0]["user"] == "UX"
    assert not served.assistant.asked


@pytest.mark.parametrize("flags", [{"is_bot": True}, {"deleted": True}])
async def test_bots_and_people_who_left_get_no_answer_at_all(served: Served, flags: dict[str, Any]) -> None:
    served.slack.person("UX", email="ana@bank.example", **flags)
    await served.send(event(mention(EN, user="UX")))
    await served.settled()
    assert not served.told()
    assert not served.assistant.asked


async def test_a_person_of_another_workspace_in_a_shared_channel_is_refused(served: Served) -> None:
    await served.send(event(mention(EN, team="T9", user_team="T9", source_team="T9")))
    await served.until(served.told)
    assert "this organisation only" in served.told()[0]
    assert not served.assistant.asked


async def test_a_person_who_is_deactivated_may_not_ask_any_more(served: Served) -> None:
    people = People(served.database)
    found = await people.by_email("ana@bank.example")
    assert found is not None
    await served.send(event(mention(EN)))
    await served.card()
    await people.deactivate(found.id)
    await served.send(event(mention(EN, ts=moment())))
    await served.until(served.told)
    assert "does not know you yet" in served.told()[0]


async def test_what_was_looked_up_is_remembered_for_a_short_time_and_not_for_ever() -> None:
    times, now = [0], [0.0]
    remembered: Remembered[int] = Remembered(60.0, clock=lambda: now[0])

    async def look() -> int:
        times[0] += 1
        return times[0]

    assert [await remembered.get("a", look), await remembered.get("a", look)] == [1, 1]
    now[0] = 61.0
    assert await remembered.get("a", look) == 2
    for number in range(3000):
        await remembered.get(str(number), look)
    assert await remembered.get("a", look) > 3000
