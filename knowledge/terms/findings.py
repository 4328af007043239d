"""What is told to a steward about terms: one finding with the terms that it is about and where they stand."""

from dataclasses import dataclass
from functools import cache, cached_property
from importlib.resources import files
from typing import Literal, get_args

import yaml

from errors import Language
from knowledge.terms.glossary import Term, comparable

FindingKind = Literal[
    "one-name", "two-names", "two-meanings", "same-meaning", "forbidden-name", "no-english", "no-chinese", "unknown-status", "unknown-kind",
    "no-name", "too-long", "one-id", "duplicate", "elsewhere",
]  # fmt: skip
# Terms that stand in one of these are drafts until a steward has settled it.
DISPUTES = frozenset({"one-name", "two-names", "two-meanings", "same-meaning", "forbidden-name"})
ORDER = get_args(FindingKind)
# Names and places told in one sentence; JSON has them all.
_TOLD = 8


@dataclass(frozen=True)
class Place:
    """Where a term stands: a row of a sheet, an entry of a YAML file, or a pack that is on record."""

    what: Literal["row", "entry", "pack"]
    of: str


@dataclass(frozen=True)
class Entry:
    """A term and every place where it stands; `settled` tells that a steward has decided about it."""

    term: Term
    places: tuple[Place, ...]
    settled: bool = False

    @cached_property
    def forms(self) -> tuple[str, str]:
        """The names in English and Chinese, as names are compared."""
        return comparable(self.term.en), comparable(self.term.zh)

    @property
    def recorded(self) -> bool:
        """Tell whether the term is on record in another pack, and not part of what is taken in."""
        return self.places[0].what == "pack"

    @property
    def pair(self) -> str:
        """The names in both languages, as one text."""
        return " · ".join(name for name in (self.term.en, self.term.zh) if name)


@dataclass(frozen=True)
class TermFinding:
    """One thing to settle or to know: `name` is what it is about, `options` the terms by what tells them apart."""

    kind: FindingKind
    name: str
    options: tuple[tuple[str, tuple[Entry, ...]], ...]

    @property
    def disputed(self) -> bool:
        """Tell whether the terms wait for a steward."""
        return self.kind in DISPUTES

    @property
    def entries(self) -> tuple[Entry, ...]:
        """Every term that it is about."""
        return tuple(entry for _, entries in self.options for entry in entries)

    def sentence(self, language: Language) -> str:
        """Return what was found, with the rows."""
        parted = "；" if language == "zh" else "; "
        count = len(self.options)
        told = [_option(label, entries, language) for label, entries in self.options[:_TOLD]]
        more = said("more", "said", language).format(count=count - _TOLD) if count > _TOLD else ""
        written = said(self.kind, "said", language)
        return written.format(name=self.name, count=count, options=parted.join(told) + more)


@cache
def _texts() -> dict[str, dict[str, dict[Language, str]]]:
    texts: dict[str, dict[str, dict[Language, str]]] = yaml.safe_load(
        files("knowledge.terms").joinpath("report.yaml").read_text("utf-8")
    )
    return texts


def said(kind: str, part: str, language: Language) -> str:
    """Return a text of the report: the `title` of a kind, what is `said` of one finding, or the `way` to settle it."""
    return _texts()[kind].get(part, {}).get(language, "")


def _option(label: str, entries: tuple[Entry, ...], language: Language) -> str:
    """Return one of the terms with the places where it stands."""
    return said("option", "said", language).format(label=label, places=_places(entries, language))


def _places(entries: tuple[Entry, ...], language: Language) -> str:
    """Return places as a person reads them: the rows together, then the entries, then the packs."""
    parted = "、" if language == "zh" else ", "
    by_kind: dict[str, list[str]] = {}
    for place in (place for entry in entries for place in entry.places):
        by_kind.setdefault(place.what, []).append(place.of)
    told = []
    for what, names in by_kind.items():
        unique = list(dict.fromkeys(names))
        part = "one" if len(unique) == 1 else "many"
        told.append(said(what, part, language).format(names=parted.join(unique[:_TOLD])) + ("…" if len(unique) > _TOLD else ""))
    return parted.join(told)
