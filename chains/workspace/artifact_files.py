"""An artifact with all its versions as one JSON file: what a workspace is brought in again from."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from records.artifacts import ArtifactVersion, Link
from stages.findings import Severity
from stages.material import Source

SUFFIX = ".artifact.json"
FORMAT = "stagecraft-artifact"


class _Closed(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class FiledLink(_Closed):
    """A link as it stands in a file."""

    upstream_artifact: str
    upstream_version: int = Field(ge=1)
    item: str | None = None
    upstream_item: str | None = None
    known_as: str | None = None


class FiledSource(_Closed):
    """A source as it stands in a file."""

    key: str = Field(max_length=20)
    passage_id: str
    title: str
    shelf: str
    breadcrumb: str
    text: str
    language: Literal["en", "zh"] = "en"
    kind: str = ""
    kept: bool = False
    asset: str = ""


class FiledFinding(_Closed):
    """A finding as it stands in a file."""

    rule: str
    severity: Severity
    place: str
    message: str
    item: str = ""


class FiledMend(_Closed):
    """A mend as it stands in a file."""

    rule: str
    place: str
    before: str
    after: str
    item: str = ""


class FiledVersion(_Closed):
    """A version as it stands in a file."""

    number: int = Field(ge=1)
    body: dict[str, Any]
    sources: tuple[FiledSource, ...] = ()
    findings: tuple[FiledFinding, ...] = ()
    mends: tuple[FiledMend, ...] = ()
    author: str = ""
    reason: str = ""
    created: datetime
    links: tuple[FiledLink, ...] = ()


class FiledArtifact(_Closed):
    """An artifact as it stands in a file; `words` are the last ones on each of its items, the latest last."""

    format: Literal["stagecraft-artifact"]
    id: str = Field(min_length=1, max_length=64)
    stage: str
    title: str
    language: Literal["en", "zh"]
    status: Literal["draft", "reviewed", "approved", "rejected"]
    versions: tuple[FiledVersion, ...] = Field(min_length=1, max_length=1000)
    words: dict[str, Literal["accepted", "edited", "rejected"]] = {}


def filed(
    versions: Sequence[ArtifactVersion],
    links: Mapping[int, Sequence[Link]],
    sources: Mapping[int, Sequence[Source]],
    words: Mapping[str, str],
) -> str:
    """Return the file of an artifact; of each version the links, and the sources as far as they may be taken away."""
    artifact = versions[-1].artifact
    told = FiledArtifact.model_validate(
        {
            "format": FORMAT,
            **{name: getattr(artifact, name) for name in ("id", "stage", "title", "language", "status")},
            "versions": [
                {
                    **{name: getattr(one, name) for name in ("number", "body", "author", "reason", "created")},
                    "findings": one.findings,
                    "mends": one.mends,
                    "links": [vars(link) for link in links[one.number]],
                    "sources": [asdict(source) for source in sources[one.number]],
                }
                for one in versions
            ],
            "words": words,
        }
    )
    return told.model_dump_json(indent=2) + "\n"


def in_order(found: Sequence[FiledArtifact]) -> list[tuple[FiledArtifact, FiledVersion]]:
    """Return every version of the artifacts in the order in which they were made, so that what each rests on comes before it."""
    made: list[tuple[datetime, int, FiledArtifact, FiledVersion]] = []
    for artifact in found:
        moment = datetime.min.replace(tzinfo=UTC)
        for number, version in enumerate(sorted(artifact.versions, key=lambda one: one.number), 1):
            # A version is never older than the one before it, whatever a file says.
            moment = max(moment, version.created if version.created.tzinfo is not None else version.created.replace(tzinfo=UTC))
            made.append((moment, number, artifact, version))
    return [(artifact, version) for _, _, artifact, version in sorted(made, key=lambda one: one[:2])]
