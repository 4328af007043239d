"""Questions and answers as text: `Q: … A: …` rendered and read back, and the many ways in which people write an FAQ."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from errors import Language
from formats.json_ld import Fault, Pair, read_faq_page

_MARKS: dict[Language, tuple[str, str]] = {"en": ("Q: ", "A: "), "zh": ("问：", "答：")}
_BOLD = r"(?:\*\*|__)?"
_NUMBER = r"(?:[-*+•][ \t]+)?(?:[(（]?\d{1,3}[.、)）][ \t]*)?"
_LEAD = rf"^[ \t>]*(?:#{{1,6}}[ \t]*)?{_NUMBER}{_BOLD}[ \t]*"
# "A. first choice" is no answer; "A1. It is" is one.
_SIGN = r"(?:[:：]|(?<=\d)[.、])"
_QUESTION = re.compile(
    rf"{_LEAD}(?:q(?:uestion)?|问题?|提问)[ \t]*\d*[ \t]*{_BOLD}[ \t]*{_SIGN}[ \t]*{_BOLD}[ \t]*(.*)$", re.IGNORECASE
)
_ANSWER = re.compile(
    rf"{_LEAD}(?:a(?:nswer)?|答案?|回答|答复)[ \t]*\d*[ \t]*{_BOLD}[ \t]*{_SIGN}[ \t]*{_BOLD}[ \t]*(.*)$", re.IGNORECASE
)
_HEADING = re.compile(r"^[ \t]{0,3}(#{1,6})[ \t]+(.+?)[ \t]*#*[ \t]*$")
_TITLE = re.compile(r"faq|frequently asked|q\s?&\s?a|常见问题|常见问答|问答", re.IGNORECASE)
_ASKS = re.compile(r"[?？][*_\"”’）)\s]*$")
_UNMARKED = re.compile(rf"^[ \t>]*{_NUMBER}{_BOLD}[ \t]*(.+?[?？])[ \t]*{_BOLD}[ \t]*$")
_MARKUP = re.compile(r"!\[[^\]]*\]\([^)]*\)|\[([^\]]+)\]\([^)]*\)|(\*\*|__)(.+?)\2")
_LEAST_UNMARKED = 2


@dataclass(frozen=True)
class ReadFaq:
    """The pairs of a text, what of it they cannot hold (pieces of text, names of fields), and what it breaks of its notation."""

    pairs: tuple[Pair, ...]
    lost: tuple[str, ...] = ()
    faults: tuple[Fault, ...] = ()


def render_pair(pair: Pair, language: Language) -> str:
    """Return a pair as the text that a person edits; an open question has an empty answer."""
    question, answer = _MARKS[language]
    return f"{question}{_guarded(' '.join(pair.question.split()))}\n{answer}{_kept_apart(pair.answer)}".rstrip(" ")


def read_pair(text: str) -> Pair | None:
    """Read the text of one pair; None where it is not exactly one."""
    read = _marked(text.splitlines())
    return read.pairs[0] if read is not None and len(read.pairs) == 1 and read.pairs[0].question and not read.lost else None


def read_faq(text: str) -> ReadFaq | None:
    """Read what a person pasted: JSON-LD, `Q:`/`A:` or 问/答, headings that ask, or questions each before their answer.

    None where the text is no FAQ.
    """
    page = read_faq_page(text) if "mainEntity" in text else None
    if page is not None:
        return ReadFaq(*page) if page[0] else None
    lines = text.splitlines()
    ways: tuple[Callable[[Sequence[str]], ReadFaq | None], ...] = (_marked, _headed, _asked)
    for way in ways:
        read = way(lines)
        if read is not None and read.pairs:
            return ReadFaq(read.pairs, read.lost, _faults(read.pairs))
    return None


def _marked(lines: Sequence[str]) -> ReadFaq | None:
    """Read questions and answers that say so; None where no line does."""
    if not any(_QUESTION.match(line) for line in lines):
        return None
    return _collected((_mark_of(line), line) for line in lines)


def _mark_of(line: str) -> tuple[str, str]:
    """Return what a line begins (`q`, `a`, a section's heading `h`, or nothing) and its text."""
    for mark, pattern in (("q", _QUESTION), ("a", _ANSWER)):
        if found := pattern.match(line):
            return mark, found[1]
    if found := _HEADING.match(line):
        return "h", found[2]
    return "", line


def _headed(lines: Sequence[str]) -> ReadFaq | None:
    """Read headings that ask, each with the text below it; None where too few do."""
    headings = [found[2] for line in lines if (found := _HEADING.match(line))]
    asking = sum(bool(_ASKS.search(heading)) for heading in headings)
    titled = any(_TITLE.search(heading) for heading in headings)
    if asking < (1 if titled else _LEAST_UNMARKED):
        return None

    def mark(line: str) -> tuple[str, str]:
        found = _HEADING.match(line)
        if not found:
            return "", line
        return ("q" if _ASKS.search(found[2]) else "h"), re.sub(rf"^{_NUMBER}", "", found[2])

    return _collected((mark(line), line) for line in lines)


def _asked(lines: Sequence[str]) -> ReadFaq | None:
    """Read lines that are a question each with its answer below; None where they are few, or none has an answer."""
    marked: list[tuple[tuple[str, str], str]] = []
    for line in lines:
        found = _UNMARKED.match(line)
        heading = _HEADING.match(line)
        marked.append((("q", found[1]) if found else ("h", heading[2]) if heading else ("", line), line))
    read = _collected(marked)
    answered = sum(bool(pair.answer) for pair in read.pairs)
    return read if answered >= _LEAST_UNMARKED and answered * 2 >= len(read.pairs) else None


def _collected(lines: Iterable[tuple[tuple[str, str], str]]) -> ReadFaq:
    """Put lines together: a question takes what follows as its answer, up to the next question or heading."""
    pairs: list[tuple[list[str], list[str]]] = []
    lost: list[str] = []
    into: list[str] | None = None
    for (mark, text), line in lines:
        if mark == "q":
            pairs.append(([text], []))
            into = pairs[-1][1]
        elif mark == "a" and pairs:
            into = pairs[-1][1]
            into.append(text)
        elif mark == "h" or into is None:
            into = None
            lost += [line.strip()] if line.strip() and not (mark == "h" and _TITLE.search(text)) else []
        else:
            into.append(text)
    read = tuple(Pair(bare(" ".join(question)), bare("\n".join(answer))) for question, answer in pairs)
    return ReadFaq(tuple(pair for pair in read if pair.question or pair.answer), tuple(lost))


def bare(text: str) -> str:
    """Return a text without Markdown's emphasis and links, needless white space, and the sign that kept its marks apart."""
    plain = _MARKUP.sub(lambda found: found[1] or found[3] or "", text)
    # What is left is one half of an emphasis that began before a mark (`**Q: …?**`).
    plain = re.sub(r"(?m)(?:\*\*|__)[ \t]*$", "", plain)
    plain = re.sub(r"(?m)^[ \t]*\\(?=\S)", "", plain)
    lines = [" ".join(line.split()) for line in plain.splitlines()]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def _kept_apart(answer: str) -> str:
    """Return an answer none of whose lines is read as a question, an answer or a heading of its own."""
    lines = answer.split("\n")
    return "\n".join([_guarded(lines[0]), *(_guarded(line, is_mark=bool(_mark_of(line)[0])) for line in lines[1:])])


def _guarded(line: str, *, is_mark: bool = False) -> str:
    """Return a line with a sign before it where its beginning would be read as a mark, as bold, or as that sign."""
    return f"\\{line}" if is_mark or line.startswith(("\\", "**", "__")) else line


def _faults(pairs: Sequence[Pair]) -> tuple[Fault, ...]:
    """Return what is amiss with pairs of a text: questions without words, said twice, or without an answer."""
    found: list[Fault] = []
    seen: set[str] = set()
    for place, pair in enumerate(pairs, 1):
        name = " ".join(pair.question.casefold().split())
        if not name:
            found.append(Fault("no-name", str(place)))
        elif name in seen:
            found.append(Fault("repeated", str(place)))
        seen.add(name)
        if not pair.answer:
            found.append(Fault("no-answer", str(place)))
    return tuple(found)
