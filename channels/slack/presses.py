"""The buttons of a card in Slack: what they carry is read strictly, and done for whoever presses if the artifact is theirs."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from channels.slack.answering import Answers, Brief
from channels.slack.api import SlackApi
from channels.slack.conversation import Conversation
from channels.slack.modals import edit_modal, reject_modal
from channels.slack.showing import Showing, not_here
from channels.slack.texts import SlackTexts
from channels.slack.visit import Visit, Visitors
from errors import BriefError
from records.slack import Work

if TYPE_CHECKING:
    from chains.assistant import Assistant

Json = dict[str, Any]
_Id = Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{1,64}$")]


class Pressed(BaseModel):
    """What a button carries: artifact, version, and where it has one the item, stage, notation or turn."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)
    a: _Id = ""
    v: int = Field(0, ge=0)
    i: str = Field("", max_length=64)
    s: str = Field("", max_length=64)
    n: str = Field("", max_length=32)
    t: str = Field("", max_length=64)


@dataclass(frozen=True)
class Presses:
    """Does what buttons ask for."""

    api: SlackApi
    visitors: Visitors
    showing: Showing
    answers: Answers
    conversation: Conversation
    assistant: "Callable[[], Assistant]"

    async def press(self, work: Work) -> None:
        """Do what a button asks for; an error is told to whoever pressed it."""
        action = work.payload["actions"][0]
        name, thread = str(action["action_id"]).partition(":")[0], thread_of(work.payload)
        does = {
            "accept": self._accept,
            "reject": self._ask_reason,
            "edit": self._ask_text,
            "carry_on": self._carry_on,
            "download": self._download,
            "retry": self._retry,
        }.get(name)
        if does is None:
            return
        visit = await self.visitors.visit(work, thread)
        try:
            pressed = read_pressed(action)
            if pressed.a:
                await self._demand_theirs(pressed.a, visit)
            await does(visit, pressed, thread)
        except BriefError as error:
            await self.visitors.whisper(work, error.sentence(visit.texts.language), thread)

    async def _demand_theirs(self, artifact_id: str, visit: Visit) -> None:
        """Raise BriefError, with the sentence for a stranger, unless the artifact is this person's."""
        try:
            await self.assistant().card(artifact_id, visit.person)
        except BriefError as error:
            raise BriefError(SlackTexts("en")("slack_not_yours"), SlackTexts("zh")("slack_not_yours")) from error

    async def _accept(self, visit: Visit, pressed: Pressed, _thread: str) -> None:
        await self.assistant().accept(pressed.a, pressed.v, visit.person, pressed.i)
        await self.showing.again(pressed.a, visit)

    async def _ask_reason(self, visit: Visit, pressed: Pressed, thread: str) -> None:
        await self._open(visit, reject_modal(pressed.i, visit.texts, _kept(visit, pressed, thread)))

    async def _ask_text(self, visit: Visit, pressed: Pressed, thread: str) -> None:
        if not await self.showing.may_show(pressed.a, visit):
            raise not_here()
        card = await self.assistant().card(pressed.a, visit.person)
        item = next((one for one in card.items if one.view.id == pressed.i), None)
        if item is None:
            raise BriefError(SlackTexts("en")("not_found"), SlackTexts("zh")("not_found"))
        await self._open(visit, edit_modal(pressed.i, item.edit_text, visit.texts, _kept(visit, pressed, thread)))

    async def _open(self, visit: Visit, modal: Json) -> None:
        await self.api.call("views.open", trigger_id=visit.work.payload["trigger_id"], view=modal)

    async def _carry_on(self, visit: Visit, pressed: Pressed, thread: str) -> None:
        await self.answers.answer(visit, Brief(pressed.s, "", thread, (pressed.a,)))

    async def _download(self, visit: Visit, pressed: Pressed, thread: str) -> None:
        if not await self.showing.may_show(pressed.a, visit):
            raise not_here()
        export = await self.assistant().export(pressed.a, visit.person, pressed.n, pressed.v)
        await self.api.upload(visit.channel, thread or None, export.name, export.content)

    async def _retry(self, visit: Visit, pressed: Pressed, thread: str) -> None:
        await self.conversation.again(visit, pressed.t, thread)


def read_pressed(action: Json) -> Pressed:
    """Return what a button or a menu carries. Raises BriefError where it is none of ours."""
    chosen = action.get("selected_option")
    value = chosen.get("value") if isinstance(chosen, dict) else action.get("value")
    return read_value(value)


def read_value(value: Any) -> Pressed:
    """Return what a text carries. Raises BriefError where it is none of ours."""
    try:
        return Pressed.model_validate_json(value if isinstance(value, str) else "")
    except ValidationError as error:
        raise BriefError(SlackTexts("en")("action_unsound"), SlackTexts("zh")("action_unsound")) from error


def thread_of(payload: Json) -> str:
    """Return the thread that a button stands in."""
    message = payload.get("message")
    found = message if isinstance(message, dict) else {}
    return str(found.get("thread_ts") or found.get("ts") or "")


def _kept(visit: Visit, pressed: Pressed, thread: str) -> str:
    """Return what a modal has to remember until it is sent."""
    return json.dumps({"p": pressed.model_dump(exclude_defaults=True), "c": visit.channel, "t": thread})
