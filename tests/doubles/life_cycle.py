"""Six stages along the life cycle, of one small shape each: what staleness, refreshing and the trace are tested on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, ClassVar

from pydantic import Field

from chains.endpoint.asking import Endpoint
from chains.events import Person
from chains.flow import Flow
from chains.workspace.desk import WorkspaceDesk
from errors import Language
from records.artifacts import ArtifactVersion, Link, NewArtifact
from stages.catalog import Catalog, CatalogedStage, catalog
from stages.declaration import Artifact, Entry, Item, ItemView, Json, Line, Notation, Stage
from stages.findings import Finding
from stages.material import Material
from tests.doubles.small_house import ANA, SmallHouse

# Each stage with the letter of its items, and what it may rest on.
STAGES = {
    "user_stories": ("S", ()),
    "acceptance_criteria": ("A", ("user_stories",)),
    "domain_model": ("C", ("user_stories", "acceptance_criteria")),
    "api_definition": ("O", ("user_stories", "domain_model")),
    "release_notes": ("N", ("user_stories", "api_definition")),
    "faq": ("Q", ("release_notes", "user_stories")),
}


class Thing(Item):
    """One item: a text, and the upstream items that it rests on."""

    id: str = Field(pattern=r"^[A-Z]\d{1,3}$")
    text: str = Field(min_length=2, max_length=200)
    rests: list[str] = Field(default_factory=list)
    sources: list[str] = Field(default_factory=list)

    def texts(self) -> dict[str, str]:
        return {"text": self.text}

    def with_texts(self, texts: Mapping[str, str]) -> "Thing":
        return self.model_copy(update=dict(texts))

    def rests_on(self) -> tuple[str, ...]:
        return tuple(self.rests)


class Things(Artifact):
    """The items of one artifact."""

    ITEMS: ClassVar[str] = "things"

    things: list[Thing] = Field(min_length=1, max_length=40)
    questions: list[str] = Field(default_factory=list)

    def items(self) -> Sequence[Thing]:
        return self.things

    def with_items(self, items: Sequence[Any]) -> "Things":
        return self.model_copy(update={"things": list(items)})


@dataclass(frozen=True)
class ThingsWay:
    """One item for each upstream item."""

    letter: str

    def outline_schema(self, _material: Material) -> Json | None:
        return None

    def entries(self, _outline: Json | None, material: Material) -> tuple[Entry, ...]:
        return tuple(Entry(f"{self.letter}{n}", one.text, {"rests": (one.id,)}) for n, one in enumerate(material.upstream, 1))

    def item_schema(self, _entry: Entry, _material: Material) -> Json:
        text = {"type": "string", "minLength": 2, "maxLength": 80}
        return {"type": "object", "properties": {"text": text}, "required": ["text"], "additionalProperties": False}

    def assemble(self, replies: Mapping[str, Json], entries: Sequence[Entry], _material: Material) -> Json:
        things = [
            {"id": one.id, "rests": list(one.about["rests"]), "sources": [], **replies[one.id]}
            for one in entries
            if one.id in replies
        ]
        return {"things": things, "questions": []}

    def completed(self, body: Json, _material: Material) -> Json:
        return body

    def entry_of(self, item: Json, material: Material) -> tuple[Entry, ...]:
        there = {one.id: one.text for one in material.upstream}
        text = " / ".join(there[name] for name in item["rests"] if name in there) or item["text"]
        return (Entry(item["id"], text, {"rests": tuple(name for name in item["rests"] if name in there)}),)


def _view(item: Thing, _language: Language) -> ItemView:
    return ItemView(item.id, item.text, (Line("", item.text),), links=item.rests_on())


def _edit(item: Thing, _language: Language) -> str:
    return f"{item.text} <- {', '.join(item.rests)}" if item.rests else item.text


def _read_edit(text: str, item: Thing, _language: Language) -> Thing:
    told, _, rests = text.partition(" <- ")
    return Thing.model_validate(item.model_dump() | {"text": told, "rests": [name for name in rests.split(", ") if name]})


def _check(artifact: Things, _material: Material) -> list[Finding]:
    return [Finding("shouted", "error", "", f"{one.id} shouts.", one.id) for one in artifact.things if one.text.isupper()]


def _feature() -> Notation:
    return Notation(
        "feature", "text/plain", lambda artifact, _language, _sources: repr(artifact).encode(), {"en": "F", "zh": "F"}
    )


def life_cycle() -> Catalog:
    """Return the six stages."""
    found = {}
    for place, (name, (letter, upstream)) in enumerate(STAGES.items(), 1):
        real = catalog().stage("user_stories")
        changed: dict[str, Any] = {
            "artifact": Things,
            "checks": (_check,),
            "mends": (),
            "view": _view,
            "edit": _edit,
            "read_edit": _read_edit,
        }
        notations = {"feature": _feature()} if place == 2 else {}
        stage = replace(real.stage, **changed, way=ThingsWay(letter), place=place, upstream=upstream, notations=notations)
        stage = replace(stage, document=None, sheets=Stage.sheets, diagrams=Stage.diagrams, read=Stage.read)
        found[name] = CatalogedStage(name, stage, real.prompts, real.examples, ())
    return Catalog(found)


@dataclass(frozen=True)
class Cycle:
    """A house with the six stages: artifacts made by hand, and the desk over them."""

    house: SmallHouse
    flow: Flow
    desk: WorkspaceDesk

    async def made(self, stage: str, things: Mapping[str, Sequence[str]], *upstream: ArtifactVersion) -> ArtifactVersion:
        """Keep an artifact whose items rest on these upstream items, each known by its own id."""
        workspace = await self.house.workspaces.open("default", ANA.id)
        there = {item["id"]: one for one in upstream for item in one.body["things"]}
        links = tuple(
            Link(there[name].artifact.id, there[name].number, item, name, name)
            for item, names in things.items()
            for name in names
        )
        named = {name for names in things.values() for name in names}
        links += tuple(Link(one.artifact.id, one.number, None, name, name) for name, one in there.items() if name not in named)
        body = {"things": [thing(item, f"about {item}", *names) for item, names in things.items()], "questions": []}
        new = NewArtifact(workspace.id, stage, f"The {stage}", "en", body, "assistant", links=links)
        return await self.house.workspaces.add_artifact(new, owner=ANA.id)

    async def all_six(self) -> dict[str, ArtifactVersion]:
        """Keep an artifact of each stage, linked end to end: what rests on S1 shares nothing with what rests on S2."""
        stories = await self.made("user_stories", {"S1": (), "S2": ()})
        criteria = await self.made("acceptance_criteria", {"A1": ["S1"], "A2": ["S2"], "A3": ["S1"]}, stories)
        model = await self.made("domain_model", {"C1": ["A1"], "C2": ["A2"]}, criteria)
        api = await self.made("api_definition", {"O1": ["C1"], "O2": ["C2"], "O3": ["S1"]}, model, stories)
        notes = await self.made("release_notes", {"N1": ["O1"], "N2": ["O2"]}, api)
        faq = await self.made("faq", {"Q1": ["N1"], "Q2": ["N2"], "Q3": ["N1", "N2"]}, notes)
        return dict(zip(STAGES, (stories, criteria, model, api, notes, faq), strict=True))

    async def changed(self, version: ArtifactVersion, *things: Json) -> ArtifactVersion:
        """Keep a further version of an artifact with some items in another form, further ones, and those without text left out."""
        told = {one["id"]: one for one in version.body["things"]} | {one["id"]: one for one in things}
        body = {"things": [one for one in told.values() if one["text"]], "questions": []}
        return await self.house.workspaces.add_version(
            version.artifact.id, based_on=version.number, body=body, author=ANA.id, reason="edited", owner=ANA.id
        )

    async def stale(self, version: ArtifactVersion, language: Language = "en", person: Person = ANA) -> dict[str, bool]:
        """Return the stale items of an artifact, each with whether it is stale by itself."""
        return {one.item: one.direct for one in await self.desk.stale(version.artifact.id, person, language)}


def thing(item: str, text: str, *rests: str, sources: Sequence[str] = ()) -> Json:
    """Return an item as it stands in a body."""
    return {"id": item, "text": text, "rests": list(rests), "sources": list(sources)}


def cycle(house: SmallHouse, endpoint: Endpoint) -> Cycle:
    """Return the house with the six stages, whose questions this endpoint answers."""
    flow = Flow(life_cycle(), house.knowledge, endpoint, house.workspaces, house.ledger)
    return Cycle(house, flow, WorkspaceDesk(flow, house.knowledge))
