"""The workspace as a whole: what it holds and how that stands, what was changed and proposed, and the whole taken away and brought in."""

from collections.abc import Collection, Sequence

from chains.cards.cards import Cards, Opened
from chains.cards.comparing import Comparison, compare
from chains.cards.proposal_views import ProposalView, seen
from chains.changing.due import Asked
from chains.changing.proposing import Proposing
from chains.changing.redoing import Redoing, Refreshed
from chains.changing.rewriting import Progress
from chains.changing.staleness import StaleItem, Standing, stale_items
from chains.changing.workshop import Export, Workshop
from chains.events import Person
from chains.flow import Flow
from chains.sentences import refuse
from chains.workspace.files import ImportReport, WorkspaceFiles
from chains.workspace.rows import Overview, VersionRow, WorkspaceRow, artifact_row, reason_text
from chains.workspace.trace import TraceTable, trace_sheet, trace_table
from errors import Language
from formats.sheet import Sheet
from knowledge.knowledge import Knowledge
from records.artifacts import Workspace
from records.proposals import Proposals
from records.trace import Traces

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def _untold(_done: int, _expected: int) -> None:
    """Tell nobody how far it is."""


class WorkspaceDesk:
    """What channels call for a workspace. What is not the person's is refused (BriefError); the records may fail (RecordsError).

    A workspace is called by its name, as in a Request; `language` is the reader's, while items stay in their artifact's.
    """

    def __init__(self, flow: Flow, knowledge: Knowledge) -> None:
        database = flow.workspaces.database
        self._flow = flow
        self._cards = Cards(flow.catalog, knowledge, flow.workspaces, flow.ledger)
        self._workshop = Workshop(self._cards, flow.workspaces, flow.ledger)
        self._proposals = Proposals(database)
        self._traces = Traces(database)
        self._proposing = Proposing(flow, self._cards, self._proposals, self._traces)
        self._redoing = Redoing(flow, self._proposals, self._traces)
        self._files = WorkspaceFiles(flow, self._cards)

    async def workspaces(self, person: Person) -> tuple[WorkspaceRow, ...]:
        """Return the person's workspaces by name."""
        rows = []
        for one in await self._flow.workspaces.list(person.id):
            held = await self._flow.workspaces.artifacts(one.id, owner=person.id)
            approved = sum(artifact.status == "approved" for artifact in held)
            rows.append(WorkspaceRow(one.id, one.name, one.created, len(held), approved))
        return tuple(rows)

    async def overview(self, workspace: str, person: Person, language: Language) -> Overview:
        """Return what the workspace of this name holds."""
        opened = await self._workspace(workspace, person)
        standing = await self._standing(opened, person)
        waiting = await self._proposals.open_in(opened.id, owner=person.id)
        place = {stage.name: number for number, stage in enumerate(self._flow.catalog)}
        held = sorted(standing.held.artifacts, key=lambda one: place[one.artifact.stage])
        rows = tuple(artifact_row(one, standing, waiting.get(one.artifact.id, 0), language) for one in held)
        return Overview(opened.name, rows)

    async def stale(self, artifact_id: str, person: Person, language: Language) -> tuple[StaleItem, ...]:
        """Return the stale items of the current version, with the reasons; none where nothing has changed upstream."""
        standing = Standing(await self._traces.upstream_of(artifact_id, owner=person.id), self._flow.catalog)
        if artifact_id not in standing.artifacts:
            raise refuse("no-artifact")
        return stale_items(standing, artifact_id, language)

    async def versions(self, artifact_id: str, person: Person, language: Language) -> tuple[VersionRow, ...]:
        """Return the versions of an artifact, the newest first."""
        found = await self._flow.workspaces.versions(artifact_id, owner=person.id)
        if not found:
            raise refuse("no-artifact")
        return tuple(
            VersionRow(
                number=one.number,
                author=one.author,
                reason=one.reason,
                reason_text=reason_text(one.reason, language),
                created=one.created,
                findings=len(one.findings),
                is_current=one.number == one.artifact.current,
            )
            for one in reversed(found)
        )

    async def compare(self, artifact_id: str, before: int, after: int, person: Person) -> Comparison:
        """Return what differs between two versions of an artifact, item by item and word by word."""
        sides = [await self._version(artifact_id, number, person) for number in (before, after)]
        language = sides[0].version.artifact.language
        changes = compare(sides[0].stage, sides[0].artifact, sides[1].artifact, language)
        return Comparison(artifact_id, before, after, changes)

    async def trace(self, workspace: str, person: Person, language: Language) -> TraceTable:
        """Return the trace of the workspace of this name."""
        opened = await self._workspace(workspace, person)
        return trace_table(opened.name, await self._standing(opened, person), language)

    async def trace_sheet(self, workspace: str, person: Person, language: Language) -> Sheet:
        """Return the trace as a sheet."""
        return trace_sheet(await self.trace(workspace, person, language), language)

    async def trace_xlsx(self, workspace: str, person: Person, language: Language) -> Export:
        """Return the trace as a spreadsheet in which no cell is a formula."""
        from formats.xlsx import workbook

        return Export("trace.xlsx", _XLSX, workbook([await self.trace_sheet(workspace, person, language)]))

    async def review(self, artifact_id: str, version: int, person: Person) -> None:
        """Take note that the person has read this version and finds it right."""
        await self._workshop.accept(artifact_id, version, person, "")

    async def approve(self, artifact_id: str, version: int, person: Person) -> None:
        """Approve this version."""
        await self._workshop.approve(artifact_id, version, person)

    async def still_right(self, artifact_id: str, version: int, items: Sequence[str], person: Person) -> int:
        """Link stale items as they are to what they rest on now; return the number of the version that this makes."""
        return await self._proposing.still_right(artifact_id, version, items, person)

    async def refresh(
        self,
        artifact_id: str,
        version: int,
        person: Person,
        language: Language,
        *,
        item: str = "",
        channel: str = "page",
        progress: Progress = _untold,
    ) -> Refreshed:
        """Propose what follows from the changes upstream, for one item or all. Raises EndpointError too; a cancelled task is on
        record as cancelled."""
        opened = await self._current(artifact_id, version, person)
        return await self._redoing.refresh(Asked(opened, person, language, channel, progress), item)

    async def regenerate(
        self,
        artifact_id: str,
        version: int,
        item: str,
        remark: str,
        person: Person,
        language: Language,
        *,
        channel: str = "page",
        progress: Progress = _untold,
    ) -> Refreshed:
        """Propose one item anew, as the remark wants it. Raises EndpointError too."""
        opened = await self._current(artifact_id, version, person)
        present = next((one for one in opened.artifact.items() if one.id == item), None)
        if present is None:
            raise refuse("no-item", item=item[:20])
        return await self._redoing.regenerate(Asked(opened, person, language, channel, progress), present, remark)

    async def proposals(self, artifact_id: str, person: Person, language: Language) -> tuple[ProposalView, ...]:
        """Return the proposals for an artifact that nobody has decided on."""
        opened = await self._cards.opened(artifact_id, person)
        return seen(opened, await self._proposals.of(artifact_id, owner=person.id), language)

    async def accept_proposals(self, artifact_id: str, proposal_ids: Collection[str], person: Person) -> int:
        """Make one new version of some proposals and return its number; the others stay open."""
        return await self._proposing.accept(artifact_id, proposal_ids, person)

    async def discard_proposals(self, artifact_id: str, proposal_ids: Collection[str], person: Person) -> None:
        """Record that some proposals are not wanted."""
        await self._proposing.discard(artifact_id, proposal_ids, person)

    async def export(self, workspace: str, person: Person, language: Language) -> Export:
        """Return all that a workspace holds as a zip, from which it can be brought in again."""
        opened = await self._workspace(workspace, person)
        trace = trace_table(opened.name, await self._standing(opened, person), language)
        return await self._files.export(opened, trace, person, language)

    async def import_file(self, workspace: str, name: str, content: bytes, person: Person, language: Language) -> ImportReport:
        """Bring a workspace's zip, or one file of a notation that a stage reads, into the workspace of this name."""
        return await self._files.bring_in(workspace, name, content, person, language)

    async def _workspace(self, name: str, person: Person) -> Workspace:
        """Return the person's workspace of this name; looking at one makes none, but the default is always there."""
        there = await self._flow.workspaces.list(person.id)
        wanted = " ".join(name.split())
        found = next((one for one in there if one.name == wanted), None)
        if found is None and wanted == "default":
            return await self._flow.workspaces.open(wanted, person.id)
        if found is None:
            raise refuse("no-workspace", name=wanted[:60] or "-", names=", ".join(one.name for one in there) or "-")
        return found

    async def _standing(self, opened: Workspace, person: Person) -> Standing:
        return Standing(await self._traces.workspace(opened.id, owner=person.id), self._flow.catalog)

    async def _current(self, artifact_id: str, version: int, person: Person) -> Opened:
        opened = await self._cards.opened(artifact_id, person)
        if opened.version.number != version:
            raise refuse("stale", version=version, current=opened.version.number)
        return opened

    async def _version(self, artifact_id: str, number: int, person: Person) -> Opened:
        newest = await self._cards.opened(artifact_id, person)
        if not 1 <= number <= newest.version.number:
            raise refuse("no-version", version=number, current=newest.version.number)
        return await self._cards.opened(artifact_id, person, number)
