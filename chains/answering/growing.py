"""A draft that grows: text that arrives becomes a partial artifact every now and then, without a second flow."""

import time
from collections.abc import AsyncGenerator

from chains.answering.reading import read_draft
from chains.endpoint.asking import Reply
from chains.events import DraftGrew, TextArrived

# Reading half a reply costs time that grows with it; the page shows at most five drafts a second anyway.
PAUSE_SECONDS = 0.25


async def grown(events: AsyncGenerator[TextArrived | Reply, None]) -> AsyncGenerator[TextArrived | DraftGrew | Reply, None]:
    """Pass on the events of one call, and between them the draft as far as it can be read."""
    text: list[str] = []
    last = time.perf_counter()
    async for event in events:
        yield event
        if not isinstance(event, TextArrived):
            continue
        text.append(event.text)
        if time.perf_counter() - last < PAUSE_SECONDS:
            continue
        last = time.perf_counter()
        body = read_draft("".join(text))
        if body:
            done = max((len(value) for value in body.values() if isinstance(value, list)), default=0)
            yield DraftGrew(body, max(0, done - 1), 0)
