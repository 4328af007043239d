"""Reads a feature file: each scenario one piece, with the feature, the rule and the background it stands in."""

import re
from collections.abc import Iterator
from pathlib import PurePath
from typing import Any, Final

from knowledge.reading.prose import fenced, one_line, paragraphs, prose
from knowledge.reading.section import Reading, Section

# Beyond this the parser's tree would take hundreds of megabytes; such a file is cut at its keywords instead.
_MOST_PARSED_LINES: Final = 50_000
_ROWS_A_PIECE: Final = 40
_LONGEST_NAME: Final = 300
# How much of a background is repeated with every scenario.
_REPEATED: Final = 1500
_SCENARIO = re.compile(
    r"\s{0,40}(?:Scenario(?: Outline| Template)?|Example|场景大纲|场景|剧本大纲|剧本|例子)[:：][ \t]*([^\n]*)", re.IGNORECASE
)
_FEATURE = re.compile(r"(?m)^\s{0,40}(?:Feature|功能)[:：][ \t]*([^\n]*)$", re.IGNORECASE)


def read_feature(text: str, name: str) -> Reading:
    """Return a section a scenario; examples beyond 40 rows go on in further sections with the steps repeated.

    A file that the parser refuses, or one of more than 50,000 lines, is cut at its scenario keywords as plain text, and
    its first section says at which line and why.
    """
    from gherkin.errors import CompositeParserException, ParserError
    from gherkin.parser import Parser

    if text.count("\n") > _MOST_PARSED_LINES:
        return _as_text(text, name, f"it has more than {_MOST_PARSED_LINES:,} lines / 超过 {_MOST_PARSED_LINES:,} 行")
    try:
        document: Any = Parser().parse(text)
    except (CompositeParserException, ParserError) as error:
        return _as_text(text, name, _first_reason(error))
    feature = document.get("feature")
    if feature is None:
        return _as_text(text, name, "it holds no feature / 其中没有功能（Feature）")
    title = one_line(feature["name"], _LONGEST_NAME) or PurePath(name).stem
    return Reading(title, tuple(_sections(feature, title)), type="example")


def _first_reason(error: Exception) -> str:
    """Return the parser's first complaint, with its line."""
    first: Any = next(iter(getattr(error, "errors", None) or [error]))
    line = (getattr(first, "location", None) or {}).get("line", "?")
    reason = one_line(str(first).splitlines()[0].partition("): ")[2] or str(first), 300)
    return f"line {line} / 第 {line} 行: {reason}"


def _sections(feature: dict[str, Any], title: str) -> Iterator[Section]:
    """Yield what the feature says of itself, then its scenarios."""
    head = f"{feature['keyword']}: {title}"
    about = prose(feature.get("description"), 4000)
    if about or not feature["children"]:
        yield Section((), paragraphs([_tags(feature), head, about]))
    tags = _tags(feature)
    yield from _scenarios(feature, f"{tags}\n{head}".strip(), ())


def _scenarios(holder: dict[str, Any], head: str, trail: tuple[str, ...]) -> Iterator[Section]:
    """Yield the scenarios of a feature or rule, each below the backgrounds above it."""
    for child in holder["children"]:
        if "background" in child:
            head = f"{head}\n{_block(child['background'], _REPEATED)}"
        elif "rule" in child:
            rule = child["rule"]
            named = one_line(rule["name"], _LONGEST_NAME)
            said = "\n".join(part for part in (f"{rule['keyword']}: {named}", prose(rule.get("description"), 500)) if part)
            yield from _scenarios(rule, f"{head}\n{said}", (*trail, named or rule["keyword"]))
        else:
            yield from _scenario(child["scenario"], head, trail)


def _scenario(scenario: dict[str, Any], head: str, trail: tuple[str, ...]) -> Iterator[Section]:
    """Yield one scenario, or one for each stretch of its examples."""
    name = one_line(scenario["name"], _LONGEST_NAME) or scenario["keyword"]
    body = "\n".join(part for part in (head, _tags(scenario), _block(scenario)) if part)
    stretches = list(_examples(scenario)) or [""]
    for place, examples in enumerate(stretches):
        part = f" ({place + 1}/{len(stretches)})" if len(stretches) > 1 else ""
        yield Section((*trail, f"{name}{part}"), fenced(f"{body}\n{examples}".rstrip(), "gherkin"), whole=True)


def _block(node: dict[str, Any], limit: int = 0) -> str:
    """Write a background or scenario with its steps; `limit` characters at most, cut between lines."""
    lines = [f"{node['keyword']}: {one_line(node['name'], _LONGEST_NAME)}".rstrip()]
    lines += [f"  {line.strip()}" for line in node.get("description", "").splitlines() if line.strip()]
    for step in node["steps"]:
        lines.append(f"  {step['keyword']}{step['text']}")
        lines += _argument(step)
    return _cut("\n".join(lines), limit) if limit else "\n".join(lines)


def _argument(step: dict[str, Any]) -> Iterator[str]:
    """Yield a step's table or text."""
    if "dataTable" in step:
        yield from (_row(row) for row in step["dataTable"]["rows"])
    if "docString" in step:
        quotes = step["docString"]["delimiter"]
        yield from (f"    {line}" for line in (quotes, *step["docString"]["content"].splitlines(), quotes))


def _examples(scenario: dict[str, Any]) -> Iterator[str]:
    """Yield the tables of examples, each stretch of rows below its header."""
    for table in scenario.get("examples", []):
        head = [f"  {table['keyword']}: {one_line(table['name'], _LONGEST_NAME)}".rstrip()]
        tags = _tags(table)
        head += ([f"  {tags}"] if tags else []) + ([_row(table["tableHeader"])] if table.get("tableHeader") else [])
        rows = table.get("tableBody") or []
        for start in range(0, max(1, len(rows)), _ROWS_A_PIECE):
            yield "\n".join([*head, *(_row(row) for row in rows[start : start + _ROWS_A_PIECE])])


def _row(row: dict[str, Any]) -> str:
    cells = (cell["value"].replace("\\", "\\\\").replace("|", "\\|").replace("\n", "\\n") for cell in row["cells"])
    return f"    | {' | '.join(cells)} |"


def _tags(node: dict[str, Any]) -> str:
    return " ".join(tag["name"] for tag in node.get("tags", []))


def _cut(text: str, limit: int) -> str:
    return text if len(text) <= limit else f"{text[:limit].rpartition(chr(10))[0]}\n    …"


def _as_text(text: str, name: str, reason: str) -> Reading:
    """Return a file that could not be parsed as plain text, cut at its scenarios."""
    found = _FEATURE.search(text)
    title = one_line(found.group(1), _LONGEST_NAME) if found else ""
    note = f"(Not read as a feature file, kept as plain text / 未能按特性文件解析，按纯文本保留: {reason})"
    sections = [Section(trail, fenced(part, "gherkin"), whole=bool(trail)) for trail, part in _cut_at_scenarios(text)]
    return Reading(title or PurePath(name).stem, (Section((), note), *sections), type="example")


def _cut_at_scenarios(text: str) -> Iterator[tuple[tuple[str, ...], str]]:
    """Yield stretches of text, each beginning with a scenario's line but the first."""
    trail: tuple[str, ...] = ()
    lines: list[str] = []
    for line in text.splitlines():
        named = _SCENARIO.match(line)
        if named is not None:
            yield trail, "\n".join(lines).strip("\n")
            trail, lines = (one_line(named.group(1), _LONGEST_NAME) or line.strip()[:40],), []
        lines.append(line.rstrip())
    yield trail, "\n".join(lines).strip("\n")
