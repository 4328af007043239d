"""What a brief of release notes holds: the version, its date, the readers, and the changes."""

import re
from collections import Counter
from dataclasses import dataclass
from functools import lru_cache

from errors import Language
from formats.changes import Changes, read_changes
from formats.changes_model import iso_date
from formats.language import language_of
from stages.material import Material
from stages.release_notes.shape import AUDIENCES, Audience

# A brief is headed by so many lines at most; further down "Date:" is a commit's own.
_HEAD_LINES = 10
_HEADER = re.compile(
    r"[ \t>*#-]*(?:(?P<version>version|release|版本号?|发布版本)|(?P<date>(?:release )?date|(?:发布)?日期)"
    r"|(?P<audience>audience|readers?|for|受众|读者|面向))[ \t]*[:：][ \t]*(?P<value>\S.{0,80}?)[ \t*]*",
    re.IGNORECASE,
)
_READERS: tuple[tuple[Audience, re.Pattern[str]], ...] = (
    ("customers", re.compile(r"customer|client|user|客户|用户", re.IGNORECASE)),
    ("operations", re.compile(r"operation|\bops\b|administrator|运维|运营|运行", re.IGNORECASE)),
    ("developers", re.compile(r"developer|\bdevs?\b|engineer|开发", re.IGNORECASE)),
)


@dataclass(frozen=True)
class Told:
    """What a brief says of a release."""

    changes: Changes
    version: str = ""
    date: str = ""
    audience: tuple[Audience, ...] = (AUDIENCES[0],)


@lru_cache(maxsize=64)
def read_brief(brief: str) -> Told:
    """Return what a brief says; the version and the date are those of the changes where its first lines do not name them."""
    version, day = "", ""
    audience: tuple[Audience, ...] = (AUDIENCES[0],)
    lines = brief.replace("\r\n", "\n").split("\n")
    for place, line in enumerate(lines[:_HEAD_LINES]):
        if re.match(r"commit [0-9a-f]{7}", line):
            break
        found = _HEADER.fullmatch(line)
        if found is None:
            continue
        value = found["value"]
        if found["version"] and (number := re.search(r"v?(\d+(?:\.\d+)*(?:[-+.][\w.+-]+)?)", value, re.IGNORECASE)):
            version = number[1][:60]
        elif found["date"]:
            day = iso_date(value)
        elif found["audience"]:
            audience = tuple(name for name, pattern in _READERS if pattern.search(value)) or audience
        lines[place] = ""
    changes = read_changes("\n".join(lines))
    version = version or _common_version(changes)
    newest = max((change.date for change in changes.changes), default="")
    return Told(changes, version, (day or newest) if version else day, audience)


def holds_changes(material: Material) -> bool:
    """Tell whether a brief holds at least one change."""
    return bool(read_brief(material.brief).changes.changes)


def language_of_changes(brief: str) -> Language:
    """Return the language in which most of the changes are told; ids, types and dates do not count."""
    told = Counter(language_of(change.title) for change in read_brief(brief).changes.changes)
    if not told:
        return language_of(brief)
    return "zh" if told["zh"] >= told["en"] else "en"


def _common_version(changes: Changes) -> str:
    """Return the version that all tickets name; empty where they name several or none."""
    named = {change.version.strip().lower().removeprefix("v") for change in changes.changes if change.version}
    version = named.pop() if len(named) == 1 else ""
    return version if re.fullmatch(r"\d+(?:\.\d+)*(?:[-+.][\w.+-]+)?", version) else ""
