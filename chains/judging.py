"""Read and check: a body becomes an artifact with what was mended by rule and what stands against it."""

from dataclasses import dataclass
from typing import Any

from chains.checking import checked, mended
from chains.reading import read_artifact
from chains.sentences import say
from chains.turn import RunningTurn
from errors import ReplyError
from stages.declaration import Artifact, Stage
from stages.findings import Finding, Mended
from stages.material import Material

Json = dict[str, Any]


@dataclass(frozen=True)
class Answered:
    """What came of asking: the artifact, what was mended, what stays open."""

    artifact: Artifact
    findings: tuple[Finding, ...] = ()
    mends: tuple[Mended, ...] = ()


def judged(stage: Stage, body: Json, material: Material) -> Answered | Finding:
    """Return the artifact of a body, mended by rule and checked; where it cannot be read, what its schema holds against it."""
    artifact, message = read_artifact(stage.artifact, stage.way.completed(body, material))
    if artifact is None:
        return Finding("schema", "error", "", message)
    artifact, mends = mended(stage, artifact, material)
    return Answered(artifact, checked(stage, artifact, material), mends)


def unreadable(stage: Stage, turn: RunningTurn) -> ReplyError:
    """Return the error that keeps the draft for the person."""
    return ReplyError(say("junk", "en", title=stage.title["en"]), say("junk", "zh", title=stage.title["zh"]), draft=turn.draft)
