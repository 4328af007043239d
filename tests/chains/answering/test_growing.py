"""A draft that grows between the pieces of a reply."""

import asyncio
import json
from collections.abc import AsyncGenerator

from chains.answering.growing import PAUSE_SECONDS, grown
from chains.endpoint.asking import Reply
from chains.events import DraftGrew, TextArrived
from tests.doubles.scripted_replies import stories


async def arriving(*texts: str, pause: float) -> AsyncGenerator[TextArrived | Reply, None]:
    for text in texts:
        await asyncio.sleep(pause)
        yield TextArrived(text)
    yield Reply("".join(texts), "stop", "m")


async def test_the_draft_is_told_now_and_then_and_everything_else_is_passed_on() -> None:
    text = json.dumps(stories())
    third = len(text) // 3
    pieces = text[:third], text[third : 2 * third], text[2 * third :]
    told = [event async for event in grown(arriving(*pieces, pause=PAUSE_SECONDS + 0.02))]
    assert [type(event) for event in told] == [TextArrived, DraftGrew, TextArrived, DraftGrew, TextArrived, DraftGrew, Reply]
    last = told[-2]
    assert isinstance(last, DraftGrew)
    assert (last.body, last.done) == (stories(), 3)


async def test_a_quick_reply_is_not_read_half() -> None:
    told = [event async for event in grown(arriving(*json.dumps(stories()), pause=0))]
    assert not [event for event in told if isinstance(event, DraftGrew)]


async def test_text_that_holds_no_object_yet_tells_no_draft() -> None:
    told = [event async for event in grown(arriving("Let me", " think", pause=PAUSE_SECONDS + 0.02))]
    assert not [event for event in told if isinstance(event, DraftGrew)]
