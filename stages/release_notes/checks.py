"""How release notes are judged: against the changes in hand, against each other, and by how they read."""

from dataclasses import replace
from functools import partial

from formats.changes_model import Change
from stages.findings import Finding, Rules
from stages.material import Material
from stages.release_notes.groups import entry_text
from stages.release_notes.linking import linkable
from stages.release_notes.reading import read_brief
from stages.release_notes.shape import ReleaseEntry, ReleaseNotes
from stages.release_notes.view import AUDIENCE_NAMES, faults_of
from stages.release_notes.wording import IDS, JARGON, LABEL, PREFIX, VAGUE, plain
from stages.shared_checks import check_numbers, check_sources
from stages.words import likeness, shares_words, terms_in

RULES = Rules("stages.release_notes")
ALIKE = 0.85
_MOST_NAMED = 20


def check_read_back(artifact: ReleaseNotes, material: Material) -> list[Finding]:
    """Find what the changelog's strict reading holds against the rendered form."""
    return [RULES.finding("unreadable", material.language, message=message) for message in faults_of(artifact, material.language)]


def check_references(artifact: ReleaseNotes, material: Material) -> list[Finding]:
    """Find changes, stories and operations that are named and do not exist, and entries that name no change."""
    changes, upstream = _ids(artifact, material), set(linkable(material))
    found: list[Finding] = []
    for place, entry in enumerate(artifact.entries):
        told = partial(RULES.finding, language=material.language, item=entry.id)
        where = f"entries[{place}]"
        found += [told("change-unknown", place=f"{where}.changes", change=one) for one in entry.changes if one not in changes]
        found += [told("upstream-unknown", place=f"{where}.upstream", name=one) for one in entry.upstream if one not in upstream]
        if not entry.changes:
            found.append(told("change-none", place=f"{where}.changes"))
    return found


def check_coverage(artifact: ReleaseNotes, material: Material) -> list[Finding]:
    """Find the changes that no entry tells of and that a reader would ask for; tell the share and what is left out besides."""
    language = material.language
    told = read_brief(material.brief)
    missing = {change.id: change for change in artifact.changes if change.id in set(artifact.uncovered)}
    found = [
        RULES.finding("change-uncovered", language, place="changes", change=change.id, title=change.title)
        for change in list(missing.values())
        if not change.left
    ][:_MOST_NAMED]
    if missing:
        covered = len(artifact.changes) - len(missing)
        names = ", ".join(list(missing)[:_MOST_NAMED]) + (" …" if len(missing) > _MOST_NAMED else "")
        share = round(100 * covered / len(artifact.changes))
        found.append(RULES.finding("coverage", language, covered=covered, all=len(artifact.changes), share=share, names=names))
    if unread := told.changes.unread:
        lines = "; ".join(f"“{line}”" for line in unread[:5])
        found.append(RULES.finding("change-unread", language, count=len(unread), lines=lines))
    if artifact.version and not artifact.date:
        found.append(RULES.finding("no-date", language, place="date", version=artifact.version))
    return found


def check_breaking(artifact: ReleaseNotes, material: Material) -> list[Finding]:
    """Find breaking changes that are not marked or not on top, and marks without one."""
    changes = {change.id: change for change in read_brief(material.brief).changes.changes}
    found: list[Finding] = []
    calm = ""
    for place, entry in enumerate(artifact.entries):
        told = partial(RULES.finding, language=material.language, item=entry.id, place=f"entries[{place}].breaking")
        cited = [changes[one] for one in entry.changes if one in changes]
        broken = next((change.id for change in cited if change.breaking), "")
        if broken and not entry.breaking:
            found.append(told("breaking-unmarked", change=broken))
        if entry.breaking and cited and not broken:
            found.append(told("breaking-unfounded"))
        if entry.breaking and calm:
            found.append(told("breaking-late", other=calm))
        calm = calm or ("" if entry.breaking else entry.id)
    return found


def check_unique(artifact: ReleaseNotes, material: Material) -> list[Finding]:
    """Find entries that say the same as one before them, and changes that two entries tell of."""
    found: list[Finding] = []
    first: dict[str, str] = {}
    for place, entry in enumerate(artifact.entries):
        told = partial(RULES.finding, language=material.language, item=entry.id, place=f"entries[{place}]")
        twin = next((other for other in artifact.entries[:place] if alike(entry, other)), None)
        if twin is not None:
            found.append(told("duplicate", other=twin.id))
        found += [told("cited-twice", change=one, other=first[one]) for one in entry.changes if one in first]
        first |= {one: entry.id for one in entry.changes if one not in first}
    return found


def alike(one: ReleaseEntry, other: ReleaseEntry) -> bool:
    """Tell whether two entries say the same of the same kind."""
    same = plain(one.text) == plain(other.text)
    return same or (one.section == other.section and likeness(one.text, other.text) > ALIKE)


def check_wording(artifact: ReleaseNotes, material: Material) -> list[Finding]:
    """Find texts that tell a reader nothing, repeat a subject, or speak of what only the team knows."""
    changes = {change.id: change for change in read_brief(material.brief).changes.changes}
    asked = set(artifact.audience)
    found: list[Finding] = []
    for place, entry in enumerate(artifact.entries):
        told = partial(RULES.finding, language=material.language, item=entry.id, place=f"entries[{place}].text")
        cited = [changes[one] for one in entry.changes if one in changes]
        found += [told("vague", word=word[0]) for word in (VAGUE.search(entry.text),) if word]
        found += [told("id-in-text", word=word[0]) for word in (IDS.search(entry.text),) if word]
        if "customers" in entry.audience and (word := JARGON.search(entry.text)):
            found.append(told("jargon", word=word[0]))
        if _repeats(entry, cited):
            found.append(told("subject-repeated"))
        elif _only_labelled(entry, cited):
            # A small model often writes so; it is no fault that is worth another call.
            found.append(replace(told("subject-repeated"), severity="hint"))
        if cited and not _about(entry.text, cited, material):
            found.append(told("not-about"))
        if set(entry.audience) - asked:
            names = AUDIENCE_NAMES[material.language]
            said = ", ".join(names[one] for one in entry.audience if one not in asked)
            found.append(told("audience", asked=", ".join(names[one] for one in sorted(asked)), said=said))
    return found


def check_entry_numbers(artifact: ReleaseNotes, material: Material) -> list[Finding]:
    """Find numbers that stand in none of an entry's changes, what it delivers, or its sources: another change's are not its own."""
    changes = {change.id: change for change in read_brief(material.brief).changes.changes}
    found: list[Finding] = []
    for place, entry in enumerate(artifact.entries):
        texts = [f"{changes[one].title}\n{changes[one].text}" for one in entry.changes if one in changes]
        spoken = "\n".join([artifact.version, *texts]) if texts else material.brief
        alone = artifact.model_copy(update={"entries": [entry]})
        delivered = tuple(item for item in material.upstream if item.id in entry.upstream)
        own = Material(spoken, material.language, sources=material.sources, upstream=delivered)
        found += [
            Finding(one.rule, one.severity, f"entries[{place}].text", one.message, one.item) for one in check_numbers(alone, own)
        ]
    return found


def check_entry_sources(artifact: ReleaseNotes, material: Material) -> list[Finding]:
    """Find citations of passages that do not exist; an entry without a passage rests on its changes."""
    return [one for one in check_sources(artifact, material) if one.rule != "no-source"]


def _ids(artifact: ReleaseNotes, material: Material) -> set[str]:
    """Return the ids that may be named: those of the brief, and those kept with the artifact where the brief is gone."""
    in_brief = {change.id for change in read_brief(material.brief).changes.changes}
    return in_brief or {change.id for change in artifact.changes}


def _repeats(entry: ReleaseEntry, cited: list[Change]) -> bool:
    """Tell whether a text is a subject, with its prefix or without; only a story's title may be written for a reader already."""
    if PREFIX.match(entry.text):
        return True
    for_colleagues = entry.section in ("fixed", "security") or all(change.kind == "commit" for change in cited)
    return for_colleagues and any(plain(entry.text) == plain(change.title) for change in cited)


def _only_labelled(entry: ReleaseEntry, cited: list[Change]) -> bool:
    """Tell whether a text is a subject with nothing but its kind put before it: "Fixed: Payee list is not sorted"."""
    bare = LABEL.sub("", entry.text)
    return bare != entry.text and any(plain(bare) in (plain(change.title), plain(entry_text(change))) for change in cited)


def _about(text: str, cited: list[Change], material: Material) -> bool:
    """Tell whether a text speaks of its changes: in their words, or by a term under another name."""
    told = "\n".join(f"{change.text} {change.scope} {' '.join(change.labels)}" for change in cited)
    if shares_words(text, [told]):
        return True
    return bool({term.id for term in terms_in(text, material.terms)} & {term.id for term in terms_in(told, material.terms)})
