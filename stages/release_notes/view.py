"""How release notes are read: as entries of a card, as the line that a person edits, as a document and as sheets."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from errors import Language
from formats.changelog import BREAKING, HEADINGS, UNRELEASED, Changelog, read_changelog, render_changelog, with_ids
from formats.changelog_reading import KINDS
from formats.document import Block, Bullets, Document, Heading, Paragraph, Table
from formats.sheet import Sheet
from stages.declaration import ItemView, Line
from stages.material import Source
from stages.release_notes.log import as_changelog
from stages.release_notes.shape import SECTIONS, Audience, ChangeText, Left, ReleaseEntry, ReleaseNotes

AUDIENCE_NAMES: Mapping[Language, Mapping[Audience, str]] = {
    "en": {"customers": "customers", "operations": "operations", "developers": "developers"},
    "zh": {"customers": "客户", "operations": "运维", "developers": "开发者"},
}
_WHY: Mapping[Language, Mapping[Left, str]] = {
    "en": {"": "not told of", "internal": "internal", "open": "not done", "reverted": "reverted", "unrelated": "other subject"},
    "zh": {"": "未写入", "internal": "内部事项", "open": "未完成", "reverted": "已回退", "unrelated": "与本项目无关"},
}
_WORDS: Mapping[Language, Mapping[str, str]] = {
    "en": {
        "title": "Release notes",
        "version": "Version",
        "changes": "Changes",
        "for": "For",
        "uncovered": "Changes not told of",
        "open": "Open questions",
        "id": "ID",
        "section": "Section",
        "text": "Text",
        "delivers": "Delivers",
        "why": "Why",
        "type": "Type",
        "subject": "Title",
        "yes": "yes",
        "sources": "Sources",
    },
    "zh": {
        "title": "发布说明",
        "version": "版本",
        "changes": "变更",
        "for": "面向",
        "uncovered": "未写入的变更",
        "open": "待澄清的问题",
        "id": "编号",
        "section": "分类",
        "text": "内容",
        "delivers": "交付",
        "why": "原因",
        "type": "类型",
        "subject": "标题",
        "yes": "是",
        "sources": "资料来源",
    },
}
_LINE = re.compile(r"(?P<lead>[^:：]{2,60})[:：]\s*(?P<text>.*\S)", re.DOTALL)


def heading_of(entry: ReleaseEntry, language: Language) -> str:
    """Return the section that an entry stands under: what breaks has one of its own."""
    return BREAKING[language] if entry.breaking else HEADINGS[entry.section][language]


def view(entry: ReleaseEntry, language: Language) -> ItemView:
    """Return an entry as a card shows it."""
    told, names = _WORDS[language], AUDIENCE_NAMES[language]
    lines = [Line(told["changes"], ", ".join(entry.changes) or "–")]
    lines.append(Line(told["for"], _joined([names[one] for one in entry.audience], language)))
    badges = (HEADINGS[entry.section][language],) if entry.breaking else ()
    title = entry.text
    return ItemView(
        entry.id, title, tuple(lines), tuple(entry.sources), tuple(entry.upstream), heading_of(entry, language), badges
    )


def view_draft(item: Any, language: Language) -> ItemView | None:
    """Return an entry that is still being written, as far as it can be read."""
    if not isinstance(item, dict) or not isinstance(item.get("text"), str):
        return None
    section = item.get("section")
    told: dict[str, Any] = {
        "id": str(item.get("id") or ""),
        "section": section if section in SECTIONS else "changed",
        "breaking": item.get("breaking") is True,
        "text": item["text"],
        "audience": [one for one in _texts(item.get("audience")) if one in AUDIENCE_NAMES["en"]],
        "changes": _texts(item.get("changes")),
    }
    return view(ReleaseEntry.model_construct(None, **told, upstream=[], sources=[]), language)


def line(entry: ReleaseEntry, language: Language) -> str:
    """Return an entry as the line that a person edits: its section, its text, its ids."""
    lead = HEADINGS[entry.section][language]
    lead = f"{BREAKING[language]}{'，' if language == 'zh' else ', '}{lead}" if entry.breaking else lead
    ids = f"({', '.join(entry.changes)})"
    return f"{lead}{'：' if language == 'zh' else ': '}{entry.text} {ids}"


def tell(entry: ReleaseEntry, language: Language) -> str:
    """Return an entry as a later stage reads it: without ids."""
    return f"{heading_of(entry, language)}{'：' if language == 'zh' else ': '}{entry.text}"


def read_edited(text: str, entry: ReleaseEntry, language: Language) -> ReleaseEntry:
    """Read the line that a person edited; readers, stories and sources stay.

    Raises ValueError with a sentence for the person where it is no entry.
    """
    found = _LINE.fullmatch(" ".join(text.split()))
    kinds = [KINDS.get(name.strip().lower().strip("*")) for name in re.split(r"[,，]", found["lead"])] if found else []
    sections = [kind for kind in kinds if kind in SECTIONS]
    if found is None or None in kinds or len(sections) != 1:
        raise ValueError(
            "请保留“新增：内容 (编号)”的形式；分类为新增、变更、弃用、移除、修复或安全，不兼容时写“不兼容变更，移除：…”。"
            if language == "zh"
            else "Keep the form “Added: text (ids)”; the section is Added, Changed, Deprecated, Removed, Fixed or Security,"
            " of what breaks “Breaking, Removed: …”."
        )
    told, changes = _ids(found["text"], entry)
    changed = {"section": sections[0], "breaking": "breaking" in kinds, "text": told, "changes": changes}
    return ReleaseEntry.model_validate(entry.model_dump() | changed)


def _ids(text: str, entry: ReleaseEntry) -> tuple[str, list[str]]:
    """Return the text and the ids in the last brackets; words in brackets, where no ids follow, belong to the text."""
    found = re.search(r"\s*[(（](?P<ids>[^()（）]*)[)）]\Z", text)
    if found is None:
        return text, []
    ids = [one for one in re.split(r"[,，、]\s*", found["ids"].strip()) if one]
    if any(one not in entry.changes and (re.search(r"\s", one) or not re.search(r"\d", one)) for one in ids):
        return text, []
    return text[: found.start()], ids


def faults_of(artifact: ReleaseNotes, language: Language) -> list[str]:
    """Read the rendered changelog back strictly; return what stands against it, or that it does not come back the same."""
    meant = as_changelog(artifact, language)
    read = read_changelog(render_changelog(meant, language))
    faults = [fault.told(language) for fault in read.faults]
    if not faults and _lines(read) != _lines(meant):
        faults.append("内容在读回后发生变化" if language == "zh" else "the text changes when it is read back")
    return faults


def _lines(changelog: Changelog) -> list[tuple[str, bool, str]]:
    """Return what a reader sees, in the order of the page."""
    return sorted(
        (entry.kind, entry.breaking, " ".join(with_ids(entry.text, entry.ids).split()))
        for release in changelog.releases
        for entry in release.entries
    )


def document(artifact: ReleaseNotes, language: Language, sources: Sequence[Source]) -> Document:
    """Return the notes as a document: the entries by section, what breaks first, and the changes that none tells of."""
    told = _WORDS[language]
    release = " – ".join(part for part in (artifact.version, artifact.date) if part) or UNRELEASED[language]
    blocks: list[Block] = [Paragraph(release, told["version"])]
    for name in dict.fromkeys([BREAKING[language], *(HEADINGS[section][language] for section in SECTIONS)]):
        entries = [entry for entry in artifact.entries if heading_of(entry, language) == name]
        if entries:
            blocks += [Heading(1, name), Bullets(tuple(with_ids(entry.text, entry.changes) for entry in entries))]
    if artifact.uncovered:
        rows = [_left_row(change, language) for change in _left(artifact)]
        columns = (told["id"], told["type"], told["subject"], told["why"])
        blocks += [Heading(1, told["uncovered"]), Table(columns, rows)]
    if artifact.questions:
        blocks += [Heading(1, told["open"]), Bullets(tuple(artifact.questions))]
    title = f"{told['title']} {artifact.version}".strip()
    return Document(title, language, tuple(blocks), tuple((source.title, source.breadcrumb) for source in sources))


def sheets(artifact: ReleaseNotes, language: Language) -> tuple[Sheet, ...]:
    """Return the entries as a sheet, and the changes that none tells of as another."""
    told, names = _WORDS[language], AUDIENCE_NAMES[language]
    columns = [told[name] for name in ("id", "section")] + [BREAKING[language]]
    columns += [told[name] for name in ("text", "for", "changes", "delivers", "sources")]
    rows = [
        (
            entry.id,
            HEADINGS[entry.section][language],
            told["yes"] if entry.breaking else "",
            entry.text,
            _joined([names[one] for one in entry.audience], language),
            ", ".join(entry.changes),
            ", ".join(entry.upstream),
            ", ".join(entry.sources),
        )
        for entry in artifact.entries
    ]
    found = [Sheet(told["title"], tuple(columns), tuple(rows), tuple(entry.id for entry in artifact.entries))]
    if artifact.uncovered:
        left = tuple(_left_row(change, language) for change in _left(artifact))
        found.append(Sheet(told["uncovered"], (told["id"], told["type"], told["subject"], told["why"]), left))
    return tuple(found)


def _left(artifact: ReleaseNotes) -> list[ChangeText]:
    names = set(artifact.uncovered)
    return [change for change in artifact.changes if change.id in names]


def _left_row(change: ChangeText, language: Language) -> tuple[str, str, str, str]:
    return (change.id, change.type, change.title, _WHY[language][change.left])


def _joined(names: Sequence[str], language: Language) -> str:
    return ("、" if language == "zh" else ", ").join(names)


def _texts(value: Any) -> list[str]:
    """Return the texts of a list; nothing of anything else."""
    return [text for text in value if isinstance(text, str)] if isinstance(value, list) else []
