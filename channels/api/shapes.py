"""What `/api` sends, field by field: the promise that scripts rely on, whatever the program calls its parts inside."""

from datetime import datetime
from typing import Generic, TypeVar

from pydantic import BaseModel, ConfigDict, Field

from errors import Language
from stages.findings import Severity

_One = TypeVar("_One")


class _Sent(BaseModel):
    model_config = ConfigDict(from_attributes=True, frozen=True)


class Listed(_Sent, Generic[_One]):
    """A part of a list: `total` counts the whole of it, `offset` what was passed over."""

    items: list[_One]
    total: int
    offset: int
    limit: int


class SentStage(_Sent):
    """A stage; `upstream` names the stages that it may rest on, `next` those that may rest on it."""

    name: str
    phase: str
    title: str
    about: str
    upstream: list[str]
    next: list[str]


class SentWorkspace(_Sent):
    """A workspace, and how many of its artifacts are approved."""

    id: str
    name: str
    created: datetime
    artifacts: int
    approved: int


class SentArtifact(_Sent):
    """An artifact as a workspace lists it; `stale` counts items whose ground has changed."""

    id: str = Field(validation_alias="artifact_id")
    stage: str
    stage_title: str
    title: str
    language: Language
    status: str
    version: int
    items: int
    stale: int
    open_proposals: int
    author: str
    created: datetime
    changed: datetime


class SentVersion(_Sent):
    """A version of an artifact, and why it was made."""

    number: int
    author: str
    reason: str
    reason_text: str
    created: datetime
    findings: int
    is_current: bool


class SentFinding(_Sent):
    """What a check holds against an item, or against the whole where `item` is empty."""

    rule: str
    severity: Severity
    item: str
    message: str


class SentMend(_Sent):
    """What was put right by rule."""

    rule: str
    item: str
    before: str
    after: str


class SentSource(_Sent):
    """A cited passage under its number; `offered` marks a text that came with the brief instead of from the knowledge."""

    number: int
    title: str
    shelf: str
    breadcrumb: str
    text: str
    language: Language
    offered: bool


class SentLine(_Sent):
    """A line of an item; lines with `cells` are the rows of one table."""

    keyword: str
    text: str
    depth: int
    cells: list[str]


class SentItem(_Sent):
    """An item as a person reads it; `edit_text` is what an edit starts from, `status` accepted, edited, rejected or empty."""

    id: str
    title: str
    section: str
    badges: list[str]
    lines: list[SentLine]
    rests_on: list[str]
    sources: list[int]
    findings: list[SentFinding]
    status: str
    edit_text: str


class SentNotation(_Sent):
    """A notation in which an artifact may be exported."""

    name: str
    title: str


class SentCard(_Sent):
    """One version of an artifact: everything that its card on the page shows."""

    id: str
    version: int
    versions: int
    stage: str
    stage_title: str
    title: str
    language: Language
    status: str
    workspace: str
    items: list[SentItem]
    sources: list[SentSource]
    findings: list[SentFinding]
    mends: list[SentMend]
    questions: list[str]
    notations: list[SentNotation]
    turn: str
    model: str
    demonstration: bool
    silent: bool
    link: str


class SentPassage(_Sent):
    """A passage that was found; `kept` marks one that belongs to a shelf of standards and was not found by the words."""

    passage: str
    title: str
    shelf: str
    owner: str
    breadcrumb: str
    language: str
    text: str
    score: float
    kept: bool


class SentTerm(_Sent):
    """A term of the glossary; `written` is how the text writes it, `how` whether that is its name, an alias or forbidden."""

    id: str
    kind: str
    context: str
    en: str
    zh: str
    definition: dict[Language, str]
    aliases: dict[Language, list[str]]
    forbidden: dict[Language, list[str]]
    owner: str
    written: str
    how: str


class SentTerms(_Sent):
    """The terms that a text names; where it names none, the names that are near it."""

    items: list[SentTerm]
    near: list[str]


class SentAdoption(_Sent):
    """How the answers of a stage were adopted under one version of its prompt; `rate` is from 0 to 1."""

    stage: str
    prompt_hash: str
    accepted: int
    edited: int
    rejected: int
    judged: int
    rate: float


class Decision(BaseModel):
    """A decision about an item, or about the whole where `item` is empty, of the version that was looked at."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    version: int = Field(ge=1, le=1_000_000)
    item: str = Field("", max_length=200)


class Rejection(Decision):
    """A decision against an item."""

    reason: str = Field(min_length=1, max_length=2000)


class Edit(Decision):
    """An item as it shall read from now on, written as its `edit_text` is."""

    item: str = Field(min_length=1, max_length=200)
    text: str = Field(min_length=1, max_length=20_000)
