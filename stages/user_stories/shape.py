"""What user stories look like: role, wish and reason (Connextra), the activity they belong to, and what they touch and rest on."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, ClassVar

from pydantic import Field

from stages.declaration import Artifact, Item

Text = Annotated[str, Field(min_length=2, max_length=240)]


class Story(Item):
    """One story: who wishes what, and why."""

    id: str = Field(pattern=r"^S\d{1,3}$", description="S1, S2, ...")
    role: str = Field(min_length=1, max_length=60, description="who wishes it")
    want: Text = Field(description="the wish: one action, without 'I want to'")
    benefit: str = Field(max_length=240, description="the reason, without 'so that'")
    activity: str = Field(
        default="", max_length=60, description="the activity that it belongs to, 2 to 5 words, shared by neighbours"
    )
    entities: list[str] = Field(max_length=4, description="business entities that the story touches")
    operations: list[str] = Field(default=[], max_length=8, description="ids of the API operations that it was read from")
    sources: list[str] = Field(max_length=3, description="keys of the passages that the story rests on")

    def rests_on(self) -> tuple[str, ...]:
        """Return the operations of an API that the story was read from."""
        return tuple(self.operations)

    def texts(self) -> dict[str, str]:
        """Return wish and reason."""
        return {"want": self.want, "benefit": self.benefit}

    def with_texts(self, texts: Mapping[str, str]) -> "Story":
        """Return a copy with these texts."""
        return self.model_copy(update=dict(texts))


class UserStories(Artifact):
    """The stories of one brief, in story-map order, with what the brief leaves open."""

    ITEMS: ClassVar[str] = "stories"

    stories: list[Story] = Field(min_length=1, max_length=20)
    questions: list[Text] = Field(max_length=5, description="what the brief leaves open and somebody must decide")

    def items(self) -> Sequence[Story]:
        """Return the stories in reading order."""
        return self.stories

    def with_items(self, items: Sequence[Any]) -> "UserStories":
        """Return a copy that holds these stories."""
        return self.model_copy(update={"stories": list(items)})
