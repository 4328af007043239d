"""User stories as a document and as a sheet."""

from collections.abc import Mapping, Sequence

from errors import Language
from formats.document import Block, Bullets, Document, Heading, Paragraph
from formats.jira import Issue, jira_csv
from formats.sheet import Sheet
from stages.material import Source
from stages.user_stories.shape import UserStories
from stages.user_stories.view import sentence

HEADING = {"en": "User stories", "zh": "用户故事"}
OPEN = {"en": "Open questions", "zh": "待澄清的问题"}
RESTS = {"en": "Rests on", "zh": "依据"}
COLUMNS: dict[Language, tuple[str, ...]] = {
    "en": ("ID", "Activity", "As a", "I want to", "so that", "Entities", "Operations", "Story"),
    "zh": ("编号", "活动", "作为", "我想", "以便于", "业务对象", "接口", "故事"),
}


def document(artifact: UserStories, language: Language, sources: Sequence[Source]) -> Document:
    """Return the stories under their activities, each with the numbers of what it rests on, and what is left open."""
    cited = {source.key: number for number, source in enumerate(sources, 1)}
    blocks: list[Block] = []
    before = ""
    for story in artifact.stories:
        if story.activity and story.activity != before:
            blocks.append(Heading(1, story.activity))
        before = story.activity
        blocks += [Heading(2 if before else 1, f"{story.id} {story.want}"), Paragraph(sentence(story, language))]
        if numbers := ", ".join(f"[{cited[key]}]" for key in story.sources if key in cited):
            blocks.append(Paragraph(numbers, f"{RESTS[language]}:"))
    if artifact.questions:
        blocks += [Heading(1, OPEN[language]), Bullets(artifact.questions)]
    return Document(HEADING[language], language, blocks, [(source.title, source.breadcrumb) for source in sources])


def sheets(artifact: UserStories, language: Language) -> tuple[Sheet, ...]:
    """Return the stories as rows, and the open questions where there are any."""
    rows = [
        (
            story.id,
            story.activity,
            story.role,
            story.want,
            story.benefit,
            ", ".join(story.entities),
            ", ".join(story.operations),
            sentence(story, language),
        )
        for story in artifact.stories
    ]
    told = [Sheet(HEADING[language], COLUMNS[language], rows, [story.id for story in artifact.stories])]
    if artifact.questions:
        told.append(Sheet(OPEN[language], (OPEN[language],), [(question,) for question in artifact.questions]))
    return tuple(told)


def issues(artifact: UserStories, language: Language, criteria: Mapping[str, str] | None = None) -> tuple[Issue, ...]:
    """Return the stories as issues, labelled with their entities; `criteria` holds the acceptance criteria by story id, as text."""
    found = []
    for story in artifact.stories:
        told = (criteria or {}).get(story.id, "")
        description = "\n\n".join(part for part in (sentence(story, language), told) if part)
        title = story.want[:1].upper() + story.want[1:]
        found.append(Issue(title, description, labels=story.entities, external_id=story.id))
    return tuple(found)


def jira(artifact: UserStories, language: Language, _sources: Sequence[Source]) -> bytes:
    """Return the stories as CSV for Jira's importer."""
    return jira_csv(issues(artifact, language))
