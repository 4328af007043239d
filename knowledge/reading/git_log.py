"""Reads an exported git history: each commit one piece below its month; the authors' mail addresses are left out."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import PurePath
from typing import Final

from knowledge.reading.prose import code, one_line, paragraphs, prose
from knowledge.reading.section import CannotRead, Reading, Section

MOST_COMMITS: Final = 50_000
_FEWEST_ONE_LINERS: Final = 5
_FILES: Final = 60

_COMMIT = re.compile(r"commit ([0-9a-f]{7,64})(?: \(([^)\n]{0,500})\))?\s*$")
_HEADER = re.compile(r"(Author|AuthorDate|Commit|CommitDate|Date|Merge|TaggerDate|Tagger|Reflog|Reflog message):[ \t]*(.*)$")
_ONE_LINE = re.compile(
    r"(?:[*|\\/_ ]{1,40} )?([0-9a-f]{7,40}) (?:\((HEAD[^)\n]{0,300}|tag: [^)\n]{0,300}|[^)\s]{1,300})\) )?(\S.*)$"
)
_GRAPH_ONLY = re.compile(r"[*|\\/_ ]{1,80}$")
_STAT = re.compile(r" \S.* \|\s+(?:\d+|Bin\b)|  ?\d+ files? changed|[ACDMRTUX]\d{0,3}\t|\d+\t\d+\t")
_MAIL = re.compile(r"\s*<[^<>\s@]{1,100}@[^<>\s]{1,200}>")
_ISO = re.compile(r"((?:19|20)\d\d)-(\d\d)-(\d\d)")
_WORDY = re.compile(r"\b(Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*\b")
_YEAR = re.compile(r"\b((?:19|20)\d\d)\b")
_MONTHS: Final = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]


@dataclass
class _Commit:
    """A commit as it is read line by line."""

    sha: str
    refs: str = ""
    author: str = ""
    date: str = ""
    merge: str = ""
    message: list[str] = field(default_factory=list)
    files: list[str] = field(default_factory=list)
    files_seen: int = 0

    def take(self, line: str) -> None:
        """Take in one line: a header, a line of the message, or a file changed."""
        header = _HEADER.match(line) if not self.message else None
        if header:
            self._head(header.group(1), _MAIL.sub("", header.group(2)).strip())
        elif line.startswith("    "):
            self.message.append(line[4:])
        elif not line.strip():
            self.message += [""] if self.message else []
        elif _STAT.match(line):
            self.files_seen += 1
            if len(self.files) < _FILES or " changed" in line:
                self.files.append(line.strip())

    def _head(self, name: str, value: str) -> None:
        if name == "Author":
            self.author = value
        elif name in ("Date", "AuthorDate"):
            self.date = value
        elif name == "Merge":
            self.merge = value

    def section(self) -> Section:
        """Return the commit as one piece."""
        message = _MAIL.sub("", "\n".join(self.message)).strip()
        subject, _, body = message.partition("\n")
        subject = one_line(subject, 300)
        refs = f" ({one_line(self.refs, 300)})" if self.refs else ""
        by = ", ".join(part for part in (one_line(self.author, 200), one_line(self.date, 60)) if part)
        merge = f"Merge of {one_line(self.merge, 200)}" if self.merge else ""
        more = [f"- … and {self.files_seen - len(self.files)} more"] if self.files_seen > len(self.files) else []
        files = "\n".join(["Files:", *(f"- {code(line, 300)}" for line in self.files), *more]) if self.files else ""
        head = f"Commit {code(self.sha[:12])}{refs}{': ' + by if by else ''}"
        trail = f"{self.sha[:8]} {subject}".strip()
        month = month_of(self.date)
        text = paragraphs([subject, prose(body, 4000), head, merge, files])
        return Section((month, trail) if month else (trail,), text, whole=True)


def read_git_log(text: str, name: str) -> Reading | None:
    """Return an export of `git log` (default, fuller, with --stat, or --oneline of five commits or more), None for other text.

    Raises CannotRead where it holds more than 50,000 commits.
    """
    walked = _long_form(text)
    listed = [] if walked else _one_liners(text)
    if max(len(listed), text.count("\ncommit ") + 1 if walked else 0) > MOST_COMMITS:
        raise CannotRead(
            f"It holds more than {MOST_COMMITS:,} commits: export a shorter time, with git log --since.",
            f"其中的提交超过 {MOST_COMMITS:,} 个：请用 git log --since 导出较短的时间段。",
        )
    sections = tuple(commit.section() for commit in walked or listed)
    return Reading(PurePath(name).stem, sections) if sections else None


def month_of(date: str) -> str:
    """Return `2024-03` of a date in any of git's forms, "" where it has none."""
    written = _ISO.search(date[:100])
    if written:
        return f"{written.group(1)}-{written.group(2)}"
    year, month = _YEAR.search(date[:100]), _WORDY.search(date[:100])
    return f"{year.group(1)}-{_MONTHS.index(month.group(1)) + 1:02}" if year and month else ""


def _long_form(text: str) -> Iterator[_Commit] | None:
    """Return the commits of the default and fuller forms, told by their first two lines."""
    start = [line for line in text[:20_000].lstrip("\ufeff\n ").split("\n", 4)[:4] if line.strip()]
    if len(start) < 2 or not _COMMIT.match(start[0]) or not _HEADER.match(start[1]):
        return None
    return _walked(text.lstrip("\ufeff\n "))


def _walked(text: str) -> Iterator[_Commit]:
    """Yield commit after commit; only a line that is not indented begins one."""
    commit: _Commit | None = None
    for line in text.split("\n"):
        begun = _COMMIT.match(line) if line.startswith("commit ") else None
        if begun:
            if commit:
                yield commit
            commit = _Commit(begun.group(1), begun.group(2) or "")
        elif commit:
            commit.take(line)
    if commit:
        yield commit


def _one_liners(text: str) -> list[_Commit]:
    """Return the commits of `--oneline`: every line that is not a graph's begins with a hash, and not all hashes are words."""
    found: list[_Commit] = []
    for line in text.lstrip("\ufeff").split("\n"):
        named = _ONE_LINE.match(line)
        if named:
            found.append(_Commit(named.group(1), named.group(2) or "", message=[named.group(3)]))
        elif line.strip() and not _GRAPH_ONLY.match(line):
            return []
        if len(found) > MOST_COMMITS:
            break
    digits = any(character.isdigit() for commit in found for character in commit.sha)
    return found if len(found) >= _FEWEST_ONE_LINERS and digits else []
