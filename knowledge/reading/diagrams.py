"""Reads the sources of diagrams (Mermaid, PlantUML) without ever running them: the source as it is, and the names in it as words."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePath
from typing import Final

from knowledge.reading.prose import fenced, one_line, some
from knowledge.reading.section import CannotRead, Reading, Section

# A diagram up to this many lines stays one piece.
_LINES_A_PIECE: Final = 60
_LONGEST: Final = 2_000_000
_LONGEST_LINE: Final = 400
_NAMES: Final = 120
_ARROWS_A_LINE: Final = 12

_START = re.compile(r"\s{0,40}@start(\w{1,20})\b[ \t]*(.*)$")
_END = re.compile(r"\s{0,40}@end\w{1,20}\b")
_TITLE = re.compile(r"\s{0,40}(?:title|accTitle)[: \t]\s{0,10}(\S.*)$", re.IGNORECASE)
_COMMENT = re.compile(
    r"\s*(?:%%|'|!|skinparam\b|hide\b|show\b|left to right|top to bottom|direction\b|classDef\b|style\b|linkStyle\b|click\b)"
)
_NOTED = re.compile(r"\s*(?:note|Note)\b")
_DECLARED = re.compile(
    r"\s*(?:abstract\s+class|abstract|class|interface|enum|entity|annotation|object|participant|actor|boundary|control|database"
    r"|collections|queue|component|node|package|namespace|subgraph|state|usecase|rectangle|folder|cloud|artifact|section|requirement"
    r"|map|struct|create\s+participant|create\s+actor)\s+(.*)$"
)
_NAME = re.compile(r'"([^"\n]{1,200})"|\[([^\]\n]{1,200})\]|([\w.\u4e00-\u9fff-]{1,120}(?:~[\w, ]{1,60}~)?)')
_ALIAS = re.compile(r'\bas\s+(?:"([^"\n]{1,200})"|([^\s{<:]{1,200}))')
# An arrow of either notation, with the colour or direction that PlantUML puts into it and the label Mermaid puts behind it.
_ARROW = re.compile(
    r"(?:<\||<<|\|\||\}[o|]|\|o|[<*]|(?<!\w)[ox](?=-))?"
    r"(?:-(?:\[[^\]\n]{0,40}\]|left|right|up|down)?-|==|-\.|\.\.|~~|->|<-|-\)|-x(?![a-z0-9]))"
    r"[-=.]{0,8}(?:\|\||\|\{|o\{|o\||\|>|>{1,2}|\*|[ox)/\\](?![a-z0-9]))?(?:\|[^|\n]{0,200}\|)?"
)
_MIDDLE_LABEL = re.compile(r"(?:--|==|-\.)\s{1,5}([^-=.|\n]{1,120}?)\s{1,5}(?:-->|==>|\.->)")
_BEHIND_LABEL = re.compile(r">\|([^|\n]{1,200})\|")
_NODE = re.compile(r'(?<!\w)(\w{1,80})(?:@\{|[\[({>]{1,3})"?([^\[\](){}"\n]{1,200})')
_BLOCK = re.compile(r"\s{0,40}([\w.\u4e00-\u9fff-]{1,120})\s{0,5}(?:\[[^\]\n]{0,100}\]\s?)?\{")
_END_NAME = re.compile(
    r'"([^"\n]{1,200})"|\[([^\[\]\n*]{1,200})\]|\(([^()\n*]{1,200})\)|:([^:\n]{1,100}):|([\w.\u4e00-\u9fff-]{1,120})'
)
# What stands at an arrow's end and is no name.
_COUNT = re.compile(r"[\d.*n+]{1,12}|many|one|zero or more|one or more|as")
_KINDS: Final = (
    ("sequenceDiagram", "sequence diagram"),
    ("classDiagram", "class diagram"),
    ("stateDiagram", "state diagram"),
    ("erDiagram", "entity diagram"),
    ("flowchart", "flow chart"),
    ("graph", "flow chart"),
    ("gantt", "Gantt chart"),
    ("journey", "user journey"),
    ("mindmap", "mind map"),
    ("timeline", "timeline"),
    ("C4", "C4 diagram"),
    ("gitGraph", "git graph"),
    ("requirementDiagram", "requirement diagram"),
    ("pie", "pie chart"),
)


@dataclass(frozen=True)
class _Diagram:
    """One diagram: what it is, its title, and its source's lines."""

    notation: str
    kind: str
    title: str
    lines: list[str]


def read_diagram(text: str, name: str) -> Reading:
    """Return a section a diagram, large ones in several; nothing is run, no `!include` is followed.

    Raises CannotRead beyond two million characters.
    """
    if len(text) > _LONGEST:
        raise CannotRead(
            f"Its source is longer than {_LONGEST:,} characters, the limit for a diagram: split it.",
            f"图的源文件超过 {_LONGEST:,} 个字符的上限：请拆分。",
        )
    lines = [line.rstrip()[:_LONGEST_LINE] for line in text.splitlines()]
    stem = PurePath(name).stem
    diagrams = list(_plantuml(lines, stem) if any(map(_START.match, lines)) else _mermaid(lines, stem))
    sections = tuple(section for diagram in diagrams for section in _sections(diagram))
    return Reading(diagrams[0].title if len(diagrams) == 1 else stem, sections)


def _plantuml(lines: list[str], stem: str) -> Iterator[_Diagram]:
    """Yield what stands between each @start and @end; text around them is kept with the next."""
    held: list[str] = []
    kind, title = "uml", ""
    for line in lines:
        begun = _START.match(line)
        if begun:
            kind, title = begun.group(1), title or begun.group(2)
        held.append(line)
        if _END.match(line):
            yield _Diagram("plantuml", _plantuml_kind(kind, held), _titled(held) or title or stem, held)
            held, title = [], ""
    if any(line.strip() for line in held):
        yield _Diagram("plantuml", _plantuml_kind(kind, held), _titled(held) or title or stem, held)


def _mermaid(lines: list[str], stem: str) -> Iterator[_Diagram]:
    """Yield the one diagram of a Mermaid file; its kind is its first word, PlantUML without its frame has none."""
    body = (line.strip() for line in lines if line.strip() and not line.lstrip().startswith(("%%", "---", "title:", "config:")))
    first = next(body, "")
    kind = next((words for word, words in _KINDS if first.startswith(word)), "diagram")
    yield _Diagram("mermaid", kind, _titled(lines) or stem, lines)


def _plantuml_kind(kind: str, lines: list[str]) -> str:
    """Return what a PlantUML source draws, from the words its lines begin with."""
    if kind != "uml":
        return {"mindmap": "mind map", "gantt": "Gantt chart", "wbs": "work breakdown", "salt": "screen sketch"}.get(
            kind, "diagram"
        )
    words = {line.split(None, 1)[0] for line in lines if line.strip()}
    signs = (
        ({"participant", "autonumber", "activate", "alt", "return"}, "sequence diagram"),
        ({"class", "interface", "enum", "abstract"}, "class diagram"),
        ({"[*]", "state"}, "state diagram"),
        ({"usecase", "rectangle"}, "use case diagram"),
        ({"start", "if", ":"}, "activity diagram"),
    )
    return next((named for begun, named in signs if words & begun), "diagram")


def _titled(lines: list[str]) -> str:
    """Return the title that a diagram gives itself."""
    found = next(filter(None, map(_TITLE.match, lines)), None)
    return one_line(found.group(1).strip("\"'"), 200) if found else ""


def _sections(diagram: _Diagram) -> Iterator[Section]:
    """Yield the diagram as one piece, or in stretches that end where a block ends."""
    large = len(diagram.lines) > _LINES_A_PIECE
    blocks = [lines for lines in (_stretches(diagram.lines) if large else [diagram.lines]) if any(map(str.strip, lines))]
    for place, lines in enumerate(blocks):
        part = f" ({place + 1}/{len(blocks)})" if len(blocks) > 1 else ""
        names, said = _words(lines, flow=diagram.kind == "flow chart")
        told = [f"{diagram.title} ({diagram.notation} {diagram.kind}){part}"]
        told += [f"Names: {some(names, _NAMES, len(names))}"] if names else []
        told += [f"Relations: {some(said, _NAMES, len(said))}"] if said else []
        source = fenced("\n".join(lines).strip("\n"), diagram.notation)
        yield Section((f"{diagram.title}{part}",), "\n\n".join([*told, source]), whole=True)


def _stretches(lines: list[str]) -> Iterator[list[str]]:
    """Cut a large diagram between its blocks where it can be: a class is not parted from its attributes."""
    held: list[str] = []
    depth = 0
    for line in lines:
        held.append(line)
        depth += (line.rstrip().endswith("{")) - (line.strip() == "}")
        # A block of hundreds of lines, or one that never ends, is cut all the same.
        if (len(held) >= _LINES_A_PIECE and depth <= 0) or len(held) >= 2 * _LINES_A_PIECE:
            yield held
            held, depth = [], 0
    yield held


def _words(lines: list[str], *, flow: bool) -> tuple[list[str], list[str]]:
    """Return the names of classes, participants, states and nodes, and what is said on the relations between them."""
    names: dict[str, None] = {}
    said: dict[str, None] = {}
    for line in lines:
        if not line.strip() or _COMMENT.match(line) or _NOTED.match(line):
            continue
        declared, block = _DECLARED.match(line), _BLOCK.match(line)
        if declared:
            names.update(dict.fromkeys(_declared(declared.group(1))))
        elif _ARROW.search(line):
            ends, label = _relation(line, said)
            names.update(dict.fromkeys(ends))
            said.update({label: None})
        elif block and not flow:
            names[block.group(1)] = None
        if flow and not declared:
            names.update((one_line(found.group(2), 120), None) for found in _NODE.finditer(line))
    return [name for name in names if name], [text for text in said if text]


def _declared(rest: str) -> Iterator[str]:
    """Yield a declared thing's name, and its other name where it has one."""
    for found in (_NAME.match(rest.lstrip()), _ALIAS.search(rest)):
        if found:
            yield one_line(next((group for group in found.groups() if group), ""), 120)


def _relation(line: str, said: dict[str, None]) -> tuple[list[str], str]:
    """Return what stands at the ends of a line's arrows, and what is said of them behind a colon; labels on arrows go to `said`."""
    said.update((one_line(label, 120), None) for pattern in (_MIDDLE_LABEL, _BEHIND_LABEL) for label in pattern.findall(line))
    line = _MIDDLE_LABEL.sub("-->", line)
    head, _, label = line.partition(": ") if ": " in line else line.partition(" :")
    if not _ARROW.search(head):
        head, label = line, ""
    first, *others = _ARROW.split(head, maxsplit=_ARROWS_A_LINE)
    ends = _names_in(first)[-1:] + [name for other in others for name in _names_in(other)[:1]]
    return ends, one_line(label, 120)


def _names_in(side: str) -> list[str]:
    """Return the names on one side of an arrow, without how many take part."""
    found = (next(group for group in match if group) for match in _END_NAME.findall(_NODE.sub(r" \1 ", side)))
    return [one_line(name, 120) for name in found if not _COUNT.fullmatch(name)]
