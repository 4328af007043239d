"""The verbs of business wishes, in both languages: by them a wish is told from its background."""

import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import yaml

from errors import Language
from formats.language import stem


@dataclass(frozen=True)
class Lexicon:
    """The words of `verbs.yaml`, ready for matching; English verbs as stems.

    `verb_forms` are the English verbs as they are written, with those of programmers; `names` those of them that name a resource too,
    `in_names` those that may begin such a name.
    """

    verbs: frozenset[str]
    verb_forms: frozenset[str]
    names: frozenset[str]
    in_names: frozenset[str]
    also_nouns: frozenset[str]
    before_noun: frozenset[str]
    background: frozenset[str]
    background_clauses: tuple[str, ...]
    chinese_verbs: re.Pattern[str]
    chinese_whole: frozenset[str]
    chinese_kinds: re.Pattern[str]
    chinese_modals: re.Pattern[str]
    chinese_background: re.Pattern[str]
    orders: dict[Language, re.Pattern[str]]
    notes: dict[str, list[str]]


@cache
def lexicon() -> Lexicon:
    """Read the words once."""
    data = yaml.safe_load(files("formats").joinpath("verbs.yaml").read_text("utf-8"))
    return Lexicon(
        verbs=frozenset(stem(word) for word in data["en"].split()),
        verb_forms=frozenset((*data["en"].split(), *data["en_technical"].split())),
        names=frozenset(data["en_names"].split()),
        in_names=frozenset(data["en_in_names"].split()),
        also_nouns=frozenset(data["en_also_nouns"].split()),
        before_noun=frozenset(data["en_before_noun"].split()),
        background=frozenset(data["en_background"].split()),
        background_clauses=tuple(data["en_background_clauses"]),
        chinese_verbs=_any_of(data["zh"].split()),
        chinese_whole=frozenset(data["zh_whole"].split()),
        chinese_kinds=re.compile(
            rf"(?:{_any_of(data['zh_events'].split()).pattern})(?:{_any_of(data['zh_heads'].split()).pattern})$"
        ),
        # 功能, 智能 and 需求 hold a modal's character without its meaning.
        chinese_modals=re.compile(rf"(?<![功智职性])(?:{_any_of(data['zh_modals'].split()).pattern})(?![求还付贷])"),
        chinese_background=_any_of(data["zh_background_clauses"].split()),
        orders={
            "en": re.compile("|".join(data["orders"]["en"]), re.IGNORECASE),
            "zh": re.compile("|".join(data["orders"]["zh"]), re.IGNORECASE),
        },
        notes=data["notes"],
    )


def _any_of(words: list[str]) -> re.Pattern[str]:
    """Match any of the words, the longest first."""
    return re.compile("|".join(re.escape(word) for word in sorted(words, key=len, reverse=True)), re.IGNORECASE)


_JOINED_ENGLISH = re.compile(
    r"(?:\b(?:and|or|then|as well as|and/or)\b|&)\s*(?:then |to |also )?\b(?P<after>[a-z-]+)", re.IGNORECASE
)
_JOINED_CHINESE = re.compile(r"(并且|并|然后|以及|同时|和|或者|或|、)")
_ARTICLES = frozenset(
    ["a", "an", "the", "this", "that", "these", "those", "each", "every", "my", "his", "her", "their", "its", "our"]
)


def joined_actions(wish: str, language: Language) -> str:
    """Return the words by which a wish joins a second action to the first; empty where it holds one action.

    "Change the amount or date" is one action: a verb must follow the conjunction, and no noun may come of it.
    """
    return _joined_in_chinese(wish) if language == "zh" else _joined_in_english(wish)


def _joined_in_chinese(wish: str) -> str:
    """Find a conjunction between two verbs; 账户和转账记录 joins two things, 查看和删除记录 two actions."""
    for joint in _JOINED_CHINESE.finditer(wish):
        verb = lexicon().chinese_verbs.match(wish, joint.end())
        if not verb or not joint.start() or verb.end() >= len(wish):
            continue
        first = lexicon().chinese_verbs.search(wish, 0, joint.start())
        shares = first is not None and first.end() == joint.start()
        if first and (shares or not lexicon().chinese_kinds.match(wish, joint.end())):
            return joint.group(0) + verb.group(0)
    return ""


def _joined_in_english(wish: str) -> str:
    """Find a conjunction between two verbs; "the buy and sell rates" are one thing."""
    for joint in _JOINED_ENGLISH.finditer(wish):
        after = joint["after"].lower()
        # "Choose whether it shortens the term or reduces the payment" is one choice.
        if not _could_be_verb(after, wish[joint.end() :].split()) or re.search(r"\bwhether\b", wish[: joint.start()]):
            continue
        before = [word.lower() for word in wish[: joint.start()].split()[-2:]]
        between = len(before) == 2 and stem(before[1].rstrip(",")) in lexicon().verbs
        if not (between and (before[0] in lexicon().before_noun or stem(before[0]) in lexicon().verbs)):
            return joint.group(0)
    return ""


def _could_be_verb(word: str, follow: list[str]) -> bool:
    """Tell whether a word after a conjunction is a verb: it has something to act on, and no ending of a noun."""
    if not follow or stem(word) not in lexicon().verbs:
        return False
    if word in lexicon().also_nouns:
        return follow[0].lower() in _ARTICLES
    if word.endswith("s") and not word.endswith("ss"):
        # "closes the account" is a verb in the third person; "sees cards and transfers of a day" names things.
        return follow[0].lower() in _ARTICLES
    return not word.endswith(("ss", "ion", "ment", "er", "al"))
