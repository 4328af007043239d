"""Gather: the terms, names and passages that one brief needs, as the stage will see them."""

import re
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Protocol

from chains.events import Person
from errors import Language
from formats.names import spoken_names
from knowledge.search.retrieval import PassageHit
from knowledge.terms.glossary import Glossary, TermHit
from knowledge.terms.glossary import Term as GlossaryTerm
from records.knowledge import Asset, Closing, Passage
from stages.material import Material, Source, Term, UpstreamItem

_ENTITY_KINDS = frozenset({"entity", "event", "value", "process"})
_MOST_TERMS = 24


class Known(Protocol):
    """What the chain asks of the organisation's knowledge."""

    @property
    def glossary(self) -> Glossary:
        """Return the terms."""
        ...

    def terms_in(self, text: str) -> list[TermHit]:
        """Return the places of a text where terms are written."""
        ...

    async def search(self, text: str, *, groups: frozenset[str], shelves: Sequence[str] = (), limit: int = 6) -> list[PassageHit]:
        """Return the passages nearest to a text that these groups may read."""
        ...

    async def passage(self, passage_id: str, groups: frozenset[str]) -> tuple[Passage, Asset] | None:
        """Return a passage that these groups may still read, with its asset."""
        ...

    async def closed(self, assets: Collection[str], passages: Collection[str], groups: frozenset[str]) -> Mapping[str, Closing]:
        """Return which of these assets, and passages, may not be read by these groups any more, and why."""
        ...


async def gather(
    brief: str,
    language: Language,
    person: Person,
    known: Known,
    *,
    shelves: Sequence[str],
    passages: int,
    upstream: tuple[UpstreamItem, ...] = (),
    offered: tuple[Source, ...] = (),
) -> Material:
    """Return what is in hand for a brief: exact terms in both languages, names the glossary lacks, passages by words and vectors.

    What the upstream items cite comes first: a scenario is written with the rules that its story rests on. What was `offered`
    comes last, under keys of its own.
    """
    spoken = "\n".join([brief, *(item.text for item in upstream)]).strip()
    hits = await known.search(spoken, groups=person.reads, shelves=shelves, limit=passages)
    cited = [passage_id for item in upstream for passage_id in item.passages]
    found: list[PassageHit] = []
    for passage_id in dict.fromkeys(cited):
        held = await known.passage(passage_id, person.reads)
        if held is not None and not any(passage_id in hit.passages for hit in found):
            found.append(_cited(*held, hits))
    shown = {passage_id for hit in found for passage_id in hit.passages}
    found += [hit for hit in hits if shown.isdisjoint(hit.passages)]
    return material_of(brief, language, known, sources=(*sources_of(found), *offered), upstream=upstream)


def material_of(
    brief: str,
    language: Language,
    known: Known,
    *,
    sources: tuple[Source, ...],
    upstream: tuple[UpstreamItem, ...] = (),
    also: str = "",
) -> Material:
    """Return the material of a brief whose sources are at hand; `also` is text whose terms count too, such as an edited item."""
    spoken = "\n".join([brief, *(item.text for item in upstream), also]).strip()
    hits = known.terms_in(spoken)
    terms = tuple(dict.fromkeys(told_term(hit.term, language) for hit in hits))[:_MOST_TERMS]
    named = tuple(dict.fromkeys(told_term(hit.term, language) for hit in hits if hit.how != "forbidden"))
    written = _written(hits)
    names = spoken_names(spoken, language)
    return Material(
        brief=brief,
        language=language,
        terms=terms,
        sources=sources,
        roles=tuple(term.name for term in named if term.kind == "role"),
        entities=tuple(term.name for term in named if term.kind in _ENTITY_KINDS),
        unlisted_roles=tuple(name for name in names.roles if not _known(name, written)),
        unlisted_entities=tuple(name for name in names.things if not _known(name, written) and name not in names.roles),
        all_roles=tuple(known.glossary.roles(language)),
        near_roles=_near_roles(sources, known, language),
        all_names=known.glossary.all_names,
        upstream=upstream,
    )


def _near_roles(sources: Sequence[Source], known: Known, language: Language) -> tuple[str, ...]:
    """Return the official roles that the passages name, the most named first."""
    hits = known.terms_in("\n".join(source.text for source in sources))
    counted = Counter(hit.term.name(language) for hit in hits if hit.term.kind == "role" and hit.how != "forbidden")
    return tuple(name for name, _ in counted.most_common())


def _cited(passage: Passage, asset: Asset, hits: Sequence[PassageHit]) -> PassageHit:
    """Return a passage that is cited upstream, with the surroundings in which it was found, if it was."""
    for hit in hits:
        if passage.id in hit.passages:
            return replace(hit, passage=passage, kept=False)
    return PassageHit(passage, asset, 1.0, passage.text, passage.tokens, (passage.id,))


def sources_of(hits: Sequence[PassageHit]) -> tuple[Source, ...]:
    """Return hits as sources that may be cited, numbered from P1."""
    return tuple(
        Source(
            key=f"P{number}",
            passage_id=hit.passage.id,
            title=hit.asset.title,
            shelf=hit.asset.shelf,
            breadcrumb=hit.passage.breadcrumb,
            text=hit.text,
            language=hit.passage.language,
            kind=hit.asset.type,
            kept=hit.kept,
            asset=hit.asset.id,
        )
        for number, hit in enumerate(hits, 1)
    )


def told_term(term: GlossaryTerm, language: Language) -> Term:
    """Return a glossary term as it is told in a language; its names are those of both."""
    forbidden = (*term.replaced("en"), *term.replaced("zh"))
    definition = term.definition.zh if language == "zh" else term.definition.en
    return Term(term.id, term.kind, term.name(language), definition, term.names, forbidden)


def _written(hits: Sequence[TermHit]) -> frozenset[str]:
    """Return every name of the terms that a text speaks of, and the words as it writes them."""
    names = {hit.written.lower() for hit in hits}
    for hit in hits:
        names |= {name.lower() for name in hit.term.names}
    return frozenset(names)


def _known(name: str, written: frozenset[str]) -> bool:
    """Tell whether a name is a term, holds one, or is a part of one: "daily spending limit" is no unknown where "limit" is a term."""
    plain = name.lower()
    forms = {plain, plain.removesuffix("s"), re.sub("ies$", "y", plain)}
    return any(
        form == term or re.search(rf"(?<![a-z]){re.escape(term)}(?![a-z])", form) or form in term.split()
        for form in forms
        for term in written
    )
