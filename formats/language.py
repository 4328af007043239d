"""Which language a text is in, its simplified form, and its words: the same reading for English and Chinese everywhere."""

import re
import unicodedata
from functools import cache, lru_cache
from typing import Protocol

from errors import Language

# A brief in Chinese is full of English product names; a third of Han characters among the letters already makes it Chinese.
_CHINESE_FROM = 0.30

HAN = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_HAN = re.compile(f"[{HAN}]")
_WORD = re.compile(f"[a-z0-9]+|[{HAN}]+")

# Words that stand in every English text and tell nothing about it.
_COMMON = """
    a about after all also an and any are as at be because been before being between both but by can could did do does
    doing down during each for from further had has have having he her here hers him his how i if in into is it its just
    me more most my no nor not now of off on once only or other our ours out over own same she should so some such than
    that the their theirs them then there these they this those through to too under until up very was we were what when
    where which while who whom why will with would you your yours
"""
_STOP_WORDS = frozenset(_COMMON.split())


class _Converter(Protocol):
    def convert(self, text: str) -> str: ...


class _Stemmer(Protocol):
    def stemWord(self, word: str) -> str: ...  # noqa: N802 - the name that PyStemmer gives it


def has_han(text: str) -> bool:
    """Tell whether a Han character stands in the text."""
    return bool(_HAN.search(text))


def language_of(text: str) -> Language:
    """Return "zh" where at least 30 % of the letters and Han characters are Han, otherwise "en"."""
    han = len(_HAN.findall(text))
    letters = sum(character.isalpha() for character in text)
    return "zh" if letters and han / letters >= _CHINESE_FROM else "en"


def simplified(text: str) -> str:
    """Return the text in simplified Chinese, character for character, so that a place in it is the same place in `text`.

    OpenCC's phrases settle characters that depend on their neighbours (乾 stays in 乾坤); the rare phrase whose length
    changes is converted one character at a time instead.
    """
    if not _HAN.search(text):
        return text
    converted = _to_simplified().convert(text)
    if len(converted) == len(text):
        return converted
    return _HAN.sub(_simplified_character, text)


def words(text: str) -> list[str]:
    """Return the words by which a text is found: English stems without stop words, Han runs as pairs of neighbours.

    A lone Han character stands for itself. Traditional and simplified, full and half width, capital and small are alike.
    """
    found: list[str] = []
    for match in _WORD.finditer(_plain(text)):
        run = match.group()
        if run[0].isascii():
            if run not in _STOP_WORDS:
                found.append(stem(run))
        elif len(run) == 1:
            found.append(run)
        else:
            found.extend(run[start : start + 2] for start in range(len(run) - 1))
    return found


@lru_cache(maxsize=1 << 16)
def stem(word: str) -> str:
    """Return the Snowball stem of a small English word, by which "transfers" and "transfer" are one."""
    return _english().stemWord(word)


def _plain(text: str) -> str:
    """Return the text as words are compared: NFKC, casefolded, simplified."""
    return simplified(unicodedata.normalize("NFKC", text).casefold())


def _simplified_character(match: re.Match[str]) -> str:
    character = match.group()
    converted = _to_simplified().convert(character)
    return converted if len(converted) == 1 else character


@cache
def _to_simplified() -> _Converter:
    import opencc  # late: reads its dictionaries, and most briefs are English or simplified

    converter: _Converter = opencc.OpenCC("t2s")
    return converter


@cache
def _english() -> _Stemmer:
    import Stemmer

    stemmer: _Stemmer = Stemmer.Stemmer("english")
    return stemmer
