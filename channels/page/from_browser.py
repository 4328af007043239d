"""What a browser may send, read strictly: the page runs on the person's machine and can be made to send anything."""

import re
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, Any, Literal

from pydantic import UUID4, BaseModel, ConfigDict, Field, TypeAdapter, ValidationError, model_validator

from errors import Language

DEFAULT_WORKSPACE = "default"
_WORKSPACE = re.compile(r"\w[\w .\-]{0,59}")
_SETTINGS = ("language", "workspace")

Id = Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{1,64}$")]
Item = Annotated[str, Field(max_length=64)]
TermId = Annotated[str, Field(min_length=1, max_length=400)]


class Payload(BaseModel):
    """What a button of a card sends: ids and what was typed, nothing else."""

    model_config = ConfigDict(extra="forbid", strict=True)


class Accept(Payload):
    """Accept an item, or the whole artifact where `item` is empty."""

    artifact_id: Id
    version: int = Field(ge=1)
    item: Item = ""


class Reject(Accept):
    """Reject an item, or the whole artifact, for a reason."""

    reason: str = Field(min_length=1, max_length=2000)


class OneItem(Payload):
    """Do something to one item of the version that the person saw."""

    artifact_id: Id
    version: int = Field(ge=1)
    item: Item = Field(min_length=1)


class Edit(OneItem):
    """Put a text in an item's place; it is checked again."""

    text: str = Field(max_length=20_000)


class OpenArtifact(Payload):
    """Show what belongs to an artifact: its versions, or the trace of its workspace."""

    artifact_id: Id


class CompareVersions(OpenArtifact):
    """Show what differs between two versions."""

    before: int = Field(ge=1)
    after: int = Field(ge=1)


class SelectItem(Accept):
    """Bring an item up to date, or keep it as it is; all that are stale where `item` is empty."""


class Redo(OneItem):
    """Write an item again as a remark wants it."""

    remark: str = Field(max_length=2000)


class Decide(OpenArtifact):
    """Take or discard what is proposed."""

    proposal: Id


class Clarify(OpenArtifact):
    """Answers to what a brief leaves open, by the id of the point."""

    answers: dict[Id, Annotated[str, Field(min_length=1, max_length=400)]] = Field(min_length=1, max_length=20)


class OpenWorkspace(Payload):
    """Show a workspace's trace as it is now."""

    workspace: str = Field(min_length=1, max_length=255)


class SearchKnowledge(Payload):
    """Try a search."""

    text: str = Field(min_length=1, max_length=2000)


class ApproveAsset(Payload):
    """Open an uploaded asset to everyone."""

    asset_id: Id


class RemoveUpload(Payload):
    """Take an upload, and the asset that came of it, out of the knowledge."""

    upload_id: Id


class OpenDesk(Payload):
    """Show the curator's desk or the steward's."""

    desk: Literal["knowledge", "terms"]


class RefuseTerm(Payload):
    """Refuse an offered or disputed term; `id` names which."""

    id: TermId


class MergeTerm(RefuseTerm):
    """Make it another name of a term, or a word that must not stand for that."""

    into: TermId
    forbidden: bool = False


class AcceptTerm(RefuseTerm):
    """Take it into the glossary under these names."""

    en: str = Field(max_length=200)
    zh: str = Field(max_length=200)
    kind: str = Field(min_length=1, max_length=60)
    definition: str = Field(max_length=2000)


class GoOn(Payload):
    """Have an answer that was cut off go on."""

    turn_id: Id


class Ask(Payload):
    """Ask a brief: again, as an example, or for the next stage. It is what the person could have typed.

    What rests on an artifact needs no brief; `shown` is then what stands in the chat as the person's message.
    """

    stage: Id
    brief: str = Field("", max_length=200_000)
    shown: str = Field("", max_length=400)
    upstream: list[Id] = Field(default_factory=list, max_length=20)

    @model_validator(mode="after")
    def _asks(self) -> "Ask":
        if not self.brief.strip() and not self.upstream:
            raise ValueError("a brief or an artifact to rest on is needed")
        return self


@dataclass(frozen=True)
class Preferences:
    """What the person chose; `sound` is false where something was sent that cannot be taken."""

    language: Language | None
    workspace: str
    sound: bool


def read_preferences(chosen: Mapping[str, Any]) -> Preferences:
    """Return the preferences; whatever is unsound counts as not chosen."""
    language, workspace = chosen.get("language", "auto"), chosen.get("workspace", DEFAULT_WORKSPACE)
    fits = isinstance(workspace, str) and _WORKSPACE.fullmatch(workspace.strip()) is not None
    return Preferences(
        language if language in ("en", "zh") else None,
        workspace.strip() if fits else DEFAULT_WORKSPACE,
        fits and language in ("auto", "en", "zh"),
    )


def known_settings(settings: Any) -> dict[str, str]:
    """Return the settings that there are, as texts; a browser may send any name."""
    if not isinstance(settings, dict):
        return {}
    return {key: value for key, value in settings.items() if key in _SETTINGS and isinstance(value, str)}


def sound_handshake(auth: Any) -> dict[str, Any]:
    """Return the handshake with ids that are UUIDs (Chainlit names a folder after one) and with nothing else of the browser's.

    Raises ConnectionRefusedError.
    """
    try:
        session_id = str(uuid.UUID(auth["sessionId"]))
        thread_id = str(uuid.UUID(auth["threadId"])) if auth.get("threadId") else ""
        client = "copilot" if auth.get("clientType") == "copilot" else "webapp"
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise ConnectionRefusedError("The session's id is unsound. Reload the page.") from error
    return {"sessionId": session_id, "threadId": thread_id, "clientType": client, "userEnv": "{}", "chatProfile": ""}


def typed_message(payload: Any, author: str) -> dict[str, Any] | None:
    """Return the message that Chainlit may process, its author and kind set by us; None where it cannot be read."""
    try:
        typed = _Typed.model_validate(payload["message"])
    except (ValidationError, KeyError, TypeError):
        return None
    message = {
        "id": str(typed.id),
        "threadId": "",
        "name": author,
        "type": "user_message",
        "output": typed.output,
        "createdAt": datetime.now(UTC).isoformat().replace("+00:00", "Z"),
        "command": typed.command,
        "modes": typed.modes,
        "metadata": {},
    }
    return {"message": message, "fileReferences": _references(payload.get("fileReferences"))}


def _references(sent: Any) -> list[dict[str, str]] | None:
    """Return the files that go with a message, by the ids under which this session uploaded them; None where there are none."""
    try:
        return [{"id": str(file.id)} for file in _References.validate_python(sent or [])] or None
    except ValidationError:
        return None


class _Reference(BaseModel):
    """A file that was uploaded before the message; other fields are left out."""

    id: UUID4


_References = TypeAdapter(Annotated[list[_Reference], Field(max_length=50)])


class _Typed(BaseModel):
    """A message as typed; every other field that the browser sends is left out."""

    id: UUID4
    # Far beyond the longest brief, and still small enough to be told that it is too long.
    output: str = Field(max_length=1_000_000)
    command: str | None = Field(None, max_length=100)
    modes: dict[str, str] | None = Field(None, max_length=5)
