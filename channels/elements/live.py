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
    TextArrived,
    TurnBegan,
    TurnEnded,
    TurnWaits,
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
    writing: bool = False
    waits: bool = False
    notices: list[str] = field(default_factory=list)
    error: str = ""
    draft: str = ""
    findings: list[Json] = field(default_factory=list)
    questions: tuple[str, ...] = ()
    examples: tuple[str, ...] = ()
    ready: ArtifactReady | None = None
    turn_id: str = ""
    language: Language = "en"
    _items: list[Json] = field(default_factory=list)
    _grown: DraftGrew | None = None

    def __post_init__(self) -> None:
        self.doing = self.doing or self.texts("doing_begin")
        self._labels = self.texts.labels()

    @property
    def items(self) -> list[Json]:
        """The items of the draft; made when they are asked for, since most drafts are outgrown before they are shown."""
        if self._grown is not None:
            self._items = draft_items(self.draft_views(self.request.stage, self._grown.body, self.language))
            self._grown = None
        return self._items

    def take(self, event: Event) -> bool:
        """Take one event in, and tell whether the card shows something new; those that it does not show pass."""
        if isinstance(event, TextArrived):
            return self._first_text()
        self._take(event)
        return True

    def _take(self, event: Event) -> None:
        match event:
            case TurnWaits():
                self.doing, self.waits = waiting(event, self.texts), True
            case TurnBegan():
                self.turn_id, self.language = event.turn_id, event.language
            case StepDone() if event.name in _STEPS:
                self.doing, self.waits = self.texts(f"doing_{event.name}"), False
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

    def interrupt(self) -> None:
        """Mark the answer as cut off by us; what was written is kept, and the answer goes on when it is asked to."""
        self.phase = "interrupted"
        self.error = self.texts("interrupted_kept" if self.items else "interrupted")

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
            "progress": {
                "text": self.doing,
                "done": self.done,
                "expected": self.expected,
                "writing": self.writing,
                "waits": self.waits,
            },
            "items": self.items,
            "notices": self.notices,
            "error": self.error,
            "draft": self.draft,
            "findings": self.findings,
            "questions": list(self.questions),
            "examples": list(self.examples),
            "promptHref": f"/turns/{self.turn_id}/prompt" if self.turn_id and self.phase == "failed" else "",
            "turnId": self.turn_id,
            "goOn": self._may_go_on(),
            "retry": {"stage": self.request.stage, "brief": self.request.brief, "upstream": list(self.request.upstream)},
            "labels": self._labels,
        }

    def _may_go_on(self) -> bool:
        """Whether one press lets the answer go on from where it is."""
        return bool(self.turn_id) and (self.phase == "interrupted" or (self.phase in ("stopped", "failed") and bool(self.items)))

    def _end(self, event: QuestionsAsked | AnswerFailed | TurnEnded) -> None:
        """Take in why there is no artifact; a turn that just ends without one has failed or was stopped."""
        match event:
            case QuestionsAsked():
                self.phase, self.questions, self.examples = "questions", event.questions, event.examples
            case AnswerFailed():
                self.fail(event.sentence)
                self.draft, self.findings = event.draft, findings_of(event.findings, self.texts)
            case TurnEnded() if self.phase == "working" and self.ready is None:
                if event.outcome == "interrupted":
                    self.interrupt()
                elif event.outcome == "cancelled":
                    self.stop()
                else:
                    self.fail(self.texts("no_answer"))

    def _first_text(self) -> bool:
        """Say that the answer comes; items that are counted say more than that."""
        first, self.writing = not self.writing, True
        if first and not self.expected:
            self.doing = self.texts("doing_writing")
        return first

    def _grow(self, grown: DraftGrew) -> None:
        self._grown = grown
        self.done, self.expected = grown.done, grown.expected
        if grown.done < grown.expected:
            self.doing = self.texts("doing_item", number=grown.done + 1, expected=grown.expected)


def waiting(event: TurnWaits, texts: Texts) -> str:
    """Return what a person reads whose turn has not come."""
    return texts("doing_wait", before=event.before) if event.before else texts("doing_next")


def step_title(name: str, texts: Texts) -> str:
    """Return what a person reads for a step's name."""
    return texts(f"step_{name}") if name in _STEPS else texts("step_other")
