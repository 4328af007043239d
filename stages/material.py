"""What one request has in hand: the brief, the organisation's terms, the passages found, and what lies upstream."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from errors import Language

OFFERED = "offered"


@dataclass(frozen=True)
class Term:
    """A glossary entry, told in the language of the answer.

    `name` is the official word; `names` holds it and every accepted alias in both languages; `forbidden` the words that must
    not stand for it.
    """

    id: str
    kind: str
    name: str
    definition: str
    names: tuple[str, ...] = ()
    forbidden: tuple[str, ...] = ()


@dataclass(frozen=True)
class Source:
    """A passage that may be cited, under a key that is short enough for a small model (`P1`, `P2`, …).

    `kept` marks a standard, template or checklist of the stage that was not found for the brief: it is there for every brief.
    `asset` is the id of what it is a passage of, by which it is judged who may still read it. One of the kind `offered` is no
    passage at all: a tool of the person's brought the text along with the brief.
    """

    key: str
    passage_id: str
    title: str
    shelf: str
    breadcrumb: str
    text: str
    language: Language = "en"
    kind: str = ""
    kept: bool = False
    asset: str = ""

    @property
    def is_offered(self) -> bool:
        """Whether the text came with the brief instead of from the knowledge."""
        return self.kind == OFFERED and not self.asset and not self.passage_id


@dataclass(frozen=True)
class UpstreamItem:
    """An item of an artifact that this request rests on, such as an accepted story, with its text as a person reads it and the
    ids of the passages that it cites.

    `stage` names the stage that it comes from and `body` holds it as JSON of that stage's shape; both are empty for a pasted text.
    `origin` is its id in its own artifact, where another upstream item has that id here.
    """

    id: str
    text: str
    artifact_id: str = ""
    version: int = 0
    passages: tuple[str, ...] = ()
    stage: str = ""
    origin: str = ""
    body: Mapping[str, Any] = field(default_factory=dict, compare=False)


@dataclass(frozen=True)
class Material:
    """Everything that a prompt, a narrowed schema and a check may rest on.

    `roles` and `entities` are the official names found in the brief; `unlisted_roles` and `unlisted_entities` those that the
    brief names and the glossary lacks; `all_roles` every official role of the pack, `near_roles` those that the passages speak of,
    the most named first. `all_names` are the names and accepted aliases of every official term, whether the brief speaks of it or not.
    """

    brief: str
    language: Language
    terms: tuple[Term, ...] = ()
    sources: tuple[Source, ...] = ()
    roles: tuple[str, ...] = ()
    entities: tuple[str, ...] = ()
    unlisted_roles: tuple[str, ...] = ()
    unlisted_entities: tuple[str, ...] = ()
    all_roles: tuple[str, ...] = ()
    near_roles: tuple[str, ...] = ()
    all_names: frozenset[str] = field(default_factory=frozenset, repr=False)
    upstream: tuple[UpstreamItem, ...] = ()

    def source(self, key: str) -> Source | None:
        """Return the source with this key."""
        return next((source for source in self.sources if source.key == key), None)

    def upstream_of(self, *stages: str) -> tuple[UpstreamItem, ...]:
        """Return the upstream items of these stages, in their order."""
        return tuple(item for item in self.upstream if item.stage in stages)
