"""The official words of the organisation in both languages, and where a text uses them."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal

from errors import Language
from formats.language import HAN, simplified

How = Literal["name", "alias", "forbidden"]

# A Han character is a word of its own here, so that names of either language, and mixed ones, are sequences of words.
_WORD = re.compile(rf"[{HAN}]|[^\W_{HAN}]+")
# What may stand inside a written name between two words: "one-time  password", "T+1", but never the end of a sentence.
_GAP = re.compile(r"[\s\-‐‑–_/&+'’·]{1,3}")


@dataclass(frozen=True)
class Definition:
    """What a term means, in both languages."""

    en: str
    zh: str


@dataclass(frozen=True)
class Names:
    """Further names in each language."""

    en: tuple[str, ...] = ()
    zh: tuple[str, ...] = ()


@dataclass(frozen=True)
class Term:
    """One entry of the glossary; `context` is the bounded context in which it means this."""

    id: str
    kind: str
    context: str
    en: str
    zh: str
    definition: Definition
    aliases: Names
    forbidden: Names
    owner: str
    status: str

    @classmethod
    def of(cls, entry: Mapping[str, Any]) -> "Term":
        """Make a term of a validated entry or a row, whose definition and names are mappings."""
        plain = {name: entry[name] for name in ("id", "kind", "context", "en", "zh", "owner", "status")}
        aliases, forbidden = (
            Names(tuple(entry[name].get("en", ())), tuple(entry[name].get("zh", ()))) for name in ("aliases", "forbidden")
        )
        return cls(**plain, definition=Definition(**entry["definition"]), aliases=aliases, forbidden=forbidden)

    def row(self) -> dict[str, Any]:
        """Return the term as the columns that records keep."""
        return asdict(self)

    def name(self, language: Language) -> str:
        """Return the official name."""
        return self.zh if language == "zh" else self.en


@dataclass(frozen=True)
class TermHit:
    """A place of a text where a term is written: `text[start:end] == written`."""

    term: Term
    start: int
    end: int
    written: str
    how: How
    language: Language


class _Node:
    """A node of the tree of names: the next words, and what a name that ends here means."""

    __slots__ = ("meaning", "next")

    def __init__(self) -> None:
        self.next: dict[str, _Node] = {}
        self.meaning: tuple[Term, How, Language] | None = None


class Glossary:
    """Finds approved terms in a text by one walk over its words."""

    def __init__(self, terms: Iterable[Term]) -> None:
        self.terms = tuple(term for term in terms if term.status == "approved")
        self._by_id = {term.id: term for term in self.terms}
        self._root = _Node()
        for written, meaning in _meanings(self.terms):
            self._plant(written, meaning)

    def term(self, term_id: str) -> Term | None:
        """Return the approved term of this id, if there is one."""
        return self._by_id.get(term_id)

    def official(self, term: Term, language: Language) -> str:
        """Return the name that a text in this language should use."""
        return term.name(language)

    def roles(self, language: Language) -> list[str]:
        """Return the official names of all roles, in the order of the glossary."""
        return self.names("role", language)

    def names(self, kind: str, language: Language) -> list[str]:
        """Return the official names of all terms of one kind, in the order of the glossary."""
        return [term.name(language) for term in self.terms if term.kind == kind]

    def found_in(self, text: str) -> list[TermHit]:
        """Return where terms are written, in reading order; the longest name wins, no two hits overlap.

        Capital and small letters, plain English plurals, full width, traditional and simplified Chinese are alike.
        """
        found: list[TermHit] = []
        words = _words(text)
        place = 0
        while place < len(words):
            hit, used = self._longest(text, words, place)
            if hit is not None:
                found.append(hit)
            place += used
        return found

    def _longest(self, text: str, words: list[tuple[str, int, int]], place: int) -> tuple[TermHit | None, int]:
        """Return the longest name that begins at a word, and how many words to go on by."""
        node, hit, used = self._root, None, 1
        start = words[place][1]
        for at in range(place, len(words)):
            word, begin, end = words[at]
            if at > place and not _joined(text, words[at - 1][2], begin):
                break
            following = node.next.get(word)
            if following is None:
                break
            node = following
            if node.meaning is not None:
                term, how, language = node.meaning
                hit, used = TermHit(term, start, end, text[start:end], how, language), at - place + 1
        return hit, used

    def _plant(self, written: str, meaning: tuple[Term, How, Language]) -> None:
        """Add a name to the tree; the first meaning of a name stays."""
        node = self._root
        for word, _, _ in _words(written):
            node = node.next.setdefault(word, _Node())
        if node is not self._root and node.meaning is None:
            node.meaning = meaning


def _meanings(terms: tuple[Term, ...]) -> Iterator[tuple[str, tuple[Term, How, Language]]]:
    """Return every written form, official names first: what is official for one term is never an alias or forbidden."""
    for term in terms:
        yield term.en, (term, "name", "en")
        yield term.zh, (term, "name", "zh")
    for term in terms:
        yield from _further(term, term.aliases, "alias")
    for term in terms:
        yield from _further(term, term.forbidden, "forbidden")


def _further(term: Term, names: Names, how: How) -> Iterator[tuple[str, tuple[Term, How, Language]]]:
    """Return the further names of a term with what each means."""
    for name in names.en:
        yield name, (term, how, "en")
    for name in names.zh:
        yield name, (term, how, "zh")


def _words(text: str) -> list[tuple[str, int, int]]:
    """Return the words as they are compared, with their places in the text."""
    return [(_singular(match.group()), match.start(), match.end()) for match in _WORD.finditer(simplified(text))]


def _joined(text: str, end: int, begin: int) -> bool:
    """Tell whether two neighbouring words may belong to one name."""
    return end == begin or _GAP.fullmatch(text, end, begin) is not None


def _singular(written: str) -> str:
    """Return a word as it is compared: small, half width, without a plain English plural ending."""
    word = unicodedata.normalize("NFKC", written).casefold()
    if len(word) < 4 or not word.isascii() or not word.endswith("s") or word.endswith(("ss", "us", "is")):
        return word
    if word.endswith("ies"):
        return f"{word[:-3]}y"
    return word[:-2] if word.endswith(("sses", "xes", "ches", "shes", "zes")) else word[:-1]
