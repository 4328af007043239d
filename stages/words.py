"""Likeness between texts, by the words that carry their meaning: what the checks of every stage share."""

import re
from collections.abc import Iterable, Sequence

from formats.language import has_han, words
from stages.material import Material, Source, Term
from stages.schema import Json, narrowed

_HOW_TO = frozenset({"standard", "template", "checklist", "example", "past-artifact"})


def likeness(one: str, other: str) -> float:
    """Return the share of words that two texts have in common (Jaccard), 0 to 1."""
    left, right = set(words(one)), set(words(other))
    return len(left & right) / len(left | right) if left and right else 0.0


def shares_words(text: str, others: Iterable[str]) -> bool:
    """Tell whether a text has a word in common with any of the others."""
    mine = set(words(text))
    return any(mine & set(words(other)) for other in others)


def terms_in(text: str, terms: Sequence[Term]) -> tuple[Term, ...]:
    """Return the terms that a text names, by any of their names."""
    padded = f" {' '.join(re.findall(r'[a-z0-9-]+', text.lower()))} "
    return tuple(term for term in terms if any(_named(name, text, padded) for name in term.names))


def _named(name: str, text: str, padded: str) -> bool:
    """Tell whether a name stands in a text: as whole words (singular or plural) where it is written in Latin letters."""
    if has_han(name):
        return name in text
    plain = " ".join(re.findall(r"[a-z0-9-]+", name.lower()))
    plurals = (plain, f"{plain}s", f"{plain}es", f"{plain[:-1]}ies" if plain.endswith("y") else plain)
    return bool(plain) and any(f" {form} " in padded for form in plurals)


def citing_related(schema: Json, text: str, material: Material) -> Json:
    """Return an item's schema whose `sources` are held to those related to a text, at least one of them where there is any."""
    near = [source.key for source in related_sources(text, material)]
    held = narrowed(schema, "sources[]", near)
    if near:
        held["properties"]["sources"]["minItems"] = 1
    return held


def related_sources(text: str, material: Material, most: int = 2) -> tuple[Source, ...]:
    """Return the sources nearest to a text, by shared words, with the text's terms told in both languages; none where none is near.

    What tells how to write (standards, templates, checklists, examples) comes after what tells how the business works.
    """
    named = [term for term in terms_in(text, material.terms) if term.kind != "role"]
    widened = " ".join([text, *(name for term in named for name in term.names)])
    mine = set(words(widened))
    near: list[tuple[int, Source]] = []
    for source in material.sources:
        told = f"{source.title} {source.breadcrumb} {source.text}"
        shared = len(mine & set(words(told)))
        about = len(terms_in(told, named))
        # A passage that speaks of the same things is nearer than one that shares a verb; without a thing in common it takes more.
        if about or shared >= (3 if named else 2) or (shared and len(mine) <= 2):
            near.append((shared + 3 * about, source))
    return tuple(source for _, source in sorted(near, key=lambda pair: (pair[1].kind in _HOW_TO, -pair[0]))[:most])
