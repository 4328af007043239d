"""Reads git logs as they are pasted: one line a commit, the full form, graphs, `--pretty` forms, and bare subjects."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from formats.changes_model import Change, commit, is_conventional, iso_date, read_subject

_SHA = r"[0-9a-f]{7,64}"
_FULL = re.compile(rf"commit (?P<sha>{_SHA})(?: \((?P<refs>[^()]*)\))?")
_HEADER = re.compile(r"(?:Author|AuthorDate|Commit|CommitDate|Date|Merge|gpg|Reflog(?: message)?|Notes|Signed-off-by)[:：].*")
_ONELINE = re.compile(rf"(?:[-*+•] )?[\[(`]?(?P<sha>{_SHA})[\])`]?(?P<rest>(?:[ \t|,;:：-]).*)")
_GRAPH = re.compile(r"^[ |\\/_]*\*[ |\\/_]*")
_GRAPH_ONLY = re.compile(r"[ |\\/_*]+")
_STAT = re.compile(r" ?\S.* \| +(?:\d+ [+-]*|Bin .*)| ?\d+ files? changed.*|(?:[AMDRCT]\d*)\t\S.*|~~~+\w*|```\w*")
_CAPTION = re.compile(r"(?:#{1,6} )?[^:：\n]{1,30}[:：]|#{1,6} .{1,60}")
_TICKET = re.compile(
    r"(?:[-*+•] |\d{1,3}[.)、] ?)?[\[【(（#]?(?P<key>[A-Z][A-Z0-9]{1,9}-\d{1,7})[\]】)）]?[ \t]*[:：|–—-]?[ \t]*"
    r"(?:[\[【(（](?P<type>\w[\w -]{1,20})[\]】)）][ \t]*[:：-]?[ \t]*)?(?P<title>\S.*)"
)
# They look like a ticket's key and are none.
_NO_PROJECT = frozenset(["UTF", "ISO", "SHA", "RFC", "TLS", "HTTP", "GB", "MD", "CVE", "COVID", "AES", "RSA", "IPV", "IEC", "EN"])
_AGO = r"(?:about )?(?:an?|\d+) (?:second|minute|hour|day|week|month|year)s?(?:, \d+ \w+)? ago"
_DAY = r"(?:[A-Z][a-z]{2} [A-Z][a-z]{2} \d{1,2} [\d:]{8} \d{4}(?: [+-]\d{4})?|\d{4}-\d{2}-\d{2}(?:[T ][\d:]{5,8}(?: ?(?:[+-]\d{2}:?\d{2}|Z))?)?)"
_REFS = re.compile(r"^\((?:HEAD|tag: |origin/|main|master|[\w./-]+(?:, |\)))[^()]*\)\s*")
_BY_AUTHOR = re.compile(rf"^[-–] [^,:：]{{1,40}}, (?:{_AGO}|{_DAY}) ?[:：] ")
_LEADING = re.compile(rf"^(?:[-–|:：,;]\s*|{_DAY}\s*[|,-]?\s*)")
_TRAILING = re.compile(rf"(?:\s*\((?:{_AGO}|{_DAY})\)|\s*<[^<>]{{2,80}}>|\s+\[[^\[\]]{{2,40}}\])$")
_FOOTER = re.compile(
    r"(?:BREAKING[ -]CHANGES?|[A-Z][a-z]+(?:-[a-z]+)+|Refs?|Closes|Fixes|不兼容变更|破坏性变更|重大变更|关联)[ \t]*[:：#] ?\S"
)


@dataclass
class _Draft:
    """A commit whose lines are still being read."""

    sha: str
    subject: str = ""
    day: str = ""
    full: bool = False
    in_head: bool = False
    indented: bool = False
    body: list[str] = field(default_factory=list)


@dataclass
class _Log:
    """What was read so far."""

    lengths: frozenset[int]
    changes: list[Change] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)
    open: _Draft | None = None
    drawn: bool = False

    def close(self) -> None:
        """Keep the commit that is open."""
        if self.open is not None:
            if self.open.subject:
                self.changes.append(commit(self.open.sha, self.open.subject, "\n".join(self.open.body), self.open.day))
            else:
                self.unread.append(f"commit {self.open.sha}")
        self.open = None

    def is_sha(self, text: str) -> bool:
        """Tell a sha from a number or a word: both letters and digits, or as long as one that has both."""
        mixed = bool(re.search(r"\d", text)) and bool(re.search("[a-f]", text))
        return mixed or len(text) in self.lengths


def read_log(text: str) -> tuple[tuple[Change, ...], tuple[str, ...]]:
    """Return the commits and the tickets told in lines of a text, and the lines that tell of no change."""
    shas = re.findall(rf"(?m)^[ \t*|\\/+-]*(?:commit )?({_SHA})\b", text)
    log = _Log(frozenset(len(sha) for sha in shas if re.search(r"\d", sha) and re.search("[a-f]", sha)))
    skipping = False
    for number, raw in enumerate(text.split("\n"), 1):
        line = _without_graph(raw.rstrip(), log)
        skipping = (skipping or line.startswith("diff --git ")) and not _FULL.fullmatch(line)
        if not skipping:
            _take(line, number, log)
    log.close()
    return tuple(log.changes), tuple(log.unread)


def _without_graph(line: str, log: _Log) -> str:
    """Return a line without the marks that `git log --graph` draws before it."""
    bare = _GRAPH.sub("", line, count=1)
    if bare != line and (_FULL.fullmatch(bare) or re.match(rf"{_SHA}\b", bare)):
        log.drawn = True
        return bare
    # Below a drawn commit of the full form the marks stand before every line.
    return line.lstrip(" |\\/_") if log.drawn and log.open is not None and log.open.full else line


def _take(line: str, number: int, log: _Log) -> None:
    """Read one line: the begin of a commit, a part of the one that is open, a ticket, a subject, or nothing of these."""
    if found := _FULL.fullmatch(line):
        log.close()
        log.open = _Draft(found["sha"], full=True, in_head=True)
    elif log.open is not None and log.open.full and _continues(line, log.open):
        return
    elif (one := _ONELINE.fullmatch(line)) and log.is_sha(one["sha"]):
        log.close()
        subject, day = _subject(one["rest"])
        log.open = _Draft(one["sha"], subject, day)
    elif log.open is not None and _belongs(line):
        log.open.body.append(line.strip())
    else:
        _take_alone(line, number, log)


def _continues(line: str, draft: _Draft) -> bool:
    """Take a line of the full form: its head, its message (indented, as git writes it, or not). False where it is another's."""
    if draft.in_head:
        if _HEADER.fullmatch(line):
            draft.day = draft.day or (iso_date(line) if "Date" in line.split(":", maxsplit=1)[0] else "")
            return True
        draft.in_head = bool(line.strip() and not line.startswith(" ") and not draft.body and re.match(r"\w+:", line))
    if not line.strip():
        return True
    if not draft.subject:
        draft.subject, draft.indented = line.strip(), line.startswith((" ", "\t"))
        return True
    if draft.indented and not line.startswith((" ", "\t")):
        return False
    if not _STAT.fullmatch(line):
        draft.body.append(line.strip())
    return True


def _belongs(line: str) -> bool:
    """Tell whether a line after a commit of one line is a part of its message: set in, or a footer."""
    return bool(line.strip()) and (line.startswith(("  ", "\t")) or bool(_FOOTER.match(line)))


def _take_alone(line: str, number: int, log: _Log) -> None:
    """Read a line that belongs to no commit."""
    if not line.strip() or _GRAPH_ONLY.fullmatch(line) or _STAT.fullmatch(line):
        return
    if _CAPTION.fullmatch(line.strip()):
        log.close()
        return
    bare = re.sub(r"^\s*(?:[-*+•]|\d{1,3}[.)、])\s+", "", line).strip()
    ticket = _TICKET.fullmatch(line.strip())
    if ticket and ticket["key"].split("-")[0] not in _NO_PROJECT:
        log.close()
        parts = read_subject(ticket["title"])
        kind = (ticket["type"] or parts.type).lower()
        log.changes.append(Change(ticket["key"], "ticket", parts.title, kind, parts.scope, breaking=parts.breaking))
    elif is_conventional(bare):
        log.close()
        log.open = _Draft(f"L{number}", bare)
    else:
        log.close()
        log.unread.append(line)


def _subject(rest: str) -> tuple[str, str]:
    """Return the subject of what follows a sha, without refs, author and date, and the date."""
    day = iso_date(rest)
    told = rest.strip()
    for mark in ("\t", "|"):
        if told.count(mark) >= 2 or (told.startswith(mark) and mark in told[1:]):
            return _cell([cell.strip() for cell in told.split(mark) if cell.strip()]), day
    told = _BY_AUTHOR.sub("", told)
    before = None
    while before != told:
        before = told
        told = _REFS.sub("", _LEADING.sub("", told)).strip()
    while (cut := _TRAILING.sub("", told)) != told and cut:
        told = cut
    return told, day


def _cell(cells: Sequence[str]) -> str:
    """Return the cell that holds the subject: the one by Conventional Commits, or the last that is no date, address or author."""
    told = [cell for cell in cells if not re.fullmatch(rf"{_DAY}|{_AGO}|\S+@\S+|\(.*\)", cell)] or list(cells)
    return next((cell for cell in told if is_conventional(cell)), told[-1] if told else "")
