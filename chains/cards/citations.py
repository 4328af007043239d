"""What was cited, as far as the person may still read it: judged anew whenever it is shown."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from chains.events import Person
from chains.gathering.gather import Known
from chains.sentences import say
from errors import Language
from records.knowledge import Closing
from stages.material import Source


def stored_sources(rows: Iterable[Mapping[str, Any]]) -> tuple[Source, ...]:
    """Return sources as they are on record; rows of earlier releases lack some fields."""
    return tuple(Source(**{name: row[name] for name in Source.__dataclass_fields__ if name in row}) for row in rows)


async def closings(sources: Sequence[Source], person: Person, known: Known) -> dict[str, Closing]:
    """Return by key which sources the person may not read any more, and why. Raises KnowledgeError.

    A source without the id of its asset is judged by its passage, which is gone where its text was changed meanwhile. What the
    person's own tool offered was never the organisation's to close.
    """
    sources = [source for source in sources if not source.is_offered]
    judged = {source.key: source.asset or source.passage_id for source in sources}
    if not judged:
        return {}
    assets = {source.asset for source in sources if source.asset}
    passages = {source.passage_id for source in sources if not source.asset}
    found = await known.closed(assets, passages, person.reads)
    return {key: found[name] for key, name in judged.items() if name in found}


async def as_open(sources: Sequence[Source], person: Person, known: Known, language: Language) -> tuple[Source, ...]:
    """Return the sources as they were, but of those that are closed to the person the key and why alone. Raises KnowledgeError."""
    closed = await closings(sources, person, known)
    return tuple(_closed(one, closed[one.key], language) if one.key in closed else one for one in sources)


def _closed(source: Source, how: Closing, language: Language) -> Source:
    return replace(source, title=say(f"source-{how}", language), shelf="", breadcrumb="", text="", kind="")
