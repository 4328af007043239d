"""What a brief wants asked: its own questions, the points that it lists, or the actions that it names."""

import re
from dataclasses import dataclass, replace

from errors import Language
from formats.actions import read_actions
from formats.language import simplified, words

MOST_TOPICS = 12
LONGEST_TOPIC = {"en": 110, "zh": 50}


# A question that speaks of its subject by a pronoun is not understood without it.
_POINTS_BACK = re.compile(r"\b(?:it|its|this|that|they|them|one)\b|[它这此]", re.IGNORECASE)


@dataclass(frozen=True)
class Topic:
    """One thing to ask about; `subject` is what the brief as a whole is about, where the point alone does not say it.

    `is_subject` marks a topic that is all that the brief says: "an FAQ about payees".
    """

    text: str
    subject: str = ""
    is_subject: bool = False

    def told(self, language: Language) -> str:
        """Return the topic as one phrase."""
        if not self.subject or (_speaks_alone(self.text, language) and not _POINTS_BACK.search(self.text)):
            return self.text
        return f"{self.subject}：{self.text}" if language == "zh" else f"{self.subject}: {self.text}"


def _speaks_alone(text: str, language: Language) -> bool:
    """Tell whether a point is understood without its subject: a question, a clause, or more than two words."""
    if text.endswith(("?", "？")):
        return True
    if language == "zh":
        return len(text) > _SHORT_POINT
    return len(words(text)) > 2 or bool(re.match(r"(?:how|what|who|when|why|where)\b|\w{3,}ing\b", text, re.IGNORECASE))


_SHORT_POINT = 6
_SENTENCES = re.compile(r"(?<=[.!?])\s+|(?<=[。！？；;])|\n+")
_BULLET = re.compile(r"^\s*(?:[-*•·]|[(（]?\d{1,2}[.、)）])\s*")
_FAQ: dict[Language, str] = {
    "en": r"(?:faqs?|q\s?&\s?a|frequently asked questions|questions and answers|asks? about|help (?:page|cent(?:er|re)|text)s?)",
    "zh": r"(?:常见问题解答|常见问题|常见问答|经常问|常问|问答|帮助页|FAQ)",
}
_WRITE = "编写|撰写|写|准备|整理|制作|做|生成"
# What stands before the subject: "Write a short FAQ for customers about …", 请为客户整理一份关于…的常见问题.
_LEAD: dict[Language, re.Pattern[str]] = {
    "en": re.compile(
        rf"^(?:.{{0,40}}?\b)?{_FAQ['en']}(?: entries| list| page)?(?:\s+(?:for|to)\s+(?:(?!\b(?:about|on|regarding|covering)\b)[^:,])*)?"
        r"\s*(?:about|on|regarding|covering|that covers?|of)?\s*:?\s*",
        re.IGNORECASE,
    ),
    "zh": re.compile(
        rf"^请?(?:[为给][^，。：]{{1,20}}?(?={_WRITE}))?(?:{_WRITE})?(?:[为给](?:客户|用户|员工|客服|柜员)的?)?(?:一[份个组套]|几条)?"
        r"(?:(?:面向|针对)[^，。：的]{1,8}的?)?(?:关于)?",
    ),
}
# Who reads it is no part of what it is about.
_READERS: dict[Language, re.Pattern[str]] = {
    "en": re.compile(
        r"\s+for\s+(?:(?:the|our|all|new)\s+)*(?:customers|clients|staff|agents|employees|users|colleagues)(?:\s+and\s+\w+)?$",
        re.IGNORECASE,
    ),
    "zh": re.compile(r"的?(?:客户|用户|员工|持卡人)$"),
}
_LISTED: dict[Language, re.Pattern[str]] = {
    "en": re.compile(r"\s*(?::|,?\s*\b(?:including|covering|especially|such as|namely)\b)\s*:?\s*", re.IGNORECASE),
    "zh": re.compile(r"\s*(?:[：:]|[，,]?(?:内容)?(?:包括|涵盖|包含|涉及|重点说明|说明|主要讲))\s*[：:]?\s*"),
}
_POINTS: dict[Language, re.Pattern[str]] = {
    "en": re.compile(r"\s*(?:[,;]\s*(?:and|or)?|\band\b)\s+", re.IGNORECASE),
    "zh": re.compile(r"\s*(?:[、，,；;]\s*(?:以及|和|及)?|以及)\s*"),
}


def topics(brief: str, language: Language) -> tuple[Topic, ...]:
    """Return what the brief wants asked, each once, at most twelve; orders to the assistant are none of it."""
    text = simplified(brief) if language == "zh" else brief
    orders = read_actions(brief, language).orders
    sentences = [_BULLET.sub("", sentence).strip() for sentence in _SENTENCES.split(text)]
    told = [one for one in sentences if len(re.findall(r"\w", one)) >= 2 and not any(order in one for order in orders)]
    found = [topic for sentence in told for topic in _of_sentence(sentence, language)]
    if len(found) > 1 and found[0].is_subject and not found[1].is_subject:
        # "An FAQ on card freezes. Who can lift one?": the first sentence tells what the others are about.
        subject = found[0].text
        found = [topic if topic.subject else replace(topic, subject=subject) for topic in found[1:]]
    once = {topic.text.casefold(): topic for topic in reversed(found) if len(re.findall(r"\w", topic.text)) >= 2}
    kept = [topic for topic in found if once.pop(topic.text.casefold(), None)]
    return tuple(kept[:MOST_TOPICS])


def _of_sentence(sentence: str, language: Language) -> list[Topic]:
    """Return the topics of one sentence."""
    if sentence.endswith(("?", "？")):
        head, _, asked = sentence.rpartition("：" if language == "zh" else ": ")
        return [Topic(_cut(asked, language), _subject(head, language))]
    plain = sentence.rstrip(" .。!！;；:：")
    pieces = _LISTED[language].split(plain, maxsplit=1)
    if len(pieces) == 2 and pieces[1].strip():
        return _points(pieces[1], _subject(pieces[0], language), language)
    if re.search(_FAQ[language], plain, re.IGNORECASE):
        return [replace(topic, is_subject=True) for topic in _points(_subject(plain, language), "", language)]
    actions = read_actions(sentence, language).actions
    return [Topic(_cut(action, language)) for action in actions] or _points(plain, "", language)


def _subject(head: str, language: Language) -> str:
    """Return what a sentence is about, without the words that ask for an FAQ."""
    rest = _LEAD[language].sub("", head, count=1).strip(" ,:，：")
    if language == "en" and not rest and (named := re.search(r"\bfor\s+(.+)$", head)):
        # "For tenants of a locker": the locker is the subject, the tenants read.
        rest = named[1].split(" of ", 1)[-1]
    if language == "zh":
        rest = re.sub(rf"的?{_FAQ['zh']}.*$", "", rest).strip(" ，：")
        if not rest and (named := re.search(rf"[为给](.{{4,20}}?)(?:{_WRITE})", head)):
            rest = named[1]
    rest = _READERS[language].sub("", rest)
    return _cut(re.sub(r"^(?:the|an?)\s+", "", rest, flags=re.IGNORECASE), language)


def _points(text: str, subject: str, language: Language) -> list[Topic]:
    """Return the points of a list. In Chinese 和 joins the last point where the list has others."""
    points = [point for point in _POINTS[language].split(text) if point and point.strip()]
    if language == "zh" and len(points) > 1 and "和" in points[-1]:
        points[-1:] = points[-1].split("和", 1)
    return [Topic(_cut(point, language), subject) for point in points]


def _cut(text: str, language: Language) -> str:
    """Return a text that is short enough to be a topic."""
    return " ".join(text.split())[: LONGEST_TOPIC[language]].strip(" .。,，")
