"""Runs briefs and the stages' own cases through the assistant that people use, and judges each answer."""

from collections.abc import AsyncGenerator, Iterable
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from pydantic import TypeAdapter

from chains.assistant import Assistant
from chains.events import (
    AnswerFailed,
    ArtifactReady,
    Event,
    MaterialGathered,
    Person,
    QuestionsAsked,
    Request,
    StepDone,
    TurnBegan,
    TurnEnded,
)
from chains.gathering.gather import Known, material_of
from errors import Language
from evaluation.briefs import Action, Brief
from evaluation.coverage import assigned
from evaluation.scorers import (
    EXPECTATIONS,
    Answered,
    artifact_of,
    broken_references,
    copied,
    duplicates,
    not_the_models,
    rules_broken,
    unreadable,
)
from formats.actions import read_actions
from stages.catalog import Catalog
from stages.material import Material, Source, UpstreamItem
from stages.user_stories.shape import Story

EVALUATOR = Person("evaluation", "Evaluation")


@dataclass(frozen=True)
class Result:
    """What came of one brief or case: the items as a person reads them, and everything that stands against the answer.

    `missed` names each uncovered action with the reason: `outline` where the brief was taken apart without it, `wording` where
    the outline had it and no story says it. `extra` names the items that no action asked for,
    `copied` the texts that the model took over from an example.
    """

    id: str
    stage: str
    language: Language
    kind: str
    outcome: str = "failed"
    model: str = ""
    items: tuple[str, ...] = ()
    outline: tuple[str, ...] = ()
    actions: int = 0
    missed: tuple[str, ...] = ()
    extra: tuple[str, ...] = ()
    sound: bool = False
    unreadable: tuple[str, ...] = ()
    broken_references: tuple[str, ...] = ()
    duplicates: tuple[str, ...] = ()
    unwritten: tuple[str, ...] = ()
    copied: tuple[str, ...] = ()
    unmet: tuple[str, ...] = ()
    rules: dict[str, int] = field(default_factory=dict)
    failure: str = ""
    seconds: float = 0.0
    first_token_seconds: float | None = None
    tokens: dict[str, int] = field(default_factory=dict)

    @property
    def holds(self) -> bool:
        """Whether the answer is what must come: questions for a brief without meaning, otherwise a sound artifact.

        Sound: schema and parsers passed, every reference exists, and the model wrote every item.
        """
        if self.kind == "meaningless":
            return self.outcome == "questions" and not self.items and not self.failure
        return self.sound and not (self.unreadable or self.broken_references or self.unwritten)

    def as_json(self) -> dict[str, Any]:
        """Return the result as a JSON object."""
        return asdict(self)

    @classmethod
    def from_json(cls, row: dict[str, Any]) -> "Result":
        """Return the result that was kept as a JSON object."""
        return TypeAdapter(cls).validate_python(row)


@dataclass
class _Heard:
    """What the assistant told of one answer."""

    result: Result
    sources: tuple[Source, ...] = ()
    ready: ArtifactReady | None = None
    told: dict[str, Any] = field(default_factory=dict)


class Runner:
    """Asks the assistant; `known` is the knowledge it rests on, by which references are judged."""

    def __init__(self, assistant: Assistant, catalog: Catalog, known: Known) -> None:
        self._assistant = assistant
        self._catalog = catalog
        self._known = known

    async def run_briefs(self, briefs: Iterable[Brief], stage: str = "user_stories") -> AsyncGenerator[Result, None]:
        """Yield the result of each brief, in their order."""
        for brief in briefs:
            result = Result(brief.id, stage, brief.language, brief.kind, actions=len(brief.actions))
            heard = await self._heard(result, brief.text)
            yield self._judged(heard, brief.text, brief.actions, {})

    async def run_cases(self, stage: str) -> AsyncGenerator[Result, None]:
        """Yield the result of each case of a stage; what lies upstream is handed in as the brief, as a person would paste it."""
        for case in self._catalog.stage(stage).cases:
            text = case.brief or "\n".join(case.upstream)
            expected = len(case.expect.get("actions", ()))
            heard = await self._heard(Result(case.id, stage, case.language, "case", actions=expected), text)
            yield self._judged(heard, text, (), case.expect)

    async def _heard(self, result: Result, text: str) -> _Heard:
        """Ask, and keep what was told."""
        heard = _Heard(result)
        request = Request(result.stage, text, EVALUATOR, workspace="evaluation", channel="evaluation")
        async for event in self._assistant.answer(request):
            if isinstance(event, ArtifactReady):
                heard.ready = event
            elif isinstance(event, MaterialGathered):
                heard.sources = event.sources
            else:
                heard.told |= _told(event)
        return heard

    def _judged(self, heard: _Heard, text: str, actions: tuple[Action, ...], expect: dict[str, Any]) -> Result:
        """Judge what was told."""
        begun = heard.result
        asked = begun.as_json() | heard.told
        if heard.ready is None:
            return Result(**asked | {"missed": tuple(action.name for action in actions), "unmet": tuple(expect)})
        stage = self._catalog.stage(begun.stage)
        material = self._material(begun, text, heard)
        answer = Answered(stage, heard.ready.body, heard.ready.findings, material)
        artifact = artifact_of(answer)
        if artifact is None:
            return Result(**asked | {"failure": "the recorded artifact breaks its schema"})
        ours = not_the_models(answer)
        wishes = {item.id: item.want for item in artifact.items() if isinstance(item, Story) and item.id not in ours}
        outline = read_actions(text, begun.language).actions or asked["outline"]
        missed, extra = compared(actions, tuple(wishes.values()), outline, begun.language)
        found = {
            "items": tuple(stage.stage.edit(item, begun.language) for item in artifact.items()),
            "outline": outline,
            "missed": missed,
            "extra": extra if actions else (),
            "sound": True,
            "unreadable": unreadable(answer, artifact),
            "broken_references": broken_references(answer, artifact),
            "duplicates": duplicates(artifact),
            "unwritten": ours,
            "copied": copied(answer, artifact),
            "unmet": tuple(miss for name, value in expect.items() for miss in EXPECTATIONS[name](answer, artifact, value)),
            "rules": rules_broken(answer.findings),
        }
        return Result(**asked | found)

    def _material(self, result: Result, text: str, heard: _Heard) -> Material:
        """Put together what the answer may refer to, from the brief and the sources that were shown."""
        stage = self._catalog.stage(result.stage).stage
        pasted = stage.read_upstream(text, result.language) if stage.upstream and not stage.takes_brief else ()
        upstream = tuple(UpstreamItem(f"S{number}", told) for number, told in enumerate(pasted, 1))
        brief = "" if upstream else text
        return material_of(brief.strip(), result.language, self._known, sources=heard.sources, upstream=upstream)


def _told(event: Event) -> dict[str, Any]:
    """Return what an event adds to a result."""
    match event:
        case TurnBegan():
            return {"model": event.model}
        case StepDone(name="outline"):
            return {"outline": event.lines}
        case QuestionsAsked():
            return {"failure": "" if event.questions and event.examples else "questions without examples"}
        case AnswerFailed():
            return {"failure": event.sentence}
        case TurnEnded():
            return {
                "outcome": event.outcome,
                "seconds": event.seconds,
                "first_token_seconds": event.first_token_seconds,
                "tokens": event.tokens,
            }
        case _:
            return {}


def compared(
    actions: tuple[Action, ...], wishes: tuple[str, ...], outline: tuple[str, ...], language: Language
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the actions without a wish of their own, each with where it was lost, and the wishes that no action asked for."""
    groups = [action.covered_by for action in actions]
    written, outlined = assigned(groups, wishes, language), assigned(groups, outline, language)
    missed = tuple(
        f"{action.name} ({'outline' if line is None else 'wording'})"
        for action, wish, line in zip(actions, written, outlined, strict=True)
        if wish is None
    )
    return missed, tuple(wish for place, wish in enumerate(wishes) if place not in written)


def outlined(brief: Brief) -> Result:
    """Return how far the rules alone take a brief apart, without a model: what no outline holds, no story will say."""
    outline = read_actions(brief.text, brief.language).actions
    missed, extra = compared(brief.actions, outline, outline, brief.language)
    begun = Result(brief.id, "outline", brief.language, brief.kind, outcome="outlined", actions=len(brief.actions))
    return replace(begun, items=outline, outline=outline, missed=missed, extra=extra, sound=not missed)
