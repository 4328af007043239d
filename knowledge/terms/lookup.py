"""Finds what a steward means by a name or an id: an offered noun or a term, and asks back where several are meant."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from errors import BriefError
from knowledge.terms.glossary import comparable
from knowledge.terms.overlay import Held
from records.terms import Offer

_TOLD = 6


@dataclass(frozen=True)
class Known:
    """Everything that may be decided about: the terms of all packs after all decisions, and the offered nouns."""

    terms: Sequence[Held]
    offers: Sequence[Offer]

    def to_decide(self, name: str) -> Held | Offer:
        """Return what is meant: what is open before what is decided. Raises BriefError where nothing is, or several things are."""
        form = comparable(name)
        terms = [one for one in self.terms if _means(one, name, form)]
        offers = [one for one in self.offers if name == one.id or (form and form == one.key)]
        return _one(
            name,
            [one for one in terms if one.ref == name],
            [*(one for one in offers if one.status == "open"), *(one for one in terms if one.term.status == "draft")],
            [one for one in terms if one.term.status == "approved"],
            [*(one for one in offers if one.status == "refused"), *(one for one in terms if one.term.status == "retired")],
        )

    def approved(self, name: str, but: Held | Offer) -> Held:
        """Return the approved term that is meant. Raises BriefError where there is none, or several are."""
        form = comparable(name)
        terms = [one for one in self.terms if one is not but and _means(one, name, form)]
        approved = [one for one in terms if one.term.status == "approved"]
        if terms and not approved:
            shown = label(terms[0])
            raise BriefError(
                f"{shown} is not approved itself: accept it first, then merge into it.",
                f"{shown}尚未批准：请先接受它，再进行合并。",
            )
        found = _one(name, [one for one in approved if one.ref == name], approved)
        assert isinstance(found, Held)
        return found


def label(found: Held | Offer) -> str:
    """Return how a term or an offer is told: by names and by what it is asked for."""
    if isinstance(found, Offer):
        return f"“{found.name}” ({found.id})"
    names = " · ".join(name for name in (found.term.en, found.term.zh) if name)
    return f"“{names}” ({found.ref})"


def _means(held: Held, name: str, form: str) -> bool:
    """Tell whether a term goes by this name or id."""
    return name in (held.ref, held.term.id) or (bool(form) and form in map(comparable, held.term.names))


def _one(name: str, *tiers: Iterable[Held | Offer]) -> Held | Offer:
    """Return the one thing of the first tier that has any."""
    found: list[Held | Offer] = next((there for tier in tiers if (there := list(tier))), [])
    if len(found) == 1:
        return found[0]
    shown = " ".join(name.split())[:60]
    if not found:
        raise BriefError(f"No term and no offered noun is called “{shown}”.", f"没有名为“{shown}”的术语或候选词。")
    told = [label(one) for one in found[:_TOLD]]
    raise BriefError(
        f"“{shown}” may mean {'; '.join(told)}. Say which by what stands in brackets.",
        f"“{shown}”可能指 {'；'.join(told)}。请用括号中的编号指明。",
    )
