"""Bring artifacts in again from their files: every version as it was made, linked to the others as they were."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from pydantic import ValidationError

from chains.answering.reading import read_artifact
from chains.cards.items import items_in
from chains.events import Person
from chains.sentences import say
from chains.workspace.artifact_files import FiledArtifact, FiledVersion, in_order
from errors import BriefError, Language
from records.artifacts import Link, NewArtifact
from records.ledger import Ledger
from records.turns import Adoption
from records.workspaces import Workspaces
from stages.catalog import Catalog

_LONGEST_TITLE = 200


@dataclass(frozen=True)
class ImportedRow:
    """An artifact that was brought in, the file it came from, and what of it could not be kept."""

    name: str
    artifact_id: str
    stage: str
    title: str
    lost: tuple[str, ...] = ()


@dataclass(frozen=True)
class RefusedFile:
    """A file that was not brought in, and why."""

    name: str
    reason: str


@dataclass
class Restored:
    """What was restored: the rows, and the files that were refused."""

    kept: dict[str, ImportedRow] = field(default_factory=dict)
    refused: list[RefusedFile] = field(default_factory=list)
    numbers: dict[tuple[str, int], tuple[str, int]] = field(default_factory=dict)


def read_filed(text: bytes) -> FiledArtifact:
    """Return the artifact of a file. Raises ValueError with what is wrong with it."""
    try:
        return FiledArtifact.model_validate_json(text)
    except ValidationError as error:
        told = error.errors(include_url=False, include_input=False)[0]
        raise ValueError(f"{'.'.join(map(str, told['loc'])) or '-'}: {told['msg']}") from error


class Restoring:
    """Puts filed artifacts on record as the person's own."""

    def __init__(self, catalog: Catalog, workspaces: Workspaces, ledger: Ledger) -> None:
        self._catalog = catalog
        self._workspaces = workspaces
        self._ledger = ledger

    async def restore(
        self, found: Sequence[tuple[str, FiledArtifact]], workspace: str, person: Person, language: Language
    ) -> Restored:
        """Keep the artifacts of these files, by name, in a workspace (its id), as far as each fits its stage."""
        restored = Restored()
        fit: dict[str, str] = {}
        for name, artifact in found:
            fault = self._fault(artifact, language) if artifact.id not in fit else say("import-twice", language)
            if fault:
                restored.refused.append(RefusedFile(name, fault))
            else:
                fit[artifact.id] = name
        sound = [artifact for name, artifact in found if fit.get(artifact.id) == name]
        for artifact, version in in_order(sound):
            await self._keep(artifact, version, fit[artifact.id], workspace, person, restored)
        for artifact in sound:
            await self._words(artifact, restored.kept[artifact.id].artifact_id, person)
        return restored

    def _fault(self, artifact: FiledArtifact, language: Language) -> str:
        """Return why an artifact cannot be kept, or nothing."""
        try:
            stage = self._catalog.stage(artifact.stage).stage
        except BriefError as error:
            return error.sentence(language)
        for version in artifact.versions:
            _, fault = read_artifact(stage.artifact, version.body)
            if fault:
                return say("import-unfit", language, version=version.number, reason=fault[:300])
        return ""

    async def _keep(
        self, artifact: FiledArtifact, version: FiledVersion, name: str, workspace: str, person: Person, restored: Restored
    ) -> None:
        """Keep one version; a link to what was not brought in is left out."""
        links = tuple(
            Link(*restored.numbers[place], item=link.item, upstream_item=link.upstream_item, known_as=link.known_as)
            for link in version.links
            if (place := (link.upstream_artifact, link.upstream_version)) in restored.numbers
        )
        told: dict[str, Any] = {
            "body": version.body,
            "sources": tuple(source.model_dump() for source in version.sources),
            "findings": tuple(finding.model_dump() for finding in version.findings),
            "mends": tuple(mend.model_dump() for mend in version.mends),
        }
        before = restored.kept.get(artifact.id)
        if before is None:
            title = " ".join(artifact.title.split())[:_LONGEST_TITLE]
            new = NewArtifact(
                workspace, artifact.stage, title, artifact.language, author=person.id, links=links, reason="imported", **told
            )
            kept = await self._workspaces.add_artifact(new, owner=person.id)
            restored.kept[artifact.id] = ImportedRow(name, kept.artifact.id, artifact.stage, title)
        else:
            number = max(made for _, made in (place for key, place in restored.numbers.items() if key[0] == artifact.id))
            kept = await self._workspaces.add_version(
                before.artifact_id, based_on=number, author=person.id, reason="imported", owner=person.id, links=links, **told
            )
        restored.numbers[artifact.id, version.number] = (kept.artifact.id, kept.number)

    async def _words(self, artifact: FiledArtifact, kept: str, person: Person) -> None:
        """Record again what was said of each item, and the status."""
        newest = max(artifact.versions, key=lambda one: one.number)
        items = items_in(newest.body, self._catalog.stage(artifact.stage).stage)
        for item, kind in artifact.words.items():
            if item == "" or item in items:
                count = len(artifact.versions)
                await self._ledger.record_adoption(Adoption(kept, count, person.id, kind, item or None, reason="imported"))
        if artifact.status != "draft":
            await self._workspaces.set_status(kept, artifact.status, owner=person.id)
