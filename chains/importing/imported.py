"""Import: a pasted text of a known notation becomes an artifact of a workspace, graded, with what is lost named."""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from chains.answering.checking import as_rows, checked
from chains.events import Person
from chains.gathering.gather import Known, material_of
from chains.importing.fitting import fitted
from chains.importing.own_words import with_own_words
from chains.importing.recognising import Recognised, recognise
from chains.sentences import refuse, say
from errors import BriefError, Language
from records.artifacts import NewArtifact
from records.workspaces import Workspaces
from stages.catalog import Catalog, CatalogedStage
from stages.declaration import Artifact, Stage
from stages.findings import Finding
from stages.material import Material
from stages.shared_checks import RULES as SHARED

Grade = Literal["whole", "with losses", "with faults"]
LONGEST_TEXT = 2_000_000
REASON = "imported"
_LONGEST_TITLE = 80
# Terms and names are looked for in so much of the items' words.
_MOST_CHARACTERS = 20_000


@dataclass(frozen=True)
class Kept:
    """An imported artifact: whole, with losses (what the shape cannot hold), or with faults (what the notation itself forbids)."""

    artifact_id: str
    version: int
    workspace: str
    stage: str
    title: str
    language: Language
    items: int
    grade: Grade
    lost: tuple[str, ...]
    faults: tuple[str, ...]
    findings: tuple[Finding, ...]


class Importer:
    """Reads what people paste and keeps it; nothing is mended, so that an artifact says what its text said."""

    def __init__(self, catalog: Catalog, known: Known, workspaces: Workspaces) -> None:
        self._catalog = catalog
        self._known = known
        self._workspaces = workspaces

    async def recognise(self, text: str, stage: str = "", language: Language | None = None) -> Recognised | None:
        """Return which stage's notation a text is, of all stages or of the one named. Raises BriefError for an unknown stage."""
        stages: Iterable[CatalogedStage] = [self._catalog.stage(stage)] if stage else self._catalog
        # A large text takes a parser seconds: meanwhile others are served.
        return await asyncio.to_thread(recognise, text, tuple(stages), language)

    async def keep(
        self,
        text: str,
        person: Person,
        *,
        workspace: str = "default",
        stage: str = "",
        language: Language | None = None,
        title: str = "",
    ) -> Kept:
        """Keep a text as an artifact of the workspace of this name; `stage` says what it is where that is known, `title` its name.

        Raises BriefError where the text is empty, too long, none of the notations, or holds not one item that fits.
        """
        if not text.strip():
            raise refuse("import-empty")
        if len(text) > LONGEST_TEXT:
            raise refuse("too-long", count=f"{len(text):,}", most=f"{LONGEST_TEXT:,}")
        found = await self.recognise(text, stage, language)
        if found is None:
            raise self._unknown(stage)
        artifact, left = fitted(found.stage.stage.artifact, found.imported.body, found.language)
        if artifact is None or not artifact.items():
            raise refuse("import-nothing", reason="; ".join(left[:3]) or "-")
        lost = tuple(dict.fromkeys((*found.imported.lost, *left)))
        findings = self._judged(found, artifact, lost)
        name = _title(title or found.stage.stage.view(artifact.items()[0], found.language).title)
        return await self._recorded(found, artifact, findings, lost, person=person, workspace=workspace, title=name)

    def _judged(self, found: Recognised, artifact: Artifact, lost: tuple[str, ...]) -> tuple[Finding, ...]:
        """Return what stands against the artifact: faults of the text, the stage's checks, what is lost."""
        told = [SHARED.finding("import-fault", found.language, text=text) for text in found.imported.faults]
        told += checked(found.stage.stage, artifact, self._material(found.stage.stage, artifact, found.language))
        told += [SHARED.finding("import-lost", found.language, text=text) for text in lost]
        return tuple(told)

    def _material(self, stage: Stage, artifact: Artifact, language: Language) -> Material:
        """Return what an imported artifact is judged by: its own words in the place of a brief, the organisation's terms."""
        words = "\n".join(text for item in artifact.items() for text in item.texts().values())[:_MOST_CHARACTERS]
        upstream = artifact.upstream_items()
        material = material_of("", language, self._known, sources=(), upstream=upstream, also=words)
        return with_own_words(material, stage, artifact)

    async def _recorded(
        self,
        found: Recognised,
        artifact: Artifact,
        findings: tuple[Finding, ...],
        lost: tuple[str, ...],
        *,
        person: Person,
        workspace: str,
        title: str,
    ) -> Kept:
        """Put the artifact on record as the person's own, and say how it came through."""
        opened = await self._workspaces.open(workspace, person.id)
        new = NewArtifact(
            workspace=opened.id,
            stage=found.stage.name,
            title=title,
            language=found.language,
            body=artifact.model_dump(mode="json"),
            author=person.id,
            findings=as_rows(findings),
            reason=REASON,
        )
        kept = await self._workspaces.add_artifact(new, owner=person.id)
        faults = found.imported.faults
        grade: Grade = "with faults" if faults else "with losses" if lost else "whole"
        return Kept(
            artifact_id=kept.artifact.id,
            version=kept.number,
            workspace=opened.name,
            stage=found.stage.name,
            title=title,
            language=found.language,
            items=len(artifact.items()),
            grade=grade,
            lost=lost,
            faults=faults,
            findings=findings,
        )

    def _unknown(self, stage: str) -> BriefError:
        """Return the refusal that names what can be read."""
        if not stage:
            return refuse("import-unknown")
        told = self._catalog.stage(stage).stage.title
        return BriefError(say("import-not-this", "en", title=told["en"]), say("import-not-this", "zh", title=told["zh"]))


def _title(text: str) -> str:
    """Return a title as cards show it."""
    plain = " ".join(text.split())
    return plain if len(plain) <= _LONGEST_TITLE else plain[: _LONGEST_TITLE - 1].rstrip() + "…"
