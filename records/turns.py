"""What a turn is on record: how it starts, how it ends, and what people made of its artifact."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from errors import Language
from records.instances import this_instance

Rows = tuple[dict[str, Any], ...]
Outcome = Literal["answering", "answered", "questions", "failed", "interrupted", "cancelled"]
Ending = Literal["answered", "questions", "failed", "interrupted", "cancelled"]
AdoptionKind = Literal["accepted", "edited", "rejected"]


@dataclass(frozen=True)
class TurnStart:
    """What is known before the answer begins; `prompt_hash` is the sha256 of the stage's prompt file, `upstream` the artifacts that
    the brief rests on."""

    workspace: str
    stage: str
    phase: str
    asker: str
    channel: str
    language: Language
    brief: str
    prompt_hash: str
    model: str = ""
    artifact: str | None = None
    upstream: tuple[str, ...] = ()
    instance: str = field(default_factory=this_instance)


@dataclass(frozen=True)
class Draft:
    """A turn's text as far as it has come, and the part of it that is whole."""

    turn: str
    text: str
    written: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class TurnEnd:
    """How the answer came about and what came of it; a None leaves what is on record.

    `prompt` is the prompt as it was sent: a list of calls, each with its messages. `seconds` counts from the brief to the
    end. `failure_id` is the id that the person and the operator's log share, `failure` the sentence that was shown. `written` is
    the part of a draft that is whole: what an answer that goes on does not ask for again.
    """

    outcome: Ending
    artifact: str | None = None
    model: str | None = None
    draft: str | None = None
    passages: Rows = ()
    steps: Rows = ()
    findings: Rows = ()
    mends: Rows = ()
    prompt: Rows = ()
    tokens: dict[str, int] = field(default_factory=dict)
    seconds: float | None = None
    failure_id: str | None = None
    failure: str | None = None
    written: dict[str, Any] | None = None


@dataclass(frozen=True)
class Turn:
    """One turn on record: a brief and how it was answered."""

    id: str
    workspace: str
    artifact: str | None
    stage: str
    phase: str
    asker: str
    channel: str
    language: Language
    brief: str
    prompt_hash: str
    model: str
    instance: str
    outcome: Outcome
    draft: str
    passages: Rows
    steps: Rows
    findings: Rows
    mends: Rows
    prompt: Rows
    tokens: dict[str, int]
    seconds: float | None
    failure_id: str | None
    failure: str | None
    started: datetime
    ended: datetime | None
    upstream: tuple[str, ...] = ()
    written: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Adoption:
    """What a person made of an artifact, or of one item in it: taken as it was, edited, or refused.

    `turn` is the turn whose answer is judged; None takes the turn that wrote the version.
    """

    artifact: str
    version: int
    person: str
    kind: AdoptionKind
    item: str | None = None
    turn: str | None = None
    before: str = ""
    after: str = ""
    reason: str = ""


@dataclass(frozen=True)
class RecordedAdoption:
    """An adoption with its id and moment."""

    id: str
    adoption: Adoption
    created: datetime


@dataclass(frozen=True)
class AdoptionRate:
    """How the answers of a stage under one version of its prompt were adopted; a person's last word on an item counts."""

    stage: str
    prompt_hash: str
    accepted: int
    edited: int
    rejected: int

    @property
    def judged(self) -> int:
        """The number of judgements."""
        return self.accepted + self.edited + self.rejected

    @property
    def rate(self) -> float:
        """The share, 0 to 1, that was taken, as it was or edited."""
        return (self.accepted + self.edited) / self.judged if self.judged else 0.0
