"""The part of Slack's Web API that the assistant uses: waits where Slack says so, and tells refusals by their names."""

import asyncio
import logging
from typing import TYPE_CHECKING, Any

from errors import AssistantError

if TYPE_CHECKING:
    from slack_sdk.web.async_client import AsyncWebClient

Json = dict[str, Any]
_log = logging.getLogger("stagecraft.slack")
_TRIES = 6
_LONGEST_WAIT = 60.0
# Everything that is posted says what it is; nothing in it is looked up, unfolded or taken for a name.
_QUIET: Json = {"unfurl_links": False, "unfurl_media": False, "link_names": False, "parse": "none"}


class SlackRefused(AssistantError):
    """Slack refused a call: `reason` is its own name for why, or `unreachable`."""

    def __init__(self, method: str, reason: str) -> None:
        super().__init__(
            f"Slack refused the call {method}: {reason}. Try again; if it happens again, tell your operator.",
            f"Slack 拒绝了调用 {method}：{reason}。请重试；若再次出现，请告知运维人员。",
            detail=f"{method}: {reason}",
        )
        self.reason = reason


def web_client(token: str | None, base_url: str) -> "AsyncWebClient":
    """Return Slack's client; it tries nothing again by itself, since a message that is sent twice stands there twice."""
    from slack_sdk.web.async_client import AsyncWebClient

    return AsyncWebClient(token=token, base_url=base_url, retry_handlers=[], timeout=20)


class SlackApi:
    """Calls Slack. Every method raises SlackRefused."""

    def __init__(self, client: "AsyncWebClient") -> None:
        self.client = client

    async def call(self, method: str, **arguments: Any) -> Json:
        """Call a method with its arguments as JSON; a 429 is waited out as long as Slack asks, a minute at most at a time."""
        return await self._patient(method, json=arguments)

    async def ask(self, method: str, **arguments: Any) -> Json:
        """Call a method that reads its arguments from a form, as the older ones do."""
        return await self._patient(method, data=arguments)

    async def post(self, channel: str, text: str, blocks: list[Json] | None = None, thread: str | None = None) -> str:
        """Post a message and return its timestamp."""
        arguments: Json = {"channel": channel, "text": text, **_QUIET}
        arguments |= {"blocks": blocks} if blocks else {}
        arguments |= {"thread_ts": thread} if thread else {}
        return str((await self.call("chat.postMessage", **arguments))["ts"])

    async def update(self, channel: str, ts: str, text: str, blocks: list[Json] | None = None) -> None:
        """Put something else in the place of a message."""
        # Blocks that are left out would stay as they were.
        await self.call("chat.update", channel=channel, ts=ts, text=text, blocks=blocks or [], link_names=False, parse="none")

    async def whisper(self, channel: str, person: str, text: str, thread: str | None = None) -> None:
        """Tell one person something that nobody else in the channel sees."""
        arguments: Json = {"channel": channel, "user": person, "text": text, "link_names": False, "parse": "none"}
        await self.call("chat.postEphemeral", **arguments, **({"thread_ts": thread} if thread else {}))

    async def replies(self, channel: str, thread: str, **arguments: Any) -> list[Json]:
        """Return the messages of a thread, oldest first, at most 200."""
        found = await self.ask("conversations.replies", channel=channel, ts=thread, limit=200, **arguments)
        return [one for one in found.get("messages", []) if isinstance(one, dict)]

    async def respond(self, address: str, text: str) -> None:
        """Tell the person something over the address that came with their command or press; it may have run out by now."""
        from slack_sdk.webhook.async_client import AsyncWebhookClient

        trusted = ("https://hooks.slack.com/", self.client.base_url.removesuffix("api/"))
        if address.startswith(trusted):
            told = AsyncWebhookClient(address, retry_handlers=[], timeout=20).send(text=text, response_type="ephemeral")
            await self._guarded("response_url", told)

    async def upload(self, channel: str, thread: str | None, name: str, content: bytes) -> None:
        """Put a file into a thread."""
        await self._guarded(
            "files.upload",
            self.client.files_upload_v2(channel=channel, thread_ts=thread, filename=name, title=name, file=content),
        )

    async def _patient(self, method: str, **arguments: Any) -> Json:
        for _ in range(_TRIES - 1):
            try:
                return await self._once(method, **arguments)
            except _Busy as busy:
                await asyncio.sleep(min(busy.seconds, _LONGEST_WAIT))
        try:
            return await self._once(method, **arguments)
        except _Busy as busy:
            raise SlackRefused(method, "ratelimited") from busy

    async def _once(self, method: str, **arguments: Any) -> Json:
        return await self._guarded(method, self.client.api_call(method, **arguments))

    async def _guarded(self, method: str, call: Any) -> Json:
        """Await a call and return what Slack said; its errors become ours."""
        import aiohttp
        from slack_sdk.errors import SlackApiError, SlackClientError

        try:
            answer = await call
        except SlackApiError as error:
            if error.response.status_code == 429:
                raise _Busy(_seconds(error.response.headers)) from error
            told = error.response.get("error", "") if isinstance(error.response.data, dict) else ""
            raise SlackRefused(method, str(told or f"status {error.response.status_code}")[:80]) from error
        except (SlackClientError, aiohttp.ClientError, TimeoutError, ValueError) as error:
            raise SlackRefused(method, "unreachable") from error
        data = getattr(answer, "data", None)
        return dict(data) if isinstance(data, dict) else {}


class _Busy(Exception):
    """Slack asks to wait so many seconds."""

    def __init__(self, seconds: float) -> None:
        super().__init__(seconds)
        self.seconds = seconds


def _seconds(headers: Any) -> float:
    """Return how long a 429 asks to wait; a second where it does not say."""
    told = next((value for name, value in dict(headers).items() if name.lower() == "retry-after"), "1")
    text = str(told[0] if isinstance(told, list | tuple) and told else told)
    return float(text) if text.isdecimal() else 1.0
