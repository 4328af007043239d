"""Checks and mends that hold for every stage: language, official words, numbers, sources, copied examples."""

import re
from collections.abc import Iterator

from errors import Language
from formats.language import has_han, language_of
from formats.numbers import numbers, numbers_told
from stages.declaration import Artifact, Item
from stages.findings import Finding, Mended, Rules
from stages.material import Material
from stages.words import related_sources

RULES = Rules("stages")


def check_language(artifact: Artifact, material: Material) -> list[Finding]:
    """Find texts that are not in the language of the answer; an abbreviation alone is no text of another language."""
    found = []
    for item, place, text in _texts(artifact):
        letters = re.sub(r"[^A-Za-z]|\b[A-Z]{2,}\b", "", text)
        foreign = material.language == "zh" and not has_han(text) and len(letters) > 3
        if foreign or (material.language == "en" and language_of(text) == "zh"):
            found.append(RULES.finding("language", material.language, place=place, item=item.id))
    return found


def check_forbidden_words(artifact: Artifact, material: Material) -> list[Finding]:
    """Find words that stand for an official term and must not."""
    return [
        RULES.finding("forbidden-word", material.language, place=place, item=item.id, word=word, official=official)
        for item, place, text in _texts(artifact)
        for word, official in _forbidden_in(text, material)
    ]


def mend_forbidden_words(artifact: Artifact, material: Material) -> tuple[Artifact, list[Mended]]:
    """Put the official term in the place of a word that must not stand for it, also where the brief says that word."""
    mended: list[Mended] = []
    items: list[Item] = []
    for item in artifact.items():
        changed: dict[str, str] = {}
        for place, text in item.texts().items():
            after = text
            for word, official in _forbidden_in(text, material):
                after = _put(word, official, _names_with(word, material), after)
            if after != text:
                changed[place] = after
                mended.append(Mended("forbidden-word", place, text, after, item.id))
        items.append(item.with_texts(changed) if changed else item)
    return (artifact.with_items(items), mended) if mended else (artifact, [])


def check_numbers(artifact: Artifact, material: Material) -> list[Finding]:
    """Find numbers above nine that neither the brief, the upstream items nor a cited source holds."""
    known = numbers_told(material.brief).union(*(numbers_told(item.text) for item in material.upstream))
    found = []
    for item, place, text in _texts(artifact):
        cited = known.union(*(numbers_told(source.text) for key in item.sources if (source := material.source(key))))
        for number in sorted(numbers(text) - cited):
            if len(number) > 1:
                found.append(RULES.finding("unsupported-number", material.language, place=place, item=item.id, number=number))
    return found


def check_sources(artifact: Artifact, material: Material) -> list[Finding]:
    """Find citations of what does not exist, and items that cite nothing although passages were found."""
    keys = {source.key for source in material.sources}
    found = []
    for item in artifact.items():
        for key in item.sources:
            if key not in keys:
                found.append(RULES.finding("unknown-source", material.language, place="sources", item=item.id, key=key))
        if not item.sources:
            found.append(RULES.finding("no-source", material.language, place="sources", item=item.id))
    return found


def mend_sources(artifact: Artifact, material: Material) -> tuple[Artifact, list[Mended]]:
    """Leave out citations that do not exist, that are told twice, or that share nothing with what they are cited for."""
    mended: list[Mended] = []
    items: list[Item] = []
    for item in artifact.items():
        near = {source.key for source in related_sources(" ".join(item.texts().values()), material, most=len(material.sources))}
        kept = [key for key in dict.fromkeys(item.sources) if key in near]
        if kept != item.sources:
            mended.append(Mended("source", "sources", ", ".join(item.sources), ", ".join(kept), item.id))
            items.append(item.model_copy(update={"sources": kept}))
        else:
            items.append(item)
    return (artifact.with_items(items), mended) if mended else (artifact, [])


def _texts(artifact: Artifact) -> Iterator[tuple[Item, str, str]]:
    """Yield every text of every item with its place."""
    for item in artifact.items():
        for place, text in item.texts().items():
            if text:
                yield item, place, text


def _forbidden_in(text: str, material: Material) -> list[tuple[str, str]]:
    """Return the forbidden words of a text with the official names; inside an official name a word may stand."""
    return [
        (word, term.name)
        for term in material.terms
        for word in term.forbidden
        if _fits(word, material.language)
        and _pattern(word).search(text)
        and not _covered(word, _names_with(word, material), text)
    ]


def _names_with(word: str, material: Material) -> tuple[str, ...]:
    """Return the names of all terms that hold the word, the longest first."""
    names = {name for term in material.terms for name in (term.name, *term.names) if word.lower() in name.lower()}
    return tuple(sorted(names, key=lambda name: (-len(name), name)))


def _covered(word: str, names: tuple[str, ...], text: str) -> bool:
    """Tell whether the word stands only inside official names."""
    without = text
    for name in names:
        without = re.sub(re.escape(name), " ", without, flags=re.IGNORECASE)
    return not _pattern(word).search(without)


def _put(word: str, official: str, names: tuple[str, ...], text: str) -> str:
    """Put the official term in the place of a word, but not inside a name that holds the word; `a` and `an` go with it."""
    kept = "|".join(re.escape(name) for name in names)
    article = "" if has_han(word) else r"(?:(?<!\w)(?P<article>an?)\s+)?"
    pattern = rf"(?P<name>{kept})|{article}{_pattern(word).pattern}" if kept else rf"{article}{_pattern(word).pattern}"

    def said(found: re.Match[str]) -> str:
        parts = found.groupdict()
        if parts.get("name"):
            return found.group(0)
        if not (before := parts.get("article")):
            return official
        return f"{before[0]}{'n' if official[0].lower() in 'aeio' else ''} {official}"

    return re.sub(pattern, said, text, flags=re.IGNORECASE)


def _fits(word: str, language: Language) -> bool:
    """Tell whether a word belongs to the language of the answer."""
    return has_han(word) == (language == "zh")


def _pattern(word: str) -> re.Pattern[str]:
    """Match a word: with word boundaries where it is written in Latin letters."""
    escaped = re.escape(word)
    return re.compile(escaped if has_han(word) else rf"(?<!\w){escaped}(?!\w)", re.IGNORECASE)
