"""What a workspace is listed by: workspaces, artifacts and versions, each as one row."""

from dataclasses import dataclass
from datetime import datetime

from chains.changing.staleness import Standing
from chains.sentences import say
from errors import Language
from records.artifacts import Status
from records.trace import HeldArtifact

_REASONS = frozenset({"edited", "refreshed", "regenerated", "confirmed", "imported", "questions"})


@dataclass(frozen=True)
class WorkspaceRow:
    """A workspace of a person: how many artifacts it holds, and how many of these are approved."""

    id: str
    name: str
    created: datetime
    artifacts: int
    approved: int


@dataclass(frozen=True)
class ArtifactRow:
    """An artifact as the workspace lists it; `author` made its current version at `changed`, `stale` counts its stale items."""

    artifact_id: str
    stage: str
    stage_title: str
    title: str
    language: Language
    status: Status
    version: int
    items: int
    stale: int
    author: str
    created: datetime
    changed: datetime
    open_proposals: int


@dataclass(frozen=True)
class Overview:
    """What a workspace holds, along the life cycle, the oldest of a stage first."""

    name: str
    artifacts: tuple[ArtifactRow, ...]


@dataclass(frozen=True)
class VersionRow:
    """A version of an artifact: who made it, when, and why, in the reader's language."""

    number: int
    author: str
    reason: str
    reason_text: str
    created: datetime
    findings: int
    is_current: bool


def artifact_row(one: HeldArtifact, standing: Standing, waiting: int, language: Language) -> ArtifactRow:
    """Return an artifact as the workspace lists it; `waiting` proposals are open for it."""
    artifact, items = one.artifact, standing.items[one.artifact.id]
    return ArtifactRow(
        artifact_id=artifact.id,
        stage=artifact.stage,
        stage_title=standing.stage(one).stage.title[language],
        title=artifact.title,
        language=artifact.language,
        status=artifact.status,
        version=artifact.current,
        items=len(items),
        stale=sum(standing.grounds(artifact.id, item) is not None for item in items),
        author=one.changed_by,
        created=artifact.created,
        changed=one.changed,
        open_proposals=waiting,
    )


def reason_text(reason: str, language: Language) -> str:
    """Return in words why a version was made; a reason of another release is told as it is."""
    return say(f"reason-{reason or 'first'}", language) if not reason or reason in _REASONS else reason
