"""The card while its answer comes: the chain's events, taken one by one, as properties of the page."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

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
from channels.elements.cards import Json, draft_items, findings_of
from channels.texts import Texts
from errors import Language
from stages.declaration import ItemView

_STEPS = frozenset({"gather", "plan", "outline", "items", "whole", "read", "check", "mend"})
DraftViews = Callable[[str, dict[str, Any], Language], tuple[ItemView, ...]]


@dataclass
class LiveAnswer:
    """What is known of one answer so far; `ready` is the recorded artifact once there is one."""

    request: Request
    stage_title: str
    texts: Texts
    draft_views: DraftViews
    phase: str = "working"
    doing: str = ""
    done: int = 0
    expected: int = 0
    items: list[Json] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)
    error: str = ""
    draft: str = ""
    findings: list[Json] = field(default_factory=list)
    questions: tuple[str, ...] = ()
    examples: tuple[str, ...] = ()
    ready: ArtifactReady | None = None
    turn_id: str = ""
    language: Language = "en"

    def __post_init__(self) -> None:
        self.doing = self.doing or self.texts("doing_begin")

    def take(self, event: Event) -> None:
        """Take one event in; those that the card does not show pass."""
        match event:
            case TurnBegan():
                self.turn_id, self.language = event.turn_id, event.language
            case StepDone() if event.name in _STEPS:
                self.doing = self.texts(f"doing_{event.name}")
            case MaterialGathered():
                self.notices = list(event.notices)
            case DraftGrew():
                self._grow(event)
            case ArtifactReady():
                self.ready = event
            case QuestionsAsked() | AnswerFailed() | TurnEnded():
                self._end(event)

    def stop(self) -> None:
        """Mark the answer as stopped by the person; what was written stays."""
        self.phase, self.error = "stopped", self.texts("stopped_kept" if self.items else "stopped")

    def fail(self, sentence: str) -> None:
        """Mark the answer as failed with this sentence."""
        self.phase, self.error = "failed", sentence

    def props(self) -> Json:
        """Return the card's properties as they are now."""
        return {
            "phase": self.phase,
            "stageTitle": self.stage_title,
            "title": "",
            "badge": {"tone": self.phase, "text": self.texts(f"status_{self.phase}")},
            "progress": {"text": self.doing, "done": self.done, "expected": self.expected},
            "items": self.items,
            "notices": self.notices,
            "error": self.error,
            "draft": self.draft,
            "findings": self.findings,
            "questions": list(self.questions),
            "examples": list(self.examples),
            "promptHref": f"/turns/{self.turn_id}/prompt" if self.turn_id and self.phase == "failed" else "",
            "retry": {"stage": self.request.stage, "brief": self.request.brief, "upstream": list(self.request.upstream)},
            "labels": self.texts.labels(),
        }

    def _end(self, event: QuestionsAsked | AnswerFailed | TurnEnded) -> None:
        """Take in why there is no artifact; a turn that just ends without one has failed or was stopped."""
        match event:
            case QuestionsAsked():
                self.phase, self.questions, self.examples = "questions", event.questions, event.examples
            case AnswerFailed():
                self.fail(event.sentence)
                self.draft, self.findings = event.draft, findings_of(event.findings, self.texts)
            case TurnEnded() if self.phase == "working" and self.ready is None:
                if event.outcome in ("cancelled", "interrupted"):
                    self.stop()
                else:
                    self.fail(self.texts("no_answer"))

    def _grow(self, grown: DraftGrew) -> None:
        self.items = draft_items(self.draft_views(self.request.stage, grown.body, self.language))
        self.done, self.expected = grown.done, grown.expected
        if grown.done < grown.expected:
            self.doing = self.texts("doing_item", number=grown.done + 1, expected=grown.expected)


def step_title(name: str, texts: Texts) -> str:
    """Return what a person reads for a step's name."""
    return texts(f"step_{name}") if name in _STEPS else texts("step_other")
