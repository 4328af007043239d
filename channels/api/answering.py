"""One turn as a tool follows it: the pieces of its text as they come, and at the end what came of it."""

from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, cast

from chains.events import (
    AnswerFailed,
    ArtifactReady,
    DraftGrew,
    Event,
    QuestionsAsked,
    Request,
    StepDone,
    TurnBegan,
    TurnEnded,
    TurnWaits,
)
from channels.api.card_text import CardText, questions_text
from channels.api.conversation import questions_heading
from channels.api.refusals import TURN_HEADER, Refusal, refusal_of
from channels.api.written import dumped
from channels.texts import Texts, texts_in
from errors import BriefError, Language

if TYPE_CHECKING:
    from chains.assistant import Assistant

# From these steps on a draft is written anew, or its items are changed: what was given until then stays.
_DRAFT_ENDS = frozenset({"read", "items", "mend"})


@dataclass(frozen=True)
class Beat:
    """Nothing to read yet; `about` says in a word what was done."""

    about: str = ""


@dataclass
class Answer:
    """What is wanted, and what came of it once `pieces` has ended.

    `grows` gives items as they are written; `link` is where a card is found, with `{artifact}` in the place of its id.
    """

    assistant: "Assistant"
    request: Request
    as_json: bool = False
    grows: bool = False
    link: str = ""
    reader: Language = "en"
    turn: str = ""
    outcome: Literal["", "answered", "questions", "refused"] = ""
    ready: ArtifactReady | None = None
    is_refusal: bool = False
    tokens: dict[str, int] = field(default_factory=dict)
    _card: CardText | None = None
    _language: Language = "en"
    _growing: bool = False
    _demonstration: bool = False

    async def pieces(self) -> AsyncGenerator[str | Beat, None]:
        """Yield the text piece by piece. Raises Refusal where the turn failed, and UnexpectedFailure.

        A reader that leaves ends the turn, which is then on record as cancelled.
        """
        events = cast("AsyncGenerator[Event, None]", self.assistant.answer(self.request))
        async with aclosing(events):
            async for event in events:
                piece = await self._take(event)
                if piece is not None:
                    yield piece
        if not self.outcome:
            raise Refusal(502, "no_answer", self._texts("api_not_ended"))

    @property
    def finish_reason(self) -> Literal["stop", "length"]:
        """Why the text ends: because it is whole, or because the model's reply was cut."""
        cut = self.ready is not None and any(finding.rule == "cut" for finding in self.ready.findings)
        return "length" if cut else "stop"

    @property
    def usage(self) -> dict[str, Any]:
        """What the turn cost, in tokens, over all calls of the model."""
        prompt, completion = self.tokens.get("prompt", 0), self.tokens.get("completion", 0)
        return {
            "prompt_tokens": prompt,
            "completion_tokens": completion,
            "total_tokens": prompt + completion,
            "prompt_tokens_details": {"cached_tokens": self.tokens.get("cached", 0)},
        }

    @property
    def told(self) -> dict[str, Any]:
        """What our own clients read beside OpenAI's fields."""
        artifact, version = (self.ready.artifact_id, self.ready.version) if self.ready else (None, None)
        told = {"outcome": self.outcome, "artifact": artifact, "version": version}
        return {**told, "turn": self.turn, "workspace": self.request.workspace, "card": self._address() or None}

    @property
    def _texts(self) -> Texts:
        return texts_in(self._language)

    def _address(self) -> str:
        return self.link.format(artifact=self.ready.artifact_id) if self.ready and self.link else ""

    async def _take(self, event: Event) -> str | Beat | None:
        """Take an event in and return what can be told of it."""
        match event:
            case TurnBegan():
                return self._begun(event)
            case TurnWaits():
                return Beat(f"{event.before} before this one")
            case StepDone():
                self._growing = self._growing and event.name not in _DRAFT_ENDS
                return Beat(event.name)
            case DraftGrew():
                return self._grown(event)
            case ArtifactReady():
                return await self._finished(event)
            case _:
                return self._ended(event)

    def _ended(self, event: Event) -> str | None:
        """Take in how a turn ended that made no artifact, and what it cost."""
        match event:
            case QuestionsAsked():
                self.outcome, self.is_refusal = "questions", self.as_json
                examples = self._texts("api_examples")
                return questions_text(questions_heading(self._language), event.questions, examples, event.examples)
            case AnswerFailed():
                return self._failed(event)
            case TurnEnded():
                self.turn, self.tokens = self.turn or event.turn_id, event.tokens
        return None

    def _begun(self, event: TurnBegan) -> Beat:
        self.turn, self._language, self._demonstration = event.turn_id, event.language, event.demonstration
        self._growing = self.grows and not self.as_json
        return Beat("begun")

    def _head(self, *, demonstration: bool) -> str:
        self._card = CardText(self._texts)
        title = self.assistant.stage(self.request.stage, self._language).title
        return self._card.head(title, demonstration=demonstration)

    def _grown(self, event: DraftGrew) -> str | Beat:
        """Return the items that are whole by now: of a reply that still grows the last one may not be."""
        beat = Beat(f"{event.done} / {event.expected}" if event.expected else "")
        if not self._growing:
            return beat
        views = self.assistant.draft_views(self.request.stage, event.body, self._language)
        whole = views if event.expected else views[:-1]
        if not whole:
            return beat
        # The head waits for the first item: as long as nothing was said, a fault can still be told by its status.
        head = "" if self._card else self._head(demonstration=self._demonstration)
        assert self._card is not None
        return (head + self._card.items(whole)) or beat

    async def _finished(self, event: ArtifactReady) -> str:
        self.outcome, self.ready = "answered", event
        if self.as_json:
            return dumped(event.body)
        card = await self.assistant.card(event.artifact_id, self.request.person, event.version)
        head = "" if self._card else self._head(demonstration=card.demonstration)
        assert self._card is not None
        return head + self._card.end(card, self._address())

    def _failed(self, event: AnswerFailed) -> str:
        """Return the sentence where the brief was refused. Raises Refusal where somebody else must act."""
        if isinstance(event.error, BriefError):
            self.outcome, self.is_refusal = "refused", self.as_json
            return event.sentence
        if event.error is None:
            raise Refusal(502, "no_answer", event.sentence)
        refusal = refusal_of(event.error, self._language)
        refusal.headers = {**refusal.headers, TURN_HEADER: self.turn}
        raise refusal
