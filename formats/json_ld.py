"""Questions and answers as schema.org's FAQPage in JSON-LD: rendered safe for a page's script, and held against the shape."""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from bs4 import BeautifulSoup

from errors import Language

_LANGUAGE_TAGS: dict[Language, str] = {"en": "en", "zh": "zh-CN"}
_CONTEXT = re.compile(r"https?://(?:www\.)?schema\.org/?", re.IGNORECASE)
_SCRIPT = re.compile(r"<script[^>]*application/ld\+json[^>]*>(.*?)</script", re.IGNORECASE | re.DOTALL)
_KEPT = {
    "page": {"@context", "@type", "@id", "inLanguage", "mainEntity", "@graph"},
    "question": {"@type", "@id", "name", "text", "acceptedAnswer", "suggestedAnswer", "answerCount"},
    "answer": {"@type", "@id", "text"},
}


@dataclass(frozen=True)
class Pair:
    """A question and its answer, which is empty where the question is open."""

    question: str
    answer: str = ""


@dataclass(frozen=True)
class Fault:
    """What a text breaks: a rule's name (`context`, `type`, `no-name`, …) and where."""

    rule: str
    place: str = ""


def render_faq_page(pairs: Sequence[Pair], language: Language) -> str:
    """Return an FAQPage of the pairs that have an answer; nothing in it can end the script element that it is put into."""
    entities = [
        {"@type": "Question", "name": pair.question, "acceptedAnswer": {"@type": "Answer", "text": pair.answer}}
        for pair in pairs
        if pair.answer.strip()
    ]
    page = {
        "@context": "https://schema.org",
        "@type": "FAQPage",
        "inLanguage": _LANGUAGE_TAGS[language],
        "mainEntity": entities,
    }
    text = json.dumps(page, ensure_ascii=False, indent=2)
    # The signs of HTML, and the two line ends that JavaScript knows and JSON does not.
    for sign in "<>&\u2028\u2029":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return text + "\n"


def read_faq_page(text: str) -> tuple[tuple[Pair, ...], tuple[str, ...], tuple[Fault, ...]] | None:
    """Return the pairs of an FAQPage, the names of what it holds besides, and its faults; None where the text holds none.

    The page may stand alone, in a list, in an `@graph` or in the script of an HTML page.
    """
    page = next((node for piece in (_SCRIPT.findall(text) or [text]) for node in _nodes(_loaded(piece)) if _is_page(node)), None)
    if page is None:
        return None
    pairs: list[Pair] = []
    lost = {name for name in page if name not in _KEPT["page"]}
    for question in _questions(page):
        answer = _answer(question)
        lost |= {f"mainEntity.{name}" for name in question if name not in _KEPT["question"]}
        lost |= {f"acceptedAnswer.{name}" for name in answer if name not in _KEPT["answer"]}
        told = _plain(answer.get("text"))
        name = _plain(question.get("name") or question.get("text"))
        if name or told:
            pairs.append(Pair(name, told))
    return tuple(pairs), tuple(sorted(lost)), faults_of_faq_page(page)


def faults_of_faq_page(page: Any) -> tuple[Fault, ...]:
    """Return what an FAQPage breaks of its shape: JSON's parser lets all of it pass."""
    if not isinstance(page, dict):
        return (Fault("type", "$"),)
    found = [] if _has_context(page) else [Fault("context", "@context")]
    if not _is_a(page, "FAQPage"):
        found.append(Fault("type", "@type"))
    entities = _listed(page.get("mainEntity"))
    if not entities:
        found.append(Fault("no-questions", "mainEntity"))
    seen: set[str] = set()
    for place, question in enumerate(entities):
        found += _question_faults(question, f"mainEntity[{place}]")
        name = " ".join(str(question.get("name") or "").casefold().split()) if isinstance(question, dict) else ""
        if name and name in seen:
            found.append(Fault("repeated", f"mainEntity[{place}].name"))
        seen.add(name)
    return tuple(found)


def _question_faults(question: Any, place: str) -> Iterator[Fault]:
    if not isinstance(question, dict) or not _is_a(question, "Question"):
        yield Fault("question-type", place)
        return
    if not isinstance(question.get("name"), str) or not question["name"].strip():
        yield Fault("no-name", f"{place}.name")
    answers = _listed(question.get("acceptedAnswer"))
    if not answers:
        yield Fault("no-answer", f"{place}.acceptedAnswer")
    for answer in answers:
        if not isinstance(answer, dict) or not _is_a(answer, "Answer"):
            yield Fault("answer-type", f"{place}.acceptedAnswer")
        elif not isinstance(answer.get("text"), str) or not answer["text"].strip():
            yield Fault("no-text", f"{place}.acceptedAnswer.text")


def _loaded(text: str) -> Any:
    """Return a text's JSON; None where it is none, or nested without end."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _nodes(value: Any) -> Iterator[dict[str, Any]]:
    """Yield the objects that a page may be: the value, the members of a list, those of a graph, which share its context."""
    for node in _listed(value):
        if not isinstance(node, dict):
            continue
        yield node
        context = {"@context": node["@context"]} if "@context" in node else {}
        yield from ({**context, **inner} for inner in _listed(node.get("@graph")) if isinstance(inner, dict))


def _is_page(node: dict[str, Any]) -> bool:
    """Tell whether an object is meant as questions and answers, be it under a wrong type."""
    if _is_a(node, "FAQPage") or _is_a(node, "QAPage"):
        return True
    return any(isinstance(one, dict) and _is_a(one, "Question") for one in _listed(node.get("mainEntity")))


def _questions(page: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield from (one for one in _listed(page.get("mainEntity")) if isinstance(one, dict))


def _answer(question: dict[str, Any]) -> dict[str, Any]:
    """Return the answer of a question: the accepted one, otherwise one that is suggested."""
    for name in ("acceptedAnswer", "suggestedAnswer"):
        for answer in _listed(question.get(name)):
            if isinstance(answer, dict):
                return answer
            if isinstance(answer, str):
                return {"text": answer}
    return {}


def _has_context(page: dict[str, Any]) -> bool:
    for context in _listed(page.get("@context")):
        named = context.get("@vocab") if isinstance(context, dict) else context
        if isinstance(named, str) and _CONTEXT.fullmatch(named.strip()):
            return True
    return False


def _is_a(node: dict[str, Any], name: str) -> bool:
    return any(isinstance(one, str) and one.rsplit("/", 1)[-1] == name for one in _listed(node.get("@type")))


def _listed(value: Any) -> list[Any]:
    """Return a value as a list: JSON-LD writes a list of one as the one."""
    return [] if value is None else value if isinstance(value, list) else [value]


def _plain(value: Any) -> str:
    """Return a text without the HTML that an answer may hold."""
    if not isinstance(value, str):
        return ""
    if not re.search(r"<[a-zA-Z!/]|&\w+;|&#", value):
        return value.strip()
    soup = BeautifulSoup(value, "html.parser")
    for hidden in soup(["script", "style"]):
        hidden.decompose()
    return re.sub(r"[ \t]+", " ", soup.get_text(" ")).strip()
