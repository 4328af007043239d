"""What acceptance criteria look like: scenarios of one story each, positive, negative or at a boundary."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field

from stages.declaration import Artifact, Item, Shape
from stages.material import UpstreamItem

StepText = Annotated[str, Field(min_length=2, max_length=200)]
Cell = Annotated[str, Field(min_length=1, max_length=60)]
Kind = Literal["positive", "negative", "boundary"]


class Scenario(Item):
    """One scenario. `columns` and `rows` make it an outline: steps name a column as `<column>`."""

    id: str = Field(pattern=r"^S\d{1,3}-\d{1,2}$", description="S1-1, S1-2, ...: the story and a number")
    story: str = Field(pattern=r"^S\d{1,3}$", description="id of the story")
    kind: Kind = Field(description="positive: it works; negative: it is refused; boundary: at a limit")
    name: str = Field(min_length=3, max_length=120)
    given: list[StepText] = Field(min_length=1, max_length=4, description="what holds before, without 'Given'")
    when: StepText = Field(description="the one thing that happens, without 'When'")
    then: list[StepText] = Field(min_length=1, max_length=4, description="what can be seen afterwards, without 'Then'")
    columns: list[Cell] = Field(max_length=6, description="columns of the examples; empty for a plain scenario")
    rows: list[Annotated[list[Cell], Field(max_length=6)]] = Field(max_length=12, description="one list of cells a row")
    sources: list[str] = Field(max_length=3, description="keys of the passages that the scenario rests on")

    def rests_on(self) -> tuple[str, ...]:
        """Return the story that is tested."""
        return (self.story,)

    def texts(self) -> dict[str, str]:
        """Return the name and every step."""
        texts = {"name": self.name}
        texts |= {f"given[{place}]": text for place, text in enumerate(self.given)}
        texts["when"] = self.when
        return texts | {f"then[{place}]": text for place, text in enumerate(self.then)}

    def with_texts(self, texts: Mapping[str, str]) -> "Scenario":
        """Return a copy with these texts."""
        return self.model_copy(
            update={
                "name": texts.get("name", self.name),
                "when": texts.get("when", self.when),
                "given": [texts.get(f"given[{place}]", text) for place, text in enumerate(self.given)],
                "then": [texts.get(f"then[{place}]", text) for place, text in enumerate(self.then)],
            }
        )


class StoryText(Shape):
    """A story that is tested here: its id and its sentence, taken over from upstream."""

    id: str = Field(pattern=r"^S\d{1,3}$")
    text: str = Field(min_length=2, max_length=600)


class AcceptanceCriteria(Artifact):
    """The scenarios of the stories; `stories` is filled in from upstream, never by the model."""

    ITEMS: ClassVar[str] = "scenarios"

    scenarios: list[Scenario] = Field(min_length=1, max_length=80)
    questions: list[StepText] = Field(max_length=5, description="what the stories leave open and somebody must decide")
    stories: list[StoryText] = Field(default_factory=list, max_length=20)

    def items(self) -> Sequence[Scenario]:
        """Return the scenarios in reading order."""
        return self.scenarios

    def with_items(self, items: Sequence[Any]) -> "AcceptanceCriteria":
        """Return a copy that holds these scenarios."""
        return self.model_copy(update={"scenarios": list(items)})

    def upstream_items(self) -> tuple[UpstreamItem, ...]:
        """Return the stories that are tested."""
        return tuple(UpstreamItem(story.id, story.text) for story in self.stories)
