"""The numbers of a text in one form, so that 20,000, 20000, 2 万, 两万 and twenty thousand are the same."""

import re
import unicodedata
from decimal import Decimal, InvalidOperation

_DIGITS = re.compile(r"(\d[\d,.]*)(?:\s?([万亿]))?")
_SCALES = {"": 1, "万": 10_000, "亿": 100_000_000}
_HAN_NUMBER = re.compile(r"[零〇一二两三四五六七八九十百千万亿]+")
_HAN_DIGITS = {
    sign: value for value, signs in enumerate(["零〇", "一", "二两", "三", "四", "五", "六", "七", "八", "九"]) for sign in signs
}
_HAN_UNITS = {"十": 10, "百": 100, "千": 1000}
_SMALL = "zero|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen"
_TENS = "twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety"
_ENGLISH = {word: value for value, word in enumerate(_SMALL.split("|"))}
_ENGLISH |= {word: value * 10 for value, word in enumerate(_TENS.split("|"), 2)}
_ENGLISH |= {"hundred": 100, "thousand": 1000, "million": 1_000_000}
_ENGLISH_NUMBER = re.compile(
    rf"\b(?=(?:{_TENS}|{_SMALL}|hundred|thousand|million)\b)(?:({_TENS})\b[ -]?)?(?:({_SMALL})\b ?)?(hundred|thousand|million)?\b"
)


def numbers(text: str) -> set[str]:
    """Return the numbers that a text writes in digits, in one form: 20,000, 20000.00, ２００００ and 2 万 are the same."""
    return {_number(found[1], found[2]) for found in _DIGITS.finditer(unicodedata.normalize("NFKC", text))}


def numbers_told(text: str) -> set[str]:
    """Return the numbers of a text with those that it writes in words: 二十四, thirty days, five thousand."""
    told = {str(value) for run in _HAN_NUMBER.findall(text) if (value := _han_number(run))}
    for found in _ENGLISH_NUMBER.finditer(text.lower()):
        tens, unit, scale = found.groups()
        value = _ENGLISH[tens] if tens else 0
        value += _ENGLISH[unit] if unit else 0
        told.add(str((value or 1) * (_ENGLISH[scale] if scale else 1)))
    return numbers(text) | told


def _number(digits: str, scale: str | None) -> str:
    """Return a number in digits without separators and needless zeros; what is no number (a version, a date) as it stands."""
    plain = digits.rstrip(".,").replace(",", "")
    try:
        value = Decimal(plain) * _SCALES[scale or ""]
    except InvalidOperation:
        return plain
    return f"{value:f}".rstrip("0").rstrip(".") if "." in f"{value:f}" else f"{value:f}"


def _han_number(run: str) -> int:
    """Return the value of a number in Chinese signs."""
    total = section = digit = 0
    for sign in run:
        if sign in _HAN_DIGITS:
            digit = _HAN_DIGITS[sign]
        elif sign in _HAN_UNITS:
            section += (digit or 1) * _HAN_UNITS[sign]
            digit = 0
        else:
            total += (section + digit) * _SCALES[sign]
            section = digit = 0
    return total + section + digit
