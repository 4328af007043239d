"""Keep a Changelog 1.1: rendered by us, and read back strictly, every fault with its line and its reason.

Our one addition is the section `Breaking`, which stands first in its version; each of its lines names its kind.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from errors import Language
from formats.changelog_reading import KINDS, Fault, LogReader
from formats.markdown import escape_markdown

TITLES: Mapping[Language, str] = {"en": "Changelog", "zh": "更新日志"}
UNRELEASED: Mapping[Language, str] = {"en": "Unreleased", "zh": "未发布"}
BREAKING: Mapping[Language, str] = {"en": "Breaking", "zh": "不兼容变更"}
HEADINGS: Mapping[str, Mapping[Language, str]] = {
    "added": {"en": "Added", "zh": "新增"},
    "changed": {"en": "Changed", "zh": "变更"},
    "deprecated": {"en": "Deprecated", "zh": "弃用"},
    "removed": {"en": "Removed", "zh": "移除"},
    "fixed": {"en": "Fixed", "zh": "修复"},
    "security": {"en": "Security", "zh": "安全"},
}
_ABOUT: Mapping[Language, str] = {
    "en": "The format is based on [Keep a Changelog](https://keepachangelog.com/en/1.1.0/).",
    "zh": "格式遵循 [Keep a Changelog](https://keepachangelog.com/zh-CN/1.1.0/)。",
}
# What is written in brackets at a line's end is an id where it looks like one: `PAY-12`, `#12`, a sha, `REQ001`; (Q3) is a word.
_ID = r"(?:#\d+|[0-9a-f]{7,64}|[^\W_]\w*(?:[.-]\w+)*-\d+|[A-Za-z]{2,}[_.]?\d{2,}|L\d+)"
_IDS = re.compile(rf"\s*[(（](?P<ids>{_ID}(?:[,，、]\s*{_ID})*)[)）]$")
_KIND = re.compile(r"\*\*(?P<name>[^*:：]{1,20})[:：]\*\*\s*(?P<text>.*)", re.DOTALL)


@dataclass(frozen=True)
class LogEntry:
    """One line: its kind (`added`, …, `security`), its text, and the ids of the changes that it tells of."""

    kind: str
    text: str
    ids: tuple[str, ...] = ()
    breaking: bool = False


@dataclass(frozen=True)
class Release:
    """One version with its date (YYYY-MM-DD); without a version it is what is not released yet."""

    version: str
    date: str = ""
    entries: tuple[LogEntry, ...] = ()
    yanked: bool = False


@dataclass(frozen=True)
class Changelog:
    """The versions, the newest first."""

    releases: tuple[Release, ...] = ()
    faults: tuple[Fault, ...] = field(default=(), compare=False)


def render_changelog(changelog: Changelog, language: Language) -> str:
    """Return the changelog as Markdown: in each version what breaks first, then by kind. A version without a date is not released."""
    lines = [f"# {TITLES[language]}", "", _ABOUT[language], ""]
    for release in changelog.releases:
        lines += [_heading(release, language), ""]
        broken = [entry for entry in release.entries if entry.breaking]
        lines += _section(BREAKING[language], [_line(entry, language) for entry in broken])
        for kind, names in HEADINGS.items():
            told = [entry for entry in release.entries if entry.kind == kind and not entry.breaking]
            lines += _section(names[language], [_line(entry, language) for entry in told])
    return "\n".join(lines).rstrip() + "\n"


def read_changelog(text: str) -> Changelog:
    """Return the changelog of a text, in either language, with every fault by line; what can be read of it is kept."""
    reader = LogReader()
    reader.read(text)
    releases = []
    for drawn in reader.releases:
        entries = tuple(_entry(kind, told) for kind, told in drawn.lines if told.strip())
        releases.append(Release(drawn.version, drawn.date, entries, drawn.yanked))
    return Changelog(tuple(releases), tuple(sorted(reader.faults, key=lambda fault: fault.line)))


def is_changelog(text: str) -> bool:
    """Tell whether a text is meant as a changelog: it has a heading of a version, or of what is not released yet."""
    return bool(re.search(r"(?mi)^#{1,4} +\[?(?:v?\d+\.\d+[\w.+-]*|unreleased|未发布)\]?(?: |$)", text))


def read_ids(text: str) -> tuple[str, tuple[str, ...]]:
    """Return a line's text and the ids in the brackets at its end."""
    found = _IDS.search(text)
    if found is None:
        return text.strip(), ()
    return text[: found.start()].strip(), tuple(re.split(r"[,，、]\s*", found["ids"]))


def with_ids(text: str, ids: Sequence[str]) -> str:
    """Return a line's text with the ids at its end."""
    return f"{text} ({', '.join(ids)})" if ids else text


def is_iso_date(text: str) -> bool:
    """Tell whether a text is a day that exists, as YYYY-MM-DD."""
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _heading(release: Release, language: Language) -> str:
    if not release.version or not release.date:
        return f"## [{UNRELEASED[language]}]"
    return f"## [{release.version}] - {release.date}{' [YANKED]' if release.yanked else ''}"


def _section(name: str, lines: Sequence[str]) -> list[str]:
    """Return a section, or nothing where it would be empty."""
    return [f"### {name}", "", *lines, ""] if lines else []


def _line(entry: LogEntry, language: Language) -> str:
    lead = f"**{HEADINGS[entry.kind][language]}:** " if entry.breaking else ""
    return f"- {lead}{with_ids(escape_markdown(entry.text), [escape_markdown(one) for one in entry.ids])}"


def _entry(kind: str, told: str) -> LogEntry:
    """Return the entry of a line; in the breaking section the line itself names its kind."""
    breaking, text = kind == "breaking", told
    if breaking:
        kind = "changed"
        if (lead := _KIND.fullmatch(told)) and lead["name"].strip().lower() in KINDS:
            kind, text = KINDS[lead["name"].strip().lower()], lead["text"]
            kind = "changed" if kind == "breaking" else kind
    elif found := re.match(r"\*\*(?:breaking(?: changes?)?|不兼容变更|破坏性变更)[:：]?\*\*[:：]?\s*", told, re.IGNORECASE):
        breaking, text = True, told[found.end() :]
    plain, ids = read_ids(re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", text))
    return LogEntry(kind, plain, ids, breaking)
