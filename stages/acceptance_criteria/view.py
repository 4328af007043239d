"""How acceptance criteria are read: as Gherkin, as lines of a card, as a zip that behave runs, and back."""

import io
import zipfile
from collections.abc import Sequence
from typing import Any

from errors import Language
from formats.behave_steps import render_steps
from formats.gherkin import (
    Feature,
    GherkinError,
    Step,
    keyword,
    one_line,
    read_feature,
    read_scenario,
    render_feature,
    render_scenario,
)
from formats.gherkin import Scenario as GherkinScenario
from stages.acceptance_criteria.shape import AcceptanceCriteria, Kind, Scenario
from stages.declaration import ItemView, Line
from stages.material import Source

_HEADING = {"en": "Acceptance criteria", "zh": "验收标准"}
KINDS: dict[Kind, dict[Language, str]] = {
    "positive": {"en": "positive", "zh": "正例"},
    "negative": {"en": "negative", "zh": "反例"},
    "boundary": {"en": "boundary", "zh": "边界"},
}


def gherkin(scenario: Scenario) -> GherkinScenario:
    """Return a scenario in Gherkin's own parts, tagged with its kind."""
    steps = [Step("given", text) for text in scenario.given]
    steps += [Step("when", scenario.when), *(Step("then", text) for text in scenario.then)]
    rows = tuple(tuple(row) for row in scenario.rows)
    return GherkinScenario(scenario.name, tuple(steps), (scenario.kind, scenario.id), tuple(scenario.columns), rows)


def features(artifact: AcceptanceCriteria, language: Language) -> tuple[tuple[str, Feature], ...]:
    """Return a feature for each story that has scenarios, with the story's id."""
    texts = {story.id: story.text for story in artifact.stories}
    found = []
    for story in dict.fromkeys(scenario.story for scenario in artifact.scenarios):
        scenarios = tuple(gherkin(scenario) for scenario in artifact.scenarios if scenario.story == story)
        text = texts.get(story, "")
        name = f"{story} {text[:100]}".strip().rstrip(".。")
        found.append((story, Feature(language, name, text, scenarios, (story,))))
    return tuple(found)


def source_text(scenario: Scenario, language: Language) -> str:
    """Return the scenario as the Gherkin that a person edits."""
    return render_scenario(gherkin(scenario), language)


def read_edited(text: str, scenario: Scenario, language: Language) -> Scenario:
    """Read the Gherkin that a person edited; what it does not say (story, sources) stays.

    Raises ValueError with a sentence for the person where it is no scenario, or has not one When.
    """
    try:
        read = read_scenario(text, language)
    except GherkinError as error:
        told = "这不是一个完整的场景" if language == "zh" else "This is not one whole scenario"
        raise ValueError(f"{told}: {error}") from error
    steps = {kind: [step.text for step in read.steps if step.kind == kind] for kind in ("given", "when", "then")}
    order = [("given", "when", "then").index(step.kind) for step in read.steps]
    if len(steps["when"]) != 1 or not steps["given"] or not steps["then"] or order != sorted(order):
        raise ValueError(
            "一个场景依次需要至少一个“假如”、恰好一个“当”和至少一个“那么”。"
            if language == "zh"
            else "A scenario needs at least one Given, then exactly one When, then at least one Then."
        )
    kind = next((tag for tag in read.tags if tag in KINDS), scenario.kind)
    changed = {
        "kind": kind,
        "name": read.name,
        "given": steps["given"],
        "when": steps["when"][0],
        "then": steps["then"],
        "columns": list(read.columns),
        "rows": [list(row) for row in read.rows],
    }
    return Scenario.model_validate(scenario.model_dump() | changed)


def view(scenario: Scenario, language: Language) -> ItemView:
    """Return a scenario as a card shows it."""
    lines: list[Line] = []
    before = ""
    for step in gherkin(scenario).steps:
        lines.append(Line(keyword("and" if step.kind == before else step.kind, language), step.text, int(step.kind == before)))
        before = step.kind
    if scenario.columns:
        lines.append(Line(keyword("examples", language), " | ".join(scenario.columns), cells=tuple(scenario.columns)))
        lines += [Line("", " | ".join(row), 1, tuple(row)) for row in scenario.rows]
    kind = KINDS[scenario.kind][language]
    title = f"{scenario.name}（{kind}）" if language == "zh" else f"{scenario.name} ({kind})"
    return ItemView(scenario.id, title, tuple(lines), tuple(scenario.sources), (scenario.story,))


def view_draft(item: Any, language: Language) -> ItemView | None:
    """Return a scenario that is still being written, as far as it can be read."""
    if not isinstance(item, dict) or not isinstance(item.get("name"), str):
        return None
    told: dict[str, Any] = {name: str(item.get(name) or "") for name in ("id", "story", "name", "when")}
    told["kind"] = item["kind"] if isinstance(item.get("kind"), str) and item["kind"] in KINDS else "positive"
    told |= {name: _texts(item.get(name)) for name in ("given", "then")}
    return view(Scenario.model_construct(None, **told, columns=[], rows=[], sources=[]), language)


def _texts(value: Any) -> list[str]:
    """Return the texts of a list; nothing of anything else."""
    return [text for text in value if isinstance(text, str)] if isinstance(value, list) else []


def feature_file(artifact: AcceptanceCriteria, language: Language, _sources: Sequence[Source]) -> bytes:
    """Return one feature file: the story's own, or one that holds all scenarios, tagged with their story.

    Gherkin allows one feature a file; the zip holds a file for each story.
    """
    told = features(artifact, language)
    feature = told[0][1] if len(told) == 1 else _joined(artifact, language)
    return render_feature(feature).encode()


def behave_zip(artifact: AcceptanceCriteria, language: Language, _sources: Sequence[Source]) -> bytes:
    """Return a zip with `features/*.feature` and the step skeletons, on which `behave --dry-run` finds every step."""
    told = features(artifact, language)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for story, feature in told:
            archive.writestr(f"features/{story.lower()}.feature", render_feature(feature))
        archive.writestr("features/steps/steps.py", render_steps(feature for _, feature in told))
    return buffer.getvalue()


def read_back(artifact: AcceptanceCriteria, language: Language) -> list[tuple[str, str]]:
    """Read every feature back with Gherkin's own parser; return story and message of each that does not come back the same."""
    broken: list[tuple[str, str]] = []
    for story, feature in features(artifact, language):
        try:
            text = render_feature(feature)
            if render_feature(read_feature(text)) != text:
                broken.append((story, "the text changes when it is read back"))
            elif any(not one_line(step.text) for scenario in feature.scenarios for step in scenario.steps):
                broken.append((story, "a step is empty"))
        except GherkinError as error:
            broken.append((story, str(error)))
    return broken


def _joined(artifact: AcceptanceCriteria, language: Language) -> Feature:
    """Return one feature that holds the scenarios of all stories, tagged with their story."""
    told = features(artifact, language)
    scenarios = tuple(
        GherkinScenario(scenario.name, scenario.steps, (story, *scenario.tags), scenario.columns, scenario.rows)
        for story, feature in told
        for scenario in feature.scenarios
    )
    description = "\n".join(f"{story}: {feature.description}" for story, feature in told)
    return Feature(language, _HEADING[language], description, scenarios)
