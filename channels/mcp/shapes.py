"""What each tool takes and gives, field by field; the descriptions are read by the model that chooses a tool."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from channels.api.shapes import SentArtifact, SentFinding, SentPassage, SentStage, SentWorkspace

_Words = Annotated[str, Field(min_length=1, max_length=2000)]
_Workspace = Annotated[str, Field(max_length=255, description="Name of the initiative; the key's own where empty.")]
_Id = Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{1,64}$")]
ARTIFACTS, WORKSPACES = "stagecraft://artifacts/", "stagecraft://workspaces/"


class Taken(BaseModel):
    """The arguments of a tool: what it does not know is refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Nothing(Taken):
    """No arguments."""


class Ask(Taken):
    """A brief for a stage."""

    stage: str = Field(max_length=100, description="Name of a stage, as list_stages gives it, such as user_stories.")
    brief: str = Field(
        description="What the business wants, in English or Chinese. May be empty where `upstream` says what the answer rests on."
    )
    workspace: _Workspace = ""
    upstream: list[_Id] = Field(
        default_factory=list,
        max_length=20,
        description="Ids of artifacts that the answer rests on, such as accepted user stories.",
    )


class Search(Taken):
    """A question to the organisation's knowledge."""

    query: _Words = Field(description="What to look for, in English or Chinese.")
    limit: int = Field(6, ge=1, le=30, description="Most passages.")


class LookUp(Taken):
    """Words to be looked up in the glossary."""

    text: _Words = Field(description="A word, or a text whose terms are wanted.")


class Read(Taken):
    """An artifact."""

    artifact: _Id = Field(description="Id of the artifact.")
    version: int | None = Field(None, ge=1, le=1_000_000, description="A version; the newest where empty.")


class OfWorkspace(Taken):
    """A workspace."""

    workspace: _Workspace = ""


class Answered(BaseModel):
    """What came of a brief: an artifact, or questions that the brief leaves open, which stand in the text."""

    outcome: Literal["answered", "questions"]
    artifact: str | None
    version: int | None
    stage: str
    workspace: str
    turn: str
    resource: str | None = Field(description="Where the artifact can be read.")
    findings: list[SentFinding] = Field(description="What the checks hold against the artifact.")


class Stages(BaseModel):
    """The stages, those that rest on nothing first."""

    stages: list[SentStage]


class Workspaces(BaseModel):
    """The person's workspaces."""

    workspaces: list[SentWorkspace]


class Passages(BaseModel):
    """Passages that answer a question, best first."""

    passages: list[SentPassage]


class TracedItem(BaseModel):
    """One item in the thread of a story; `reason` says why it is stale."""

    artifact: str
    item: str
    title: str
    status: str
    stale: bool
    reason: str


class TracedRow(BaseModel):
    """What belongs together, by stage; `gaps` are the stages that were begun and hold nothing for it."""

    items: dict[str, list[TracedItem]]
    gaps: list[str]
    loose: bool


class Traced(BaseModel):
    """The trace of a workspace, and what it holds."""

    workspace: str
    artifacts: list[SentArtifact]
    rows: list[TracedRow]
    gaps: int
    stale: int
