"""One answer as the terminal collects it, event by event, and as the one JSON object that scripts read."""

import json
import re
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any, cast

from chains.events import (
    AnswerFailed,
    ArtifactReady,
    DraftGrew,
    Event,
    MaterialGathered,
    QuestionsAsked,
    Request,
    StepDone,
    TurnBegan,
    TurnEnded,
)
from channels.terminal.texts import TerminalTexts
from errors import Language
from stages.findings import Finding, Mended
from stages.material import Source

if TYPE_CHECKING:
    from chains.assistant import Assistant

# json leaves these as they are, and some terminals take them for commands.
_COMMANDING = re.compile("[\x7f-\x9f]")


@dataclass
class Answer:
    """What is known of an answer so far; `error` is its sentence where it failed."""

    stage: str
    workspace: str
    language: Language = "en"
    turn: str | None = None
    model: str | None = None
    ready: ArtifactReady | None = None
    sources: tuple[Source, ...] = ()
    findings: tuple[Finding, ...] = ()
    mends: tuple[Mended, ...] = ()
    steps: list[StepDone] = field(default_factory=list)
    asked: QuestionsAsked | None = None
    error: str = ""
    draft: str = ""
    grown: dict[str, Any] = field(default_factory=dict)
    seconds: float = 0.0
    tokens: dict[str, int] = field(default_factory=dict)

    def take(self, event: Event) -> None:
        """Take one event in."""
        match event:
            case TurnBegan():
                self.turn, self.model, self.language = event.turn_id, event.model, event.language
            case StepDone():
                self.steps.append(event)
            case MaterialGathered():
                self.sources = event.sources
            case DraftGrew():
                self.grown = event.body
            case ArtifactReady():
                self.ready, self.findings, self.mends = event, event.findings, event.mends
            case _:
                self._take_end(event)

    def _take_end(self, event: Event) -> None:
        """Take in how the answer ended where it brought no artifact, and what it cost."""
        match event:
            case QuestionsAsked():
                self.asked = event
            case AnswerFailed():
                self.error, self.findings, self.draft = event.sentence, event.findings, event.draft
            case TurnEnded():
                self.turn = self.turn or event.turn_id or None
                self.seconds, self.tokens = event.seconds, event.tokens

    @property
    def kept_draft(self) -> str:
        """What the model wrote before the answer failed: its text, or the items as far as they were read."""
        return self.draft or (_dumped(self.grown) if self.grown else "")

    def as_json(self, error: str = "") -> str:
        """Return the one object; with `error`, that of an answer which an error ended."""
        error = error or self.error
        artifact = self.ready and {"id": self.ready.artifact_id, "version": self.ready.version, "body": self.ready.body}
        told: dict[str, Any] = {
            "stage": self.stage,
            "language": self.language,
            "workspace": self.workspace,
            "turn": self.turn,
            "model": self.model,
            "artifact": artifact,
            "sources": [asdict(source) for source in self.sources],
            "findings": [finding.as_json() for finding in self.findings],
            "mends": [mend.as_json() for mend in self.mends],
            "steps": [asdict(step) for step in self.steps],
            "seconds": self.seconds,
            "tokens": self.tokens,
        }
        if self.asked is not None:
            told |= {"questions": self.asked.questions, "examples": self.asked.examples}
        if error:
            told |= {"error": error, "draft": self.kept_draft}
        return _dumped(told)


async def follow(assistant: "Assistant", request: Request, answer: Answer, tell: Callable[[Event], None]) -> None:
    """Collect an answer to its end, telling every event on; cancelled, the turn is closed and recorded as cancelled."""
    events = cast("AsyncGenerator[Event, None]", assistant.answer(request))
    async with aclosing(events):
        async for event in events:
            answer.take(event)
            tell(event)
    if answer.ready is None and answer.asked is None and not answer.error:
        answer.error = TerminalTexts(answer.language)("no_answer")


def _dumped(value: Any) -> str:
    """Write JSON that a person can read too, Chinese as it is, without a character that commands a terminal."""
    text = json.dumps(value, ensure_ascii=False, indent=2)
    # A lone half of a character cannot be written in UTF-8.
    text = text.encode("utf-8", "backslashreplace").decode()
    return _COMMANDING.sub(lambda match: f"\\u{ord(match[0]):04x}", text)
