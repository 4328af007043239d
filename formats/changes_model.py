"""One model of a change, whether a commit or a ticket tells of it, and how its subject is taken apart."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

ChangeKind = Literal["commit", "ticket"]
# Ids longer than this are no ids.
LONGEST_ID = 64
LONGEST_TITLE = 300
LONGEST_BODY = 4000

_TYPES = (
    "feature|feat|bugfix|hotfix|fix|docs?|style|refactor|perf|tests?|chore|build|ci|revert|security|sec|deprecated?|removed?|wip"
    "|added|add|changed?|improvement|improve|fixup|squash"
    "|新增|功能|特性|修复|修正|优化|改进|重构|文档|测试|构建|变更|移除|废弃|安全|杂项|性能|样式"
)
_CONVENTIONAL = re.compile(
    rf"(?P<type>{_TYPES})\s?(?:[(（](?P<scope>[^()（）]{{1,60}})[)）])?(?P<bang>!?)\s?[:：]\s*(?P<title>\S.*)", re.IGNORECASE
)
# A type that nobody agreed on counts where a scope or a mark follows it, as in `payments(core)!: …`.
_UNUSUAL = re.compile(r"(?P<type>[a-z]{2,20})(?:\((?P<scope>[^()]{1,60})\)!?|(?P<bang>!)): (?P<title>\S.*)")
_BREAKING = re.compile(
    r"(?m)^[ \t]*(?:BREAKING[ -]CHANGES?|(?:不兼容|破坏性|重大)(?:变更|改动|更改|修改))[ \t]*[:：][ \t]*(?P<note>.*(?:\n(?![\w-]+[:：#] ?\S)[ \t]*\S.*)*)"
)
_KEY = r"(?:[A-Z][A-Z0-9]{1,9}-\d{1,7})"
_IDS = re.compile(
    rf"^(?:[\[【(（]?{_KEY}[\]】)）]?[ \t]*[:：,，、|–—-]?[ \t]*)+|[ \t]*[(（\[](?:(?:{_KEY}|#\d+)[,，、 ]*)+[)）\]]$|[ \t]+#\d+$"
)
_MONTHS = {
    name: number
    for number, name in enumerate(["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"], 1)
}
_DATES = (
    re.compile(r"(?P<year>\d{4})[-/.年](?P<month>\d{1,2})[-/.月](?P<day>\d{1,2})"),
    re.compile(r"\b(?P<day>\d{1,2})[-/. ](?P<name>[A-Za-z]{3})[a-z]*[-/. ](?P<year>\d{4}|\d{2})\b"),
    re.compile(r"\b(?P<name>[A-Za-z]{3})[a-z]* (?P<day>\d{1,2})(?:,| [\d:]{5,8})? (?P<year>\d{4})\b"),
)


@dataclass(frozen=True)
class Change:
    """One commit or ticket, without its author.

    `id` stands as it is written (a short or whole sha, `PAY-123`), or is `L7` for a commit's subject without one on line 7.
    `type` is the Conventional Commits type or the ticket's own, in small letters; `title` the subject without type, scope and
    ids; `note` what a breaking change breaks, where that is said; `reverts` the sha that a revert takes back.
    """

    id: str
    kind: ChangeKind
    title: str
    type: str = ""
    scope: str = ""
    body: str = ""
    breaking: bool = False
    note: str = ""
    labels: tuple[str, ...] = ()
    date: str = ""
    status: str = ""
    version: str = ""
    reverts: str = ""
    tickets: tuple[str, ...] = field(default=())

    @property
    def text(self) -> str:
        """The change in all its words."""
        return "\n".join(part for part in (self.title, self.note, self.body) if part)


@dataclass(frozen=True)
class Subject:
    """A subject taken apart."""

    title: str
    type: str = ""
    scope: str = ""
    breaking: bool = False


def read_subject(line: str) -> Subject:
    """Take a subject apart: `feat(cards)!: freeze a card (PAY-1)` is a breaking feat of cards, "freeze a card"."""
    plain = " ".join(line.split())[:LONGEST_TITLE]
    bare = _IDS.sub("", plain).strip() or plain
    found = _CONVENTIONAL.fullmatch(bare) or _UNUSUAL.fullmatch(bare)
    if found is None:
        return Subject(bare, _unwritten_type(bare))
    title = _IDS.sub("", found["title"]).strip() or found["title"]
    breaking = bool(found["bang"]) or ")!" in bare[: bare.find(":")]
    return Subject(title, found["type"].lower(), (found["scope"] or "").strip(), breaking)


def is_conventional(line: str) -> bool:
    """Tell whether a line is a subject by Conventional Commits."""
    return read_subject(line).type not in ("", "merge", "revert") and bool(_CONVENTIONAL.search(line))


def commit(commit_id: str, subject: str, body: str = "", day: str = "") -> Change:
    """Return a commit of its subject and body."""
    parts = read_subject(subject)
    body = body.strip()[:LONGEST_BODY]
    note = breaking_note(body)
    taken_back = re.search(r"reverts commit ([0-9a-f]{7,64})", body)
    return Change(
        id=commit_id,
        kind="commit",
        title=parts.title,
        type=parts.type,
        scope=parts.scope,
        body=body,
        breaking=parts.breaking or note is not None,
        note=note or "",
        date=day,
        reverts=taken_back[1] if taken_back else "",
        tickets=(subject,),
    )


def breaking_note(body: str) -> str | None:
    """Return what a footer says of a breaking change; None where there is no such footer."""
    found = _BREAKING.search(body)
    return " ".join(found["note"].split())[:LONGEST_TITLE] if found else None


def iso_date(text: str) -> str:
    """Return the first date of a text as YYYY-MM-DD; empty where it holds none that exists."""
    for pattern in _DATES:
        if found := pattern.search(text):
            parts = found.groupdict()
            month = int(parts["month"]) if "month" in parts else _MONTHS.get(parts["name"].lower(), 0)
            year = int(parts["year"]) + (2000 if len(parts["year"]) == 2 else 0)
            try:
                return date(year, month, int(parts["day"])).isoformat()
            except ValueError:
                continue
    return ""


def shortened(lines: Sequence[str], longest: int = 80) -> tuple[str, ...]:
    """Return lines as a person is told of them: on one line each, not too long."""
    told = (" ".join(line.split()) for line in lines)
    return tuple(line if len(line) <= longest else line[: longest - 1] + "…" for line in told if line)


def _unwritten_type(subject: str) -> str:
    """Return the type of a subject that git itself writes: a merge or a revert."""
    if re.match(r"Merge (?:branch|pull request|remote-tracking|tag|commit|request)|合并(?:分支|请求)", subject):
        return "merge"
    return "revert" if re.match(r'Revert "|回滚|回退', subject) else ""
