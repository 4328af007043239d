"""The scenarios of each story as a sequence: what its person does, and what the system answers, one course a scenario."""

from errors import Language
from formats import mermaid, plantuml
from formats.class_model import Course, Message, Sequence
from formats.connextra import read_stories
from formats.diagram import Diagram
from stages.acceptance_criteria.shape import AcceptanceCriteria, Scenario
from stages.acceptance_criteria.view import KINDS

_SYSTEM = {"en": "System", "zh": "系统"}
_PERSON = {"en": "Person", "zh": "人员"}
_TITLE = {"en": "Courses of {story}", "zh": "{story} 的流程"}
# A picture with more is not read any more, and takes the engine too long.
_MOST_COURSES = 8


def diagrams(artifact: AcceptanceCriteria, language: Language) -> tuple[Diagram, ...]:
    """Return a sequence diagram for each story that has scenarios."""
    texts = {story.id: story.text for story in artifact.stories}
    drawn = []
    for story in dict.fromkeys(scenario.story for scenario in artifact.scenarios):
        scenarios = [scenario for scenario in artifact.scenarios if scenario.story == story]
        sequence = _sequence(_role(texts.get(story, ""), language), scenarios[:_MOST_COURSES], language)
        title = _TITLE[language].format(story=story)
        source = mermaid.sequence_diagram(sequence), plantuml.sequence_diagram(sequence)
        drawn.append(Diagram(f"courses-{story.lower()}", title, *source))
    return tuple(drawn)


def _role(text: str, language: Language) -> str:
    """Return who the story is told by."""
    told = read_stories(text, language)
    return told[0].role if told else _PERSON[language]


def _sequence(role: str, scenarios: list[Scenario], language: Language) -> Sequence:
    courses = tuple(Course(_course_title(scenario, language), _messages(scenario)) for scenario in scenarios)
    return Sequence((("P", role), ("S", _SYSTEM[language])), courses=courses)


def _course_title(scenario: Scenario, language: Language) -> str:
    kind = KINDS[scenario.kind][language]
    return f"{scenario.id} {scenario.name}（{kind}）" if language == "zh" else f"{scenario.id} {scenario.name} ({kind})"


def _messages(scenario: Scenario) -> tuple[Message, ...]:
    return (Message("P", "S", scenario.when), *(Message("S", "P", step, reply=True) for step in scenario.then))
