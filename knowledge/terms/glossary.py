"""The official words of the organisation in both languages, and where a text uses them."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from functools import lru_cache
from typing import Any, Literal, NamedTuple

from errors import Language
from formats.language import HAN, simplified

How = Literal["name", "alias", "forbidden"]

# A Han character is a word of its own here, so that names of either language, and mixed ones, are sequences of words.
_WORD = re.compile(rf"[{HAN}]|[^\W_{HAN}]+")
# What may stand inside a written name between two words: "one-time  password", "T+1", but never the end of a sentence.
_GAP = re.compile(r"[\s\-‐‑–_/&+'’·]{1,3}")
# Words of a name, Han characters counted one by one. What is longer is a sentence that nobody writes twice.
_LONGEST = 40


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
        """Return the official name; that of the other language where there is none in this one."""
        return (self.zh or self.en) if language == "zh" else (self.en or self.zh)

    @property
    def names(self) -> tuple[str, ...]:
        """Every name that may be written, official ones first, in both languages."""
        return tuple(name for name in (self.en, self.zh, *self.aliases.en, *self.aliases.zh) if name)

    def replaced(self, language: Language) -> tuple[str, ...]:
        """Return the words that its official name of a language stands for; none where that language has no name for it."""
        if language == "zh":
            return self.forbidden.zh if self.zh else ()
        return self.forbidden.en if self.en else ()


class TermHit(NamedTuple):
    """A place of a text where a term is written: `text[start:end] == written`."""

    term: Term
    start: int
    end: int
    written: str
    how: How
    language: Language


# What a written form means: which term, how, and in which language.
_Meaning = tuple[Term, How, Language]
_UNKNOWN: Any = object()


class Glossary:
    """Finds approved terms in a text by one walk over its words."""

    def __init__(self, terms: Iterable[Term]) -> None:
        self.terms = tuple(term for term in terms if term.status == "approved")
        self.all_names = frozenset(name for term in self.terms for name in term.names)
        self._by_id = {term.id: term for term in self.terms}
        # Every written form and every beginning of one, as compared words; None where only a longer one goes on from here.
        self._forms: dict[str, _Meaning | None] = {}
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

        Capital and small letters, plain English plurals, full width, traditional and simplified Chinese are alike. The work is
        in proportion to the text, however many terms there are and however alike they begin.
        """
        found: list[TermHit] = []
        words = _words(text)
        place, known = 0, self._forms
        while place < len(words.forms):
            # Most words begin no name at all.
            meaning, used = self._longest(words, place) if words.forms[place] in known else (None, 1)
            if meaning is not None:
                start, end = words.starts[place], words.ends[place + used - 1]
                found.append(TermHit(meaning[0], start, end, text[start:end], meaning[1], meaning[2]))
            place += used
        return found

    def _longest(self, words: "_Words", place: int) -> tuple[_Meaning | None, int]:
        """Return what the longest name that begins at a word means, and how many words to go on by."""
        form, meaning, used = words.forms[place], None, 1
        means = self._forms.get(form, _UNKNOWN)
        at = place + 1
        while means is not _UNKNOWN:
            if means is not None:
                meaning, used = means, at - place
            if at == len(words.forms) or not words.joined[at]:
                break
            form = f"{form} {words.forms[at]}"
            means = self._forms.get(form, _UNKNOWN)
            at += 1
        return meaning, used

    def _plant(self, written: str, meaning: _Meaning) -> None:
        """Add a name with its beginnings; the first meaning of a name stays."""
        forms = _words(written).forms
        if not forms or len(forms) > _LONGEST:
            return
        for length in range(1, len(forms)):
            self._forms.setdefault(" ".join(forms[:length]), None)
        whole = " ".join(forms)
        self._forms[whole] = self._forms.get(whole) or meaning


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


@dataclass(frozen=True)
class _Words:
    """The words of a text: their forms as they are compared, their places, and which of them a name may reach from the one before."""

    forms: list[str]
    starts: list[int]
    ends: list[int]
    joined: list[bool]


def comparable(name: str) -> str:
    """Return a name as names are compared: case, width, plural, hyphens, blanks and traditional characters make no difference."""
    return "".join(forms_of(name))


def forms_of(name: str) -> list[str]:
    """Return the words of a name as a text is searched for them: unlike in `comparable`, where one word ends counts."""
    return _words(name).forms


def _words(text: str) -> _Words:
    """Return the words of a text."""
    words = _Words([], [], [], [])
    before = 0
    for match in _WORD.finditer(simplified(text)):
        start, end = match.span()
        words.forms.append(_singular(match.group()))
        words.starts.append(start)
        words.ends.append(end)
        # Most words touch or have one blank between them; only the others are worth a look at the gap.
        beside = start == before or (start - before == 1 and text[before] == " ")
        words.joined.append(beside or _GAP.fullmatch(text, before, start) is not None)
        before = end
    return words


@lru_cache(maxsize=50_000)
def _singular(written: str) -> str:
    """Return a word as it is compared: small, half width, without a plain English plural ending."""
    word = written.lower() if written.isascii() else unicodedata.normalize("NFKC", written).casefold()
    if len(word) < 4 or not word.isascii() or not word.endswith("s") or word.endswith(("ss", "us", "is")):
        return word
    if word.endswith("ies"):
        return f"{word[:-3]}y"
    return word[:-2] if word.endswith(("sses", "xes", "ches", "shes", "zes")) else word[:-1]
