"""Acceptance criteria as Gherkin 6, in English and Chinese (zh-CN): rendered here, read back by the Cucumber project's own parser."""

import re
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any, Literal

from errors import Language

StepKind = Literal["given", "when", "then"]


class GherkinError(ValueError):
    """A text that the parser refuses; the message names line, column and what was expected."""


@dataclass(frozen=True)
class Step:
    """One step: its kind (an `And` has the kind of the step before it) and its text."""

    kind: StepKind
    text: str


@dataclass(frozen=True)
class Scenario:
    """A scenario, or an outline where `columns` are named; every row has as many cells as there are columns."""

    name: str
    steps: tuple[Step, ...]
    tags: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True)
class Feature:
    """A feature file."""

    language: Language
    name: str
    description: str
    scenarios: tuple[Scenario, ...]
    tags: tuple[str, ...] = ()


_KEYWORDS: dict[Language, dict[str, str]] = {
    "en": {
        "feature": "Feature",
        "scenario": "Scenario",
        "outline": "Scenario Outline",
        "examples": "Examples",
        "given": "Given",
        "when": "When",
        "then": "Then",
        "and": "And",
    },
    "zh": {
        "feature": "功能",
        "scenario": "场景",
        "outline": "场景大纲",
        "examples": "例子",
        "given": "假如",
        "when": "当",
        "then": "那么",
        "and": "而且",
    },
}


# Every word of both dialects that begins a section where a colon follows.
_SECTIONS = (
    "Feature|Business Need|Ability|Rule|Background|Scenarios?|Scenario Outline|Scenario Template|Examples?"
    "|功能|规则|背景|场景大纲|场景|剧本大纲|剧本|例子"
)
_MARKUP = re.compile(rf"[@#|*]|\"\"\"|```|(?:{_SECTIONS})\s*:", re.IGNORECASE)


def keyword(name: str, language: Language) -> str:
    """Return the Gherkin keyword in this language: `given`, `when`, `then`, `and`, `scenario`, `feature` …"""
    return _KEYWORDS[language][name]


def render_feature(feature: Feature) -> str:
    """Return the feature file's text."""
    words = _KEYWORDS[feature.language]
    lines = ["# language: zh-CN"] if feature.language == "zh" else []
    if feature.tags:
        lines.append(" ".join(f"@{tag}" for tag in feature.tags))
    lines.append(f"{words['feature']}: {one_line(feature.name)}")
    lines += [f"  {_plain(line)}" for line in feature.description.splitlines() if line.strip()]
    for scenario in feature.scenarios:
        lines += ["", *_indented(render_scenario(scenario, feature.language))]
    return "\n".join(lines) + "\n"


def render_scenario(scenario: Scenario, language: Language) -> str:
    """Return one scenario's text, not indented."""
    words = _KEYWORDS[language]
    lines = [" ".join(f"@{tag}" for tag in scenario.tags)] if scenario.tags else []
    lines.append(f"{words['outline' if scenario.columns else 'scenario']}: {one_line(scenario.name)}")
    before = ""
    joint = " " if language == "en" else ""
    for step in scenario.steps:
        word = words["and"] if step.kind == before else words[step.kind]
        lines.append(f"  {word}{joint}{one_line(step.text)}")
        before = step.kind
    if scenario.columns:
        lines += ["", f"  {words['examples']}:", *(f"    {row}" for row in _table(scenario))]
    return "\n".join(lines)


def read_feature(text: str) -> Feature:
    """Read a feature file.

    Raises GherkinError where the parser refuses it or where it holds no feature.
    """
    from gherkin.errors import CompositeParserException, ParserError
    from gherkin.parser import Parser

    try:
        document: Any = Parser().parse(text)
    except (CompositeParserException, ParserError) as error:
        raise GherkinError(str(error).strip()) from error
    feature = document.get("feature")
    if feature is None:
        raise GherkinError("There is no feature in this text.")
    language: Language = "zh" if str(feature["language"]).startswith("zh") else "en"
    if any("scenario" not in child for child in feature["children"]):
        raise GherkinError("Only scenarios may stand here, no background and no rule.")
    scenarios = tuple(_scenario(child["scenario"]) for child in feature["children"])
    description = "\n".join(line.strip() for line in feature.get("description", "").splitlines()).strip()
    tags = tuple(tag["name"].removeprefix("@") for tag in feature["tags"])
    return Feature(language, feature["name"], description, scenarios, tags)


def read_scenario(text: str, language: Language) -> Scenario:
    """Read one scenario that stands by itself.

    Raises GherkinError where it is refused, or where there is not exactly one.
    """
    head = f"{'# language: zh-CN' if language == 'zh' else '# language: en'}\n{_KEYWORDS[language]['feature']}: -\n"
    try:
        scenarios = read_feature(head + text).scenarios
    except GherkinError as error:
        # The person's text begins after our two lines.
        raise GherkinError(re.sub(r"(?m)^\((\d+):", lambda at: f"({int(at[1]) - 2}:", str(error))) from error
    if len(scenarios) != 1:
        raise GherkinError(f"There must be one scenario here; {len(scenarios)} were read.")
    return scenarios[0]


def _scenario(node: dict[str, Any]) -> Scenario:
    """Read a scenario from the parser's tree."""
    if node["description"].strip():
        raise GherkinError(f"This line is no step: {node['description'].strip().splitlines()[0]}")
    kinds = {"Context": "given", "Action": "when", "Outcome": "then"}
    steps: list[Step] = []
    for step in node["steps"]:
        if "dataTable" in step or "docString" in step:
            raise GherkinError(f"A step is one line here, without a table or a block of text: {step['text']}")
        kind = kinds.get(step["keywordType"]) or (steps[-1].kind if steps else "given")
        steps.append(Step(kind, step["text"]))  # type: ignore[arg-type]
    columns: tuple[str, ...] = ()
    rows: list[tuple[str, ...]] = []
    for table in node.get("examples", []):
        if table.get("tableHeader"):
            header = tuple(cell["value"] for cell in table["tableHeader"]["cells"])
            if columns not in ((), header):
                raise GherkinError("All examples of a scenario must have the same columns.")
            columns = header
            rows += [tuple(cell["value"] for cell in row["cells"]) for row in table["tableBody"]]
    tags = tuple(tag["name"].removeprefix("@") for tag in node["tags"])
    return Scenario(node["name"], tuple(steps), tags, columns, tuple(rows))


def _table(scenario: Scenario) -> list[str]:
    """Return the rows of the examples, cells escaped and set under each other; a row of another length stays so, and is refused."""
    rows = [scenario.columns, *scenario.rows]
    cells = [[one_line(cell).replace("\\", "\\\\").replace("|", "\\|") for cell in row] for row in rows]
    widths = [max(map(len, column)) for column in zip_longest(*cells, fillvalue="")]
    return ["| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=False)) + " |" for row in cells]


def one_line(text: str) -> str:
    """Put a text on one line: a line break would end a step."""
    return re.sub(r"\s+", " ", text).strip()


def _plain(line: str) -> str:
    """Keep a line of the description from being read as a keyword, a tag or a comment."""
    stripped = line.strip()
    return f"- {stripped}" if _MARKUP.match(stripped) else stripped


def _indented(text: str) -> list[str]:
    """Indent every line that is not empty by two spaces."""
    return [f"  {line}" if line else "" for line in text.splitlines()]
