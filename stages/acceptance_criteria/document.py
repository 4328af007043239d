"""Acceptance criteria as a document and as sheets."""

from collections.abc import Sequence

from errors import Language
from formats.document import Block, Bullets, Code, Document, Heading, Paragraph
from formats.gherkin import render_scenario
from formats.sheet import Sheet
from stages.acceptance_criteria.shape import AcceptanceCriteria, Scenario
from stages.acceptance_criteria.view import KINDS, features
from stages.material import Source

HEADING = {"en": "Acceptance criteria", "zh": "验收标准"}
OPEN = {"en": "Open questions", "zh": "待澄清的问题"}
_RESTS = {"en": "Rests on", "zh": "依据"}
_COLUMNS: dict[Language, tuple[str, ...]] = {
    "en": ("ID", "Story", "Kind", "Scenario", "Given", "When", "Then", "Examples"),
    "zh": ("编号", "故事", "类别", "场景", "假如", "当", "那么", "例子"),
}


def document(artifact: AcceptanceCriteria, language: Language, sources: Sequence[Source]) -> Document:
    """Return a section for each story, its scenarios as Gherkin, with the numbers of what they rest on."""
    cited = {source.key: number for number, source in enumerate(sources, 1)}
    blocks: list[Block] = []
    for story, feature in features(artifact, language):
        blocks.append(Heading(1, story))
        blocks += [Paragraph(feature.description)] if feature.description else []
        blocks += [Code("gherkin", render_scenario(scenario, language)) for scenario in feature.scenarios]
        keys = dict.fromkeys(key for one in artifact.scenarios if one.story == story for key in one.sources)
        if numbers := ", ".join(f"[{cited[key]}]" for key in keys if key in cited):
            blocks.append(Paragraph(numbers, f"{_RESTS[language]}:"))
    if artifact.questions:
        blocks += [Heading(1, OPEN[language]), Bullets(artifact.questions)]
    return Document(HEADING[language], language, blocks, [(source.title, source.breadcrumb) for source in sources])


def sheets(artifact: AcceptanceCriteria, language: Language) -> tuple[Sheet, ...]:
    """Return the scenarios as rows; the rows of an outline stand in one cell."""
    rows = [_row(scenario, language) for scenario in artifact.scenarios]
    return (Sheet(HEADING[language], _COLUMNS[language], rows, [scenario.id for scenario in artifact.scenarios]),)


def _row(scenario: Scenario, language: Language) -> tuple[str, ...]:
    table = [scenario.columns, *scenario.rows] if scenario.columns else []
    return (
        scenario.id,
        scenario.story,
        KINDS[scenario.kind][language],
        scenario.name,
        "\n".join(scenario.given),
        scenario.when,
        "\n".join(scenario.then),
        "\n".join(" | ".join(row) for row in table),
    )
