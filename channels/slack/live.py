"""One message that grows while its answer comes: streamed where Slack lets us, otherwise updated, never more than once a second."""

import asyncio
import contextlib
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from channels.slack.api import Json, SlackApi, SlackRefused
from channels.slack.mrkdwn import bold, cut, literal, split, streamed

# A stream ends by itself after some minutes, and takes 12,000 characters.
_STREAM_SECONDS = 240.0
_STREAM_CHARACTERS = 11_000
_SECTIONS = 20


@dataclass(frozen=True)
class Row:
    """A line of a draft: a keyword in bold and a text; neither is formatted further. A row that `opens` an item stands apart."""

    keyword: str
    text: str = ""
    opens: bool = False


class LiveMessage:
    """See the module. `person` and `team` are who a stream in a channel is for, `pace` the seconds between two changes."""

    def __init__(
        self,
        api: SlackApi,
        channel: str,
        thread: str,
        *,
        person: str,
        team: str,
        pace: float = 1.0,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._api = api
        self._channel = channel
        self._thread = thread
        self._recipient = {"recipient_user_id": person, "recipient_team_id": team}
        self._seconds = pace
        self._clock = clock
        self._sleep = sleep
        self._streaming = False
        self._opened = self._last = -1000.0
        self._sent = ""
        self.ts = ""

    async def open(self, rows: Sequence[Row]) -> None:
        """Post the message with its first rows. Raises SlackRefused."""
        self._opened = self._last = self._clock()
        text = as_markdown(rows)
        try:
            begun = await self._api.call(
                "chat.startStream", channel=self._channel, thread_ts=self._thread, markdown_text=text, **self._recipient
            )
            self.ts, self._streaming, self._sent = str(begun["ts"]), True, text
        except SlackRefused as refused:
            if refused.reason == "unreachable":
                raise
            self._sent = text
            self.ts = await self._api.post(self._channel, as_text(rows), as_blocks(rows), self._thread)

    async def resume(self, ts: str) -> None:
        """Go on with a message that an earlier attempt has begun."""
        self.ts, self._streaming = ts, True
        await self._stop()

    async def show(self, rows: Sequence[Row]) -> None:
        """Show the rows as they are now, if they changed. Slack's refusals are passed over: the end is what counts."""
        text = as_markdown(rows)
        if text == self._sent:
            return
        if self._streaming and not self._may_append(text):
            await self._stop()
        await self._pace()
        try:
            if self._streaming:
                await self._append(text)
            else:
                await self._api.update(self._channel, self.ts, as_text(rows), as_blocks(rows))
            self._sent = text
        except SlackRefused:
            await self._stop()

    async def finish(self, text: str, blocks: list[Json]) -> str:
        """Put the end of the answer in the place of what grew, and return the timestamp of the message that shows it.

        Raises SlackRefused where it can be shown neither there nor in a new message.
        """
        await self._stop()
        await self._pace()
        try:
            await self._api.update(self._channel, self.ts, text, blocks)
        except SlackRefused as refused:
            if refused.reason in ("unreachable", "ratelimited", "invalid_blocks"):
                raise
            self.ts = await self._api.post(self._channel, text, blocks, self._thread)
        return self.ts

    def _may_append(self, text: str) -> bool:
        """Tell whether a stream can show this text: it only grows, is not too long, and is not too old."""
        young = self._clock() - self._opened < _STREAM_SECONDS
        return young and len(text) < _STREAM_CHARACTERS and text.startswith(self._sent)

    async def _append(self, text: str) -> None:
        more = text[len(self._sent) :]
        await self._api.call("chat.appendStream", channel=self._channel, ts=self.ts, markdown_text=more)

    async def _stop(self) -> None:
        """End the stream; one that Slack ended already is as good."""
        if self._streaming:
            self._streaming = False
            with contextlib.suppress(SlackRefused):
                await self._api.call("chat.stopStream", channel=self._channel, ts=self.ts)

    async def _pace(self) -> None:
        await self._sleep(max(0.0, self._last + self._seconds - self._clock()))
        self._last = self._clock()


def as_markdown(rows: Sequence[Row]) -> str:
    """Return the rows as a stream takes them."""
    lines = []
    for row in rows:
        keyword = f"**{streamed(row.keyword.strip())}**" if row.keyword.strip() else ""
        lines.append(("\n" if row.opens else "") + " ".join(filter(None, (keyword, streamed(row.text)))))
    return "".join(f"{line}  \n" for line in lines)


def as_blocks(rows: Sequence[Row]) -> list[Json]:
    """Return the rows as sections."""
    lines = [("\n" if row.opens else "") + " ".join(filter(None, (bold(row.keyword), literal(row.text)))) for row in rows]
    pieces = list(split("\n".join(lines)))[:_SECTIONS]
    return [{"type": "section", "text": {"type": "mrkdwn", "text": piece, "verbatim": True}} for piece in pieces]


def as_text(rows: Sequence[Row]) -> str:
    """Return what a notification shows of the rows."""
    return cut(literal(" ".join(filter(None, (rows[0].keyword, rows[0].text)))) if rows else "", 300)
