"""The shape of a stage: what it delivers, how it is judged, mended, written and shown."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar, Protocol

from pydantic import BaseModel, ConfigDict

from errors import Language
from formats.diagram import Diagram
from formats.document import Document
from formats.language import language_of
from formats.sheet import Sheet
from stages.findings import Finding, Mended
from stages.material import Material, Source, UpstreamItem

Json = dict[str, Any]
Words = Mapping[Language, str]


class Shape(BaseModel):
    """The base of every artifact and of its parts: closed, so that a small model cannot invent fields."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Artifact(Shape):
    """The typed thing a stage delivers: a list of items (the field that `ITEMS` names), each with an id that stays the same, and
    `questions`, a list of what is left open."""

    ITEMS: ClassVar[str] = ""

    def items(self) -> Sequence["Item"]:
        """Return the items in reading order."""
        raise NotImplementedError

    def with_items(self, items: Sequence[Any]) -> "Artifact":
        """Return a copy that holds these items."""
        raise NotImplementedError

    def upstream_items(self) -> tuple[UpstreamItem, ...]:
        """Return the upstream items that the artifact carries with it; none by default."""
        return ()


class Item(Shape):
    """A part of an artifact that is accepted, edited and rejected by itself."""

    id: str
    sources: list[str]

    def texts(self) -> dict[str, str]:
        """Return the texts a person reads, by their place in the item (`want`, `given[0]`)."""
        raise NotImplementedError

    def with_texts(self, texts: Mapping[str, str]) -> "Item":
        """Return a copy with these texts put in their places."""
        raise NotImplementedError

    def rests_on(self) -> tuple[str, ...]:
        """Return the ids of the upstream items that this one is made of; none by default."""
        return ()


@dataclass(frozen=True)
class Line:
    """One line of an item as a person reads it: a keyword in bold (`As a`, `Given`), the text, how deep it is set.

    `cells` holds the text of a table's row cell by cell; the lines with cells are one table, its heading first.
    """

    keyword: str
    text: str
    depth: int = 0
    cells: tuple[str, ...] = ()


@dataclass(frozen=True)
class ItemView:
    """An item as a card shows it; `sources` are keys of cited passages, `links` the ids of the upstream items it rests on.

    `section` is a heading that items before or after it share (a bounded context, `Added`); `badges` are short marks beside the title.
    """

    id: str
    title: str
    lines: tuple[Line, ...]
    sources: tuple[str, ...] = ()
    links: tuple[str, ...] = ()
    section: str = ""
    badges: tuple[str, ...] = ()


@dataclass(frozen=True)
class Entry:
    """One line of an outline: the id its item will get, what it is about, and what narrows its schema (such as a story's id)."""

    id: str
    text: str
    about: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


class ItemsWay(Protocol):
    """How a weak model is led: an outline first, then each item by a narrow schema of its own."""

    def outline_schema(self, material: Material) -> Json | None:
        """Return the schema of the outline; None where the entries follow from the upstream artifact alone."""
        ...

    def entries(self, outline: Json | None, material: Material) -> tuple[Entry, ...]:
        """Return what is to be written, one entry an item, duplicates and empty ones left out."""
        ...

    def item_schema(self, entry: Entry, material: Material) -> Json:
        """Return the schema of one item's reply."""
        ...

    def assemble(self, replies: Mapping[str, Json], entries: Sequence[Entry], material: Material) -> Json:
        """Return the artifact, as JSON, of the replies that there are (by entry id)."""
        ...

    def completed(self, body: Json, material: Material) -> Json:
        """Return a body with what is added by us and never asked of the model, such as the upstream stories."""
        ...

    def entry_of(self, item: Json, material: Material) -> tuple[Entry, ...]:
        """Return the entries that an item was made of, so that it can be written again."""
        ...


@dataclass(frozen=True)
class Notation:
    """A form in which an artifact is downloaded; `render` takes the artifact, its language and the sources it cites."""

    suffix: str
    mime: str
    render: Callable[[Any, Language, Sequence[Source]], bytes]
    title: Words


@dataclass(frozen=True)
class Imported:
    """An artifact read from what a person pasted: its body (JSON of the stage's shape), what of the text it cannot hold, and what the
    notation's own parser or standard holds against the text. Neither stops the import; both are told, in the reader's language."""

    body: Json
    lost: tuple[str, ...] = ()
    faults: tuple[str, ...] = ()


def _no_diagrams(_artifact: Any, _language: Language) -> tuple[Diagram, ...]:
    return ()


def _no_sheets(_artifact: Any, _language: Language) -> tuple[Sheet, ...]:
    return ()


def _not_read(_text: str, _language: Language) -> "Imported | None":
    return None


Check = Callable[[Any, Material], list[Finding]]
Mend = Callable[[Any, Material], tuple[Any, list[Mended]]]


@dataclass(frozen=True)
class Stage:
    """One step of the life cycle. The folder that declares it gives it its name.

    `place` orders the stages along the life cycle; `shelves` name where its standards lie; `upstream` the stages whose artifacts it
    may rest on, and `takes_brief` says that it also works from a brief alone. Where it does not, `read_upstream` takes a pasted brief
    apart into upstream items. `paste` is the hint for a text that it needs besides what lies upstream, such as a git log.
    `most_upstream` is the largest number of upstream items that one artifact can rest on.

    `clarifies` says that the organisation's checklist is held against its briefs (`chains.gathering.clarifying`).

    `narrow` closes the artifact's schema to what is in hand; `is_clear` tells whether a brief says enough, where the general rule
    (`chains.gathering.clarity`) does not fit. `view_draft` shows an item (JSON) that is still being written, as far as it can be read; `edit`
    renders one item as the source a person edits and `read_edit` reads it back, raising ValueError with a sentence for the person.
    `tell` renders an item for the prompt of a later stage, by default as `edit` does.

    `document` is what Markdown, DOCX and HTML are made of, `sheets` what XLSX and CSV are made of, `diagrams` what is drawn;
    `notations` are the stage's own further forms, of which `source` names the one that the page shows as the artifact's source.
    `read` turns a pasted text of one of its notations into an artifact; it returns None where the text is none of them.
    `speaks` tells in which language a brief is answered, where ids and dates would outweigh its words.
    """

    phase: str
    title: Words
    about: Words
    artifact: type[Artifact]
    checks: tuple[Check, ...]
    mends: tuple[Mend, ...]
    shelves: tuple[str, ...]
    narrow: Callable[[Material], Json]
    way: ItemsWay
    view: Callable[[Any, Language], ItemView]
    view_draft: Callable[[Any, Language], ItemView | None]
    edit: Callable[[Any, Language], str]
    read_edit: Callable[[str, Any, Language], Any]
    notations: Mapping[str, Notation]
    place: int = 0
    upstream: tuple[str, ...] = ()
    takes_brief: bool = False
    most_upstream: int = 20
    clarifies: bool = False
    read_upstream: Callable[[str, Language], tuple[str, ...]] = lambda text, _language: (text,)
    paste: Words | None = None
    is_clear: Callable[[Material], bool] | None = None
    tell: Callable[[Any, Language], str] | None = None
    document: Callable[[Any, Language, Sequence[Source]], Document] | None = None
    sheets: Callable[[Any, Language], tuple[Sheet, ...]] = _no_sheets
    diagrams: Callable[[Any, Language], tuple[Diagram, ...]] = _no_diagrams
    source: str = "md"
    read: Callable[[str, Language], Imported | None] = _not_read
    speaks: Callable[[str], Language] = language_of

    def told(self, item: Any, language: Language) -> str:
        """Return an item as a later stage reads it."""
        return (self.tell or self.edit)(item, language)
