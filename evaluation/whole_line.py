"""Carries an initiative through all six stages, as a person would, and judges each artifact on its way."""

import re
from collections.abc import AsyncGenerator, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from pydantic import TypeAdapter, ValidationError

from chains.assistant import Assistant
from chains.events import AnswerFailed, ArtifactReady, Person, Request, TurnEnded
from errors import Language
from evaluation.briefs import Brief
from evaluation.expected import missed
from evaluation.initiatives import STAGES, Initiative
from evaluation.scorers import NOT_THE_MODELS, rules_broken
from records.artifacts import ArtifactVersion
from records.workspaces import Workspaces
from stages.catalog import Catalog, CatalogedStage
from stages.declaration import Artifact

Json = dict[str, Any]
EVALUATOR = Person("evaluation", "Evaluation")
# What each stage rests on here; what that rests on itself comes with it.
RESTS_ON: Mapping[str, tuple[str, ...]] = {
    "user_stories": (),
    "acceptance_criteria": ("user_stories",),
    "domain_model": ("user_stories",),
    "api_definition": ("domain_model",),
    "release_notes": ("user_stories",),
    "faq": ("release_notes", "user_stories"),
}
_CHANGE = re.compile(r"\b(?:[A-Z]+-\d+|[0-9a-f]{7})\b")


@dataclass(frozen=True)
class StageResult:
    """What came of one stage of one initiative. `points` is the size of its hand-written outline, `missed` what it lacks."""

    initiative: str
    stage: str
    language: Language
    outcome: str = "failed"
    failure: str = ""
    follows_schema: bool = False
    unparsed: tuple[str, ...] = ()
    broken_references: tuple[str, ...] = ()
    filled_in: tuple[str, ...] = ()
    points: int = 0
    missed: tuple[str, ...] = ()
    items: tuple[str, ...] = ()
    rules: Mapping[str, int] = field(default_factory=dict)
    official_words: int = 0
    forbidden_words: int = 0
    seconds: float = 0.0
    tokens: int = 0

    @property
    def is_valid(self) -> bool:
        """Whether it follows its schema, passes the parser of its notation, and was written by the model."""
        return self.follows_schema and not self.unparsed and not self.filled_in

    def as_json(self) -> Json:
        """Return the result as a JSON object."""
        return asdict(self)

    @classmethod
    def from_json(cls, row: Json) -> "StageResult":
        """Return the result that was kept as a JSON object."""
        return TypeAdapter(cls).validate_python(row)


@dataclass(frozen=True)
class Carried:
    """One stage's result with its artifact, as far as there is one, and what lay upstream as text."""

    result: StageResult
    body: Json
    upstream: str
    brief: str


class WholeLine:
    """Asks the assistant for one stage after the other, each resting on those before."""

    def __init__(self, assistant: Assistant, catalog: Catalog, workspaces: Workspaces) -> None:
        self._assistant = assistant
        self._catalog = catalog
        self._workspaces = workspaces

    async def carried(self, brief: Brief, initiative: Initiative) -> AsyncGenerator[Carried, None]:
        """Yield what came of each stage; a stage without an artifact leaves the later ones with what there is."""
        made: dict[str, ArtifactVersion] = {}
        for name in STAGES:
            upstream = tuple(made[one].artifact.id for one in RESTS_ON[name] if one in made)
            text = {"user_stories": brief.text, "release_notes": initiative.changes}.get(name, "")
            begun = StageResult(initiative.id, name, brief.language)
            told, version = await self._asked(begun, text, upstream, brief.language)
            if version is not None:
                made[name] = version
                told |= self._judged(version, made, brief, initiative)
            body = version.body if version is not None else {}
            points, lacking = missed(name, body, brief, initiative)
            result = StageResult(**begun.as_json() | told | {"points": points, "missed": lacking})
            yield Carried(result, body, self._upstream(name, made), text)

    async def _asked(
        self, begun: StageResult, text: str, upstream: tuple[str, ...], language: Language
    ) -> tuple[Json, ArtifactVersion | None]:
        told: Json = {}
        ready: ArtifactReady | None = None
        workspace = f"evaluation {begun.initiative}"
        request = Request(begun.stage, text, EVALUATOR, workspace, "evaluation", language, upstream)
        async for event in self._assistant.answer(request):
            match event:
                case ArtifactReady():
                    ready = event
                case AnswerFailed():
                    told["failure"] = event.sentence
                case TurnEnded():
                    told |= {"outcome": event.outcome, "seconds": event.seconds, "tokens": event.tokens.get("completion", 0)}
                case _:
                    pass
        if ready is None:
            return told, None
        told["rules"] = rules_broken(ready.findings)
        told["filled_in"] = tuple(f.item or f.place for f in ready.findings if f.rule in NOT_THE_MODELS)
        return told, await self._workspaces.artifact(ready.artifact_id, owner=EVALUATOR.id)

    def _judged(
        self, version: ArtifactVersion, made: Mapping[str, ArtifactVersion], brief: Brief, initiative: Initiative
    ) -> Json:
        stage = self._catalog.stage(version.artifact.stage)
        try:
            artifact = stage.stage.artifact.model_validate(version.body)
        except ValidationError as error:
            return {"failure": str(error)[:300]}
        known = {item["id"] for one in made.values() for item in _items(self._catalog, one)}
        keys = {row["key"] for row in version.sources}
        return {
            "follows_schema": True,
            "unparsed": unparsed(stage, artifact, brief.language),
            "broken_references": tuple(_broken(artifact, known, keys, set(_CHANGE.findall(initiative.changes)))),
            "items": (items := tuple(stage.stage.told(item, brief.language) for item in artifact.items())),
        } | words_of("\n".join(items), self._assistant, brief.language)

    def _upstream(self, name: str, made: Mapping[str, ArtifactVersion]) -> str:
        """Return what lies upstream as a later stage reads it."""
        lines = []
        for one in RESTS_ON[name]:
            if one in made:
                stage = self._catalog.stage(one).stage
                artifact = stage.artifact.model_validate(made[one].body)
                lines += [f"{item.id}: {stage.told(item, made[one].artifact.language)}" for item in artifact.items()]
        return "\n".join(lines)


def words_of(text: str, assistant: Assistant, language: Language) -> Json:
    """Return how often a text says an official term, and how often a word that must not stand for one."""
    kinds = [mark.kind for mark in assistant.marks(text, language)]
    return {"official_words": kinds.count("term"), "forbidden_words": kinds.count("forbidden")}


def unparsed(stage: CatalogedStage, artifact: Artifact, language: Language) -> tuple[str, ...]:
    """Return why the artifact's own notation does not come back through its parser; nothing where it does."""
    declared = stage.stage
    notation = declared.notations.get(declared.source)
    if notation is None:
        return (f"there is no notation {declared.source}",)
    try:
        text = notation.render(artifact, language, ()).decode()
        imported = declared.read(text, language)
    except ValueError as error:
        return (str(error)[:200],)
    if imported is None:
        return (f"{declared.source} is not read as such",)
    return imported.faults


def _items(catalog: Catalog, version: ArtifactVersion) -> list[Json]:
    listed = version.body.get(catalog.stage(version.artifact.stage).stage.artifact.ITEMS)
    return listed if isinstance(listed, list) else []


def _broken(artifact: Artifact, known: set[str], keys: set[str], changes: set[str]) -> list[str]:
    """Return every reference of the items to what is not there: upstream items, passages, changes."""
    broken = []
    for item in artifact.items():
        broken += [f"{item.id} rests on {name}" for name in item.rests_on() if name not in known]
        broken += [f"{item.id} cites {key}" for key in item.sources if key not in keys]
        broken += [f"{item.id} cites change {name}" for name in getattr(item, "changes", ()) if name not in changes]
    return broken
