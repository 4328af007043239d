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
    """The words of `verbs.yaml`, ready for matching; English verbs as stems."""

    verbs: frozenset[str]
    before_noun: frozenset[str]
    background: frozenset[str]
    background_clauses: tuple[str, ...]
    chinese_verbs: re.Pattern[str]
    chinese_modals: re.Pattern[str]
    chinese_background: re.Pattern[str]
    orders: dict[Language, re.Pattern[str]]


@cache
def lexicon() -> Lexicon:
    """Read the words once."""
    data = yaml.safe_load(files("formats").joinpath("verbs.yaml").read_text("utf-8"))
    return Lexicon(
        verbs=frozenset(stem(word) for word in data["en"].split()),
        before_noun=frozenset(data["en_before_noun"].split()),
        background=frozenset(data["en_background"].split()),
        background_clauses=tuple(data["en_background_clauses"]),
        chinese_verbs=_any_of(data["zh"].split()),
        # 功能, 智能 and 需求 hold a modal's character without its meaning.
        chinese_modals=re.compile(rf"(?<![功智职性])(?:{_any_of(data['zh_modals'].split()).pattern})(?![求还付贷])"),
        chinese_background=_any_of(data["zh_background_clauses"].split()),
        orders={
            "en": re.compile("|".join(data["orders"]["en"]), re.IGNORECASE),
            "zh": re.compile("|".join(data["orders"]["zh"]), re.IGNORECASE),
        },
    )


def _any_of(words: list[str]) -> re.Pattern[str]:
    """Match any of the words, the longest first."""
    return re.compile("|".join(re.escape(word) for word in sorted(words, key=len, reverse=True)), re.IGNORECASE)


_JOINED_ENGLISH = re.compile(r"\b(and|or|then|as well as|and/or)\s+(?:then |to |also )?([a-z-]+)", re.IGNORECASE)
_JOINED_CHINESE = re.compile(r"(并且|并|然后|以及|同时|和|或者|或|、)")


def joined_actions(wish: str, language: Language) -> str:
    """Return the words by which a wish joins a second action to the first; empty where it holds one action.

    "Change the amount or date" is one action: a verb must follow the conjunction, and no noun may come of it.
    """
    if language == "zh":
        for joint in _JOINED_CHINESE.finditer(wish):
            verb = lexicon().chinese_verbs.match(wish, joint.end())
            if verb and joint.start() and lexicon().chinese_verbs.search(wish, 0, joint.start()) and verb.end() < len(wish):
                return joint.group(0) + verb.group(0)
        return ""
    for joint in _JOINED_ENGLISH.finditer(wish):
        after = joint.group(2).lower()
        last = joint.end() == len(wish.rstrip())
        if stem(after) in lexicon().verbs and not after.endswith(("s", "ion", "ment", "er")) and not last:
            return joint.group(0)
    return ""
