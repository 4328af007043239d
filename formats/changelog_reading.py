"""Reads a changelog line by line and holds every departure from Keep a Changelog 1.1 against its line."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise

from errors import Language

# What a section may be called, in either language, and the kind that it is.
KINDS: Mapping[str, str] = {
    name: kind
    for kind, names in {
        "breaking": ("breaking", "breaking changes", "不兼容变更", "破坏性变更"),
        "added": ("added", "新增", "新添加", "添加"),
        "changed": ("changed", "变更", "更改"),
        "deprecated": ("deprecated", "弃用", "不建议使用", "废弃"),
        "removed": ("removed", "移除", "删除"),
        "fixed": ("fixed", "修复", "修正"),
        "security": ("security", "安全"),
    }.items()
    for name in names
}
_TITLES = frozenset({"changelog", "change log", "更新日志", "变更日志"})
_UNRELEASED = re.compile(r"\[?(?:unreleased|未发布)\]?", re.IGNORECASE)
_VERSION = re.compile(r"(?P<name>\[(?P<linked>[^\[\]]*)\]|\S+)(?P<rest>.*)")
_NUMBERED = re.compile(r"v?\d+(?:\.\d+)*(?:[-+.][\w.+-]+)?", re.IGNORECASE)
_BULLET = re.compile(r"(?P<indent>\s*)[-*+](?:\s+(?P<text>.*))?$")
_LINK = re.compile(r"\[[^\]]+\]:\s*\S+")

_REASONS: Mapping[str, tuple[str, str]] = {
    "no-title": ("the text must begin with “# Changelog”", "文本应以“# 更新日志”开头"),
    "two-titles": ("there is a second title; a version has two #, a section three", "出现第二个标题；版本用两个 #，分类用三个"),
    "version-level": ("the version “{name}” needs exactly two #", "版本“{name}”的标题应恰好使用两个 #"),
    "section-level": ("the section “{name}” needs exactly three #", "分类“{name}”的标题应恰好使用三个 #"),
    "deep-heading": ("there are no headings below a section", "分类之下不应再有标题"),
    "no-version": ("the heading names no version", "标题中没有版本号"),
    "no-date": ("the version {name} has no date", "版本 {name} 没有日期"),
    "bad-date": ("“{name}” is no date of the form 2026-06-30", "“{name}”不是 2026-06-30 形式的有效日期"),
    "duplicate-version": ("the version {name} stands there twice", "版本 {name} 重复出现"),
    "unordered": ("{name} is newer than the version before it; the newest comes first", "{name} 比其上方的版本更新；最新的版本应在最前"),
    "unreleased-late": ("what is not released comes before every version", "“未发布”应在所有版本之前"),
    "empty-version": ("the version {name} has no entries", "版本 {name} 没有任何条目"),
    "section-outside": ("the section “{name}” belongs to no version", "分类“{name}”不属于任何版本"),
    "unknown-section": ("“{name}” is no section; there are Added, Changed, Deprecated, Removed, Fixed, Security", "“{name}”不是规定的分类；可用：新增、变更、弃用、移除、修复、安全"),
    "duplicate-section": ("the section “{name}” stands twice in its version", "同一版本中分类“{name}”重复出现"),
    "empty-section": ("the section “{name}” has no entries", "分类“{name}”没有任何条目"),
    "breaking-late": ("what breaks comes first in its version", "不兼容变更应位于该版本的最前面"),
    "item-outside": ("the entry belongs to no section", "该条目不属于任何分类"),
    "empty-item": ("the entry is empty", "该条目为空"),
    "stray-text": ("the text is no entry; an entry begins with “- ”", "该文字不是条目；条目应以“- ”开头"),
    "no-releases": ("there is no version in it", "文本中没有任何版本"),
}  # fmt: skip


@dataclass(frozen=True)
class Fault:
    """What stands against one line."""

    line: int
    rule: str
    name: str = ""

    def told(self, language: Language) -> str:
        """Return line and reason as a person reads them."""
        reason = _REASONS[self.rule][language == "zh"].format(name=self.name)
        return f"第 {self.line} 行：{reason}。" if language == "zh" else f"Line {self.line}: {reason}."


@dataclass
class Drawn:
    """A version as far as it is read: its lines, each with its kind."""

    at: int
    version: str = ""
    date: str = ""
    yanked: bool = False
    lines: list[tuple[str, str]] = field(default_factory=list)
    sections: dict[str, int] = field(default_factory=dict)


class LogReader:
    """Reads one text; `releases` is what could be read, `faults` what stands against it."""

    def __init__(self) -> None:
        self.releases: list[Drawn] = []
        self.faults: list[Fault] = []
        self._titled = False
        self._kind = ""
        self._section: tuple[int, str] | None = None
        self._filled = False
        self._item = False

    def read(self, text: str) -> None:
        """Read a text from its first line to its last."""
        number = 0
        for number, raw in enumerate(text.lstrip("\ufeff").splitlines(), 1):
            line = raw.rstrip()
            if not line:
                continue
            if not self._titled and not line.startswith("# "):
                self._fault(number, "no-title")
                self._titled = True
            heading = re.fullmatch(r"(#{1,6})\s+(.*?)\s*#*", line)
            if heading:
                self._heading(number, len(heading[1]), heading[2].strip())
            else:
                self._text(number, line)
        self._end_section()
        self._end_release()
        if not self.releases:
            self._fault(max(1, number), "no-releases")
        self._order()

    def _fault(self, line: int, rule: str, name: str = "") -> None:
        self.faults.append(Fault(line, rule, name[:60]))

    def _heading(self, number: int, level: int, name: str) -> None:
        """Read a heading by what it says; a wrong level is a fault, and it counts all the same."""
        kind = KINDS.get(name.lower().strip("[]:： "))
        if not self._titled:
            self._titled = True
            if name.lower() in _TITLES:
                return
            self._fault(number, "no-title")
        self._item = False
        if kind is not None:
            self._open_section(number, level, name, kind)
        elif level == 2 or _is_version(name):
            self._open_release(number, level, name)
        elif level == 1:
            self._fault(number, "two-titles")
        elif level == 3:
            self._end_section()
            self._fault(number, "unknown-section" if self.releases else "section-outside", name)
            self._kind = "changed"
        else:
            self._fault(number, "deep-heading")

    def _open_release(self, number: int, level: int, name: str) -> None:
        self._end_section()
        self._end_release()
        if level != 2:
            self._fault(number, "version-level", name)
        release = Drawn(number)
        self.releases.append(release)
        if _UNRELEASED.fullmatch(name):
            return
        found = _VERSION.fullmatch(name)
        told = (found["linked"] if found and found["linked"] is not None else found["name"] if found else "").strip()
        if not _NUMBERED.fullmatch(told) or _exists(told):
            self._fault(number, "no-version")
        elif told in [one.version for one in self.releases]:
            self._fault(number, "duplicate-version", told)
        release.version = told
        self._date(number, release, (found["rest"] if found else "").strip())

    def _date(self, number: int, release: Drawn, rest: str) -> None:
        """Read what stands after a version: a date, and whether the version was taken back."""
        release.yanked = rest.upper().endswith("[YANKED]")
        told = rest[: -len("[YANKED]")].strip() if release.yanked else rest
        if not told:
            self._fault(number, "no-date", release.version)
        elif not (dated := re.fullmatch(r"[-–—]\s+(\d{4}-\d{2}-\d{2})", told)) or not _exists(dated[1]):
            self._fault(number, "bad-date", told.lstrip("-–— "))
        else:
            release.date = dated[1]

    def _open_section(self, number: int, level: int, name: str, kind: str) -> None:
        self._end_section()
        if level != 3:
            self._fault(number, "section-level", name)
        self._kind = kind
        if not self.releases:
            self._fault(number, "section-outside", name)
            return
        seen = self.releases[-1].sections
        if kind in seen:
            self._fault(number, "duplicate-section", name)
        elif kind == "breaking" and seen:
            self._fault(number, "breaking-late")
        seen[kind] = number
        self._section, self._filled = (number, name), False

    def _end_section(self) -> None:
        if self._section is not None and not self._filled:
            self._fault(self._section[0], "empty-section", self._section[1])
        self._section, self._kind, self._item = None, "", False

    def _end_release(self) -> None:
        if self.releases and self.releases[-1].version and not self.releases[-1].lines:
            self._fault(self.releases[-1].at, "empty-version", self.releases[-1].version)

    def _text(self, number: int, line: str) -> None:
        """Read a line that is no heading: an entry, the rest of one, a link, or words before the first version."""
        bullet = _BULLET.fullmatch(line)
        if bullet and not bullet["indent"]:
            self._open_item(number, (bullet["text"] or "").strip())
        elif self._item and line.startswith((" ", "\t")):
            kind, told = self.releases[-1].lines[-1]
            self.releases[-1].lines[-1] = (kind, f"{told} {(bullet['text'] or '') if bullet else line.strip()}".strip())
        elif self.releases and not _LINK.fullmatch(line) and not (line.startswith("<!--") and line.endswith("-->")):
            self._fault(number, "stray-text")

    def _open_item(self, number: int, text: str) -> None:
        self._item = False
        if not self.releases or not self._kind:
            self._fault(number, "item-outside")
        if not text:
            self._fault(number, "empty-item")
        elif self.releases:
            self._filled, self._item = True, True
            self.releases[-1].lines.append((self._kind or "changed", text))

    def _order(self) -> None:
        """Hold against versions that they stand below an older one."""
        before = ""
        for place, release in enumerate(self.releases):
            if not release.version and not release.date and place:
                self._fault(release.at, "unreleased-late")
            newer = before and release.date > before
            if newer:
                self._fault(release.at, "unordered", release.version)
            before = release.date or before
        # Dates alone cannot tell versions of one day apart.
        dated = [release for release in self.releases if release.date and _numbers(release.version)]
        for above, below in pairwise(dated):
            if above.date == below.date and _numbers(below.version) > _numbers(above.version):
                self._fault(below.at, "unordered", below.version)


def _is_version(name: str) -> bool:
    """Tell whether a heading is meant as a version, whatever its level."""
    return bool(_UNRELEASED.fullmatch(name) or re.match(r"\[?v?\d+\.\d+", name))


def _exists(day: str) -> bool:
    try:
        date.fromisoformat(day)
    except ValueError:
        return False
    return True


def _numbers(version: str) -> tuple[int, ...]:
    found = re.match(r"v?(\d+(?:\.\d+)*)$", version)
    return tuple(int(part[:9]) for part in found[1].split(".")) if found else ()
