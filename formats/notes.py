"""A meeting note read line by line: who says what, what was decided, what is left to do for the product, and what stays open.

What the people of the meeting take upon themselves ("TODO Ben: check the rules") is their task, not a wish of the product.
"""

import re
from dataclasses import dataclass
from functools import cache

from errors import Language
from formats.language import HAN
from formats.lexicon import lexicon

LEAST_LABELLED = 2
# Lines that are read as they stand: the head of a mail, the heading of a list.
_PLAIN = frozenset({"mail", "heading"})
_BULLET = re.compile(r"^\s*(?:[-*•·]|[(（]?\d{1,2}[.、)）]|[①-⑳])?\s*(?:\[[ xX]?\]\s*)?")
_COLON = r"\s*[:：]\s*"
_SPEAKER: dict[Language, str] = {
    "en": r"[A-Z][\w'’-]+(?: [A-Z][\w'’-]*\.?)?",
    "zh": rf"[{HAN}]{{2,4}}|[A-Z][\w'’-]+(?: [A-Z][\w'’-]*\.?)?",
}
_ASIDE = r"(?:\s*(?P<aside>[(（][^()（）]{0,40}[)）]))?"
_NAME = re.compile(rf"[A-Z][\w'’-]+|[{HAN}]{{2,4}}")


@dataclass(frozen=True)
class Note:
    """What a meeting note holds: its wishes, a block each, and what it leaves open."""

    wishes: str
    questions: tuple[str, ...] = ()


def read_note(text: str, language: Language) -> Note:
    """Return the wishes of a meeting note with its labels and tasks left out; a text that is no note comes back as it is."""
    lines = [(_BULLET.sub("", line), line) for line in text.splitlines()]
    kinds = [_kind(bare, language) for bare, _ in lines]
    if sum(kind in ("speaker", "decision", "task", "open") for kind, _ in kinds) < LEAST_LABELLED:
        return Note(text)
    people = _people(kinds)
    wishes: list[str] = []
    questions: list[str] = []
    for (bare, line), (kind, told) in zip(lines, kinds, strict=True):
        if kind == "open" or (kind and bare.rstrip().endswith(("?", "？"))):
            questions.append(told.strip() if kind == "open" else bare.partition(":")[2].strip() or bare.strip())
        elif kind == "task" and _is_taken(told, people):
            continue
        elif kind in ("speaker", "decision", "task"):
            wishes.append("\n" + _said(told))
        elif not kind:
            if wishes and bare[:1].islower() and not _is_point(line):
                wishes[-1] += f" {bare}"
            else:
                wishes.append("\n" + line)
    return Note("\n".join(wishes).strip(), tuple(dict.fromkeys(question for question in questions if question)))


def _kind(line: str, language: Language) -> tuple[str, str]:
    """Return what a line is, by its label, and what it says; for a speaker's line the speaker stands before a line break."""
    for kind, label in _labels().items():
        found = label.match(line)
        if found:
            told = line[found.end() :].strip()
            # Who a task is given to may stand in brackets before the colon.
            owner = f"{found['aside']}: " if kind == "task" and found["aside"] else ""
            return ("", line) if kind in _PLAIN else (kind, owner + told)
    found = re.match(rf"(?P<name>{_SPEAKER[language]}){_ASIDE}{_COLON}(?=\S)", line)
    return ("speaker", f"{found['name']}\n{line[found.end() :].strip()}") if found else ("", line)


@cache
def _labels() -> dict[str, re.Pattern[str]]:
    """Return the labels of a note's lines; a task needs no colon."""
    return {
        kind: re.compile(
            rf"(?:{'|'.join(words)})(?:{_ASIDE}{_COLON}|\s+[–—-]\s+{'|[ ]+(?=(?-i:[^a-z]))' if kind == 'task' else ''})",
            re.IGNORECASE,
        )
        for kind, words in lexicon().notes.items()
    }


def _people(kinds: list[tuple[str, str]]) -> frozenset[str]:
    """Return who takes part: who speaks, and the names of the lines that tell who is there."""
    speakers = [told.partition("\n")[0] for kind, told in kinds if kind == "speaker"]
    present = [name for kind, told in kinds if kind == "head" for name in _NAME.findall(told)]
    return frozenset([*speakers, *present])


def _is_taken(told: str, people: frozenset[str]) -> bool:
    """Tell whether a task has somebody of the meeting who does it."""
    owner = re.match(r"[(（]?([A-Z][\w'’-]+)[)）]?(?:\s*[:：]|\s+[–—-]\s|\s+(?:to|will|checks?|asks?)\s)", told)
    han = re.match(rf"[(（]?[{HAN}]{{2,4}}[)）]?\s*[:：]", told)
    return bool(owner or han) or told.startswith(tuple(people))


def _is_point(line: str) -> bool:
    """Tell whether a line is a point of a list."""
    return _BULLET.sub("", line) != line.lstrip()


def _said(told: str) -> str:
    """Return what a line says without its speaker."""
    return told.rpartition("\n")[2].strip(' "“”')
