"""What makes a text a question, and two questions the same."""

import re

from errors import Language
from formats.faq import bare
from stages.words import likeness

ALIKE = 0.8
_MARK = {"en": "?", "zh": "？"}
_ASKS = {
    "en": re.compile(
        r"^(?:how|what|when|where|which|who|whom|whose|why|can|could|may|must|do|does|did|is|are|will|would|should|has|have)\b",
        re.IGNORECASE,
    ),
    "zh": re.compile("什么|怎么|怎样|如何|多少|多久|多长|几|哪|谁|吗|呢|是否|能否|可否|有没有|能不能|为何|何时"),
}
_LEAD = re.compile(r"^\s*(?:q(?:uestion)?\s*\d*|问题?\s*\d*)\s*[:：]\s*|^\s*\d{1,2}[.、)）]\s*", re.IGNORECASE)
_ANSWER_LEAD = re.compile(r"^\s*(?:a(?:nswer)?\s*\d*|答案?)\s*[:：]\s*", re.IGNORECASE)
_SENTENCES = re.compile(r".+?(?:[.!?]\s+|[。！？]+|$)")
# What is asked for, apart from the subject: "who may freeze a card" is another question than "how long is a card frozen".
_KINDS = (
    ("who", r"\bwho\b|\bwhom\b|谁|哪些人|什么人"),
    ("when", r"\bwhen\b|\bwhat time\b|何时|什么时候|几点"),
    ("how-long", r"\bhow long\b|\bhow soon\b|多久|多长时间|几天"),
    ("how-much", r"\bhow (?:much|many)\b|\bcosts?\b|\blimits?\b|\bfees?\b|多少|费用|收费|限额|上限"),
    ("why", r"\bwhy\b|为什么|为何"),
    ("where", r"\bwhere\b|哪里|在哪"),
    ("change", r"\bchanged\b|\bnew\b|变化|更新|改动"),
)


# English question words are stop words of every likeness; the Chinese ones are not.
_ASKING_WORDS = re.compile("请问|怎么样?|怎样|如何|什么|可以|能否|可否|是否|能不能|[我您吗呢]")


def as_question(text: str, language: Language) -> str:
    """Return a question without a mark before it, with a question mark where its words ask."""
    asked = " ".join(_LEAD.sub("", bare(text)).split())
    if asked.endswith(("?", "？")) or not _ASKS[language].search(asked):
        return asked
    return asked.rstrip(" .。!！;；,，:：") + _MARK[language]


def as_answer(text: str) -> str:
    """Return an answer without a mark before it and without a sentence that it repeats."""
    plain = bare(_ANSWER_LEAD.sub("", bare(text)))
    return "\n".join(_once(line) for line in plain.split("\n"))


def _once(line: str) -> str:
    """Return a line in which no sentence stands twice."""
    parts = [found.group() for found in _SENTENCES.finditer(line)]
    first = {part.strip(): part for part in reversed(parts)}
    return "".join(first.pop(part.strip(), "") for part in parts).strip()


def is_question(text: str) -> bool:
    """Tell whether a text ends as a question does."""
    return text.rstrip("\"'”’)） ").endswith(("?", "？"))


def is_several(text: str) -> bool:
    """Tell whether more than one question stands in a text."""
    return len(re.findall(r"[?？]+", text)) > 1


def same_question(one: str, other: str) -> bool:
    """Tell whether two questions ask the same: like words, and the same thing asked of them."""
    if " ".join(one.casefold().split()).rstrip("?？") == " ".join(other.casefold().split()).rstrip("?？"):
        return True
    return _kinds(one) == _kinds(other) and likeness(_ASKING_WORDS.sub(" ", one), _ASKING_WORDS.sub(" ", other)) >= ALIKE


def _kinds(text: str) -> set[str]:
    return {name for name, pattern in _KINDS if re.search(pattern, text, re.IGNORECASE)}
