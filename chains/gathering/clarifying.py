"""What a brief leaves open, by the organisation's own checklist: asked with likely answers, and answered within the brief."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from errors import Language
from formats.actions import read_actions
from formats.clarified import clarified, with_clarified, without_clarified
from knowledge.checklist import Point
from stages.material import Material, Source

MOST_QUESTIONS = 4
_LONGEST_SUBJECT: dict[Language, int] = {"en": 60, "zh": 24}
_UNNAMED: dict[Language, str] = {"en": "this request", "zh": "这项需求"}
_BY_RULE: dict[Language, str] = {"en": "As in “{title}”", "zh": "按《{title}》的规定"}
# What tells how to write settles nothing.
_HOW_TO = frozenset({"standard", "template", "checklist", "example", "past-artifact"})


@dataclass(frozen=True)
class OpenPoint:
    """A point of the checklist that a brief leaves open: its id, the question for the person, likely answers to choose from."""

    id: str
    question: str
    suggestions: tuple[str, ...]


def open_points(material: Material, checklist: Sequence[Point], skipped: Collection[str] = ()) -> tuple[OpenPoint, ...]:
    """Return what the brief leaves open, the most relevant first, at most four; `skipped` names points that the person passed over.

    A point is open where it matters for the brief and neither the brief, what lies upstream, nor an answer given before settles it.
    Where a passage in hand speaks of it, the first suggestion is to do as it says.
    """
    answered = clarified(material.brief)
    spoken = "\n".join([without_clarified(material.brief), *(item.text for item in material.upstream)])
    actions = read_actions(spoken, material.language).actions
    found: list[tuple[int, OpenPoint]] = []
    for point in checklist:
        marks = point.applies_to.in_text(spoken)
        about = tuple(action for action in actions if not point.not_about.in_text(action))
        matters = (marks or not (point.applies_to.en or point.applies_to.zh)) and (about or not actions)
        settled = point.id in skipped or any(point.asks(question) for question in answered) or point.settled_by.in_text(spoken)
        if matters and not settled:
            found.append((len(marks), _opened(point, about, material)))
    return tuple(one for _, one in sorted(found, key=lambda pair: -pair[0]))[:MOST_QUESTIONS]


def with_answers(brief: str, answers: Mapping[str, str], language: Language) -> str:
    """Return the brief with a person's answers, by their questions, as lines below it ("Clarified: …").

    They reach the model as part of the brief, their numbers count as known, no reader of wishes takes them for one, and what they
    answer is not asked again. An empty answer is left out.
    """
    return with_clarified(brief, answers, language)


def _opened(point: Point, actions: Sequence[str], material: Material) -> OpenPoint:
    """Return a point as it is asked about this brief."""
    language = material.language
    suggestions = [one.zh if language == "zh" else one.en for one in point.suggestions]
    rule = next((source for source in material.sources if _speaks_of(source, point)), None)
    if rule is not None:
        suggestions.insert(0, _BY_RULE[language].format(title=rule.title))
    return OpenPoint(point.id, point.asked(language, _subject(point, actions, material)), tuple(suggestions[:4]))


def _speaks_of(source: Source, point: Point) -> bool:
    """Tell whether a passage that was found for the brief settles a point."""
    return not (source.kept or source.is_offered) and source.kind not in _HOW_TO and bool(point.settled_by.in_text(source.text))


def _subject(point: Point, actions: Sequence[str], material: Material) -> str:
    """Return what a question is about: the action for which the point matters most, the first of several, or a thing of the brief."""
    language = material.language
    named = max(actions, key=lambda action: len(point.applies_to.in_text(action)), default="")
    subject = named or next(iter(material.entities), "")
    if not subject:
        return _UNNAMED[language]
    longest = _LONGEST_SUBJECT[language]
    if len(subject) > longest:
        subject = subject[:longest].rsplit(" ", 1)[0].rstrip(" ,，") + "…"
    return f"“{subject}”"
