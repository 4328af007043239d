"""Over the socket the same things happen as over HTTP, and what arrived is acknowledged once it is on record."""

from typing import Any

from records.database import Database
from tests.doubles.fake_slack import FakeSlack
from tests.doubles.scripted_assistant import ScriptedAssistant
from tests.doubles.slack_payloads import event, mention, press, submission
from tests.doubles.slack_served import named, opened


async def test_an_event_a_press_and_a_modal_come_over_the_socket(database: Database, slack: FakeSlack) -> None:
    assistant: Any = ScriptedAssistant(pace=0.002)
    async with opened(database, slack, assistant, socket=True, app_token="xapp-1") as served:
        said = event(mention("a customer freezes a card"))
        await slack.over_socket(said, envelope="e1")
        await slack.over_socket(said, envelope="e2")
        card = await served.card()
        await served.until(lambda: {one["envelope_id"] for one in slack.sent_over_socket} == {"e1", "e2"})
        await slack.over_socket(press(named(card, "edit", "S1"), card), "interactive", "e3")
        view = (await served.until(lambda: slack.of("views.open")))[0]["view"]
        await slack.over_socket(submission(view, "no keyword here"), "interactive", "e4")
        answer = await served.until(lambda: next((one for one in slack.sent_over_socket if one["envelope_id"] == "e4"), None))
        assert answer["payload"]["response_action"] == "errors"
        assert (await served.send(said)).status_code == 404
    assert len(assistant.asked) == 1


async def test_a_slack_that_cannot_be_reached_does_not_keep_the_house_from_opening(database: Database, slack: FakeSlack) -> None:
    slack.refuse("apps.connections.open", "not_authed", times=50)
    async with opened(database, slack, ScriptedAssistant(), socket=True, app_token="xapp-1") as served:
        await served.until(lambda: any(call.method == "apps.connections.open" for call in slack.calls))
