"""Lays what stewards decided over the terms of packs, so that it outlives the next import of a pack."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from formats.language import has_han
from knowledge.terms.glossary import Names, Term, comparable
from records.terms import Decision, Offer, TermDecision

_STATUS: dict[Decision, str] = {
    "accepted": "approved",
    "merged": "retired",
    "forbidden": "retired",
    "refused": "retired",
    "replaced": "retired",
}


@dataclass(frozen=True)
class Held:
    """A term as it stands after all decisions, the pack that it came from, and what was decided about it, if anything."""

    pack: str
    term: Term
    decision: Decision | None = None

    @property
    def ref(self) -> str:
        """The name by which no other term goes, in whichever pack."""
        return f"{self.pack}/{self.term.id}"


def laid_over(rows: Iterable[Mapping[str, Any]], decisions: Iterable[TermDecision], offers: Iterable[Offer]) -> list[Term]:
    """Return the terms of records (as rows) with every decision laid over them, in the order of the rows."""
    return [held.term for held in held_terms(rows, decisions, offers)]


def held_terms(rows: Iterable[Mapping[str, Any]], decisions: Iterable[TermDecision], offers: Iterable[Offer]) -> list[Held]:
    """Return every term with its pack and what was decided.

    What was accepted is approved; what was refused or replaced is retired; what was merged is retired, and its names are
    aliases of the other term, or forbidden for it. A decision whose other term is gone does not count, nor do merges in a circle.
    """
    held = {one.ref: one for one in (Held(row["pack"], Term.of(row)) for row in rows)}
    decided = {f"{one.pack}/{one.term}": one for one in decisions}
    into = {ref: one.into for ref, one in decided.items() if one.into}
    given: dict[str, list[tuple[Names, bool]]] = {}
    for ref in decided.keys() & held.keys():
        decision, end = decided[ref].decision, _end(ref, into)
        if not decided[ref].into or end in held:
            held[ref] = _decided(held[ref], decision)
            given.setdefault(end or "", []).append((_names(held[ref].term, decision), decision == "forbidden"))
    for offer in offers:
        given.setdefault(_end(offer.term, into) or offer.term, []).append((_split(offer), offer.status == "forbidden"))
    return [replace(one, term=_given(one.term, given.get(ref, ()))) for ref, one in held.items()]


def decided_in(pack: str, decisions: Iterable[TermDecision]) -> dict[str, str]:
    """Return the status that stewards gave terms of a pack, by id."""
    return {one.term: _STATUS[one.decision] for one in decisions if one.pack == pack}


def _end(ref: str, into: Mapping[str, str]) -> str | None:
    """Return where a chain of merges ends; None where there is no chain, or it is a circle."""
    seen = {ref}
    end = into.get(ref)
    while end is not None and end in into:
        if end in seen:
            return None
        seen.add(end)
        end = into[end]
    return None if end in seen else end


def _decided(held: Held, decision: Decision) -> Held:
    return replace(held, term=replace(held.term, status=_STATUS[decision]), decision=decision)


def _names(term: Term, decision: Decision) -> Names:
    """Return every name of a term that was merged as further names of the other one."""
    if decision not in ("merged", "forbidden"):
        return Names()
    english, chinese = (term.en, *term.aliases.en), (term.zh, *term.aliases.zh)
    return Names(tuple(name for name in english if name), tuple(name for name in chinese if name))


def _split(offer: Offer) -> Names:
    """Return the noun of an offer that was merged, by the language of its script."""
    if offer.status not in ("merged", "forbidden"):
        return Names()
    return Names(zh=(offer.name,)) if has_han(offer.name) else Names(en=(offer.name,))


def _given(term: Term, given: Iterable[tuple[Names, bool]]) -> Term:
    """Return a term with the names that were merged into it; its own names are neither repeated nor forbidden."""
    for names, forbidden in given:
        own = {comparable(name) for name in term.names}
        further = Names(*(tuple(name for name in some if comparable(name) not in own) for some in (names.en, names.zh)))
        if forbidden:
            term = replace(term, forbidden=_both(term.forbidden, further))
        else:
            term = replace(term, aliases=_both(term.aliases, further))
    return term


def _both(one: Names, other: Names) -> Names:
    return Names(tuple(dict.fromkeys((*one.en, *other.en))), tuple(dict.fromkeys((*one.zh, *other.zh))))
