"""Which changes make one entry together, in which order, and which are told of by none and why."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from formats.changes import same_id
from formats.changes_model import Change
from formats.connextra import read_story
from formats.language import language_of
from stages.material import Material
from stages.release_notes.kinds import left_out, section_of
from stages.release_notes.linking import links
from stages.release_notes.reading import read_brief
from stages.release_notes.relation import is_related
from stages.release_notes.shape import SECTIONS, ChangeText, Left, Section

# A person reads no more at once, and a small model writes each by a call of its own.
MOST_GROUPS = 60
LONGEST = 200


@dataclass(frozen=True)
class Group:
    """The changes of one entry: what they are about, where it belongs, and what it delivers."""

    changes: tuple[Change, ...]
    section: Section
    breaking: bool
    text: str
    upstream: tuple[str, ...] = ()

    @property
    def ids(self) -> tuple[str, ...]:
        """The ids of the changes, the ticket's first."""
        return tuple(change.id for change in self.changes)


@dataclass(frozen=True)
class Grouped:
    """The groups in the order of their entries, and why each other change is left out (empty: there were too many)."""

    groups: tuple[Group, ...]
    left: Mapping[str, Left]


@lru_cache(maxsize=32)
def grouped(material: Material) -> Grouped:
    """Sort the changes of a brief into groups: a ticket with its commits, a commit without one by itself.

    Where nothing belongs to the initiative, or all is the team's own affair, that is told of after all: it is what there is.
    """
    told = read_brief(material.brief)
    changes = told.changes.changes
    aside: dict[str, Left] = {change.id: why for change in changes if (why := left_out(change, told.audience))}
    aside |= _reverted(changes)
    found = _sorted(changes, aside, material)
    if not found.groups:
        found = _sorted(changes, aside, replace(material, upstream=()))
    return found if found.groups else _sorted(changes, {}, replace(material, upstream=()))


def _sorted(changes: Sequence[Change], aside: Mapping[str, Left], material: Material) -> Grouped:
    """Return the groups that are told of, and what is left out of them and why."""
    left = dict(aside)
    groups: list[Group] = []
    for together in _together(changes):
        asked = [change for change in together if change.id not in aside]
        if not asked or aside.get(together[0].id) == "open":
            continue
        if is_related(together, material):
            groups.append(replace(_group(together), upstream=links(together, material)))
        else:
            left |= {change.id: "unrelated" for change in asked}
    groups.sort(key=lambda group: (not group.breaking, SECTIONS.index(group.section)))
    groups = _merged(groups)[:MOST_GROUPS]
    written = {change_id for group in groups for change_id in group.ids}
    return Grouped(tuple(groups), {change_id: why for change_id, why in left.items() if change_id not in written})


def changes_in_hand(material: Material) -> tuple[ChangeText, ...]:
    """Return every change as the artifact keeps it."""
    left = grouped(material).left
    return tuple(
        ChangeText(
            id=change.id,
            title=change.title[:300],
            type=change.type[:60],
            tickets=list(change.tickets[:60]),
            left=left.get(change.id, ""),
        )
        for change in read_brief(material.brief).changes.changes
    )


def entry_text(change: Change) -> str:
    """Return what a change is about, as a model is told it: what it breaks, where that is said, or a ticket's wish without its frame."""
    story = read_story(change.title, language_of(change.title))
    about = change.note or (story.want if story else change.title)
    return about.strip().rstrip("。.;；")[:LONGEST]


def _together(changes: Sequence[Change]) -> list[list[Change]]:
    """Return a ticket with its commits (each under its first ticket), and every other commit by itself."""
    groups: dict[str, list[Change]] = {change.id: [change] for change in changes if change.kind == "ticket"}
    for change in changes:
        if change.kind == "commit":
            groups.setdefault(change.tickets[0] if change.tickets else change.id, []).append(change)
    return list(groups.values())


def _group(changes: Sequence[Change]) -> Group:
    """Return the group of a ticket with its commits: the ticket says what it is, any of them that it breaks."""
    head = changes[0]
    broken = next((change for change in changes if change.breaking), None)
    noted = replace(head, note=head.note or (broken.note if broken else ""), breaking=broken is not None)
    return Group(tuple(changes), section_of(noted), broken is not None, entry_text(noted))


def _reverted(changes: Sequence[Change]) -> dict[str, Left]:
    """Return the commits that another one of the list takes back."""
    taken_back = [change.reverts for change in changes if change.reverts]
    return {change.id: "reverted" for change in changes if any(same_id(change.id, one) for one in taken_back)}


def _merged(groups: Sequence[Group]) -> list[Group]:
    """Return the groups, those that say the same as one (a commit picked to a second branch)."""
    merged: dict[tuple[str, Section], Group] = {}
    for group in groups:
        name = (" ".join(group.text.casefold().split()), group.section)
        before = merged.get(name)
        if before is None:
            merged[name] = group
        else:
            upstream = tuple(dict.fromkeys([*before.upstream, *group.upstream]))
            merged[name] = replace(before, changes=(*before.changes, *group.changes), upstream=upstream)
    return list(merged.values())
