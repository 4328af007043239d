"""What is mended by rule: prefixes and ids in the text, ids that are almost right, marks, duplicates, the order."""

import re

from errors import Language
from formats.changes import same_id
from formats.language import has_han
from stages.findings import Mended
from stages.material import Material
from stages.release_notes.checks import alike
from stages.release_notes.linking import linkable
from stages.release_notes.reading import read_brief
from stages.release_notes.shape import SECTIONS, ReleaseEntry, ReleaseNotes
from stages.release_notes.wording import BRACKETED_IDS, PREFIX

_LEAST = 4
# What a small model goes on with where its sentence has ended: the rest of a template, tags, a fence.
_SCRAPS = re.compile(
    r"\s*(?:\}\}|\{\{|```|</?(?:h[1-6]|p|div|br|ul|ol|li|span|table|t[rdh]|b|i|em|strong|a|img|script)\b).*",
    re.DOTALL | re.IGNORECASE,
)


def mend_references(artifact: ReleaseNotes, material: Material) -> tuple[ReleaseNotes, list[Mended]]:
    """Write ids as they stand in the brief, each once, and leave out those that do not exist where others remain."""
    known = [change.id for change in read_brief(material.brief).changes.changes]
    upstream = set(linkable(material))
    mended: list[Mended] = []
    entries: list[ReleaseEntry] = []
    for entry in artifact.entries:
        told = [next((one for one in known if same_id(one, cited)), cited) for cited in entry.changes]
        sound = [one for one in dict.fromkeys(told) if one in known]
        names = [one for one in dict.fromkeys(entry.upstream) if one in upstream]
        changed = {"changes": sound or list(dict.fromkeys(told)), "upstream": names}
        for place, before in (("changes", entry.changes), ("upstream", entry.upstream)):
            if known and changed[place] != before:
                mended.append(Mended("reference", place, ", ".join(before), ", ".join(changed[place]), entry.id))
        entries.append(entry.model_copy(update=changed) if known else entry)
    return (artifact.with_items(entries), mended) if mended else (artifact, [])


def mend_wording(artifact: ReleaseNotes, material: Material) -> tuple[ReleaseNotes, list[Mended]]:
    """Leave out `feat:`, ids and scraps of markup at the end, begin with a capital, end with a full stop."""
    mended: list[Mended] = []
    entries: list[ReleaseEntry] = []
    for entry in artifact.entries:
        text = sentence(entry.text, material.language)
        if text != entry.text:
            mended.append(Mended("wording", "text", entry.text, text, entry.id))
        entries.append(entry.with_texts({"text": text}))
    return (artifact.with_items(entries), mended) if mended else (artifact, [])


def mend_breaking(artifact: ReleaseNotes, material: Material) -> tuple[ReleaseNotes, list[Mended]]:
    """Mark the entries whose changes break something."""
    broken = {change.id for change in read_brief(material.brief).changes.changes if change.breaking}
    mended: list[Mended] = []
    entries: list[ReleaseEntry] = []
    for entry in artifact.entries:
        if not entry.breaking and broken.intersection(entry.changes):
            mended.append(Mended("breaking-unmarked", "breaking", "false", "true", entry.id))
        entries.append(entry.model_copy(update={"breaking": entry.breaking or bool(broken.intersection(entry.changes))}))
    return (artifact.with_items(entries), mended) if mended else (artifact, [])


def mend_duplicates(artifact: ReleaseNotes, _material: Material) -> tuple[ReleaseNotes, list[Mended]]:
    """Put an entry that says the same as one before it together with that one."""
    kept: list[ReleaseEntry] = []
    mended: list[Mended] = []
    for entry in artifact.entries:
        place = next((place for place, other in enumerate(kept) if alike(entry, other)), None)
        if place is None:
            kept.append(entry)
            continue
        mended.append(Mended("duplicate", entry.id, entry.text, "", entry.id))
        first = kept[place]
        kept[place] = first.model_copy(
            update={
                "changes": list(dict.fromkeys([*first.changes, *entry.changes]))[:60],
                "upstream": list(dict.fromkeys([*first.upstream, *entry.upstream]))[:6],
                "sources": list(dict.fromkeys([*first.sources, *entry.sources]))[:3],
                "breaking": first.breaking or entry.breaking,
            }
        )
    return (artifact.with_items(kept), mended) if mended else (artifact, [])


def mend_order(artifact: ReleaseNotes, _material: Material) -> tuple[ReleaseNotes, list[Mended]]:
    """Put what breaks first, then section by section, and number the entries anew."""
    ordered = sorted(artifact.entries, key=lambda entry: (not entry.breaking, SECTIONS.index(entry.section)))
    numbered = [entry.model_copy(update={"id": f"N{number}"}) for number, entry in enumerate(ordered, 1)]
    if numbered == artifact.entries:
        return artifact, []
    before, after = (", ".join(entry.id for entry in entries) for entries in (artifact.entries, ordered))
    return artifact.with_items(numbered), [Mended("order", "entries", before, after)] if before != after else []


def sentence(text: str, language: Language) -> str:
    """Return a text as a sentence for a reader; a text of which too little would stay is left as it is."""
    bare = " ".join(_SCRAPS.sub("", text).split()) or " ".join(text.split())
    while (cut := BRACKETED_IDS.sub("", PREFIX.sub("", bare)).strip()) != bare:
        bare = cut
    if len(bare) < (2 if has_han(bare) else _LEAST):
        return text
    if re.match(r"[a-z]+(?![\w.])", bare):
        bare = bare[0].upper() + bare[1:]
    stop = "。" if language == "zh" and has_han(bare) else "."
    return bare if bare.endswith((".", "。", "!", "！", "?", "？", "…", ":", "：")) or len(bare) >= 300 else bare + stop
