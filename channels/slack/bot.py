"""The app as bolt knows it: which listener answers what. Everything it is given was taken from the inbox before."""

import json
import logging
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from channels.slack.answering import logged
from channels.slack.api import SlackApi, SlackRefused, web_client
from channels.slack.conversation import Conversation
from channels.slack.payloads import SHORTCUT
from channels.slack.people import Remembered
from channels.slack.presses import Presses
from channels.slack.submissions import Submissions
from channels.slack.texts import SlackTexts
from channels.slack.visit import Refusal, Visitors, spoken
from errors import AssistantError, RecordsError
from records.slack import Work

if TYPE_CHECKING:
    from slack_bolt.async_app import AsyncApp, AsyncAssistant

Json = dict[str, Any]
_log = logging.getLogger("stagecraft.slack")
_TICKET = "stagecraft_ticket"
_WHO_SECONDS = 600.0
_PASSING = frozenset({"unreachable", "ratelimited", "internal_error", "fatal_error", "service_unavailable", "request_timeout"})


@dataclass
class Ticket:
    """A piece of work on its way through bolt: `reached` once a listener has it, `answered` once it needs no other attempt."""

    work: Work
    reached: bool = False
    answered: bool = False


@dataclass(frozen=True)
class Bot:
    """bolt's app with the listeners, and the boundary that errors end at."""

    app: "AsyncApp"
    visitors: Visitors

    async def answer(self, work: Work) -> bool:
        """Answer an arrival; False where it should be tried again, because Slack or the records could not be reached."""
        from slack_bolt.request.async_request import AsyncBoltRequest

        ticket = Ticket(work)
        # The signature was looked at when it came, and the payload has been in our own database since.
        told = await self.app.async_dispatch(AsyncBoltRequest(body=work.payload, mode="socket_mode", context={_TICKET: ticket}))
        # What bolt passes over, such as what the bot said itself, is settled.
        return ticket.answered if ticket.reached else told.status == 200

    async def submitted(self, payload: Json) -> Json:
        """Return Slack's answer to a modal that was sent."""
        from slack_bolt.request.async_request import AsyncBoltRequest

        answer = await self.app.async_dispatch(AsyncBoltRequest(body=payload, mode="socket_mode"))
        return _body(answer.body)

    async def give_up(self, work: Work) -> None:
        """Tell whoever asked that they will get no answer."""
        text = SlackTexts(spoken(str(work.payload.get("event") or "")))("slack_given_up")
        try:
            await self.visitors.whisper(work, text)
        except SlackRefused as refused:
            _log.warning("nobody could be told that an answer failed: %s", refused.detail)


def make_bot(api: SlackApi, visitors: Visitors, conversation: Conversation, presses: Presses, submissions: Submissions) -> Bot:
    """Return the app with all its listeners."""
    from slack_bolt.async_app import AsyncApp, AsyncAssistant
    from slack_bolt.authorization import AuthorizeResult

    known: Remembered[Json] = Remembered(_WHO_SECONDS)

    async def authorize(enterprise_id: str | None, team_id: str | None) -> AuthorizeResult:
        us = await known.get("us", lambda: api.call("auth.test"))
        found = {"bot_id": us.get("bot_id"), "bot_user_id": us.get("user_id"), "bot_token": api.client.token}
        return AuthorizeResult(enterprise_id=enterprise_id, team_id=team_id, **found)

    # Signatures are looked at before anything else is; each listener is awaited to its end, because the inbox has answered Slack.
    app = AsyncApp(
        client=web_client(None, api.client.base_url),
        authorize=authorize,
        name="stagecraft",
        signing_secret="",
        process_before_response=True,
        request_verification_enabled=False,
        ssl_check_enabled=False,
        url_verification_enabled=False,
    )
    app.assistant(_panel(AsyncAssistant(), visitors, conversation))
    _listen(app, visitors, conversation)
    _listen_to_buttons(app, visitors, presses, submissions)
    return Bot(app, visitors)


def _panel(panel: "AsyncAssistant", visitors: Visitors, conversation: Conversation) -> "AsyncAssistant":
    """Return the assistant's panel: a greeting with examples, and every message in it."""

    async def opened(context: Any) -> None:
        await _bounded(context, visitors, conversation.greeting)

    async def in_panel(context: Any) -> None:
        await _bounded(context, visitors, conversation.message)

    panel.thread_started(opened)
    panel.user_message(in_panel)
    return panel


def _listen(app: "AsyncApp", visitors: Visitors, conversation: Conversation) -> None:
    """Listen to mentions, messages, commands and the message shortcut."""

    @app.event("app_mention")
    async def mentioned(context: Any) -> None:
        await _bounded(context, visitors, conversation.message)

    @app.event({"type": "message"})
    async def said(context: Any) -> None:
        await _bounded(context, visitors, conversation.message)

    @app.command(re.compile(r"^/"))
    async def commanded(ack: Any, context: Any) -> None:
        await ack()
        await _bounded(context, visitors, conversation.command)

    @app.shortcut(SHORTCUT)
    async def cut_short(ack: Any, context: Any) -> None:
        await ack()
        await _bounded(context, visitors, conversation.shortcut)


def _listen_to_buttons(app: "AsyncApp", visitors: Visitors, presses: Presses, submissions: Submissions) -> None:
    """Listen to the buttons and the modals that they open."""

    @app.action(re.compile(r"."))
    async def pressed(ack: Any, context: Any) -> None:
        await ack()
        await _bounded(context, visitors, presses.press)

    @app.view(re.compile(r"^(edit|reject)$"))
    async def sent(ack: Any, body: Json) -> None:
        answer = await submissions.submit(body)
        await (ack() if answer is None else ack(**answer))


async def _bounded(context: Any, visitors: Visitors, do: Callable[[Work], Awaitable[None]]) -> None:
    """Do a piece of work; what goes wrong becomes a sentence for whoever asked, or another attempt."""
    ticket: Ticket = context[_TICKET]
    ticket.reached = True
    try:
        await do(ticket.work)
        ticket.answered = True
    except Refusal:
        ticket.answered = True
    except SlackRefused as refused:
        _log.warning("Slack refused %s", refused.detail)
        ticket.answered = refused.reason not in _PASSING
    except RecordsError as error:
        _log.warning("the records are in trouble: %s", error.detail)
    except AssistantError as error:
        ticket.answered = await _told(visitors, ticket.work, error.sentence)
    except Exception:  # noqa: BLE001 - the one boundary of the Slack door
        failure_id = logged("Slack")
        ticket.answered = await _told(visitors, ticket.work, lambda language: SlackTexts(language)("unexpected", id=failure_id))


async def _told(visitors: Visitors, work: Work, sentence: Callable[[Any], str]) -> bool:
    """Tell whoever asked; False where Slack could not be reached."""
    event = work.payload.get("event")
    said = event if isinstance(event, dict) else work.payload
    thread = str(said.get("thread_ts") or said.get("ts") or "")
    try:
        await visitors.whisper(work, sentence(spoken(str(said.get("text") or ""))), thread)
    except SlackRefused as refused:
        _log.warning("Slack refused %s", refused.detail)
        return refused.reason not in _PASSING
    return True


def _body(body: Any) -> Json:
    if isinstance(body, dict):
        return body
    return dict(json.loads(body)) if body else {}
