"""What a person clarified about a brief, kept in the brief itself as lines of question and answer that no reader of wishes takes up."""

import re
from collections.abc import Mapping

from errors import Language

_LABEL: dict[Language, str] = {"en": "Clarified: ", "zh": "已澄清："}
_ARROW = " → "
_LINE = re.compile(r"(?im)^[ \t]*(?:clarified[ \t]*:|已澄清[ \t]*[:：])[ \t]*(?P<told>\S[^\n]*)$")


def clarified(text: str) -> dict[str, str]:
    """Return the answers that a brief holds, by their questions; a line without a question is a question without an answer."""
    pairs = (found["told"].partition(_ARROW) for found in _LINE.finditer(text))
    return {question.strip(): answer.strip() for question, _, answer in pairs}


def without_clarified(text: str) -> str:
    """Return a brief without the lines of what was clarified: what it wishes by itself."""
    return _LINE.sub("", text)


def with_clarified(text: str, answers: Mapping[str, str], language: Language) -> str:
    """Return a brief with these answers below it, one line each; an answer replaces a former one to the same question, and an empty
    one leaves the brief as it is."""
    said = {_one_line(question): _one_line(answer) for question, answer in answers.items() if answer.strip()}
    if not said:
        return text
    lines = [f"{_LABEL[language]}{question}{_ARROW}{answer}" for question, answer in {**clarified(text), **said}.items()]
    return "\n\n".join(part for part in (without_clarified(text).strip(), "\n".join(lines)) if part)


def _one_line(text: str) -> str:
    """Put a text on one line without an arrow of its own: a line break would end what was clarified."""
    return " ".join(text.replace(_ARROW.strip(), "->").split())
