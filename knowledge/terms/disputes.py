"""Makes one list of the terms of a file: each term once, each with an id, what contradicts another as a draft."""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from knowledge.terms.findings import Entry, TermFinding
from knowledge.terms.glossary import Definition, Names, Term, comparable, forms_of
from knowledge.terms.report import found_among

_NOT_IN_ID = re.compile(r"[\W_]+")
_LONGEST_ID = 100


@dataclass(frozen=True)
class TermList:
    """The terms of one file with the places where they stand, and what the file itself leaves open."""

    rows: int
    entries: tuple[Entry, ...]
    findings: tuple[TermFinding, ...]


def listed(rows: int, entries: Sequence[Entry], findings: Sequence[TermFinding]) -> TermList:
    """Return the list of what was read: what is written several times is one term, and a missing id is made of the names."""
    once: dict[tuple[str, str, str], Entry] = {}
    several: list[tuple[str, str, str]] = []
    parted: list[Entry] = []
    for entry in entries:
        key = (*entry.forms, comparable(entry.term.context))
        former = once.get(key)
        if former is None:
            once[key] = entry
        elif _agree(former.term, entry.term):
            once[key] = replace(former, term=_both(former.term, entry.term), places=(*former.places, *entry.places))
            several.append(key)
        else:
            parted.append(entry)
    distinct = [*once.values(), *parted]
    folded = [(once[key].pair, (once[key],)) for key in dict.fromkeys(several)]
    notes = [*findings, *_shared_ids(distinct)]
    if folded:
        notes.append(TermFinding("duplicate", "", tuple(folded)))
    return TermList(rows, tuple(_with_ids(distinct)), tuple(notes))


def _shared_ids(entries: Sequence[Entry]) -> Iterator[TermFinding]:
    """Yield the ids that a file gives to several terms."""
    by_id: dict[str, list[Entry]] = {}
    for entry in entries:
        by_id.setdefault(entry.term.id, []).append(entry)
    for name, group in by_id.items():
        if name and len(group) > 1:
            yield TermFinding("one-id", name, tuple((entry.pair, (entry,)) for entry in group))


def disputed_as_drafts(
    entries: Sequence[Entry], others: Sequence[Entry] = (), decided: Mapping[str, str] | None = None
) -> tuple[list[Entry], list[TermFinding]]:
    """Return the terms of a list, with those that contradict each other or terms on record as drafts, and what is to be settled.

    `decided` tells by id the status that a steward gave a term before: what is settled is not asked again.
    """
    judged = [_as_decided(entry, (decided or {}).get(entry.term.id, "")) for entry in entries]
    findings = [one for one in found_among([*judged, *others]) if not all(entry.recorded for entry in one.entries)]
    disputed = {id(entry) for one in findings if one.disputed for entry in one.entries}
    taken = [
        replace(entry, term=replace(entry.term, status="draft"))
        if id(seen) in disputed and entry.term.status == "approved"
        else entry
        for entry, seen in zip(entries, judged, strict=True)
    ]
    return taken, findings


def _as_decided(entry: Entry, status: str) -> Entry:
    """Return a term with the status that a steward gave it."""
    return replace(entry, settled=True, term=replace(entry.term, status=status)) if status else entry


def _agree(one: Term, other: Term) -> bool:
    """Tell whether two terms of the same names may be one: neither an id, a kind, a status nor a definition speaks against it."""
    said = (
        (one.id, other.id),
        (one.status, other.status),
        (one.definition.en, other.definition.en),
        (one.definition.zh, other.definition.zh),
    )
    return all(not left or not right or left == right for left, right in said)


def _both(one: Term, other: Term) -> Term:
    """Return one term for two of the same names: the first as it is, filled up with what only the other says."""
    spelt = [name for name in (other.en, other.zh) if _spelt_apart(name, one.names)]
    english = tuple(name for name in spelt if name == other.en)
    chinese = tuple(name for name in spelt if name != other.en)
    return replace(
        one,
        id=one.id or other.id,
        owner=one.owner or other.owner,
        definition=Definition(one.definition.en or other.definition.en, one.definition.zh or other.definition.zh),
        aliases=Names(_once(one.aliases.en, other.aliases.en, english), _once(one.aliases.zh, other.aliases.zh, chinese)),
        forbidden=Names(_once(one.forbidden.en, other.forbidden.en), _once(one.forbidden.zh, other.forbidden.zh)),
    )


def _spelt_apart(name: str, names: Sequence[str]) -> bool:
    """Tell whether a text that writes this name would not be found by the others: "AccountBalance" beside "account balance"."""
    return bool(name) and all(forms_of(name) != forms_of(other) for other in names)


def _once(*names: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for some in names for name in some))


def _with_ids(entries: Sequence[Entry]) -> list[Entry]:
    """Return the entries with an id each: the file's own, else made of the English name, or of both where that is taken.

    A name makes the same id at the next import, so that what was decided about it holds.
    """
    taken = {entry.term.id for entry in entries if entry.term.id}
    used: set[str] = set()
    found = []
    for entry in entries:
        name = entry.term.id
        if not name or name in used:
            name = free_id(entry.term, taken | used)
        used.add(name)
        found.append(replace(entry, term=replace(entry.term, id=name)))
    return found


def free_id(term: Term, taken: Collection[str]) -> str:
    """Return an id that no other term has."""
    short = _slug(term.en or term.zh)
    long = _slug(f"{term.en} {term.zh} {term.context}")
    numbered = (f"{long}-{number}" for number in range(2, len(taken) + 3))
    return next(name for name in (short, long, *numbered) if name not in taken)


def _slug(name: str) -> str:
    """Return a name as an id: small letters, digits and Han characters, joined by hyphens."""
    return _NOT_IN_ID.sub("-", name.casefold()).strip("-")[:_LONGEST_ID].strip("-") or "term"
