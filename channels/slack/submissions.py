"""What comes of a modal: it is done before Slack closes it, so that what is wrong with a text is said beside the text."""

import asyncio
import json
import logging
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from channels.slack.answering import logged
from channels.slack.api import SlackRefused
from channels.slack.modals import written
from channels.slack.presses import Pressed, read_value
from channels.slack.showing import Showing
from channels.slack.texts import SlackTexts
from channels.slack.visit import Refusal, Visit, Visitors
from errors import AssistantError, BriefError
from records.slack import Work

if TYPE_CHECKING:
    from chains.assistant import Assistant

Json = dict[str, Any]
_log = logging.getLogger("stagecraft.slack")
# Slack waits three seconds and then tells the person that something broke.
_WAIT_SECONDS = 2.5


@dataclass(frozen=True)
class Submissions:
    """Does what modals ask for; cards are brought up to date after Slack has its answer."""

    visitors: Visitors
    showing: Showing
    assistant: "Callable[[], Assistant]"
    _tasks: "set[asyncio.Task[Any]]" = field(default_factory=set)

    async def submit(self, payload: Json) -> Json | None:
        """Return what Slack shall show beside the field, or None where the modal may close."""
        done = self._behind(self._submitted(payload))
        try:
            return await asyncio.wait_for(asyncio.shield(done), _WAIT_SECONDS)
        except TimeoutError:
            view = payload["view"]
            return _beside(view, SlackTexts("en")("slack_slow"))

    async def close(self) -> None:
        """Finish what was begun."""
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _submitted(self, payload: Json) -> Json | None:
        view, language = payload["view"], SlackTexts("en")
        try:
            kept = json.loads(view.get("private_metadata") or "{}")
            pressed = read_value(json.dumps(kept.get("p") or {}))
            work = _as_work(payload, str(kept.get("c") or ""))
            visit = await self.visitors.visit(work, str(kept.get("t") or ""))
            language = visit.texts
            await self._do(view, visit, pressed)
        except Refusal:
            return None
        except BriefError as error:
            return _beside(view, error.sentence(language.language))
        except AssistantError as error:
            return _beside(view, error.sentence(language.language))
        except Exception:  # noqa: BLE001 - the one boundary of the modals
            return _beside(view, language("unexpected_request", id=logged("a modal in Slack")))
        self._behind(self._show(pressed.a, visit))
        return None

    async def _do(self, view: Json, visit: Visit, pressed: Pressed) -> None:
        assistant, name = self.assistant(), view.get("callback_id")
        if name == "edit":
            await assistant.edit(pressed.a, pressed.v, visit.person, pressed.i, written(view, "text"))
        elif name == "reject":
            await assistant.reject(pressed.a, pressed.v, visit.person, written(view, "reason"), pressed.i)

    async def _show(self, artifact_id: str, visit: Visit) -> None:
        try:
            await self.showing.again(artifact_id, visit)
        except BriefError as error:
            await self.visitors.whisper(visit.work, error.sentence(visit.texts.language))
        except SlackRefused as refused:
            _log.warning("a card in Slack is not up to date: %s", refused.detail)

    def _behind(self, work: Coroutine[Any, Any, Any]) -> "asyncio.Task[Any]":
        task: asyncio.Task[Any] = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task


def _beside(view: Json, sentence: str) -> Json:
    """Return the answer that shows a sentence beside the modal's field."""
    block = "text" if view.get("callback_id") == "edit" else "reason"
    return {"response_action": "errors", "errors": {block: sentence}}


def _as_work(payload: Json, channel: str) -> Work:
    """Return a submission as something to answer; it needs no place in the inbox, since Slack sends it once and waits."""
    user, team = payload.get("user") or {}, payload.get("team") or {}
    return Work("", str(team.get("id") or ""), "submission", "", "", str(user.get("id") or ""), channel, payload, 1, None)
