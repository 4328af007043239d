"""English names of resources for paths, also for a wish told in Chinese: from classes and terms first, then from common words."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any

import inflection
import yaml

from formats.api.nouns import UNCOUNTABLE
from formats.language import has_han
from stages.material import Material, UpstreamItem

_LONGEST_NAME = 48
_LATIN = re.compile(r"[A-Za-z][A-Za-z0-9-]*")
# Words that inflection takes for a plural, or bends to something that nobody says.
_AS_THEY_ARE = frozenset({"status", "address", "access", "process", "us", "his", "this", "business", "loss"})


@dataclass(frozen=True)
class Resource:
    """What an operation is about: its plural name in kebab case, the class it is drawn from, and whether the name is made up."""

    name: str
    class_id: str = ""
    made_up: bool = False

    @property
    def id_name(self) -> str:
        """The name of its path parameter: `incomeRecordId`."""
        return camel(singular(self.name)) + "Id"


@dataclass(frozen=True)
class Known:
    """The things that have an English name here, longest first: `entities` come from classes and terms, `words` from common usage."""

    entities: Mapping[str, Resource]
    words: Mapping[str, str]
    people: frozenset[str] = field(default_factory=frozenset)


@cache
def vocabulary() -> dict[str, Any]:
    """Read the words once."""
    data: dict[str, Any] = yaml.safe_load(files("stages.api_definition").joinpath("vocabulary.yaml").read_text("utf-8"))
    return data


@cache
def action_nouns() -> dict[str, str]:
    """Return the noun that an English verb becomes where it stands in a path: `withdraw` becomes `withdrawals`."""
    said = vocabulary()
    nouns: dict[str, str] = said["nouns_of_verbs"] | said["verbs"]["en"]["request"] | said["verbs"]["en"]["act"]
    return nouns


def known_names(material: Material) -> Known:
    """Return the names by which the classes and terms in hand are spoken of, each with its resource."""
    entities: dict[str, Resource] = {}
    people = {name.lower() for term in material.terms if term.kind == "role" for name in term.names}
    terms = {name.lower(): term.names for term in material.terms if term.kind not in ("role", "rule") for name in term.names}
    for item in material.upstream_of("domain_model"):
        names = class_names(item, terms)
        english = next((name for name in names if not has_han(name)), "")
        told = kebab_plural(english) or _common_name(names, entities)
        resource = Resource(told or f"resources-{item.id.lower()}", item.id, not told)
        entities |= {name.lower(): resource for name in names if name.lower() not in people}
    classes = dict(entities)
    for names in terms.values():
        english = next((name for name in names if not has_han(name)), "")
        if kebab_plural(english):
            # A debit card is a card where the model has but cards.
            resource = classes.get(english.lower().rpartition(" ")[2]) or Resource(kebab_plural(english))
            for name in names:
                entities.setdefault(name.lower(), resource)
    for name in material.unlisted_entities:
        plain = " ".join(kebab(name).split("-"))
        if not has_han(name) and name.lower() not in people and kebab_plural(name) and singular(plain) not in entities:
            entities.setdefault(name.lower(), Resource(kebab_plural(name)))
    people |= {name.lower() for name in (*material.roles, *material.unlisted_roles)}
    acts = {verb: singular(noun) for verb, noun in vocabulary()["verbs"]["zh"]["act"].items() if verb in vocabulary()["holds"]}
    return Known(entities, acts | vocabulary()["nouns"], frozenset(people))


def _common_name(names: Sequence[str], taken: Mapping[str, Resource]) -> str:
    """Return the English name of a class that has only Chinese ones: that of its longest end in common words; empty where it has
    none, or where another class is called so that it is no part of."""
    acts = vocabulary()["verbs"]["zh"]["act"] | vocabulary()["verbs"]["zh"]["request"]
    known = Known({}, {verb: singular(noun) for verb, noun in acts.items()} | vocabulary()["nouns"])
    ends = (chunk_names(name[start:], known) for name in names if has_han(name) for start in range(len(name) - 1))
    told = next((found[-1][1].name for found in ends if found), "")
    others = [name for name, resource in taken.items() if resource.name == told]
    # 交易明细 is 交易 told in detail; two kinds of contract are two.
    return told if not others or any(name.startswith(other) for name in names for other in others) else ""


def class_names(item: UpstreamItem, terms: Mapping[str, Sequence[str]]) -> tuple[str, ...]:
    """Return every name of a class: its own, spaced out where it is written as one (`IncomeRecord`), and those of its term."""
    said = str(item.body.get("name") or item.text.split(":")[0].split("：")[0]).strip()
    others = [str(item.body[key]) for key in ("english", "english_name", "code", "identifier", "term") if item.body.get(key)]
    names = [said, *others]
    names += [spaced(name) for name in names if not has_han(name)]
    names += [name for told in names for name in terms.get(told.lower(), ())]
    return tuple(dict.fromkeys(name for name in names if name))


def chunk_names(text: str, known: Known) -> list[tuple[str, Resource]] | None:
    """Return the resources that a Chinese phrase names, in its order; None where a part of it has no English name."""
    found: list[tuple[str, Resource]] = []
    before: list[str] = []
    words = {**known.words}
    fillers = frozenset(vocabulary()["fillers"].split())
    place = 0
    while place < len(text):
        piece = _longest(text, place, (known.entities, words, fillers))
        if piece is None and (latin := _LATIN.match(text, place)):
            before.append(kebab(latin.group()))
            place = latin.end()
            continue
        if piece is None:
            if has_han(text[place]):
                return None
            place += 1
            continue
        place += len(piece)
        if resource := known.entities.get(piece.lower()):
            name = "-".join([*before, resource.name])
            found.append((piece, Resource(name, resource.class_id, resource.made_up) if before else resource))
            before = []
        elif piece in words:
            before.append(kebab(words[piece]))
    if before and (name := kebab_plural("-".join(before))):
        found.append((text, Resource(name)))
    return found


def _longest(text: str, place: int, tables: Iterable[Iterable[str]]) -> str | None:
    """Return the longest entry of the tables that begins at a place."""
    best = ""
    for table in tables:
        for entry in table:
            if len(entry) > len(best) and text[place : place + len(entry)].lower() == entry.lower():
                best = entry
    return text[place : place + len(best)] if best else None


def kebab(text: str) -> str:
    """Return a name in kebab case, of letters a to z and digits only; empty where nothing is left."""
    plain = inflection.underscore(inflection.transliterate(text.replace("'s ", " ")).strip())
    return "-".join(re.findall(r"[a-z0-9]+", plain.lower()))[:_LONGEST_NAME].strip("-")


def kebab_plural(text: str) -> str:
    """Return a name in kebab case, its last word in the plural; empty for a text without Latin letters."""
    name = kebab(text) if not has_han(text) else ""
    return plural(name) if re.search("[a-z]", name) and len(name.rpartition("-")[2]) > 1 else ""


def plural(name: str) -> str:
    """Return a kebab name with its last word in the plural; evidence and progress have none."""
    lead, dash, last = name.rpartition("-")
    if last in UNCOUNTABLE:
        return name
    if last in _AS_THEY_ARE:
        return f"{lead}{dash}{last}es"
    return f"{lead}{dash}{inflection.pluralize(inflection.singularize(last))}"


def singular(name: str) -> str:
    """Return a kebab name with its last word in the singular."""
    lead, dash, last = name.rpartition("-")
    if last in UNCOUNTABLE:
        return name
    whole = last.removesuffix("es")
    return f"{lead}{dash}{whole if whole in _AS_THEY_ARE else last if last in _AS_THEY_ARE else inflection.singularize(last)}"


def camel(name: str) -> str:
    """Return a kebab name in camel case: `income-record` becomes `incomeRecord`."""
    return inflection.camelize(name.replace("-", "_"), uppercase_first_letter=False) if name else ""


def spaced(name: str) -> str:
    """Return a name that is written as one in words: `IncomeRecord` becomes `income record`."""
    return kebab(name).replace("-", " ")
