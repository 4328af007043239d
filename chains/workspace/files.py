"""A whole workspace taken away as a zip, and brought in again from one, or from single files that people have."""

import asyncio
from dataclasses import dataclass

from chains.cards.cards import Cards
from chains.cards.citations import as_open, stored_sources
from chains.changing.workshop import Export
from chains.events import Person
from chains.flow import Flow
from chains.gathering.upstream import item_status
from chains.importing.imported import Importer
from chains.sentences import refuse, say
from chains.workspace.artifact_files import SUFFIX, FiledArtifact, filed
from chains.workspace.packing import Packed, packed_files
from chains.workspace.restoring import ImportedRow, RefusedFile, Restoring, read_filed
from chains.workspace.trace import TraceTable
from errors import BriefError, Language
from formats.archive import ArchiveError, file_name, pack, unpack
from records.artifacts import Artifact, Workspace

LONGEST_FILE = 50_000_000
_ZIP = b"PK\x03\x04"
_EMPTY_ZIP = b"PK\x05\x06"
# What stands beside the artifacts' files in our own zip is made of them; in another zip each of these is read.
_MOST_TOLD = 500


@dataclass(frozen=True)
class ImportReport:
    """What was brought in, and what was refused, each with its reason in the reader's language."""

    kept: tuple[ImportedRow, ...] = ()
    refused: tuple[RefusedFile, ...] = ()


class WorkspaceFiles:
    """Packs and unpacks workspaces; a source that the person may not read any more is never packed."""

    def __init__(self, flow: Flow, cards: Cards) -> None:
        self._flow = flow
        self._cards = cards
        self._importer = Importer(flow.catalog, flow.known, flow.workspaces)
        self._restoring = Restoring(flow.catalog, flow.workspaces, flow.ledger)

    async def export(self, workspace: Workspace, trace: TraceTable, person: Person, language: Language) -> Export:
        """Return all that a workspace holds as a zip; the same content gives the same bytes."""
        held = await self._flow.workspaces.artifacts(workspace.id, owner=person.id)
        place = {stage.name: number for number, stage in enumerate(self._flow.catalog)}
        ordered = sorted(held, key=lambda artifact: place[artifact.stage])
        artifacts = [await self._packed(artifact, person) for artifact in ordered]
        files = await packed_files(workspace.name, artifacts, trace, language)
        content = await asyncio.to_thread(pack, files)
        return Export(f"{file_name(workspace.name)}.zip", "application/zip", content)

    async def bring_in(self, workspace: str, name: str, content: bytes, person: Person, language: Language) -> ImportReport:
        """Bring a zip or one file into the person's workspace of this name, which is made where there is none.

        Raises BriefError where the file is too large, a zip that cannot be read, or no notation that any stage reads.
        """
        if len(content) > LONGEST_FILE:
            raise refuse("import-large", most=LONGEST_FILE // 1_000_000)
        if content[:4] in (_ZIP, _EMPTY_ZIP):
            return await self._zip(workspace, content, person, language)
        try:
            found = [(name, read_filed(content))] if name.endswith(SUFFIX) else []
        except ValueError as error:
            raise refuse("import-unread", reason=str(error)[:300]) from error
        if found:
            return await self._restored(workspace, found, [], person, language)
        text = _text(content)
        if text is None:
            raise refuse("import-no-text")
        return ImportReport((await self._one(workspace, name, text, person),))

    async def _zip(self, workspace: str, content: bytes, person: Person, language: Language) -> ImportReport:
        """Bring in what a zip holds: our own artifacts' files where there are any, otherwise every file that a stage reads."""
        try:
            unpacked = await asyncio.to_thread(unpack, content)
        except ArchiveError as error:
            raise refuse("import-no-zip") from error
        refused = [RefusedFile(name, say(f"zip-{reason}", language)) for name, reason in unpacked.refused]
        ours = {name: text for name, text in unpacked.files.items() if name.endswith(SUFFIX)}
        if not ours:
            return await self._each(workspace, unpacked.files, refused, person, language)
        found: list[tuple[str, FiledArtifact]] = []
        for name, text in ours.items():
            try:
                found.append((name, read_filed(text)))
            except ValueError as error:
                refused.append(RefusedFile(name, say("import-unread", language, reason=str(error)[:300])))
        return await self._restored(workspace, found, refused, person, language)

    async def _restored(
        self,
        workspace: str,
        found: list[tuple[str, FiledArtifact]],
        refused: list[RefusedFile],
        person: Person,
        language: Language,
    ) -> ImportReport:
        opened = await self._flow.workspaces.open(workspace, person.id)
        restored = await self._restoring.restore(found, opened.id, person, language)
        return ImportReport(tuple(restored.kept.values()), tuple([*refused, *restored.refused][:_MOST_TOLD]))

    async def _each(
        self, workspace: str, files: dict[str, bytes], refused: list[RefusedFile], person: Person, language: Language
    ) -> ImportReport:
        kept: list[ImportedRow] = []
        for name, content in files.items():
            text = _text(content)
            if text is None:
                refused.append(RefusedFile(name, say("import-no-text", language)))
                continue
            try:
                kept.append(await self._one(workspace, name, text, person))
            except BriefError as error:
                refused.append(RefusedFile(name, error.sentence(language)))
        return ImportReport(tuple(kept), tuple(refused[:_MOST_TOLD]))

    async def _one(self, workspace: str, name: str, text: str, person: Person) -> ImportedRow:
        kept = await self._importer.keep(text, person, workspace=workspace)
        return ImportedRow(name, kept.artifact_id, kept.stage, kept.title, kept.lost)

    async def _packed(self, artifact: Artifact, person: Person) -> Packed:
        """Open an artifact for the person, with all its versions; sources that are closed to them keep their key alone."""
        opened = await self._cards.opened(artifact.id, person)
        versions = await self._flow.workspaces.versions(artifact.id, owner=person.id)
        links = {one.number: await self._flow.workspaces.links(artifact.id, one.number, owner=person.id) for one in versions}
        sources = {
            one.number: await as_open(stored_sources(one.sources), person, self._flow.known, artifact.language)
            for one in versions
        }
        return Packed(opened, filed(versions, links, sources, await item_status(artifact.id, person, self._flow.ledger)))


def _text(content: bytes) -> str | None:
    """Return a file's text; None where it is none."""
    for encoding in ("utf-8-sig", "utf-16", "gb18030"):
        if encoding == "utf-16" and content[:2] not in (b"\xff\xfe", b"\xfe\xff"):
            continue
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        return None if "\x00" in text else text
    return None
