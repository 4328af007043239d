"""A growing answer is streamed where Slack lets us, updated where not, and sent no more often than Slack takes it."""

import pytest

from channels.slack.api import SlackApi, SlackRefused, web_client
from channels.slack.live import LiveMessage, Row, as_blocks, as_markdown
from tests.doubles.fake_slack import FakeSlack

TITLE = Row("User stories", "· In progress")
FIRST = Row("S1 Freeze", opens=True)


def live(slack: FakeSlack, **more: object) -> LiveMessage:
    api = SlackApi(web_client("xoxb-1", slack.base_url))
    return LiveMessage(api, "C1", "1.1", person="UANA", team="T1", **{"pace": 0.0, **more})  # type: ignore[arg-type]


async def test_only_what_is_new_is_appended(slack: FakeSlack) -> None:
    message = live(slack)
    await message.open([TITLE])
    await message.show([TITLE, FIRST])
    await message.show([TITLE, FIRST])
    await message.show([TITLE, FIRST, Row("As a", "customer")])
    appended = [one["markdown_text"] for one in slack.of("chat.appendStream")]
    assert appended == ["\n**S1 Freeze**  \n", "**As a** customer  \n"]
    assert await message.finish("done", as_blocks([TITLE])) == message.ts
    assert [call.method for call in slack.calls][-2:] == ["chat.stopStream", "chat.update"]


async def test_a_stream_that_is_refused_becomes_a_message_that_is_updated(slack: FakeSlack) -> None:
    slack.refuse("chat.startStream", "method_not_supported_for_channel_type")
    message = live(slack)
    await message.open([TITLE])
    await message.show([TITLE, FIRST])
    assert [call.method for call in slack.calls] == ["chat.startStream", "chat.postMessage", "chat.update"]
    assert "*S1 Freeze*" in str(slack.messages["C1", message.ts].blocks)


async def test_a_stream_that_slack_has_ended_goes_on_as_updates(slack: FakeSlack) -> None:
    message = live(slack)
    await message.open([TITLE])
    slack.messages["C1", message.ts].streaming = False
    await message.show([TITLE, FIRST])
    await message.show([TITLE, FIRST, Row("As a", "customer")])
    assert "customer" in str(slack.messages["C1", message.ts].blocks)
    await message.finish("done", [])
    assert slack.messages["C1", message.ts].text == "done"


async def test_a_stream_that_grows_old_is_ended_and_updated(slack: FakeSlack) -> None:
    now = [0.0]
    message = live(slack, clock=lambda: now[0])
    await message.open([TITLE])
    now[0] = 300.0
    await message.show([TITLE, FIRST])
    assert [call.method for call in slack.calls] == ["chat.startStream", "chat.stopStream", "chat.update"]


async def test_a_draft_that_was_written_anew_is_updated_since_a_stream_only_grows(slack: FakeSlack) -> None:
    message = live(slack)
    await message.open([TITLE])
    await message.show([TITLE, FIRST])
    await message.show([TITLE, Row("S1 Unfreeze", opens=True)])
    assert "Unfreeze" in str(slack.messages["C1", message.ts].blocks)


async def test_a_very_long_draft_is_within_what_slack_takes(slack: FakeSlack) -> None:
    message = live(slack)
    await message.open([TITLE])
    await message.show([TITLE, *(Row(f"S{number}", "word " * 400, opens=True) for number in range(60))])
    assert not [call for call in slack.calls if call.refused]


async def test_a_message_that_is_gone_is_posted_again_at_the_end(slack: FakeSlack) -> None:
    message = live(slack)
    await message.open([TITLE])
    del slack.messages["C1", message.ts]
    ts = await message.finish("done", [])
    assert slack.messages["C1", ts].text == "done"


async def test_a_429_is_waited_out_and_then_sent_once(slack: FakeSlack) -> None:
    slack.busy("chat.startStream", 1)
    slack.busy("chat.update", 0, times=3)
    message = live(slack)
    await message.open([TITLE])
    await message.finish("done", [])
    assert len(slack.of("chat.startStream")) == 1
    assert slack.messages["C1", message.ts].text == "done"
    assert len(slack.ours("C1")) == 1


async def test_slack_out_of_reach_is_told_by_its_name() -> None:
    api = SlackApi(web_client("xoxb-1", "http://127.0.0.1:9/api/"))
    with pytest.raises(SlackRefused) as caught:
        await api.call("chat.postMessage", channel="C1", text="x")
    assert caught.value.reason == "unreachable"


async def test_two_changes_of_a_message_are_a_second_apart(slack: FakeSlack) -> None:
    now, sent_at = [100.0], []

    async def sleep(seconds: float) -> None:
        now[0] += seconds

    message = live(slack, pace=1.0, clock=lambda: now[0], sleep=sleep)
    await message.open([TITLE])
    for number in range(3):
        now[0] += 0.2
        await message.show([TITLE, *(Row(f"S{one}") for one in range(number + 1))])
        sent_at.append(now[0])
    assert sent_at == [101.0, 102.0, 103.0]


def test_what_a_model_writes_is_no_formatting_of_a_stream() -> None:
    text = as_markdown([Row("**S1**", "<!channel> [go](http://evil.test) `x` https://evil.test/a_b")])
    assert "<" not in text
    assert r"\[go\]" in text
    assert "`https://evil.test/a_b`" in text
