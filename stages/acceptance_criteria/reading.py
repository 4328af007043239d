"""Acceptance criteria as people paste them: feature files of any team, in English and Chinese, made scenarios of stories."""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from errors import Language
from formats.connextra import read_story, render_story
from formats.feature_files import FeatureFile, FileScenario, FileStep, read_files
from formats.pasted import fenced, plain
from stages.acceptance_criteria.reading_words import LEFT, UNNAMED, kind_of, kind_tag
from stages.declaration import Imported

MOST_STEPS = 4
_LONGEST_STEP = 200
_MOST_ROWS, _MOST_COLUMNS = 12, 6
_STORY = re.compile(r"S\d{1,3}")
_ITEM = re.compile(r"(S\d{1,3})-\d{1,2}")
# A feature of ours that holds several stories tells each in a line of its description.
_TOLD = re.compile(r"^-?\s*(S\d{1,3})\s*[:：]\s*(.+)$", re.MULTILINE)
_NAMED = re.compile(r"^S\d{1,3}\b\s*")
# In our Markdown, a story's sentence stands below its id.
_HEADED = re.compile(r"^#{1,6}[ \t]+(S\d{1,3})[ \t]*\n+(?!#|`)(.+)$", re.MULTILINE)
_JOINT = {"en": "; ", "zh": "；"}
_THEN = {"en": "; then ", "zh": "；然后"}


@dataclass
class _Reading:
    """What is put together while the features are read."""

    language: Language
    stories: dict[str, str] = field(default_factory=dict)
    scenarios: list[dict[str, Any]] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    def lose(self, what: str, /, **values: object) -> None:
        """Name something that the shape cannot hold."""
        self.lost.append(LEFT[what][self.language].format(**values))

    def blame(self, what: str, /, **values: object) -> None:
        """Name something that stands against the text itself."""
        self.faults.append(LEFT[what][self.language].format(**values))


def read(text: str, language: Language) -> Imported | None:
    """Return the scenarios of pasted feature files; None where the text is none, or holds no scenario with a step."""
    blocks = fenced(text, "gherkin", "feature", "cucumber")
    files = read_files("\n\n".join(blocks) or text)
    if not any(scenario.steps for file in files for scenario in file.scenarios):
        return None
    reading = _Reading(language)
    headed = {story: plain(told) for story, told in _HEADED.findall(text)} if blocks else {}
    own = {tag for file in files for tag in _tags(file) if _STORY.fullmatch(tag)}
    for file in files:
        _read_file(file, reading, own)
    if untagged := sum(not any(map(kind_tag, scenario.tags)) for file in files for scenario in file.scenarios):
        reading.lose("kind", count=untagged)
    _number(reading.scenarios)
    stories = [{"id": story, "text": headed.get(story, told)[:600]} for story, told in reading.stories.items()]
    body = {"scenarios": reading.scenarios, "questions": [], "stories": stories}
    return Imported(body, tuple(dict.fromkeys(reading.lost)), tuple(dict.fromkeys(reading.faults)))


def _tags(file: FeatureFile) -> Iterable[str]:
    yield from file.tags
    for scenario in file.scenarios:
        yield from scenario.tags
        yield from (found[1] for tag in scenario.tags if (found := _ITEM.fullmatch(tag)))


def _read_file(file: FeatureFile, reading: _Reading, own: set[str]) -> None:
    """Read one feature; its scenarios that name no story of their own go to one that is made of its name and description."""
    told = dict(_TOLD.findall(file.description))
    own_story = next((tag for tag in file.tags if _STORY.fullmatch(tag)), "") or _free({*reading.stories, *own})
    by_story: dict[str, list[FileScenario]] = {}
    for scenario in file.scenarios:
        tagged = [tag for tag in scenario.tags if _STORY.fullmatch(tag)]
        tagged += [found[1] for tag in scenario.tags if (found := _ITEM.fullmatch(tag))]
        by_story.setdefault(tagged[0] if tagged else own_story, []).append(scenario)
    for story, scenarios in by_story.items():
        text = told.get(story) or (_story_text(file, reading.language) if story == own_story else story)
        reading.stories.setdefault(story, text[:600] if len(text) > 1 else story)
        for scenario in scenarios:
            _read_scenario(scenario, story, reading)
    for tag in (*file.tags, *(tag for scenario in file.scenarios for tag in scenario.tags)):
        if not (_STORY.fullmatch(tag) or _ITEM.fullmatch(tag) or kind_tag(tag)):
            reading.lose("tag", name=tag)
    if file.comments:
        reading.lose("comments", count=len(file.comments), text=file.comments[0][:80])
    for refused in file.refused:
        reading.blame("refused", text=refused)


def _free(taken: set[str]) -> str:
    """Return the first story id that nothing has."""
    return next(name for number in range(1, 1000) if (name := f"S{number}") not in taken)


def _story_text(file: FeatureFile, language: Language) -> str:
    """Return the story that a feature tells in its description, otherwise its name and what the description says."""
    description = " ".join(file.description.split())
    story = read_story(description, language)
    if story is not None:
        return render_story(story, language)
    # A feature of ours has the story's id and its first words for a name.
    name = _NAMED.sub("", file.name)
    parts = [description] if name and description.startswith(name) else [name, description]
    return ". ".join(part for part in parts if part) or UNNAMED["story"][language]


def _read_scenario(scenario: FileScenario, story: str, reading: _Reading) -> None:
    """Read one scenario into the shape; what the shape cannot hold is named."""
    language = reading.language
    name = scenario.name or " ".join(step.text for step in scenario.steps if step.kind == "when")[:100]
    if not scenario.steps:
        reading.blame("no-steps", name=name)
        return
    steps = (*scenario.background, *scenario.steps)
    _tell_losses(scenario, name, reading)
    _tell_faults(scenario, name, reading)
    given, outcomes = _steps(steps, "given", name, reading), _steps(steps, "then", name, reading)
    columns, rows = _examples(scenario, name, reading)
    tagged = next((kind for tag in scenario.tags if (kind := kind_tag(tag))), None)
    reading.scenarios.append(
        {
            "id": f"{story}-1",
            "story": story,
            "kind": tagged or kind_of(name, " ".join(outcomes)),
            "name": name if len(name) >= 3 else f"{UNNAMED['scenario'][language]} {name}".strip(),
            "given": given or [UNNAMED["given"][language]],
            "when": _THEN[language].join(step.text for step in steps if step.kind == "when") or UNNAMED["when"][language],
            "then": outcomes or [UNNAMED["then"][language]],
            "columns": list(columns),
            "rows": [list(row) for row in rows],
            "sources": [],
        }
    )


def _tell_faults(scenario: FileScenario, name: str, reading: _Reading) -> None:
    """Name what the parser lets pass and no scenario may have: a kind of step missing, several Whens, a Then before them."""
    kinds = [step.kind for step in (*scenario.background, *scenario.steps)]
    if (count := kinds.count("when")) > 1:
        reading.blame("several-whens", name=name, count=count)
    if "when" in kinds and "then" in kinds[: kinds.index("when")]:
        reading.blame("then-first", name=name)
    for kind in ("given", "when", "then"):
        if kind not in kinds:
            reading.blame(f"no-{kind}", name=name)


def _tell_losses(scenario: FileScenario, name: str, reading: _Reading) -> None:
    """Name what stands around the steps and below them."""
    if scenario.background:
        reading.lose("background")
    if scenario.rule:
        reading.lose("rule", name=scenario.rule)
    if scenario.description:
        reading.lose("description", name=name, text=" ".join(scenario.description.split())[:80])
    for step in (*scenario.background, *scenario.steps):
        if step.block:
            reading.lose("block", name=name, step=step.text[:60], text=" ".join(step.block.split())[:80])


def _steps(steps: Iterable[FileStep], kind: str, name: str, reading: _Reading) -> list[str]:
    """Return the steps of a kind, each once; from the fourth on they are joined into one as far as that holds them."""
    texts = list(dict.fromkeys(step.text for step in steps if step.kind == kind))
    if len(texts) <= MOST_STEPS:
        return texts
    last = texts[MOST_STEPS - 1]
    for number, text in enumerate(texts[MOST_STEPS:], MOST_STEPS):
        joined = f"{last}{_JOINT[reading.language]}{text}"
        if len(joined) > _LONGEST_STEP:
            reading.lose("steps", name=name, text=_JOINT[reading.language].join(texts[number:])[:200])
            break
        last = joined
    reading.lose("joined", name=name, count=len(texts))
    return [*texts[: MOST_STEPS - 1], last]


def _examples(scenario: FileScenario, name: str, reading: _Reading) -> tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]:
    """Return columns and rows of an outline: those of its first examples and of all that have the same columns."""
    if scenario.outline and not any(table[1:] for table in scenario.tables):
        reading.blame("no-examples", name=name)
    if not scenario.tables:
        return (), ()
    columns = scenario.tables[0][0]
    same = [row for table in scenario.tables if table[0] == columns for row in table[1:]]
    others = sum(len(table) - 1 for table in scenario.tables if table[0] != columns)
    if others + max(0, len(same) - _MOST_ROWS):
        reading.lose("rows", name=name, count=others + max(0, len(same) - _MOST_ROWS))
    if len(columns) > _MOST_COLUMNS:
        reading.lose("columns", name=name, names=", ".join(columns[_MOST_COLUMNS:]))
    empty = UNNAMED["cell"][reading.language]
    rows = [tuple(cell or empty for cell in row[:_MOST_COLUMNS]) for row in same[:_MOST_ROWS]]
    return tuple(cell or empty for cell in columns[:_MOST_COLUMNS]), tuple(rows)


def _number(scenarios: list[dict[str, Any]]) -> None:
    """Number the scenarios within their story."""
    counts: Counter[str] = Counter()
    for scenario in scenarios:
        counts[scenario["story"]] += 1
        scenario["id"] = f"{scenario['story']}-{counts[scenario['story']]}"
