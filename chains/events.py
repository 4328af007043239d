"""What the chain tells while an answer comes: the page shows these, the terminal counts them."""

from dataclasses import dataclass, field
from typing import Any, Literal

from errors import AssistantError, Language
from stages.findings import Finding, Mended
from stages.material import Source, Term

Outcome = Literal["answered", "questions", "failed", "cancelled", "interrupted"]


@dataclass(frozen=True)
class Person:
    """Who asks: an id that is the same in every channel, the groups that knowledge is opened to, and what they may do.

    Roles are analyst, curator (assets), steward (terms) and admin. `alone` is false where others read along.
    """

    id: str
    name: str
    groups: frozenset[str] = frozenset({"everyone"})
    roles: frozenset[str] = frozenset({"analyst"})
    alone: bool = True

    @property
    def reads(self) -> frozenset[str]:
        """The groups to search for: the person's own, and the one of drafts that only they may see, unless others read along."""
        return self.groups | {f"@{self.id}"} if self.alone else self.groups


@dataclass(frozen=True)
class Request:
    """One brief for one stage.

    `language` overrides the brief's own; `upstream` names the artifacts that the answer rests on; `workspace` is a name, kept
    per person. `material` are texts that a tool of the person's offers, such as the page they look at: they are read as material,
    fenced and cut, never as rules. `continues` is the turn that was cut off and that this one goes on from.
    """

    stage: str
    brief: str
    person: Person
    workspace: str = "default"
    channel: str = "page"
    language: Language | None = None
    upstream: tuple[str, ...] = ()
    material: tuple[str, ...] = ()
    continues: str = ""


@dataclass(frozen=True)
class TurnWaits:
    """The turn waits for its turn: so many come before it. Told again whenever that changes."""

    before: int


@dataclass(frozen=True)
class TurnBegan:
    """The turn is recorded; everything after it carries its id."""

    turn_id: str
    stage: str
    language: Language
    model: str
    demonstration: bool


@dataclass(frozen=True)
class StepDone:
    """A step that a person may unfold: `name` is one of gather, plan, outline, items, whole, read, check, mend.

    `lines` are short facts in the language of the answer (counts, titles, token shares), never the prompt.
    """

    name: str
    lines: tuple[str, ...]
    seconds: float


@dataclass(frozen=True)
class MaterialGathered:
    """What will be shown beside the artifact."""

    terms: tuple[Term, ...]
    sources: tuple[Source, ...]
    notices: tuple[str, ...] = ()


@dataclass(frozen=True)
class TextArrived:
    """Characters of a reply, for progress; not meant to be read."""

    text: str


@dataclass(frozen=True)
class DraftGrew:
    """The artifact as far as it has come: `body` is a partial JSON object; `done` of `expected` items are whole."""

    body: dict[str, Any]
    done: int
    expected: int


@dataclass(frozen=True)
class ArtifactReady:
    """The artifact, recorded, with what was mended and what stays open."""

    artifact_id: str
    version: int
    body: dict[str, Any]
    findings: tuple[Finding, ...]
    mends: tuple[Mended, ...]


@dataclass(frozen=True)
class QuestionsAsked:
    """The brief leaves too much open to answer: questions, each with an example of a brief that would do."""

    questions: tuple[str, ...]
    examples: tuple[str, ...]


@dataclass(frozen=True)
class AnswerFailed:
    """The turn failed: the sentence to show, the draft that is kept, and what stands against it; `error` is what says who must act."""

    sentence: str
    draft: str = ""
    findings: tuple[Finding, ...] = ()
    failure_id: str = ""
    error: AssistantError | None = None


@dataclass(frozen=True)
class TurnEnded:
    """The end of every turn; `tokens` counts prompt, completion and cached over all calls."""

    turn_id: str
    outcome: Outcome
    seconds: float
    first_token_seconds: float | None
    tokens: dict[str, int] = field(default_factory=dict)


Event = (
    TurnWaits
    | TurnBegan
    | StepDone
    | MaterialGathered
    | TextArrived
    | DraftGrew
    | ArtifactReady
    | QuestionsAsked
    | AnswerFailed
    | TurnEnded
)
