"""Finds what a steward has to settle among terms: names that contradict each other, gaps, and words that no stage knows."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence

from errors import Language
from knowledge.terms.findings import ORDER, Entry, FindingKind, TermFinding
from knowledge.terms.glossary import comparable

KINDS = ("role", "entity", "event", "value", "process", "rule", "bounded-context")
# Shorter definitions ("see above", "同上") are the same by chance.
_TELLING = 10


def found_among(entries: Sequence[Entry]) -> list[TermFinding]:
    """Return what is to be settled among terms, the gravest first, then what concerns most terms.

    Retired terms contradict nobody; what a steward has settled in all its terms is not told again.
    """
    standing = [entry for entry in entries if entry.term.status != "retired"]
    found = [*_shared_names(standing), *_forbidden_names(standing), *_gaps(standing)]
    found += [finding for finding in _same_meanings(standing) if not _covered(finding, found)]
    unsettled = (finding for finding in found if not all(entry.settled for entry in finding.entries))
    return in_order(_gathered(unsettled, "elsewhere"))


def in_order(found: Iterable[TermFinding]) -> list[TermFinding]:
    """Return findings as a steward takes them up."""
    return sorted(found, key=lambda finding: (ORDER.index(finding.kind), -len(finding.options)))


def _gathered(found: Iterable[TermFinding], kind: FindingKind) -> Iterator[TermFinding]:
    """Yield findings as they are, but those of one kind, which ask nothing of anybody, as one."""
    options: list[tuple[str, tuple[Entry, ...]]] = []
    for finding in found:
        if finding.kind == kind:
            options.extend(finding.options)
        else:
            yield finding
    if options:
        yield TermFinding(kind, "", tuple(options))


def _shared_names(entries: Sequence[Entry]) -> Iterator[TermFinding]:
    """Yield the names that several terms have: English ones first, then Chinese ones that say something new."""
    told: dict[int, list[frozenset[int]]] = defaultdict(list)
    languages: tuple[Language, ...] = ("en", "zh")
    for language in languages:
        for group in _by_name(entries, language).values():
            ids = frozenset(id(entry) for entry in group)
            if len(group) > 1 and not any(ids <= one for one in told[id(group[0])]):
                for one in ids:
                    told[one].append(ids)
                yield _shared(group, language)


def _by_name(entries: Sequence[Entry], language: Language) -> dict[str, list[Entry]]:
    """Return the terms by every name and alias of a language, as names are compared."""
    groups: dict[str, list[Entry]] = defaultdict(list)
    for entry in entries:
        term = entry.term
        official, aliases = (term.zh, term.aliases.zh) if language == "zh" else (term.en, term.aliases.en)
        for form in dict.fromkeys(comparable(name) for name in (official, *aliases)):
            if form:
                groups[form].append(entry)
    return groups


def _shared(group: Sequence[Entry], language: Language) -> TermFinding:
    """Return what it means that these terms share a name of a language."""
    pairs = {entry.forms for entry in group}
    own = 1 if language == "zh" else 0
    name = group[0].term.zh if language == "zh" else group[0].term.en
    if len(pairs) == 1 and len({entry.places[0].of if entry.recorded else "" for entry in group}) == len(group):
        return TermFinding("elsewhere", name, _options(group, lambda entry: entry.pair))
    if len(pairs) == 1:
        return TermFinding("two-meanings", group[0].pair, _options(group, _meaning))
    if len({entry.forms[own] for entry in group}) > 1:  # the alias of one is a name of another
        forms = [{comparable(one): one for one in entry.term.names} for entry in group]
        shared = set.intersection(*(set(one) for one in forms))
        name = next((written for form, written in forms[0].items() if form in shared), name)
        return TermFinding("one-name", name, _options(group, lambda entry: entry.pair))
    if language == "en":
        return TermFinding("one-name", name, _options(group, lambda entry: entry.term.zh or "—"))
    return TermFinding("two-names", name, _options(group, lambda entry: entry.term.en or "—"))


def _forbidden_names(entries: Sequence[Entry]) -> Iterator[TermFinding]:
    """Yield the forbidden words that are names: the term that forbids the word stands first."""
    named: dict[str, list[Entry]] = defaultdict(list)
    for entry in entries:
        for form in {comparable(name) for name in entry.term.names}:
            named[form].append(entry)
    for entry in entries:
        for word in (*entry.term.forbidden.en, *entry.term.forbidden.zh):
            if others := named.get(comparable(word)):
                yield TermFinding("forbidden-name", word, _options([entry, *others], lambda one: one.pair))


def _same_meanings(entries: Sequence[Entry]) -> Iterator[TermFinding]:
    """Yield the terms of different names that are defined in the same words."""
    groups: dict[str, list[Entry]] = defaultdict(list)
    for entry in entries:
        for text in {entry.term.definition.en.casefold(), entry.term.definition.zh}:
            if len(text) >= _TELLING:
                groups[text].append(entry)
    for group in groups.values():
        if len({entry.forms for entry in group}) > 1:
            yield TermFinding("same-meaning", group[0].pair, _options(group, lambda entry: entry.pair))


def _gaps(entries: Sequence[Entry]) -> Iterator[TermFinding]:
    """Yield the terms without a name in one language, and those of a kind that no stage knows."""
    fresh = [entry for entry in entries if not entry.settled]
    if without := [entry for entry in fresh if not entry.term.en]:
        yield TermFinding("no-english", "", _options(without, lambda entry: entry.pair))
    if without := [entry for entry in fresh if not entry.term.zh]:
        yield TermFinding("no-chinese", "", _options(without, lambda entry: entry.pair))
    kinds: dict[str, list[Entry]] = defaultdict(list)
    for entry in fresh:
        if entry.term.kind not in KINDS:
            kinds[entry.term.kind].append(entry)
    for kind, those in kinds.items():
        yield TermFinding("unknown-kind", kind, _options(those, lambda entry: entry.pair))


def _covered(finding: TermFinding, found: Sequence[TermFinding]) -> bool:
    """Tell whether another finding is about all these terms already."""
    ids = {id(entry) for entry in finding.entries}
    return any(ids <= {id(entry) for entry in other.entries} for other in found if other.disputed)


def _options(entries: Sequence[Entry], label: Callable[[Entry], str]) -> tuple[tuple[str, tuple[Entry, ...]], ...]:
    """Return the terms by their labels as names are compared; where labels say nothing, by their context."""
    told: dict[str, tuple[str, list[Entry]]] = {}
    for entry in entries:
        written = label(entry)
        told.setdefault(comparable(written) or written, (written, []))[1].append(entry)
    return tuple((written, tuple(those)) for written, those in told.values())


def _meaning(entry: Entry) -> str:
    """Return what tells two terms of the same names apart."""
    term = entry.term
    told = (f"[{term.context}]" if term.context else "", term.definition.en or term.definition.zh)
    return " ".join(part for part in told if part) or term.id
