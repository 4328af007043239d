"""What release notes look like: entries for a reader, each resting on commits or tickets that exist, and what no entry tells of."""

from collections.abc import Collection, Mapping, Sequence
from typing import Annotated, Any, ClassVar, Literal, get_args

from pydantic import Field

from stages.declaration import Artifact, Item, Shape

Section = Literal["added", "changed", "deprecated", "removed", "fixed", "security"]
Audience = Literal["customers", "operations", "developers"]
Left = Literal["", "internal", "open", "reverted", "unrelated"]
SECTIONS: tuple[Section, ...] = get_args(Section)
AUDIENCES: tuple[Audience, ...] = get_args(Audience)
Text = Annotated[str, Field(min_length=2, max_length=300)]
ChangeId = Annotated[str, Field(min_length=1, max_length=64)]


class ReleaseEntry(Item):
    """One entry: what a reader notices of one or several changes."""

    id: str = Field(pattern=r"^N\d{1,3}$", description="N1, N2, ...")
    section: Section = Field(description="what kind of change it is")
    breaking: bool = Field(description="whether something that worked stops working unless the reader acts")
    text: Text = Field(description="one sentence for the reader, without ids and without a type such as feat:")
    audience: list[Audience] = Field(min_length=1, max_length=3, description="who should read it")
    changes: list[ChangeId] = Field(max_length=60, description="ids of the commits and tickets that it tells of")
    upstream: list[str] = Field(max_length=6, description="ids of the stories and operations that it delivers")
    sources: list[str] = Field(max_length=3, description="keys of the passages that it rests on")

    def rests_on(self) -> tuple[str, ...]:
        """Return the stories and operations that the entry delivers."""
        return tuple(self.upstream)

    def texts(self) -> dict[str, str]:
        """Return the sentence."""
        return {"text": self.text}

    def with_texts(self, texts: Mapping[str, str]) -> "ReleaseEntry":
        """Return a copy with this sentence."""
        return self.model_copy(update=dict(texts))


class ChangeText(Shape):
    """A change that was in hand: its id and title, the tickets that it is tied to, and why no entry is asked of it, if so."""

    id: ChangeId
    title: str = Field(max_length=300)
    type: str = Field("", max_length=60)
    tickets: list[ChangeId] = Field(default_factory=list, max_length=60)
    left: Left = ""


class ReleaseNotes(Artifact):
    """The entries of one version; `audience`, `changes` and `uncovered` are filled in from what is in hand, never by the model."""

    ITEMS: ClassVar[str] = "entries"

    version: str = Field("", max_length=60)
    date: str = Field("", pattern=r"^(\d{4}-\d{2}-\d{2})?$")
    entries: list[ReleaseEntry] = Field(min_length=1, max_length=400)
    questions: list[Text] = Field(max_length=5, description="what the changes leave open and somebody must decide")
    audience: list[Audience] = Field(default=[AUDIENCES[0]], max_length=3)
    changes: list[ChangeText] = Field(default_factory=list, max_length=2000)
    uncovered: list[ChangeId] = Field(default_factory=list, max_length=2000)

    def items(self) -> Sequence[ReleaseEntry]:
        """Return the entries in reading order."""
        return self.entries

    def with_items(self, items: Sequence[Any]) -> "ReleaseNotes":
        """Return a copy that holds these entries, and says anew which changes none of them cites."""
        cited = {change for entry in items for change in entry.changes}
        return self.model_copy(update={"entries": list(items), "uncovered": uncovered(self.changes, cited)})

    def covered(self) -> frozenset[str]:
        """Return the ids of the changes that the entries tell of, a commit's through its ticket and the other way round too."""
        return frozenset(change.id for change in self.changes) - frozenset(self.uncovered)


def uncovered(changes: Sequence[ChangeText], cited: Collection[str]) -> list[str]:
    """Return the ids of the changes that are not cited: neither themselves, nor their ticket, nor a commit of theirs."""
    told = set(cited)
    through = {ticket for change in changes if change.id in told for ticket in change.tickets}
    return [change.id for change in changes if change.id not in told | through and not told.intersection(change.tickets)]
