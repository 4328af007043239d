"""An artifact as a card shows it, put together from the records for one person."""

import re
from dataclasses import dataclass, replace

from chains.cards.citations import as_open, stored_sources
from chains.events import Person
from chains.gathering.gather import Known, material_of, told_term
from chains.gathering.upstream import item_status, linked_items
from chains.importing.own_words import with_own_words
from chains.sentences import refuse
from errors import Language
from formats.diagram import Diagram
from formats.sheet import Sheet
from records.artifacts import ArtifactVersion
from records.ledger import Ledger
from records.turns import Turn
from records.workspaces import Workspaces
from stages.catalog import Catalog, CatalogedStage
from stages.declaration import Artifact, ItemView
from stages.findings import Finding, Mended
from stages.material import Material, Source, Term, UpstreamItem


@dataclass(frozen=True)
class Starter:
    """A realistic brief that a person may begin with."""

    label: str
    brief: str


@dataclass(frozen=True)
class StageInfo:
    """A stage as a person chooses it, in their language; `paste` is the hint for a text that it needs beside what lies upstream."""

    name: str
    phase: str
    title: str
    about: str
    upstream: tuple[str, ...]
    next: tuple[str, ...]
    starters: tuple[Starter, ...]
    paste: str = ""


@dataclass(frozen=True)
class ItemCard:
    """One item: how it reads, the text that is edited, what stands against it, and what was said of it."""

    view: ItemView
    edit_text: str
    findings: tuple[Finding, ...]
    status: str


@dataclass(frozen=True)
class ArtifactCard:
    """Everything that a card shows of one version.

    `status` is draft, reviewed, approved or rejected; of an item accepted, edited, rejected or empty. `sheets` are its tables,
    `diagrams` its drawings, `source` the notation that is shown as its source; `silent` says that the knowledge held nothing near.
    """

    artifact_id: str
    version: int
    versions: int
    stage: str
    stage_title: str
    title: str
    language: Language
    status: str
    items: tuple[ItemCard, ...]
    sources: tuple[Source, ...]
    findings: tuple[Finding, ...]
    mends: tuple[Mended, ...]
    terms: tuple[Term, ...]
    questions: tuple[str, ...]
    notations: tuple[tuple[str, str], ...]
    next: tuple[StageInfo, ...]
    turn_id: str
    model: str
    demonstration: bool
    workspace: str = ""
    silent: bool = False
    source: str = "md"
    sheets: tuple[Sheet, ...] = ()
    diagrams: tuple[Diagram, ...] = ()


@dataclass(frozen=True)
class Opened:
    """One version of an artifact with everything that judging it again needs."""

    stage: CatalogedStage
    version: ArtifactVersion
    artifact: Artifact
    material: Material
    turn: Turn | None


class Cards:
    """Opens artifacts for a person and shows them; every reading is refused where the artifact is not the person's."""

    def __init__(self, catalog: Catalog, known: Known, workspaces: Workspaces, ledger: Ledger) -> None:
        self._catalog = catalog
        self._known = known
        self._workspaces = workspaces
        self._ledger = ledger

    async def opened(self, artifact_id: str, person: Person, version: int | None = None) -> Opened:
        """Return a version (the newest by default), its sources as far as they are still open to the person.

        Raises BriefError where there is none for this person, KnowledgeError where it cannot be told what is open.
        """
        found = await self._workspaces.artifact(artifact_id, version, owner=person.id)
        if found is None:
            raise refuse("no-artifact")
        stage = self._catalog.stage(found.artifact.stage)
        artifact = stage.stage.artifact.model_validate(found.body)
        turn = await self._ledger.turn(found.turn, owner=person.id) if found.turn else None
        sources = await as_open(stored_sources(found.sources), person, self._known, found.artifact.language)
        upstream = await linked_items(found, person, catalog=self._catalog, workspaces=self._workspaces)
        upstream = upstream or artifact.upstream_items()
        return Opened(stage, found, artifact, self._material(found, artifact, turn, sources, upstream), turn)

    def with_text(self, opened: Opened, text: str) -> Material:
        """Return the material of an artifact when a text is added to it, such as an item that was edited."""
        known = opened.material
        return self._material(opened.version, opened.artifact, opened.turn, known.sources, known.upstream, text)

    def _material(
        self,
        version: ArtifactVersion,
        artifact: Artifact,
        turn: Turn | None,
        sources: tuple[Source, ...],
        upstream: tuple[UpstreamItem, ...],
        text: str = "",
    ) -> Material:
        """Put together what the artifact is judged by: its brief, its sources, its terms as they are now."""
        texts = [text for item in artifact.items() for text in item.texts().values()]
        material = material_of(
            turn.brief if turn else "",
            version.artifact.language,
            self._known,
            sources=sources,
            upstream=upstream,
            also="\n".join([*texts, text]),
        )
        if turn is not None:
            return material
        return with_own_words(material, self._catalog.stage(version.artifact.stage).stage, artifact, text)

    async def card(self, artifact_id: str, person: Person, version: int | None, *, demonstration: str) -> ArtifactCard:
        """Return the card of a version; `demonstration` is the name of the model that is one, or empty."""
        opened = await self.opened(artifact_id, person, version)
        found, stage, language = opened.version, opened.stage.stage, opened.version.artifact.language
        words = await item_status(artifact_id, person, self._ledger)
        findings = tuple(_numbered(Finding(**row), opened) for row in found.findings)
        model = opened.turn.model if opened.turn else ""
        items = tuple(
            ItemCard(
                view=stage.view(item, language),
                edit_text=stage.edit(item, language),
                findings=tuple(finding for finding in findings if finding.item == item.id),
                status=words.get(item.id, ""),
            )
            for item in opened.artifact.items()
        )
        ids = {item.view.id for item in items}
        # An API that was made of stories is not taken back to stories.
        made_of = {item.stage for item in opened.material.upstream}
        return ArtifactCard(
            artifact_id=artifact_id,
            version=found.number,
            versions=found.artifact.current,
            stage=opened.stage.name,
            stage_title=stage.title[language],
            title=found.artifact.title,
            language=language,
            status=found.artifact.status,
            items=items,
            sources=cited(opened),
            findings=tuple(finding for finding in findings if finding.item not in ids),
            mends=tuple(Mended(**row) for row in found.mends),
            terms=opened.material.terms,
            questions=tuple(getattr(opened.artifact, "questions", ())),
            notations=(*((name, notation.title[language]) for name, notation in stage.notations.items()), ("json", "JSON")),
            next=tuple(self.info(one, language) for one in self._catalog.next_of(opened.stage.name) if one.name not in made_of),
            turn_id=found.turn or "",
            model=model,
            demonstration=bool(model) and model == demonstration,
            workspace=found.artifact.workspace,
            silent=opened.turn is not None and all(source.kept or source.is_offered for source in opened.material.sources),
            source=stage.source,
            sheets=stage.sheets(opened.artifact, language),
            diagrams=stage.diagrams(opened.artifact, language),
        )

    def info(self, stage: CatalogedStage, language: Language) -> StageInfo:
        """Return a stage as a person chooses it."""
        return StageInfo(
            name=stage.name,
            phase=stage.stage.phase,
            title=stage.stage.title[language],
            about=stage.stage.about[language],
            upstream=stage.stage.upstream,
            next=tuple(one.name for one in self._catalog.next_of(stage.name)),
            starters=tuple(Starter(one.label, one.brief) for one in stage.examples.starters if one.language == language),
            paste=stage.stage.paste[language] if stage.stage.paste else "",
        )

    def marks_terms(self, text: str, language: Language) -> list[tuple[int, int, Term, str]]:
        """Return where a text names terms: start, end, the term, and how (name, alias or forbidden)."""
        return [(hit.start, hit.end, told_term(hit.term, language), hit.how) for hit in self._known.terms_in(text)]


def _numbered(finding: Finding, opened: Opened) -> Finding:
    """Return a finding that names sources as the card does: by number where they are cited, by title where they are only near."""
    numbers = {source.key: f"[{number}]" for number, source in enumerate(cited(opened), 1)}
    titles = {source.key: f"“{source.title}”" for source in opened.material.sources}
    names = titles | numbers
    if not names:
        return finding
    keys = "|".join(re.escape(key) for key in sorted(names, key=len, reverse=True))
    return replace(finding, message=re.sub(rf"(?<![\w-])(?:{keys})(?![\w-])", lambda key: names[key[0]], finding.message))


def cited(opened: Opened) -> tuple[Source, ...]:
    """Return the sources that the items cite, in the order of their keys."""
    keys = {key for item in opened.artifact.items() for key in item.sources}
    return tuple(source for source in opened.material.sources if source.key in keys)
