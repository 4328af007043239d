"""Which stories and operations changes deliver: those of the same thing to which the same is done."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from formats.changes_model import Change
from formats.language import words
from stages.material import Material, Term, UpstreamItem
from stages.release_notes.deeds import Deed, deed_of, families_of, fits_method
from stages.release_notes.kinds import section_of
from stages.release_notes.relation import content, headline, named_terms, repeats, wish_of

_MOST_STORIES, _MOST_OPERATIONS = 2, 4
_SAME_VERB, _SAME_FAMILY, _VERB_INSIDE = 1.5, 1.0, 0.5


@dataclass(frozen=True)
class _Told:
    """What changes say of themselves: the words by which they are filed, what their first does, and what is told besides.

    `fault` marks the repair of something that is there; `state` is the verb that leads and tells no wish ("Closed alerts stay").
    """

    title: str
    text: str
    deed: Deed
    besides: str
    fault: bool
    state: str = ""


def linkable(material: Material) -> tuple[str, ...]:
    """Return the ids that an entry may name: stories and operations, or whatever lies upstream instead."""
    chosen = material.upstream_of("user_stories", "api_definition") or material.upstream
    return tuple(item.id for item in chosen)


def links(changes: Sequence[Change], material: Material) -> tuple[str, ...]:
    """Return the ids of what the changes deliver: the nearest story and its operations; other items where there are neither."""
    told = _told(changes)
    stories = _nearest(told, material.upstream_of("user_stories"), material.terms)
    operations = _operations(told, stories, material)
    if stories or operations:
        return tuple(item.id for item in (*stories, *operations))
    others = [item for item in material.upstream if item.stage not in ("user_stories", "api_definition")]
    return tuple(item.id for item in _nearest(told, others, material.terms))


def _told(changes: Sequence[Change]) -> _Told:
    title, section = changes[0].title, section_of(changes[0])
    text, besides = " ".join(map(headline, changes)), " ".join(change.body for change in changes)
    deed = deed_of(title)
    if section in ("fixed", "security"):
        return _Told(title, text, Deed("", deed.others | {deed.lead} - {""}), besides, fault=True, state=deed.lead)
    if section in ("removed", "deprecated"):
        # "Remove the old form" is done to the form, not what a customer does with it.
        return _Told(title, text, Deed("", frozenset()), besides, fault=False, state=deed.lead)
    return _Told(title, text, deed, besides, fault=False)


def _operations(told: _Told, stories: Sequence[UpstreamItem], material: Material) -> list[UpstreamItem]:
    """Return the operations that serve the stories; where none says so, the nearest of those whose method does the same."""
    offered = material.upstream_of("api_definition")
    if not stories and material.upstream_of("user_stories"):
        return []
    names = {item.origin or item.id for item in stories}
    serving = [item for item in offered if names.intersection(item.body.get("stories") or ())]
    if serving:
        return serving[:_MOST_OPERATIONS]
    families = told.deed.families or families_of(told.deed.others)
    return _nearest(told, [item for item in offered if fits_method(families, _method(item))], material.terms)


def _nearest(told: _Told, items: Sequence[UpstreamItem], terms: Sequence[Term]) -> list[UpstreamItem]:
    """Return the item of the same thing to which the same is done, two where they are as near in every respect.

    Of what several items share and none does, none is told; a fault of the thing itself is told of the first two.
    """
    same = [item for item in items if repeats(told.title, _done(item))]
    wishes = {item.id: _done(item) for item in same or items}
    weights = _weights(list(wishes.values()), terms)
    near = [
        (item, _nearness(told, wishes[item.id], weights, terms))
        for item in same or items
        if item in same or _same_thing(told, item, terms)
    ]
    best = max((nearness for _, nearness in near), default=(0.0, 0))
    found = [item for item, nearness in near if nearness == best]
    return found[:_MOST_STORIES] if told.fault or len(found) <= _MOST_STORIES else []


def _same_thing(told: _Told, item: UpstreamItem, terms: Sequence[Term]) -> bool:
    """Tell whether changes and an item speak of a thing in common."""
    wish = f"{_done(item)} {wish_of(item)}"
    return bool(content(told.text) & content(wish) or named_terms(told.text, terms) & named_terms(wish, terms))


def _nearness(told: _Told, wish: str, weights: Counter[str], terms: Sequence[Term]) -> tuple[float, int]:
    """Return how near changes are to a wish: what is done and the rarer of the shared words first, then what is told besides."""
    names = _names(told.text, terms) & _names(wish, terms)
    shared = sum(1 / weights[name] for name in names - {told.state})
    besides = len(content(told.besides) & content(wish))
    return round(shared + _same_deed(told.deed, deed_of(wish)), 6), besides


def _same_deed(one: Deed, other: Deed) -> float:
    """Return how far two texts do the same."""
    if one.lead and one.lead == other.lead:
        return _SAME_VERB
    if one.families & other.families:
        return _SAME_FAMILY
    inside = other.lead in one.others or families_of(one.others) & other.families
    return _VERB_INSIDE if inside else 0.0


def _weights(wishes: Sequence[str], terms: Sequence[Term]) -> Counter[str]:
    """Return in how many wishes each word and term stands: one that stands in all of them tells none from the others."""
    return Counter(name for wish in wishes for name in _names(wish, terms))


def _names(text: str, terms: Sequence[Term]) -> frozenset[str]:
    return frozenset(words(text)) | named_terms(text, terms)


def _done(item: UpstreamItem) -> str:
    """Return what an item does: of a story its wish, of an operation its summary and the words of its path."""
    if "path" in item.body:
        return f"{item.body.get('summary', '')} {item.body['path']}"
    return str(item.body.get("want") or wish_of(item))


def _method(item: UpstreamItem) -> str:
    return str(item.body.get("method") or item.text.split(" ")[0])
