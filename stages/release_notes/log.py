"""Release notes as a changelog, and a pasted changelog as release notes."""

from collections.abc import Sequence

from errors import Language
from formats.changelog import Changelog, LogEntry, Release, is_changelog, is_iso_date, read_changelog, render_changelog
from stages.declaration import Imported
from stages.material import Source
from stages.release_notes.shape import ReleaseNotes


def as_changelog(artifact: ReleaseNotes, _language: Language) -> Changelog:
    """Return the notes as a changelog of one version."""
    entries = tuple(
        LogEntry(entry.section, " ".join(entry.text.split()), tuple(entry.changes), entry.breaking) for entry in artifact.entries
    )
    day = artifact.date if is_iso_date(artifact.date) else ""
    return Changelog((Release(artifact.version, day, entries),))


def changelog_file(artifact: ReleaseNotes, language: Language, _sources: Sequence[Source]) -> bytes:
    """Return the notes as `CHANGELOG.md`."""
    return render_changelog(as_changelog(artifact, language), language).encode()


def read_pasted(text: str, language: Language) -> Imported | None:
    """Return the newest version of a pasted changelog that has entries, what of the text is not taken over, and its faults.

    None where the text is no changelog, or no entry can be read of it.
    """
    if not is_changelog(text):
        return None
    read = read_changelog(text)
    release = next((one for one in read.releases if one.entries), None)
    if release is None:
        return None
    kept = [entry for entry in release.entries if len(entry.text) >= 2][:400]
    if not kept:
        return None
    lost = [_lost(one, language) for one in read.releases if one is not release and one.entries]
    lost += [entry.text for entry in release.entries if entry not in kept]
    lost += [entry.text for entry in kept if len(entry.text) > 300]
    entries = [
        {
            "id": f"N{number}",
            "section": entry.kind,
            "breaking": entry.breaking,
            "text": entry.text[:300],
            "audience": ["customers"],
            "changes": list(entry.ids[:60]),
            "upstream": [],
            "sources": [],
        }
        for number, entry in enumerate(kept, 1)
    ]
    ids = dict.fromkeys(change for entry in kept for change in entry.ids)
    body = {
        "version": release.version[:60],
        "date": release.date,
        "entries": entries,
        "questions": [],
        "audience": ["customers"],
        "changes": [{"id": one, "title": one} for one in list(ids)[:2000]],
        "uncovered": [],
    }
    return Imported(body, tuple(lost), tuple(fault.told(language) for fault in read.faults))


def _lost(release: Release, language: Language) -> str:
    """Tell that a version is not taken over: an artifact is one version's."""
    name = release.version or ("未发布" if language == "zh" else "Unreleased")
    count = len(release.entries)
    return f"版本 {name}（{count} 条）" if language == "zh" else f"Version {name} ({count} entries)"
