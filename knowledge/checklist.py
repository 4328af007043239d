"""The organisation's checklist of what a brief must settle: `clarifying.yaml` of its pack, judged strictly when the pack is opened."""

import re
from functools import cached_property
from pathlib import Path
from typing import Annotated, Self

import yaml
from pydantic import ConfigDict, Field, StringConstraints, ValidationError, field_validator, model_validator

from errors import ConfigurationError, Language
from formats.language import has_han, simplified, stem
from knowledge.intake.pack import CHECKLIST, Bilingual, Strict

SUBJECT = "{subject}"
_PATTERN = re.compile(r"/(?P<inner>.+)/", re.DOTALL)
_SLOT = re.compile(r"\{[^{}]*\}?|\}")

# A word or phrase as it is written, or a regular expression between slashes.
Mark = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]


class Marks(Strict):
    """Words and patterns in both languages, by which a text is known to speak of something."""

    # What is made of the words once is kept beside them.
    model_config = ConfigDict(extra="forbid", frozen=True, ignored_types=(cached_property,))

    en: tuple[Mark, ...] = ()
    zh: tuple[Mark, ...] = ()

    @field_validator("en", "zh")
    @classmethod
    def _sound(cls, marks: tuple[str, ...]) -> tuple[str, ...]:
        for mark in marks:
            try:
                _expression(mark)
            except re.error as error:
                raise ValueError(f"the pattern {mark} cannot be read: {error}") from error
        return marks

    def in_text(self, text: str) -> tuple[str, ...]:
        """Return the marks that a text holds, whatever its language."""
        plain = simplified(text)
        stems = _stems(plain)
        return tuple(mark for mark, pattern in self._patterns if pattern.search(stems if mark[0] != "/" else plain))

    @cached_property
    def _patterns(self) -> tuple[tuple[str, re.Pattern[str]], ...]:
        return tuple((mark, _expression(mark)) for mark in (*self.en, *self.zh))


class Point(Strict):
    """One thing that must be settled: the question to ask, what shows that it is settled, what makes it matter, and likely answers.

    `{subject}` in a question stands for an action of the brief, but none that holds a word of `not_about` (one who only looks needs no
    limit). A point without `applies_to` matters for every brief.
    """

    id: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]*$", max_length=40)]
    question: Bilingual
    settled_by: Marks
    applies_to: Marks = Marks()
    not_about: Marks = Marks()
    suggestions: Annotated[tuple[Bilingual, ...], Field(min_length=2, max_length=4)]

    @model_validator(mode="after")
    def _whole(self) -> Self:
        for language, text in (("en", self.question.en), ("zh", self.question.zh)):
            strange = [slot for slot in _SLOT.findall(text) if slot != SUBJECT]
            if strange or text.count(SUBJECT) > 1:
                raise ValueError(f"question.{language}: {SUBJECT} may stand there once, and no other braces")
            if "\n" in text or len(text) > 240:
                raise ValueError(f"question.{language}: one line of at most 240 characters")
        if not (self.settled_by.en and self.settled_by.zh):
            raise ValueError("settled_by: say in each language which words show that a brief has settled it")
        return self

    def asked(self, language: Language, subject: str) -> str:
        """Return the question about a subject."""
        return (self.question.zh if language == "zh" else self.question.en).replace(SUBJECT, subject)

    def asks(self, question: str) -> bool:
        """Tell whether a question is this one, in either language and whatever its subject."""
        forms = (re.escape(form).replace(re.escape(SUBJECT), ".+") for form in (self.question.en, self.question.zh))
        return any(re.fullmatch(form, question) for form in forms)


class _Checklist(Strict):
    points: Annotated[tuple[Point, ...], Field(min_length=1, max_length=40)]

    @field_validator("points")
    @classmethod
    def _each_once(cls, points: tuple[Point, ...]) -> tuple[Point, ...]:
        ids = [point.id for point in points]
        twice = next((name for name in ids if ids.count(name) > 1), None)
        if twice:
            raise ValueError(f"the point {twice} stands there twice")
        return points


def read_checklist(folder: Path) -> tuple[Point, ...]:
    """Return the points of a pack's checklist in its order; none where it has none.

    Raises ConfigurationError, naming the file, the place and the reason, where it is unsound.
    """
    path = folder / CHECKLIST
    if not path.is_file():
        return ()
    try:
        return _Checklist.model_validate(yaml.safe_load(path.read_text("utf-8"))).points
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"]) or "file"
        raise ConfigurationError(
            f"{path}: {place}: {first['msg']}. How to write it: docs/knowledge.md.",
            f"{path}：{place}：{first['msg']}。写法见 docs/knowledge.md。",
        ) from error
    except (yaml.YAMLError, OSError, UnicodeDecodeError) as error:
        reason = " ".join(str(error).split())
        raise ConfigurationError(f"{path}: {reason}.", f"{path}：{reason}。") from error


def _expression(mark: str) -> re.Pattern[str]:
    """Return a mark as an expression: a pattern as it is, Chinese as written, English words by their stems."""
    pattern = _PATTERN.fullmatch(mark)
    if pattern:
        return re.compile(pattern["inner"], re.IGNORECASE)
    if has_han(mark):
        return re.compile(re.escape(simplified(mark)))
    return re.compile(rf"(?<!\S){re.escape(_stems(mark))}(?!\S)")


def _stems(text: str) -> str:
    """Return a text as its words are compared: stems of English words, everything else but signs as it is."""
    return " ".join(stem(word) for word in re.findall(r"[a-z0-9]+|[^\W_a-z0-9]+", text.lower()))
