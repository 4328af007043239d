"""Refresh what rests on something that has changed, or write one item anew: each outcome is a proposal for a person to decide on."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace

from chains.answering.checking import as_rows
from chains.answering.turn import RunningTurn
from chains.answering.writing import Writer
from chains.cards.cards import Opened
from chains.cards.proposal_views import ProposalView, seen
from chains.changing.due import LANGUAGES, Asked, Due, due_of
from chains.changing.grounds import Ground, material_now
from chains.changing.recording import on_record
from chains.changing.rewriting import Rewriting, Wanted
from chains.flow import Flow
from chains.gathering.gather import gather
from chains.gathering.upstream import links_named, next_free
from chains.sentences import say
from errors import Language
from records.proposals import NewProposal, Proposals
from records.trace import Traces
from records.turns import TurnStart
from stages.declaration import Entry, Item
from stages.material import Material, Source, UpstreamItem

_LONGEST_REMARK = 1000


@dataclass(frozen=True)
class Refreshed:
    """What came of a refresh: proposals, the items that the model could not write, and what else there is to say."""

    proposals: tuple[ProposalView, ...] = ()
    unwritten: tuple[str, ...] = ()
    notice: str = ""


class Redoing:
    """Asks the endpoint for items of an artifact again, and keeps what comes as proposals."""

    def __init__(self, flow: Flow, proposals: Proposals, traces: Traces) -> None:
        self._flow = flow
        self._proposals = proposals
        self._traces = traces

    async def refresh(self, asked: Asked, item: str = "") -> Refreshed:
        """Propose a change for each stale item, an addition for what is new upstream, a removal for what rests on nothing now;
        where an item is named, for that one alone.

        Raises EndpointError, BriefError.
        """
        due = await due_of(asked, self._flow, self._traces)
        due = due.only(item) if item else due
        if not (due.changes or due.removals or due.ground.new):
            stale = due.stale[asked.language]
            notice = say("refresh-upstream-first" if stale else "refresh-nothing", asked.language, items=", ".join(stale))
            return Refreshed(notice=notice)
        brief = " ".join(dict.fromkeys(due.reason(item.id)[asked.language] for item in (*due.changes, *due.removals)))
        async with on_record(self._flow.ledger, self._start(asked, brief or say("refresh-new", asked.language))) as turn:
            gone = [self._removal(asked, item, due.reason(item.id), turn) for item in due.removals]
            further = await self._further(asked, due.ground.new)
            material = self._material(asked.opened, due.ground, further)
            wanted = self._wanted_changes(asked, due, material)
            additions = self._wanted_additions(asked.opened, due.ground, material)
            return await self._proposed(asked, [*wanted, *additions], gone, material, due, further, turn)

    async def regenerate(self, asked: Asked, item: Item, remark: str) -> Refreshed:
        """Propose one item anew, as a person's remark wants it. Raises EndpointError, BriefError."""
        remark = " ".join(remark.split())[:_LONGEST_REMARK]
        due = await due_of(asked, self._flow, self._traces)
        material = self._material(asked.opened, due.ground)
        entries = asked.opened.stage.stage.way.entry_of(item.model_dump(), material)
        wanted = Wanted(item.id, entries, item, remark=remark)
        async with on_record(self._flow.ledger, self._start(asked, remark)) as turn:
            return await self._proposed(asked, [wanted], [], material, due, (), turn)

    async def _proposed(
        self,
        asked: Asked,
        wanted: Sequence[Wanted],
        gone: Sequence[NewProposal],
        material: Material,
        due: Due,
        further: tuple[Source, ...],
        turn: RunningTurn,
    ) -> Refreshed:
        """Ask for what is wanted and keep all that came as proposals."""
        rewriting = await self._rewriting(asked.opened, material, turn, asked.person.id) if wanted else None
        items = await rewriting.written(wanted, turn, asked.progress) if rewriting is not None else {}
        new = {one.id for one in due.ground.new}
        proposals, same = list(gone), []
        for one in wanted:
            item = items.get(one.item)
            if item is None or (one.present is None and not new & set(item.rests_on())):
                continue
            if item == one.present:
                same.append(item.id)
                continue
            proposals.append(
                NewProposal(
                    artifact=asked.opened.version.artifact.id,
                    based_on=asked.opened.version.number,
                    item=item.id,
                    kind="change" if one.present is not None else "add",
                    body=item.model_dump(),
                    links=links_named(item, material.upstream),
                    sources=tuple(asdict(source) for source in further if source.key in item.sources),
                    findings=as_rows(rewriting.findings(item)) if rewriting is not None else (),
                    reason=due.reason(item.id) if one.present is not None else _added(item, new),
                    remark=one.remark,
                    turn=turn.id,
                )
            )
        kept = await self._proposals.add(proposals, owner=asked.person.id)
        unwritten = tuple(one.item for one in wanted if one.item not in items)
        return Refreshed(seen(asked.opened, kept, asked.language), unwritten, _notice(unwritten, same, asked.language))

    async def _rewriting(self, opened: Opened, material: Material, turn: RunningTurn, person: str) -> Rewriting:
        """Return the calls' writer, led by items whatever the endpoint can do: only some items are asked for."""
        abilities = await self._flow.endpoint.abilities()
        turn.model, turn.sources = abilities.model, material.sources
        writer = Writer(opened.stage, material, replace(abilities, way="items"), self._flow.limits.reply_tokens)
        endpoint = self._flow.endpoint_for(person)
        return Rewriting(endpoint, writer, writer.plan(), opened.artifact)

    def _wanted_changes(self, asked: Asked, due: Due, material: Material) -> list[Wanted]:
        """Return the stale items, each with why it must change, in the language of the artifact."""
        way, language = asked.opened.stage.stage.way, asked.opened.version.artifact.language
        return [
            Wanted(item.id, way.entry_of(item.model_dump(), material), item, (due.reason(item.id)[language],))
            for item in due.changes
        ]

    @staticmethod
    def _wanted_additions(opened: Opened, ground: Ground, material: Material) -> list[Wanted]:
        """Return what is to be written for what came upstream, as far as that follows by rule."""
        way, new = opened.stage.stage.way, replace(material, brief="", upstream=ground.new)
        if not ground.new or way.outline_schema(new) is not None:
            return []
        taken = {item.id for item in opened.artifact.items()}
        known = {item.id for item in ground.known}
        there = {
            " ".join(entry.text.casefold().split())
            for item in opened.artifact.items()
            for entry in way.entry_of(item.model_dump(), material)
            if not set(item.rests_on()) - known
        }
        wanted: list[Wanted] = []
        for entry in way.entries(None, new):
            if " ".join(entry.text.casefold().split()) not in there:
                item_id = next_free(entry.id, taken)
                taken.add(item_id)
                wanted.append(Wanted(item_id, (Entry(item_id, entry.text, entry.about),)))
        return wanted

    async def _further(self, asked: Asked, new: tuple[UpstreamItem, ...]) -> tuple[Source, ...]:
        """Return the passages near what came upstream that the artifact has not yet, under keys that nothing else has."""
        if not new:
            return ()
        opened, stage = asked.opened, asked.opened.stage.stage
        found = await gather(
            "",
            opened.version.artifact.language,
            asked.person,
            self._flow.known,
            shelves=stage.shelves,
            passages=self._flow.limits.passages,
            upstream=new,
        )
        waiting = await self._proposals.of(opened.version.artifact.id, owner=asked.person.id)
        rows = [*opened.version.sources, *(row for proposal in waiting for row in proposal.new.sources)]
        there = {row["passage_id"] for row in opened.version.sources}
        taken = {str(row["key"]) for row in rows}
        further: list[Source] = []
        for source in found.sources:
            if source.passage_id not in there:
                key = next_free(source.key, taken)
                taken.add(key)
                further.append(replace(source, key=key))
        return tuple(further)

    def _material(self, opened: Opened, ground: Ground, further: tuple[Source, ...] = ()) -> Material:
        """Return what items are written from; a source that is closed to the person by now tells nothing and is left out."""
        material = material_now(opened, opened.artifact, ground.items, self._flow.known, further)
        return replace(material, sources=tuple(source for source in material.sources if source.text))

    def _start(self, asked: Asked, brief: str) -> TurnStart:
        opened, language = asked.opened, asked.opened.version.artifact.language
        return TurnStart(
            workspace=opened.version.artifact.workspace,
            stage=opened.stage.name,
            phase=opened.stage.stage.phase,
            asker=asked.person.id,
            channel=asked.channel,
            language=language,
            brief=brief,
            prompt_hash=opened.stage.prompts[language].digest,
            artifact=opened.version.artifact.id,
        )

    @staticmethod
    def _removal(asked: Asked, item: Item, reason: dict[Language, str], turn: RunningTurn) -> NewProposal:
        version = asked.opened.version
        body = item.model_dump()
        return NewProposal(version.artifact.id, version.number, item.id, "remove", body, reason=reason, turn=turn.id)


def _added(item: Item, new: set[str]) -> dict[Language, str]:
    names = ", ".join(name for name in item.rests_on() if name in new)
    return {language: say("proposal-add", language, items=names) for language in LANGUAGES}


def _notice(unwritten: Sequence[str], same: Sequence[str], language: Language) -> str:
    told = [say("refresh-unwritten", language, items=", ".join(unwritten))] if unwritten else []
    told += [say("refresh-same", language, items=", ".join(same))] if same else []
    return " ".join(told)
