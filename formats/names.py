"""The roles and things that a brief names by itself, whether or not a glossary knows them.

A role is a word for people (by its ending or from a short list) that wishes something; a thing is what an action of the brief is
done to. The rules would rather miss a name than make one up.
"""

import re
from dataclasses import dataclass

from errors import Language
from formats.actions import read_actions
from formats.language import simplified, stem
from formats.lexicon import lexicon

_PEOPLE = (
    r"(?:officer|manager|analyst|agent|adviser|advisor|clerk|teller|lead|leader|member|employee|representative|specialist|supervisor"
    r"|administrator|operator|assistant|auditor|customer|client|borrower|lender|holder|cardholder|guest|student|parent|tenant|reader"
    r"|librarian|seller|buyer|merchant|payer|payee|owner|user|approver|reviewer|controller|accountant|trader|broker|steward|curator)"
)
_ENGLISH_ROLE = re.compile(rf"\b((?:[a-z]+[- ])?(?:[a-z]+[- ])?{_PEOPLE})s?\b", re.IGNORECASE)
_NOT_BEFORE = frozenset(
    [
        "give",
        "let",
        "a",
        "an",
        "the",
        "this",
        "that",
        "each",
        "every",
        "any",
        "either",
        "or",
        "and",
        "as",
        "by",
        "for",
        "from",
        "to",
        "of",
        "with",
        "when",
        "while",
        "if",
        "then",
        "customer",
        "his",
        "her",
        "their",
        "our",
        "your",
        "some",
        "all",
        "no",
        "logged-in",
        "prospective",
        "new",
        "second",
        "young",
        "back",
        "may",
        "can",
        "must",
        "should",
        "will",
        "is",
        "are",
        "was",
        "sees",
        "see",
        "assigns",
        "assign",
    ]
)
_CHINESE_ROLE = re.compile(
    r"(?:^|[，。；：、,;:\s由给让]|在|后台|登录的)([\u4e00-\u9fff]{0,4}(?:人员|专员|主管|经理|会计|柜员|员工|[员者]))(?=[^工额])"
)
# What is done to people, before the word for them; of 90 日由主管负责 the days are taken for a part of it.
_CHINESE_LEAD = re.compile(r"^(?:[^自]{0,3}由|让|通知|提醒|联系|指派|转派|派给|邀请)")
_FORMATS = frozenset(
    [
        "pdf",
        "excel",
        "csv",
        "sms",
        "api",
        "app",
        "ui",
        "url",
        "id",
        "html",
        "json",
        "xml",
        "word",
        "email",
        "e-mail",
        "mail",
        "online",
        "web",
        "phone",
        "push",
        "it",
        "us",
        "one",
        "so",
        "how",
        "whether",
    ]
)
_NO_THING = frozenset(["out", "back", "was", "is", "his", "her", "their", "not", "a", "an", "the", "customer", "customers"])
_ENDS = re.compile(
    r"\b(?:of|for|from|to|with|in|on|at|by|as|when|while|until|within|if|that|which|whose|again|and|or|up|without|after|before|later|online|every|sorted)\b|,"
)
_DETERMINER = re.compile(
    r"^(?:(?:an?|the|this|that|these|those|each|every|any|all|some|his|her|its|their|our|my|your|new|second|next|last|first|open|current|monthly|daily|finished|missing|upcoming|available|five|ten|\d+)\s+)+",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class SpokenNames:
    """Names as the brief writes them (English in lower case and singular as far as written so), each once, in its order."""

    roles: tuple[str, ...]
    things: tuple[str, ...]


def spoken_names(text: str, language: Language) -> SpokenNames:
    """Return the roles and things that a brief names; orders to the assistant name nothing."""
    reading = read_actions(text, language)
    told = simplified(text) if language == "zh" else text
    for order in reading.orders:
        told = told.replace(order, " ")
    roles = _chinese_roles(told) if language == "zh" else _english_roles(" ".join(told.split()))
    things = [_chinese_thing(action) if language == "zh" else _english_thing(action) for action in reading.actions]
    return SpokenNames(tuple(dict.fromkeys(roles)), tuple(dict.fromkeys(thing for thing in things if thing)))


def _english_roles(text: str) -> list[str]:
    """Return words for people, with up to two words that tell which."""
    roles = []
    for found in _ENGLISH_ROLE.finditer(text):
        words = found.group(1).lower().split()
        while len(words) > 1 and words[0] in _NOT_BEFORE:
            words.pop(0)
        if len(words) > 2 and words[1] in _NOT_BEFORE:
            words = words[2:]
        roles.append(" ".join(words))
    return roles


def _chinese_roles(text: str) -> list[str]:
    """Return words for people that stand where somebody who acts is named."""
    names = [_CHINESE_LEAD.sub("", found.group(1)) for found in _CHINESE_ROLE.finditer(text)]
    return [name for name in names if len(name) >= 2 and name[0] not in "是为给"]


def _english_thing(action: str) -> str:
    """Return what an English action is done to, without determiners; empty where that is no short name."""
    verb, _, rest = action.partition(" ")
    if stem(verb.lower()) not in lexicon().verbs:
        return ""
    thing = _DETERMINER.sub("", _ENDS.split(rest.strip())[0].strip().lower())
    words = [word for word in thing.split() if not word.endswith("ly")]
    thing = " ".join(words)
    if (
        _NO_THING & set(words)
        or not 1 <= len(words) <= 3
        or words[-1] in _FORMATS
        or words[0] in _FORMATS
        or not re.fullmatch(r"[a-z][a-z -]*", thing)
    ):
        return ""
    return thing


def _chinese_thing(action: str) -> str:
    """Return what a Chinese action is done to; empty where that is no short name."""
    verb = lexicon().chinese_verbs.search(action)
    thing = action[verb.end() :] if verb else ""
    thing = re.split(r"[的，,；;。]", thing)[-1].strip()
    return (
        thing
        if re.fullmatch(r"[^给到在把将\W\da-zA-Z][\u4e00-\u9fff]{1,5}", thing) and not lexicon().chinese_verbs.search(thing)
        else ""
    )
