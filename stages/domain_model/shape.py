"""What a domain model looks like: classes with attributes, associations and states, each resting on stories and passages."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field

from stages.declaration import Artifact, Item, Shape
from stages.material import UpstreamItem

MOST_CLASSES = 30
Name = Annotated[str, Field(min_length=1, max_length=60)]
Label = Annotated[str, Field(max_length=60)]
Kind = Literal["entity", "value object", "event", "enumeration", "service"]
Type = Literal[
    "identifier", "string", "integer", "decimal", "money", "percentage", "date", "datetime", "boolean", "enumeration", "list"
]
Multiplicity = Literal["", "1", "0..1", "0..*", "1..*"]
AssociationKind = Literal["association", "composition", "aggregation", "inheritance"]


class Attribute(Shape):
    """What is known of every one of a class."""

    name: Name = Field(description="a short noun")
    type: Type
    required: bool = Field(default=True, description="false where it may be missing")


class Association(Shape):
    """How a class stands to another; `name` is that class's name, filled in by us."""

    target: str = Field(pattern=r"^C\d{1,3}$", description="id of the other class")
    name: str = Field(default="", max_length=60)
    kind: AssociationKind = Field(description="composition, aggregation: this class is the whole; inheritance: the special one")
    own: Multiplicity = Field(description="how many of this class stand to one of the other; empty for an inheritance")
    other: Multiplicity = Field(description="how many of the other class stand to one of this; empty for an inheritance")
    label: Label = Field(description="a verb, such as: holds")


class Transition(Shape):
    """A change of state; an empty source is the start of a life, an empty target its end."""

    source: Label = Field(description="a state, or empty for the start")
    target: Label = Field(description="a state, or empty for the end")
    trigger: Label = Field(description="what happens, such as: approve")


class DomainClass(Item):
    """One class."""

    id: str = Field(pattern=r"^C\d{1,3}$", description="C1, C2, ...")
    name: Name = Field(description="the official term, in the singular")
    kind: Kind
    description: str = Field(max_length=400, description="one sentence: what it is to the business")
    attributes: list[Attribute] = Field(max_length=20)
    associations: list[Association] = Field(max_length=12)
    states: list[Name] = Field(max_length=12, description="the states of its life; empty where it has none")
    transitions: list[Transition] = Field(max_length=24)
    stories: list[str] = Field(max_length=40, description="ids of the upstream items that speak of it")
    sources: list[str] = Field(max_length=3, description="keys of the passages that the class rests on")

    def rests_on(self) -> tuple[str, ...]:
        """Return the stories, scenarios and operations that speak of the class."""
        return tuple(dict.fromkeys(self.stories))

    def texts(self) -> dict[str, str]:
        """Return name, description, and the names that stand within."""
        texts = {"name": self.name, "description": self.description}
        texts |= {f"attributes[{place}].name": one.name for place, one in enumerate(self.attributes)}
        texts |= {f"associations[{place}].label": one.label for place, one in enumerate(self.associations)}
        texts |= {f"states[{place}]": state for place, state in enumerate(self.states)}
        return texts | {f"transitions[{place}].trigger": one.trigger for place, one in enumerate(self.transitions)}

    def with_texts(self, texts: Mapping[str, str]) -> "DomainClass":
        """Return a copy with these texts; where a state is renamed, its changes go with it."""
        states = [texts.get(f"states[{place}]", state) for place, state in enumerate(self.states)]
        renamed = dict(zip(self.states, states, strict=True))
        return self.model_copy(
            update={
                "name": texts.get("name", self.name),
                "description": texts.get("description", self.description),
                "states": states,
                "attributes": [
                    one.model_copy(update={"name": texts.get(f"attributes[{place}].name", one.name)})
                    for place, one in enumerate(self.attributes)
                ],
                "associations": [
                    one.model_copy(update={"label": texts.get(f"associations[{place}].label", one.label)})
                    for place, one in enumerate(self.associations)
                ],
                "transitions": [
                    Transition.model_construct(
                        source=renamed.get(one.source, one.source),
                        target=renamed.get(one.target, one.target),
                        trigger=texts.get(f"transitions[{place}].trigger", one.trigger),
                    )
                    for place, one in enumerate(self.transitions)
                ],
            }
        )


class Resting(Shape):
    """An upstream item that the model rests on: its id and what it says, taken over."""

    id: str = Field(min_length=2, max_length=20)
    text: str = Field(min_length=1, max_length=600)


class DomainModel(Artifact):
    """The classes of one bounded context; `upstream` is filled in, never by the model."""

    ITEMS: ClassVar[str] = "classes"

    context: str = Field(default="", max_length=80, description="the bounded context: where these words mean this")
    classes: list[DomainClass] = Field(min_length=1, max_length=MOST_CLASSES)
    questions: list[Annotated[str, Field(min_length=2, max_length=240)]] = Field(
        max_length=5, description="what is left open and somebody must decide"
    )
    upstream: list[Resting] = Field(default_factory=list, max_length=80)

    def items(self) -> Sequence[DomainClass]:
        """Return the classes in reading order."""
        return self.classes

    def with_items(self, items: Sequence[Any]) -> "DomainModel":
        """Return a copy that holds these classes, each association under the name that its target has now."""
        names = {one.id: one.name for one in items}
        return self.model_copy(update={"classes": [_told(one, names) for one in items]})

    def upstream_items(self) -> tuple[UpstreamItem, ...]:
        """Return what the model rests on."""
        return tuple(UpstreamItem(one.id, one.text) for one in self.upstream)


def _told(one: DomainClass, names: Mapping[str, str]) -> DomainClass:
    lines = [line.model_copy(update={"name": names.get(line.target, line.name)}) for line in one.associations]
    return one if lines == one.associations else one.model_copy(update={"associations": lines})


def singular(name: str) -> str:
    """Return an English name in the singular; any other as it is."""
    if re.search(r"(?:ss|us|is|series|news)$", name, re.IGNORECASE) or not re.search(r"[a-z]s$", name, re.IGNORECASE):
        return name
    if re.search(r"[^aeiou]ies$", name, re.IGNORECASE):
        return f"{name[:-3]}y"
    return name[:-2] if re.search(r"(?:ches|shes|sses|xes|zes)$", name, re.IGNORECASE) else name[:-1]


def same_name(one: str, others: Iterable[str]) -> bool:
    """Tell whether a name is one of the others, but for capitals, spaces and the plural."""
    return plain_name(one) in {plain_name(other) for other in others}


def plain_name(name: str) -> str:
    """Return a name as names are compared: `IncomeRecords` and `income record` are one."""
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name)
    return re.sub(r"[\W_]+", "", singular(spaced.strip()).casefold())
