"""One brief in a thread: a message that grows while the answer comes, and the card, or the reason that there is none."""

import asyncio
import contextlib
import json
import logging
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from chains.events import ArtifactReady, Event, Request
from channels.elements.live import LiveAnswer
from channels.slack.api import Json, SlackApi, SlackRefused
from channels.slack.cards import button, findings_lines, section
from channels.slack.live import LiveMessage, Row
from channels.slack.mrkdwn import bold, cut, literal
from channels.slack.showing import Showing, not_here
from channels.slack.visit import Visit
from errors import AssistantError, failure_id_of
from records.slack import SlackInbox, Work
from records.slack_places import SlackPlaces, SlackPost, SlackThread

if TYPE_CHECKING:
    from chains.assistant import Assistant

_log = logging.getLogger("stagecraft.slack")


@dataclass(frozen=True)
class Brief:
    """What is asked in which thread; `upstream` are artifacts of the asker's that the answer rests on."""

    stage: str
    text: str
    thread: str
    upstream: tuple[str, ...] = ()


@dataclass(frozen=True)
class Answers:
    """Answers briefs; `instance` is this program's name in the inbox, `pace` the seconds between two changes of a message."""

    api: SlackApi
    inbox: SlackInbox
    places: SlackPlaces
    showing: Showing
    assistant: "Callable[[], Assistant]"
    instance: str
    pace: float = 1.0

    async def answer(self, visit: Visit, brief: Brief) -> None:
        """Answer a brief, or go on where an earlier attempt stopped. Raises SlackRefused where Slack cannot be reached, BriefError
        where what it rests on may not be seen here."""
        for upstream in brief.upstream:
            if not await self.showing.may_show(upstream, visit):
                raise not_here()
        request = Request(
            brief.stage, brief.text, visit.person, visit.place.workspace or "default", "slack", None, brief.upstream
        )
        title = self.assistant().stage(brief.stage, visit.texts.language).title
        live = LiveAnswer(request, title, visit.texts, self.assistant().draft_views)
        message = await self._message(visit, brief, live)
        artifact = visit.work.artifact
        if artifact is None:
            await self._run(visit, brief, live, message)
            artifact = live.ready.artifact_id if live.ready else None
        if artifact is not None:
            await self.places.keep_thread(visit.work.team, _thread(visit, brief, live.turn_id, artifact))
            await self._show(visit, brief, live, message, artifact)
        else:
            await self.places.keep_thread(visit.work.team, _thread(visit, brief, live.turn_id, None))
            await message.finish(cut(literal(live.error or title), 300), _ending(live, visit))

    def live(self, visit: Visit, thread: str) -> LiveMessage:
        """Return a message for an answer in a thread, not posted yet."""
        return LiveMessage(self.api, visit.channel, thread, person=visit.work.person, team=visit.work.team, pace=self.pace)

    async def _show(self, visit: Visit, brief: Brief, live: LiveAnswer, message: LiveMessage, artifact: str) -> None:
        """Show the card; where that is not possible, say why in its place."""
        try:
            await self.showing.first(visit, message, brief.thread, artifact)
        except SlackRefused as refused:
            if refused.reason in ("unreachable", "ratelimited"):
                raise
            live.fail(visit.texts("unexpected", id=logged("a card in Slack")))
            await message.finish(cut(literal(live.error), 300), _ending(live, visit))
        except AssistantError as error:
            live.fail(error.sentence(visit.texts.language))
            await message.finish(cut(literal(live.error), 300), _ending(live, visit))

    async def _message(self, visit: Visit, brief: Brief, live: LiveAnswer) -> LiveMessage:
        """Open the message of an answer; an earlier attempt's is found again, whether or not it got to note it."""
        work = visit.work
        message = self.live(visit, brief.thread)
        begun = next((post.ts for post in await self.places.posts_for(work.id) if post.part == 0), "")
        if not begun and work.attempts > 1:
            begun = await self._orphan(work, brief.thread)
        if begun:
            await message.resume(begun)
        else:
            await message.open(rows_of(live))
        await self.places.keep_post(SlackPost(visit.channel, message.ts, brief.thread, None, 0), work.id)
        return message

    async def _orphan(self, work: Work, thread: str) -> str:
        """Return a message of ours in the thread that is on no record: posted by a program that died before it could note it."""
        known = await self.places.posts_in(work.channel, thread)
        us = (await self.api.call("auth.test")).get("user_id")
        after = asked_at(work)
        ours = [one for one in await self.api.replies(work.channel, thread) if one.get("user") == us]
        return next((str(one["ts"]) for one in ours if one.get("ts") not in known and str(one.get("ts")) > after), "")

    async def _run(self, visit: Visit, brief: Brief, live: LiveAnswer, message: LiveMessage) -> None:
        """Take in the answer to its end, showing how it grows."""
        try:
            events = cast("AsyncGenerator[Event, None]", self.assistant().answer(live.request))
            async with self._kept_fresh(visit, brief, live, message), contextlib.aclosing(events):
                async for event in events:
                    live.take(event)
                    if isinstance(event, ArtifactReady):
                        await self.inbox.note_artifact(visit.work, self.instance, event.artifact_id)
        except AssistantError as error:
            live.fail(error.sentence(visit.texts.language))
        except Exception:  # noqa: BLE001 - a bug of ours: the message says so and keeps the brief
            live.fail(visit.texts("unexpected", id=logged("an answer in Slack")))

    @contextlib.asynccontextmanager
    async def _kept_fresh(self, visit: Visit, brief: Brief, live: LiveAnswer, message: LiveMessage) -> AsyncIterator[None]:
        """Show what has changed once a second until the answer has ended, and what is being done in the status line."""
        task = asyncio.create_task(self._refresh(visit, brief, live, message))
        try:
            yield
        finally:
            task.cancel()
            await asyncio.wait({task})
            if not task.cancelled() and (error := task.exception()):
                _log.error("an answer in Slack could not be refreshed", exc_info=error)

    async def _refresh(self, visit: Visit, brief: Brief, live: LiveAnswer, message: LiveMessage) -> None:
        told = ""
        while True:
            if live.doing != told:
                told = live.doing
                with contextlib.suppress(SlackRefused):
                    status = visit.texts("slack_status", doing=told)
                    await self.api.call(
                        "assistant.threads.setStatus", channel_id=visit.channel, thread_ts=brief.thread, status=status
                    )
            await asyncio.sleep(self.pace)
            await message.show(rows_of(live))


def rows_of(live: LiveAnswer) -> list[Row]:
    """Return what a growing answer shows: its title, and the items as far as they have come."""
    rows = [Row(live.stage_title, f"· {live.texts('status_working')}")]
    for item in live.items:
        rows.append(Row(f"{item['id']} {item['title']}", opens=True))
        for line in item["lines"]:
            text = " | ".join(line["cells"]) or "".join(part["text"] for part in line["parts"])
            rows.append(Row(line["keyword"], text))
    return rows


def asked_at(work: Work) -> str:
    """Return Slack's timestamp of what is answered; nothing where it is no message."""
    event = work.payload.get("event")
    return str(event.get("ts") or "") if isinstance(event, dict) else ""


def logged(where: str) -> str:
    """Log the exception at hand once and return the number that the person is told."""
    import sys

    failure_id = failure_id_of(sys.exception())
    _log.exception("failure %s in %s", failure_id, where)
    return failure_id


def _thread(visit: Visit, brief: Brief, turn: str, artifact: str | None) -> SlackThread:
    return SlackThread(visit.channel, brief.thread, visit.whole.id, brief.stage, turn or None, artifact)


def _ending(live: LiveAnswer, visit: Visit) -> list[Json]:
    """Return what is shown where no artifact came: questions, or why it failed with what had come until then."""
    props, texts = live.props(), visit.texts
    lines = [f"{bold(props['stageTitle'])} · {literal(props['badge']['text'])}"]
    lines += [literal(one) for one in (props["error"], *props["notices"]) if one]
    lines += findings_lines(props["findings"])
    if props["questions"]:
        lines += [literal(texts("slack_questions")), *(f"• {literal(one)}" for one in props["questions"])]
    if props["examples"]:
        lines += [literal(texts("slack_examples")), *(f"• {literal(one)}" for one in props["examples"])]
    blocks = section("\n".join(lines))
    if props["draft"]:
        blocks += section(f"{bold(texts('label_draft'))}\n{literal(cut(props['draft'], 2500))}")
    if live.turn_id and props["error"]:
        retry = button(texts("label_retry"), "retry", json.dumps({"t": live.turn_id}))
        blocks.append({"type": "actions", "elements": [retry]})
    return blocks
