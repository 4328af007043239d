"""The quantities of a text: its numbers with what they count and how they bound it, alike in English and Chinese."""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from formats.numbers import numbers_told

Bound = Literal["most", "least", ""]

# What a number counts, by one name for both languages; those with the longer words first.
_UNITS = {
    "banking-day": r"(?:banking|business|working)[ -]days?\b|个?\s?(?:银行)?工作日",
    "day": r"(?:calendar |consecutive )?days?\b|个?(?:自然|日历)?[日天]",
    "hour": r"hours?\b|个?小时",
    "minute": r"minutes?\b|mins?\b|分钟",
    "second": r"seconds?\b|秒",
    "week": r"weeks?\b|个?星期|周(?![岁年])",
    "month": r"months?\b|个?月",
    "year": r"years?\b|周?[年岁]",
    "percent": r"%|per ?cent\b",
    "times": r"times\b|次",
    "cny": r"cny\b|rmb\b|yuan\b|元",
    "eur": r"eur\b|euros?\b|€|欧元",
    "usd": r"usd\b|dollars?\b|美元",
}
_BEFORE = {"cny": r"cny|rmb|¥|人民币", "eur": r"eur|€", "usd": r"usd|us\$|\$", "percent": "百分之"}
_AFTER = "|".join(f"(?P<{name.replace('-', '_')}>{unit})" for name, unit in _UNITS.items())
_AHEAD = "|".join(f"(?P<{name}_before>{unit})" for name, unit in _BEFORE.items())
_ENGLISH = (
    r"(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen"
    r"|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|hundred|thousand|million)"
)
# 下一个工作日 is the next one: it counts nothing.
_NUMBER = rf"(?P<digits>\d[\d,.]*\s?[万亿]?)|(?P<told>\b{_ENGLISH}(?:[ -]{_ENGLISH})*\b|(?!(?<=下)一)[零〇一二两三四五六七八九十百千万亿]+)"
_QUANTITY = re.compile(rf"(?:(?:{_AHEAD})\s?)?(?:{_NUMBER})(?:[\s-]?(?:{_AFTER}))?")
# The number of a step is none of the text's numbers.
_STEP = re.compile(r"(?m)(^\s*|[.:;。：；]\s*)\d{1,2}(?:[.)）](?=\s)|、)")

_MOST = r"at most|up to|(?:no|not) more than|maximum(?: of)?|below|under|less than|within|最多|不(?:得)?超过|至多|低于|少于|不满|上限为?"
_LEAST = r"at least|(?:no|not) less than|minimum(?: of)?|more than|above|exceed(?:s|ing)?|至少|不(?:得)?少于|不(?:得)?低于|超过|高于|大于|满"
_BOUND_BEFORE = re.compile(rf"(?:(?P<most>{_MOST})|(?P<least>{_LEAST}))[^,.;，。；、\d]{{0,14}}$")
_BOUND_AFTER = re.compile(r"\s*(?:(?P<most>or (?:less|fewer)|(?:以|之)?内|[以之]下)|(?P<least>or (?:more|above)|(?:及)?以上|起))")


@dataclass(frozen=True)
class Quantity:
    """A number as it is written, its values (`2 万` may be told in several ways), its unit and its bound, empty where unsaid."""

    text: str
    values: frozenset[str]
    unit: str = ""
    bound: Bound = ""


@lru_cache(maxsize=256)
def quantities(text: str) -> tuple[Quantity, ...]:
    """Return the quantities of a text in its order; a number in words counts where it has a unit: 三个工作日, but not "one of them"."""
    plain = _STEP.sub(lambda found: found[1], unicodedata.normalize("NFKC", text).casefold())
    found: list[Quantity] = []
    for match in _QUANTITY.finditer(plain):
        unit = next((name.removesuffix("_before").replace("_", "-") for name in _named(match)), "")
        number = match["digits"] or match["told"]
        values = frozenset(numbers_told(number))
        if values and (match["digits"] or unit):
            found.append(Quantity(match.group().strip(" ,.-"), values, unit, _bound(plain, match)))
    return tuple(found)


def _named(match: re.Match[str]) -> list[str]:
    return [name for name, value in match.groupdict().items() if value and name not in ("digits", "told")]


def _bound(text: str, match: re.Match[str]) -> Bound:
    """Return how the words around a number bound it."""
    before = _BOUND_BEFORE.search(text[max(0, match.start() - 40) : match.start()])
    found = before or _BOUND_AFTER.match(text, match.end())
    if found is None:
        return ""
    return "most" if found["most"] else "least"
