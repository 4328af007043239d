"""A wish read as a phrase: what is done, to what, and to what that belongs, in English and Chinese."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

import inflection

from errors import Language
from formats.language import has_han, simplified
from stages.api_definition.naming import Known, Resource, chunk_names, kebab, kebab_plural, plural, singular, vocabulary

Kind = Literal["list", "read", "create", "change", "delete", "act", "undo"]


@dataclass(frozen=True)
class Phrase:
    """What a wish says: `noun` is the resource that the action itself becomes, `said` whether its object was told at all, `aspect`
    whether only a side of it (its status), and `fields` the fields that it speaks of."""

    kind: Kind
    main: Resource | None
    parent: Resource | None = None
    noun: str = ""
    said: bool = True
    aspect: bool = False
    fields: tuple[str, ...] = ()


def read_phrase(text: str, language: Language, known: Known) -> Phrase:
    """Read a wish; `main` is None where its object has no English name."""
    plain = " ".join(simplified(text).split()).strip(" .,。，；;")
    phrase = _chinese(plain, known) if language == "zh" else _english(plain, known)
    return Phrase(**(vars(phrase) | {"fields": tuple(dict.fromkeys((*phrase.fields, *fields_in(plain, language))))}))


def fields_in(text: str, language: Language) -> tuple[str, ...]:
    """Return the common fields that a wish names."""
    spoken = {inflection.singularize(word) for word in re.findall(r"[a-z]+", text.lower())}
    return tuple(
        name
        for name, told in vocabulary()["fields"].items()
        if (any(word in text for word in told["zh"]) if language == "zh" else not spoken.isdisjoint(told["en"]))
    )


@cache
def _verbs(language: Language) -> dict[str, tuple[str, str]]:
    """Return each verb with what it does and the noun that it becomes."""
    said: dict[str, Any] = vocabulary()["verbs"][language]
    verbs = {verb: (kind, "") for kind in ("read", "create", "change", "delete") for verb in said[kind].split()}
    return {verb: (kind, noun) for kind in ("undo", "act", "request") for verb, noun in said[kind].items()} | verbs


_ENDS = re.compile(
    r"\s*\b(of|for|in|on|from|to|at|into|by|with|until|when|while|before|after|as|without|within|above|below|over|under|if|that|which|who|so|per"
    r"|between|towards?|than|is|are|was|were|has|have|during|via|through|about|against|because|and|or|again|abroad|online|back|up|out|off|immediately|together)\b\s*|,\s*|\s*\(",
    re.IGNORECASE,
)
_BELONGS = frozenset({"of", "for", "in", "on", "from", "to", "at", "into"})
_HAS = frozenset({"of", "for", "in", "on"})
_PRONOUNS = frozenset({"it", "them", "one", "this", "that", "these", "those", "him", "her", "us", "me", "you"})
_ASKING = frozenset({"how", "whether", "what", "which", "when", "where", "why", "who"})
_THEIRS = frozenset({"its", "their", "his", "her"})
_OWNER = re.compile(r"^(?:(?:a|an|the|my|our|his|her|their|your|any|each)\s+)?(?P<owner>[a-z -]+?)['’]s?\s+(?P<thing>.+)$")
# Words behind a thing that are a field of it, not a thing of their own: the date of a booking, not its limit.
_PLAIN_FIELDS = frozenset({"amount", "date", "day", "status", "reason", "comment", "note", "remark"})
_LEADS = re.compile(
    r"^(?:(?:an?|the|this|that|these|those|each|every|any|all|some|no|one|my|our|your|his|her|its|their|new|lost|stolen|wrong|own|open|current|second|next"
    r"|last|first|existing|upcoming|available|online|missing|several|two|three|\d+)\s+|[a-z]+['’]s?\s+)+",
    re.IGNORECASE,
)
_MANY = frozenset({"list", "search", "browse", "find", "filter", "sort"})


def _english(text: str, known: Known) -> Phrase:
    """Read `verb object of owner`; an unknown verb becomes a resource of actions."""
    # "Set up" and "look up" are verbs of their own.
    verb, _, rest = re.sub(r"^(set|look) up\b", r"\1-up", text.lower()).partition(" ")
    kind, noun = (
        _verbs("en").get(verb)
        or _verbs("en").get(inflection.singularize(verb))
        or ("act", f"{kebab(verb)[:30]}-actions".strip("-"))
    )
    chunks = _english_chunks(rest)
    if chunks and (chunks[0][1] in _PRONOUNS or chunks[0][1].split()[0] in _ASKING):
        return _shaped(Phrase("read", None, None, noun, said=True, aspect=True), kind, many=False)
    many = verb in _MANY or bool(re.search(r"\b(all|every|history)\b", rest))
    aspect = False
    asked: tuple[str, ...] = ()
    if chunks and (told := _english_side(chunks[0][1])):
        aspect = told[0] == "aspect"
        asked = told[1:] if told[0] == "field" and kind == "change" else ()
        if len(chunks) > 1 and chunks[1][0] in _HAS and (aspect or asked):
            chunks = chunks[1:]
    # "Change its amount" is a change of what was spoken of before.
    theirs = bool(asked) and rest.split(" ", 1)[0] in _THEIRS
    side_alone = (aspect or theirs) and bool(_english_side(chunks[0][1]))
    main = _english_resource(chunks[0][1], known, change=kind == "change") if chunks and not side_alone else None
    parent = _english_owner(chunks[1:3], known)
    plural_said = bool(chunks) and chunks[0][1] != inflection.singularize(chunks[0][1]) and not aspect
    return _shaped(Phrase("read", main, parent, noun, bool(chunks), aspect or theirs, asked), kind, many=many or plural_said)


def _english_chunks(rest: str) -> list[tuple[str, str]]:
    """Return what stands between the prepositions of a wish, each with the word that leads to it; an owner stands behind `of`."""
    owned = _OWNER.match(rest)
    parts = _ENDS.split(f"{owned['thing']} of {owned['owner']}" if owned else rest)
    chunks = [("", parts[0]), *zip((part or "" for part in parts[1::2]), parts[2::2], strict=True)]
    return [(lead.lower(), bare) for lead, chunk in chunks if (bare := _LEADS.sub("", f"{chunk.strip()} ").strip())]


def _english_owner(chunks: Sequence[tuple[str, str]], known: Known) -> Resource | None:
    """Return the entity, no person, that what is wished for belongs to."""
    owners = (_entity_at_end(chunk, known) for lead, chunk in chunks if lead in _BELONGS and chunk not in known.people)
    return next((owner for owner in owners if owner), None)


def _english_side(chunk: str) -> tuple[str, ...]:
    """Tell whether a chunk is but a side of something: an aspect (its status), or one of the common fields."""
    words = [inflection.singularize(word) for word in chunk.split()]
    aspects = {inflection.singularize(word) for word in vocabulary()["aspects"]["en"].split()} | {"status", "data", "progress"}
    if words and all(word in aspects for word in words):
        return ("aspect",)
    found = fields_in(chunk, "en")
    return ("field", *found) if found and len(words) == 1 else ()


def _english_resource(chunk: str, known: Known, *, change: bool) -> Resource | None:
    """Return what a chunk names: an entity at its end, or the words themselves; a field behind what has it is left to the body."""
    words = chunk.split()
    aspects = vocabulary()["aspects"]["en"].split()
    while len(words) > 1 and (words[-1] in aspects or (change and fields_in(words[-1], "en"))):
        plain = words[-1] in _PLAIN_FIELDS or words[-1] in aspects
        if _exact(" ".join(words), known) or not (plain or _exact(" ".join(words[:-1]), known)):
            break
        words.pop()
    if entity := _entity_at_end(" ".join(words), known):
        return entity
    name = kebab_plural(" ".join(words[-3:]))
    return Resource(name) if name else None


def _entity_at_end(chunk: str, known: Known) -> Resource | None:
    """Return the longest entity with which a chunk ends."""
    words = chunk.split()
    return next((found for start in range(len(words)) if (found := _exact(" ".join(words[start:]), known))), None)


def _exact(words: str, known: Known) -> Resource | None:
    lead, blank, last = words.rpartition(" ")
    return known.entities.get(words) or known.entities.get(f"{lead}{blank}{singular(last)}")


_BEFORE = re.compile(r"(?:[把将对]|针对)(?P<thing>[^，,]{1,24}?)(?:进行|作|做)?\s*$")
_FOR = re.compile(r"(?:[给为向在])(?P<owner>[^，,]{1,16}?)$")
# 导出为 PDF: what follows is a form, no thing.
_AS_FORM = re.compile(r"^[为成]\s*[A-Za-z]")
# A verb before one of these is part of a word for people: 审批人, 申请者.
_PEOPLE = frozenset("人员者")
_COUNTED = re.compile(r"^(?:[一二两三四五六七八九十\d]+[个张笔份条项名位]?|所有|全部|新的?|该|其|此|每[个张笔份条项]?)+")


def _chinese(text: str, known: Known) -> Phrase:
    """Read a verb with its object behind it, or before it after 把, 将 and 对."""
    verbs = _verbs("zh")
    place, verb = _first_verb(text, tuple(verbs), known)
    kind, noun = verbs[verb] if verb else ("read", "")
    lead, after = text[:place], text[place + len(verb) :]
    before, given = _BEFORE.search(lead), _FOR.search(lead)
    thing = before["thing"] if before else after or lead or vocabulary()["holds"].get(verb, "")
    if _AS_FORM.match(thing):
        return _shaped(Phrase("read", None, None, noun, said=True, aspect=True), kind, many=False)
    owner, _, tail = _COUNTED.sub("", thing).rpartition("的")
    aspect = False
    for ending in sorted(vocabulary()["aspects"]["zh"].split(), key=len, reverse=True):
        if kind == "read" and tail.endswith(ending) and tail not in known.entities:
            tail, aspect = tail.removesuffix(ending), True
            break
    if aspect and not tail:
        owner, tail = "", owner
    tail, fields = _without_field(tail, known) if kind == "change" else (tail, ())
    tail, owner = (owner, "") if not tail else (tail, owner)
    named = _named(tail, known) or _named(owner, known)
    owners = chunk_names(owner, known) or []
    main = named[-1][1] if named else None
    receivers = _named(given["owner"], known) if given and after and given["owner"] not in known.people else []
    others = [
        *(one for _, one in receivers),
        *(one for piece, one in owners if piece.lower() in known.entities),
        *(one for _, one in named[:-1]),
    ]
    parent = others[-1] if main and others and others[-1] != main else None
    return _shaped(Phrase("read", main, parent, noun, bool(thing.strip()), aspect, fields), kind, many=not aspect)


def _named(thing: str, known: Known) -> list[tuple[str, Resource]]:
    """Return what a phrase names, or its longest end that has an English name (the head of a Chinese phrase stands last), or else the
    last entity in it."""
    ends = (chunk_names(thing[start:], known) for start in range(max(1, len(thing) - 1)))
    if named := next((named for named in ends if named), []):
        return named
    inside = [name for name in known.entities if has_han(name) and name in thing]
    last = max(inside, key=lambda name: (thing.rfind(name), len(name)), default="")
    return [(last, known.entities[last])] if last else []


def _first_verb(text: str, verbs: tuple[str, ...], known: Known) -> tuple[int, str]:
    """Return the first verb of a wish, the longest where several begin there; one inside a thing's name is none."""
    for place in range(len(text)):
        found = max((verb for verb in verbs if text.startswith(verb, place)), key=len, default="")
        named = max((len(name) for name in known.entities if text.startswith(name, place)), default=0)
        inside = any(
            text.startswith(name, at) and at + len(name) > place + len(found)
            for at in range(place + 1, place + len(found))
            for name in known.entities
        )
        person = text[place + len(found) : place + len(found) + 1] in _PEOPLE
        # 投诉转派: a noun that is a verb too, right before the verb.
        also_noun = found in vocabulary()["nouns"] and any(text.startswith(verb, place + len(found)) for verb in verbs)
        if found and not person and not inside and not (place == 0 and also_noun) and (named <= len(found) or place == 0):
            return place, found
    return len(text), ""


def _without_field(thing: str, known: Known) -> tuple[str, tuple[str, ...]]:
    """Take a common field off the end of what has it: 修改预订日期 changes the date of a booking."""
    if thing in known.entities:
        return thing, ()
    for name, told in vocabulary()["fields"].items():
        for word in told["zh"]:
            rest = thing.removesuffix(word)
            if rest not in (thing, "") and chunk_names(rest, known):
                return rest, (name,)
    return thing, ()


def _shaped(phrase: Phrase, kind: str, *, many: bool) -> Phrase:
    """Return the phrase with its final kind and its resource: a request is named after what is asked for, money after what is done."""
    main, noun = phrase.main, phrase.noun
    if kind == "request" or (kind == "act" and main and main.name in vocabulary()["masses"].split()):
        name = plural(noun)
        whole = main is not None and kind == "request" and singular(main.name).rpartition("-")[2] != singular(name)
        lead = f"{singular(main.name)}-" if whole and main else ""
        asked = main if main and kind == "request" and not whole else Resource(f"{lead}{name}")
        return Phrase("create", asked, phrase.parent, "", phrase.said, phrase.aspect, phrase.fields)
    final: Any = ("list" if many and not phrase.aspect else "read") if kind == "read" else kind
    return Phrase(final, main, phrase.parent, noun, phrase.said, phrase.aspect, phrase.fields)
