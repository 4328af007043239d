"""A document as every notation of it needs it: headings, paragraphs, lists, tables and code, free of any one format."""

from collections.abc import Sequence
from dataclasses import dataclass

from errors import Language


@dataclass(frozen=True)
class Heading:
    """A heading of level 1 (a section) to 4."""

    level: int
    text: str


@dataclass(frozen=True)
class Paragraph:
    """A paragraph; `keyword` is set in bold before its text (`As a`, `Given`)."""

    text: str
    keyword: str = ""


@dataclass(frozen=True)
class Bullets:
    """A list."""

    texts: Sequence[str]


@dataclass(frozen=True)
class Table:
    """A table; every row has as many cells as there are columns."""

    columns: Sequence[str]
    rows: Sequence[Sequence[str]]


@dataclass(frozen=True)
class Code:
    """A text of a notation of its own (`gherkin`, `mermaid`, `yaml`), shown as it is."""

    notation: str
    text: str


@dataclass(frozen=True)
class Picture:
    """A diagram, by its Mermaid source; `title` says what it shows."""

    title: str
    mermaid: str


Block = Heading | Paragraph | Bullets | Table | Code | Picture


@dataclass(frozen=True)
class Document:
    """A titled sequence of blocks; `sources` are titles and breadcrumbs of what it rests on, numbered from 1 as they are cited."""

    title: str
    language: Language
    blocks: Sequence[Block]
    sources: Sequence[tuple[str, str]] = ()
