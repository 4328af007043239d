"""Feature files as teams write them, read with the Cucumber project's parser and whole: also what our own features do not hold."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from errors import Language
from formats.gherkin import GherkinError, StepKind

# The parser is asked again, without the lines that it refused, at most so often.
_ROUNDS = 40
_FEATURE = re.compile(
    r"^[ \t]*(?:#[ \t]*language[ \t]*:[^\n]*\n\s*)?(?:@[^\n]*\n\s*){0,9}(?:Feature|Business Need|Ability|功能)[ \t]*[:：]",
    re.MULTILINE | re.IGNORECASE,
)
_SCENARIO = re.compile(
    r"^[ \t]*(?:@[^\n]*\n\s*){0,9}(?:Scenario(?: Outline| Template)?|场景(?:大纲)?|剧本(?:大纲)?)[ \t]*[:：]",
    re.MULTILINE | re.IGNORECASE,
)
_WIDE_COLON = re.compile(r"^(\s*(?:功能|规则|背景|场景大纲|场景|剧本大纲|剧本|例子))[ \t]*：", re.MULTILINE)
_CHINESE = re.compile(r"^\s*(?:功能|场景|剧本|背景)[ \t]*[:：]", re.MULTILINE)
_KINDS: dict[str, StepKind] = {"Context": "given", "Action": "when", "Outcome": "then"}


@dataclass(frozen=True)
class FileStep:
    """A step with the block below it, a table or a text, as it stands in the file."""

    kind: StepKind
    text: str
    block: str = ""


@dataclass(frozen=True)
class FileScenario:
    """A scenario; `tables` are its examples, each a heading and rows; `rule` is the title of the rule that it stands in."""

    name: str
    steps: tuple[FileStep, ...]
    tags: tuple[str, ...]
    description: str = ""
    outline: bool = False
    tables: tuple[tuple[tuple[str, ...], ...], ...] = ()
    rule: str = ""
    background: tuple[FileStep, ...] = ()


@dataclass(frozen=True)
class FeatureFile:
    """One feature; `refused` tells, by the parser's words, which lines were left out, and `comments` what its comments say."""

    language: Language
    name: str
    description: str
    tags: tuple[str, ...]
    scenarios: tuple[FileScenario, ...]
    comments: tuple[str, ...] = ()
    refused: tuple[str, ...] = field(default=())


def read_files(text: str) -> tuple[FeatureFile, ...]:
    """Return the features of a text, one after another; scenarios without a feature before them make one without a name.

    A line that the parser refuses is left out and named; what cannot be read at all is nothing.
    """
    plain = _WIDE_COLON.sub(r"\1:", text.lstrip("\ufeff").replace("\r\n", "\n"))
    starts = [found.start() for found in _FEATURE.finditer(plain)]
    if not starts:
        if not _SCENARIO.search(plain):
            return ()
        plain, starts = f"{'功能' if _CHINESE.search(plain) else 'Feature'}: \n\n{plain}", [0]
    parts = [plain[start:end] for start, end in zip(starts, [*starts[1:], len(plain)], strict=True)]
    return tuple(one for part in parts if (one := _read(part)) is not None)


def _read(text: str) -> FeatureFile | None:
    """Read one feature."""
    head = "# language: zh-CN\n" if _CHINESE.search(text) and not re.match(r"\s*#\s*language", text) else ""
    try:
        document, refused = _parsed(head + text, len(head.splitlines()))
    except GherkinError:
        return None
    feature = document.get("feature")
    if feature is None:
        return None
    comments = [comment["text"].strip().lstrip("# ") for comment in document["comments"]]
    left_out = {line for line, _ in refused}
    told = [
        text
        for text, comment in zip(comments, document["comments"], strict=True)
        if text and comment["location"]["line"] not in left_out
    ]
    return FeatureFile(
        "zh" if str(feature["language"]).startswith("zh") else "en",
        feature["name"].strip(),
        _lines(feature["description"]),
        _tags(feature),
        tuple(_scenarios(feature["children"], (), "", ())),
        tuple(told),
        tuple(message for _, message in refused),
    )


def _parsed(text: str, added: int) -> tuple[dict[str, Any], list[tuple[int, str]]]:
    """Return the parser's tree, and the lines that it refused, which are made comments, with its words on each."""
    from gherkin.errors import CompositeParserException, ParserError
    from gherkin.parser import Parser

    lines = text.split("\n")
    refused: list[tuple[int, str]] = []
    for _ in range(_ROUNDS):
        try:
            tree: dict[str, Any] = dict(Parser().parse("\n".join(lines)))
        except (CompositeParserException, ParserError) as error:
            for one in getattr(error, "errors", [error]):
                number = _at_fault(min(one.location["line"], len(lines)), lines)
                said = re.sub(r"^\(\d+:\d+\): ", "", str(one)).strip()
                refused.append((number, f"{number - added}: {lines[number - 1].strip()[:80]} – {said}"))
                lines[number - 1] = f"# {lines[number - 1].strip()}"
        else:
            return tree, refused
    raise GherkinError("Nothing of this text can be read as a feature.")


def _at_fault(number: int, lines: list[str]) -> int:
    """Return the line to be left out: the one named or, where that is no use, the mark of a text that is never closed."""
    if not lines[number - 1].lstrip().startswith("#") and lines[number - 1].strip():
        return number
    marks = [place for place, line in enumerate(lines, 1) if line.strip().startswith(('"""', "```"))]
    return marks[-1] if marks else number


def _scenarios(
    children: list[dict[str, Any]], background: tuple[FileStep, ...], rule: str, tags: tuple[str, ...]
) -> Iterator[FileScenario]:
    """Yield the scenarios of a feature or of a rule, each with the steps of the backgrounds that it begins with."""
    for child in children:
        if "background" in child:
            background += _steps(child["background"])
        elif "rule" in child:
            one = child["rule"]
            yield from _scenarios(one["children"], background, one["name"].strip(), (*tags, *_tags(one)))
        else:
            node = child["scenario"]
            tables = tuple(_rows(table) for table in node["examples"] if table.get("tableHeader"))
            outline = bool(node["examples"]) or "outline" in node["keyword"].lower() or "大纲" in node["keyword"]
            yield FileScenario(
                node["name"].strip(),
                _steps(node),
                (*tags, *_tags(node)),
                _lines(node["description"]),
                outline,
                tables,
                rule,
                background,
            )


def _steps(node: dict[str, Any]) -> tuple[FileStep, ...]:
    steps: list[FileStep] = []
    for step in node["steps"]:
        kind = _KINDS.get(step["keywordType"]) or (steps[-1].kind if steps else "given")
        steps.append(FileStep(kind, step["text"].strip(), _block(step)))
    return tuple(steps)


def _block(step: dict[str, Any]) -> str:
    """Return the table or the text below a step."""
    if "dataTable" in step:
        return "; ".join(" | ".join(cell["value"] for cell in row["cells"]) for row in step["dataTable"]["rows"])
    return str(step["docString"]["content"]) if "docString" in step else ""


def _rows(table: dict[str, Any]) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(cell["value"] for cell in row["cells"]) for row in (table["tableHeader"], *table["tableBody"]))


def _tags(node: dict[str, Any]) -> tuple[str, ...]:
    return tuple(tag["name"].removeprefix("@") for tag in node["tags"])


def _lines(text: str) -> str:
    return "\n".join(line.strip() for line in text.splitlines()).strip()
