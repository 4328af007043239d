"""User stories as people paste them: sentences in a list, a table in Markdown, a CSV of Jira or of a spreadsheet."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from errors import Language
from formats.connextra import StorySentence, read_story
from formats.jira import read_csv
from formats.pasted import heading, plain, point, tables
from stages.declaration import Imported
from stages.user_stories.document import OPEN

# Sentences make a text of stories where they are at least so many, and at least so much of its characters.
LEAST_STORIES = 2
LEAST_SHARE = 0.5
_BEGINS = {"en": re.compile(r"as an?\s", re.IGNORECASE), "zh": re.compile(r"作为")}
_LABEL = re.compile(
    r"^(?:(?:US|S|STORY|故事)[-_ ]?\d{1,5}|[A-Z][A-Z0-9]{1,9}-\d{1,6}|\d{1,5})\s*[.:：、)）\-–—]?\s+", re.IGNORECASE
)
_COLUMNS: Mapping[str, re.Pattern[str]] = {
    "role": re.compile(r"as an?|role|actor|persona|user|who|作为|角色|用户|使用者", re.IGNORECASE),
    "want": re.compile(r"i want(?: to)?|want|wish|goal|action|what|need|我想要?|我希望|愿望|需求|想要|目标", re.IGNORECASE),
    "benefit": re.compile(r"so that|benefit|reason|value|why|以便于?|价值|收益|原因|理由|目的", re.IGNORECASE),
    "id": re.compile(r"id|no\.?|#|key|issue key|issue id|external id|story id|编号|序号|标识", re.IGNORECASE),
    "entities": re.compile(r"entities|entity|business objects?|业务对象|实体", re.IGNORECASE),
    "activity": re.compile(r"activity|epic|theme|epic link|epic name|活动|史诗|主题", re.IGNORECASE),
    "story": re.compile(r"(?:user )?stor(?:y|ies)|summary|title|description|用户故事|故事|标题|摘要|描述", re.IGNORECASE),
}
_ISSUE_TYPE = re.compile(r"issue ?type|type|类型|问题类型", re.IGNORECASE)
_STORY_TYPE = re.compile(r"(?:user )?story|故事|用户故事|用户需求", re.IGNORECASE)
_UNREAD: Mapping[str, dict[Language, str]] = {
    "line": {"en": "“{text}” belongs to no story.", "zh": "“{text}”不属于任何故事。"},
    "column": {
        "en": "The column “{text}” has no place in a story ({count} cells).",
        "zh": "故事中没有“{text}”这一列的位置（{count} 个单元格）。",
    },
    "row": {"en": "The row “{text}” is no story.", "zh": "“{text}”这一行不是故事。"},
}
# A line that goes on with the story before it, and one that says something of its own about it (`Priority: high`).
_GOES_ON = re.compile(r"(?:i (?:want|would|wish|need|can)|so that|so |in order to)\b|我[想希需]|以便|从而|这样", re.IGNORECASE)
_REMARK = re.compile(r"[\w ]{2,30}[:：]")
# Where a sentence ends and another begins; "e.g. a card" and "3.5" go on.
_NEXT_SENTENCE = re.compile(r"(?<=[\w)”\"’])[.!]\s+(?=[A-Z\u4e00-\u9fff])(?!So that\b)|(?<=。)(?=.)", re.DOTALL)
_SHOWN = 120


@dataclass(frozen=True)
class _Read:
    """The stories found, their entities and activities by place, the open questions, and what of the text is none of these."""

    stories: tuple[StorySentence, ...]
    entities: Mapping[int, tuple[str, ...]] = field(default_factory=dict)
    activities: Mapping[int, str] = field(default_factory=dict)
    questions: tuple[str, ...] = ()
    lost: tuple[str, ...] = ()


def read(text: str, language: Language) -> Imported | None:
    """Return the stories of a pasted text; None where it is no list, table or CSV of them, such as a brief."""
    found = _csv(text, language) or _table(text, language) or _sentences(text, language)
    if found is None:
        return None
    stories = [
        {
            "id": f"S{number}",
            "role": story.role,
            "want": story.want,
            "benefit": story.benefit,
            "activity": found.activities.get(number - 1, ""),
            "entities": list(found.entities.get(number - 1, ())),
            "sources": [],
        }
        for number, story in enumerate(found.stories, 1)
    ]
    return Imported({"stories": stories, "questions": list(found.questions)}, found.lost)


def _csv(text: str, language: Language) -> _Read | None:
    """Read a CSV; of the issues of other types than stories it is told that they are left out."""
    read_rows = read_csv(text)
    return _rows(*read_rows, language) if read_rows else None


def _table(text: str, language: Language) -> _Read | None:
    """Read the first table that tells stories; what stands around it is lost."""
    lines = text.splitlines()
    for table in tables(text):
        found = _rows(table.columns, [dict(zip(table.columns, row, strict=True)) for row in table.rows], language)
        if found is not None:
            around = [*lines[: table.line], *lines[table.line + table.lines :]]
            left = [_told("line", language, line) for line in around if line.strip() and heading(line) is None]
            return replace(found, lost=(*found.lost, *left))
    return None


def _rows(columns: Sequence[str], rows: Iterable[Mapping[str, str]], language: Language) -> _Read | None:
    """Read rows that hold role and wish in columns of their own, or a whole sentence in one."""
    named: dict[str, list[str]] = {kind: [name for name in columns if one.fullmatch(name)] for kind, one in _COLUMNS.items()}
    parted = bool(named["role"] and named["want"])
    if not parted and not named["story"]:
        return None
    kinds = [name for name in columns if _ISSUE_TYPE.fullmatch(name)]
    stories: list[StorySentence] = []
    entities: dict[int, tuple[str, ...]] = {}
    activities: dict[int, str] = {}
    lost: list[str] = []
    for row in rows:
        story = _parted(row, named) if parted else _whole(row, named["story"], language)
        other = kinds and row.get(kinds[0], "").strip() and not _STORY_TYPE.fullmatch(row[kinds[0]].strip())
        if story is None or other:
            lost.append(_told("row", language, "; ".join(cell for cell in row.values() if cell)))
            continue
        names = [name.strip() for column in named["entities"] for name in re.split(r"[,，、;；]", row.get(column, ""))]
        entities[len(stories)] = tuple(name for name in names if name)
        activities[len(stories)] = next((_one_line(row[name]) for name in named["activity"] if row.get(name)), "")
        stories.append(story)
    if not stories:
        return None
    known = {name for kind in named.values() for name in kind} | set(kinds)
    for name in columns:
        if name not in known and (count := sum(bool(row.get(name, "").strip()) for row in rows)):
            lost.append(_told("column", language, name, count))
    return _Read(tuple(stories), entities, activities, (), tuple(lost))


def _parted(row: Mapping[str, str], named: Mapping[str, list[str]]) -> StorySentence | None:
    """Return a row whose parts stand in columns of their own."""
    role, want = (next((row[name] for name in named[kind] if row.get(name)), "") for kind in ("role", "want"))
    benefit = next((row[name] for name in named["benefit"] if row.get(name)), "")
    return StorySentence(_one_line(role), _one_line(want), _one_line(benefit)) if role.strip() and want.strip() else None


def _whole(row: Mapping[str, str], names: Sequence[str], language: Language) -> StorySentence | None:
    """Return a row in one of whose cells a sentence stands."""
    for name in names:
        for part in row.get(name, "").split("\n\n"):
            if story := read_story(_LABEL.sub("", plain(part)), language):
                return story
    return None


def _sentences(text: str, language: Language) -> _Read | None:
    """Read sentences that stand one a line, a point or a paragraph, under headings or not."""
    stories: list[StorySentence] = []
    questions: list[str] = []
    left: list[str] = []
    activities: dict[int, str] = {}
    activity = ""
    asking, told = False, 0
    for block in _blocks(text, language):
        title = heading(block)
        first, *after = _NEXT_SENTENCE.split(_bare(block), maxsplit=1)
        story = read_story(first, language) if title is None else None
        if story is not None:
            activities[len(stories)] = activity
            stories.append(story)
            told += len(first)
            left += after
        elif title is not None:
            asking = title in OPEN.values()
            activity = _activity(block, title, activity)
        elif asking:
            questions.append(plain(point(block) or block))
        else:
            left.append(block)
    whole = told + sum(len(block) for block in left)
    if len(stories) < LEAST_STORIES or told < LEAST_SHARE * whole:
        return None
    lost = tuple(_told("line", language, _bare(block)) for block in left)
    return _Read(tuple(stories), {}, activities, tuple(questions), lost)


def _activity(block: str, title: str, before: str) -> str:
    """Return the activity that a heading opens; the heading of the whole, and that of a single story, open none."""
    if block.startswith("# "):
        return ""
    return before if _LABEL.match(title) else title


def _blocks(text: str, language: Language) -> list[str]:
    """Cut a text where a line is empty, a heading, a point, or begins a story; a story may go over several lines."""
    blocks: list[str] = []
    fresh = True
    for line in text.splitlines():
        if not line.strip():
            fresh = True
            continue
        if fresh or _begins(line, language):
            blocks.append(line.strip())
        else:
            blocks[-1] += f"\n{line.strip()}"
        fresh = heading(line) is not None
    return blocks


def _begins(line: str, language: Language) -> bool:
    """Tell whether a line begins something of its own, though no empty line stands before it."""
    bare = _bare(line)
    if heading(line) is not None or _BEGINS[language].match(bare):
        return True
    return not _GOES_ON.match(bare) and bool(point(line) or _REMARK.match(bare))


def _bare(block: str) -> str:
    """Return a block without the mark of a list, emphasis and a number or key before the sentence."""
    text = plain(point(block) or block)
    return _LABEL.sub("", " ".join(text.split()))


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _told(name: str, language: Language, text: str, count: int = 0) -> str:
    """Return what cannot be held, shortened."""
    plain_text = _one_line(text)
    shown = plain_text if len(plain_text) <= _SHOWN else plain_text[: _SHOWN - 1] + "…"
    return _UNREAD[name][language].format(text=shown, count=count)
