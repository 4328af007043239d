"""Read and check: a body becomes an artifact with what was mended by rule and what stands against it."""

from dataclasses import dataclass
from typing import Any

from chains.answering.checking import checked, mended
from chains.answering.reading import read_artifact
from chains.answering.turn import RunningTurn
from chains.sentences import say
from errors import ReplyError
from stages.catalog import CatalogedStage
from stages.declaration import Artifact, Stage
from stages.findings import Finding, Mended
from stages.material import Material
from stages.shared_checks import RULES as SHARED

Json = dict[str, Any]


@dataclass(frozen=True)
class Answered:
    """What came of asking: the artifact, what was mended, what stays open."""

    artifact: Artifact
    findings: tuple[Finding, ...] = ()
    mends: tuple[Mended, ...] = ()


def judged(cataloged: CatalogedStage, body: Json, material: Material, *, small: bool = False) -> Answered | Finding:
    """Return the artifact of a body, mended by rule and checked; where it cannot be read, what its schema holds against it.

    Of a `small` model it is also said what it took over from an example; a capable one uses the same stock phrases by itself.
    """
    stage = cataloged.stage
    artifact, message = read_artifact(stage.artifact, stage.way.completed(body, material))
    if artifact is None:
        return Finding("schema", "error", "", message)
    artifact, mends = mended(stage, artifact, material)
    findings = (*checked(stage, artifact, material), *(_copied(cataloged, artifact, material) if small else ()))
    return Answered(artifact, findings, mends)


def _copied(cataloged: CatalogedStage, artifact: Artifact, material: Material) -> list[Finding]:
    """Find texts that a small model took over from an example instead of writing them for the brief."""
    examples = {
        " ".join(text.casefold().split())
        for example in cataloged.examples.items
        for value in example.reply.values()
        for text in (value if isinstance(value, list) else [value])
        if isinstance(text, str)
    }
    spoken = "\n".join([material.brief, *(item.text for item in material.upstream)]).casefold()
    return [
        SHARED.finding("copied-example", material.language, place=place, item=item.id, text=text)
        for item in artifact.items()
        for place, text in item.texts().items()
        if " ".join(text.casefold().split()) in examples and text.casefold() not in spoken
    ]


def unreadable(stage: Stage, turn: RunningTurn) -> ReplyError:
    """Return the error that keeps the draft for the person."""
    return ReplyError(say("junk", "en", title=stage.title["en"]), say("junk", "zh", title=stage.title["zh"]), draft=turn.draft)
