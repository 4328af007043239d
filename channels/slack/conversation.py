"""What people write in Slack: a message, a command, a thread to make stories from, a panel that was opened."""

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from channels.slack.answering import Answers, Brief
from channels.slack.api import SlackApi, SlackRefused
from channels.slack.live import Row
from channels.slack.mrkdwn import literal
from channels.slack.options import SlackOptions
from channels.slack.routing import Asked, asked_in, plain_text
from channels.slack.visit import Visit, Visitors
from records.ledger import Ledger
from records.limits import Limits
from records.slack import SlackInbox, Work
from records.slack_places import SlackPlaces, SlackPost, SlackThread

if TYPE_CHECKING:
    from chains.assistant import Assistant

Json = dict[str, Any]
_HOUR_SECONDS = 3600.0
_STORIES = "user_stories"
_PROMPTS = 4
# A thread's text as a brief: as much as a brief may hold is decided by the chain, this keeps a long thread from being refused.
_THREAD_CHARACTERS = 12_000


@dataclass(frozen=True)
class Conversation:
    """Turns what people write into briefs."""

    api: SlackApi
    inbox: SlackInbox
    places: SlackPlaces
    ledger: Ledger
    limits: Limits
    visitors: Visitors
    answers: Answers
    assistant: "Callable[[], Assistant]"
    options: SlackOptions

    async def message(self, work: Work) -> None:
        """Answer a message: a brief, or what follows on one."""
        event = work.payload["event"]
        thread = event.get("thread_ts") or event["ts"]
        said = plain_text(await self._text(work, event))
        visit = await self.visitors.visit(work, thread, said)
        if not said:
            await self.visitors.whisper(work, visit.texts("slack_empty", stage=self._first(visit)), thread)
        elif await self._may_ask(visit, thread):
            await self._take(visit, said, thread)

    async def command(self, work: Work) -> None:
        """Answer `/stagecraft STAGE brief` in a thread of its own, or list the stages."""
        said = plain_text(work.payload["text"])
        visit = await self.visitors.visit(work, "", said)
        asked = self._asked(said)
        if not asked.brief:
            await self.visitors.whisper(work, self._help(visit, str(work.payload["command"])))
        elif await self._may_ask(visit, ""):
            asked = replace(asked, stage=asked.stage or self._default())
            thread = await self._root(visit, asked)
            if thread:
                await self.answers.answer(visit, Brief(asked.stage, asked.brief, thread))

    async def shortcut(self, work: Work) -> None:
        """Write user stories from what was said in a thread."""
        message = work.payload["message"]
        thread = message.get("thread_ts") or message["ts"]
        visit = await self.visitors.visit(work, thread, str(message.get("text") or ""))
        if not await self._may_ask(visit, thread):
            return
        try:
            said = await self._said_in(visit, thread)
        except SlackRefused as refused:
            if refused.reason in ("unreachable", "ratelimited"):
                raise
            await self.visitors.whisper(work, visit.texts("slack_not_in_channel"), thread)
            return
        if said:
            await self.answers.answer(visit, Brief(_STORIES, said, thread))
        else:
            await self.visitors.whisper(work, visit.texts("slack_thread_empty"), thread)

    async def greeting(self, work: Work) -> None:
        """Greet whoever opened the panel and offer the stages' examples."""
        thread = work.payload["event"]["assistant_thread"]["thread_ts"]
        visit = await self.visitors.visit(work, thread)
        texts = visit.texts
        text = texts("slack_greeting", name=visit.person.name, stage=self._first(visit))
        await self.api.post(work.channel, literal(text), thread=thread)
        stages = self.assistant().stages(texts.language)
        prompts = [
            {"title": starter.label[:75], "message": f"{stage.title}: {starter.brief}"[:2000]}
            for stage in stages
            for starter in stage.starters[:1]
        ]
        await self.api.call(
            "assistant.threads.setSuggestedPrompts",
            channel_id=work.channel,
            thread_ts=thread,
            title=texts("slack_prompts"),
            prompts=prompts[:_PROMPTS],
        )

    async def again(self, visit: Visit, turn_id: str, thread: str) -> None:
        """Ask once more what a turn of this person's asked."""
        turn = await self.ledger.turn(turn_id, owner=visit.whole.id)
        known = await self.places.thread(visit.channel, thread)
        if turn is not None:
            kept = known.artifact if known and known.person == visit.whole.id else None
            await self.answers.answer(visit, Brief(turn.stage, turn.brief, thread, (kept,) if kept and not turn.brief else ()))

    async def _take(self, visit: Visit, said: str, thread: str) -> None:
        """Answer what was said: by the stage it names, or by the one that the thread is at."""
        asked, known = self._asked(said), await self.places.thread(visit.channel, thread)
        mine = known if known is not None and known.person == visit.whole.id else None
        if await self._taken_as_artifact(visit, asked, thread):
            return
        if mine is None or mine.stage is None:
            stage = asked.stage or (known.stage if known else None) or self._default()
            await self.answers.answer(visit, Brief(stage, asked.brief or said, thread))
        else:
            await self.answers.answer(visit, await self._following(visit, asked, mine))

    async def _following(self, visit: Visit, asked: Asked, thread: SlackThread) -> Brief:
        """Return the brief of what follows in a thread: the next stage rests on its artifact, the same stage on its brief."""
        assert thread.stage is not None
        stage = asked.stage or thread.stage
        upstream = self.assistant().stage(stage, visit.texts.language).upstream
        if stage != thread.stage and thread.artifact and thread.stage in upstream:
            return Brief(stage, asked.brief, thread.thread, (thread.artifact,))
        turn = await self.ledger.turn(thread.turn, owner=visit.whole.id) if thread.turn else None
        before = turn.brief if turn is not None and stage == thread.stage else ""
        return Brief(stage, "\n\n".join(filter(None, (before, asked.brief))), thread.thread)

    async def _taken_as_artifact(self, visit: Visit, asked: Asked, thread: str) -> bool:
        """Keep a text of a known notation as an artifact and show its card; False where it is a brief."""
        assistant, text = self.assistant(), asked.brief
        found = await assistant.recognise(text)
        if found is None or visit.work.artifact is not None:
            return False
        workspace = visit.place.workspace or "default"
        kept = await assistant.keep(text, visit.whole, workspace=workspace, stage=found.stage.name, language=found.language)
        await self.inbox.note_artifact(visit.work, self.answers.instance, kept.artifact_id)
        await self.places.keep_thread(
            visit.work.team, SlackThread(visit.channel, thread, visit.whole.id, kept.stage, None, kept.artifact_id)
        )
        live = self.answers.live(visit, thread)
        await live.open([Row(assistant.stage(kept.stage, visit.texts.language).title)])
        await self.places.keep_post(SlackPost(visit.channel, live.ts, thread, None, 0), visit.work.id)
        await self.answers.showing.first(visit, live, thread, kept.artifact_id)
        return True

    async def _root(self, visit: Visit, asked: Asked) -> str:
        """Post what was asked, under which the answer comes, and return its timestamp; nothing where we may not post."""
        begun = next((post.ts for post in await self.places.posts_for(visit.work.id) if post.part < 0), "")
        if begun:
            return begun
        title = self.assistant().stage(asked.stage, visit.texts.language).title
        person = f"<@{visit.work.person}>"
        text = f"{visit.texts('slack_asked', person=person, stage=literal(title))}\n> " + literal(asked.brief).replace(
            "\n", "\n> "
        )
        try:
            ts = await self.api.post(visit.channel, text[:3900])
        except SlackRefused as refused:
            if refused.reason in ("unreachable", "ratelimited"):
                raise
            await self.visitors.whisper(visit.work, visit.texts("slack_not_in_channel"))
            return ""
        await self.places.keep_post(SlackPost(visit.channel, ts, ts, None, -1), visit.work.id)
        await self.places.keep_thread(visit.work.team, SlackThread(visit.channel, ts, visit.whole.id, asked.stage, None, None))
        return ts

    async def _text(self, work: Work, event: Json) -> str:
        """Return what a message says; one that was held came without its text, which Slack still has."""
        if "text" in event:
            return str(event["text"])
        thread = event.get("thread_ts") or event["ts"]
        for found in await self.api.replies(work.channel, thread, oldest=event["ts"], latest=event["ts"], inclusive="true"):
            if found.get("ts") == event["ts"]:
                return str(found.get("text") or "")
        return ""

    async def _said_in(self, visit: Visit, thread: str) -> str:
        """Return what people said in a thread, a line each, without what bots said."""
        messages = await self.api.replies(visit.channel, thread)
        said = [plain_text(str(one.get("text") or "")) for one in messages if not one.get("bot_id") and one.get("user")]
        return "\n".join(line for line in said if line)[:_THREAD_CHARACTERS]

    async def _may_ask(self, visit: Visit, thread: str) -> bool:
        """Tell whether the person and the channel have briefs left this hour; where not, say so."""
        if visit.work.attempts > 1:
            return True
        options, work = self.options, visit.work
        limits = [("person", f"slack person {work.team} {work.person}", options.briefs_a_person)]
        if not visit.place.alone:
            limits.append(("channel", f"slack channel {work.team} {visit.channel}", options.briefs_a_channel))
        for kind, name, most in limits:
            taken = await self.limits.take(name, most, _HOUR_SECONDS)
            if not taken.allowed:
                minutes = math.ceil(taken.retry_after / 60)
                await self.visitors.whisper(work, visit.texts(f"slack_too_many_{kind}", most=most, minutes=minutes), thread)
                return False
        return True

    def _asked(self, said: str) -> Asked:
        return asked_in(said, [*self.assistant().stages("en"), *self.assistant().stages("zh")])

    def _default(self) -> str:
        return self.assistant().stages("en")[0].name

    def _first(self, visit: Visit) -> str:
        return self.assistant().stages(visit.texts.language)[0].title

    def _help(self, visit: Visit, command: str) -> str:
        stages = self.assistant().stages(visit.texts.language)
        lines = [f"• `{stage.name}` {literal(stage.title)}: {literal(stage.about)}" for stage in stages]
        return "\n".join([visit.texts("slack_help", command=command, stage=stages[0].name), *lines])
