"""What a workspace holds: artifacts, their versions, and the links from each item to what it was made from."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from errors import Language
from records.turns import Rows

# A draft was read by nobody, reviewed by somebody, approved by whoever answers for it; every new version is a draft again.
Status = Literal["draft", "reviewed", "approved", "rejected"]


@dataclass(frozen=True)
class Workspace:
    """The artifacts of one initiative; it belongs to one person."""

    id: str
    name: str
    owner: str
    created: datetime


@dataclass(frozen=True)
class Link:
    """Where an item (None: the whole artifact) comes from: a version of an upstream artifact, or one item in it.

    `known_as` is the id under which the item names it, where two upstream artifacts have an item of the same id.
    """

    upstream_artifact: str
    upstream_version: int
    item: str | None = None
    upstream_item: str | None = None
    known_as: str | None = None


@dataclass(frozen=True)
class NewArtifact:
    """An artifact to be kept as version 1; `author` is who or what wrote it, a person's id or the assistant.

    `sources` is a snapshot, so that a source can still be shown when the knowledge has moved on: each with key,
    passage_id, title, shelf, breadcrumb and text. `links` point upstream within the workspace.
    """

    workspace: str
    stage: str
    title: str
    language: Language
    body: dict[str, Any]
    author: str
    sources: Rows = ()
    findings: Rows = ()
    mends: Rows = ()
    links: tuple[Link, ...] = ()
    reason: str = ""
    turn: str | None = None


@dataclass(frozen=True)
class Artifact:
    """An artifact without its body; `current` is the number of its newest version."""

    id: str
    workspace: str
    stage: str
    title: str
    language: Language
    status: Status
    current: int
    author: str
    created: datetime


@dataclass(frozen=True)
class ArtifactVersion:
    """One version of an artifact; `reason` says why it was made, `turn` which answer it came from, if one did."""

    artifact: Artifact
    number: int
    body: dict[str, Any]
    sources: Rows
    findings: Rows
    mends: Rows
    author: str
    reason: str
    turn: str | None
    created: datetime
