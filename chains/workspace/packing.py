"""The files of a workspace as a zip holds them: an index, every artifact in the notations of its stage, drawings, the trace."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import quote

from chains.cards.cards import Opened, cited
from chains.sentences import say
from chains.workspace.artifact_files import SUFFIX
from chains.workspace.trace import TraceTable, trace_sheet
from errors import AssistantError, Language
from formats.archive import ArchiveError, file_name, unpack, without_moments
from formats.markdown import escape_markdown
from stages.declaration import Notation
from stages.notations import all_notations

# What an office program opens is made of the same document as Markdown, and would weigh more than all the rest; the generator of
# Spring code takes seconds for each API. Both can be had from the artifact itself.
_LEFT_OUT = frozenset({"docx", "html", "xlsx", "csv", "json", "spring"})
INDEX, TRACE = "README.md", "trace.xlsx"


@dataclass(frozen=True)
class Packed:
    """An artifact as it is packed: opened for the person, and its file with all versions."""

    opened: Opened
    filed: str


async def packed_files(name: str, artifacts: Sequence[Packed], trace: TraceTable, language: Language) -> dict[str, bytes]:
    """Return the files of a workspace by name; what a notation cannot hold is told in the index."""
    files: dict[str, bytes] = {}
    lines = [f"# {escape_markdown(name)}", "", say("pack-about", language), "", *_head(language)]
    for number, one in enumerate(artifacts, 1):
        base = _base(number, one.opened)
        # Rendering and drawing take their time: others are served meanwhile.
        made, untold = await asyncio.to_thread(_files, one, base)
        files |= made
        lines.append(_line(one.opened, sorted(made), base, language))
        lines += [f"| | | | {escape_markdown(text)} |" for text in untold]
    files[TRACE] = await asyncio.to_thread(_workbook, trace, language)
    lines += ["", say("pack-trace", language, gaps=trace.gaps, stale=trace.stale, file=TRACE)]
    files[INDEX] = ("\n".join(lines) + "\n").encode()
    return files


def _files(one: Packed, base: str) -> tuple[dict[str, bytes], list[str]]:
    """Return the files of one artifact, and what could not be made of it."""
    opened, stage = one.opened, one.opened.stage.stage
    files = {f"{base}{SUFFIX}": one.filed.encode()}
    untold: list[str] = []
    language = opened.version.artifact.language
    for name, notation in all_notations(stage).items():
        if name in _LEFT_OUT:
            continue
        try:
            content = notation.render(opened.artifact, language, cited(opened))
        except AssistantError as error:
            untold.append(f"{notation.title[language]}: {error.sentence(language)}")
            continue
        files |= _placed(base, name, notation, content, files)
    drawn, undrawn = _drawings(opened, base)
    return files | drawn, untold + undrawn


def _placed(base: str, name: str, notation: Notation, content: bytes, files: dict[str, bytes]) -> dict[str, bytes]:
    """Return a notation's file; what is a zip itself becomes a folder, so that its files can be used where they lie."""
    if notation.suffix.endswith("zip"):
        folder = base if name == "zip" else f"{base}-{file_name(name.removesuffix('.zip'))}"
        try:
            return {f"{folder}/{path}": text for path, text in unpack(content).files.items()}
        except ArchiveError:
            return {f"{folder}.zip": content}
    plain = f"{base}.{notation.suffix}"
    return {plain if plain not in files else f"{base}-{file_name(name)}.{notation.suffix}": content}


def _drawings(opened: Opened, base: str) -> tuple[dict[str, bytes], list[str]]:
    """Return the diagrams as SVG with their sources beside them."""
    from formats.mermaid_svg import MermaidError, svg

    language = opened.version.artifact.language
    files: dict[str, bytes] = {}
    undrawn: list[str] = []
    for diagram in opened.stage.stage.diagrams(opened.artifact, language):
        path = f"{base}/{file_name(diagram.name)}"
        files[f"{path}.mmd"] = diagram.mermaid.encode()
        if diagram.plantuml:
            files[f"{path}.puml"] = diagram.plantuml.encode()
        try:
            files[f"{path}.svg"] = svg(diagram.mermaid)
        except MermaidError:
            undrawn.append(f"{diagram.title}: {say('not-drawn', language)}")
    return files, undrawn


def _workbook(trace: TraceTable, language: Language) -> bytes:
    from formats.xlsx import workbook

    return without_moments(workbook([trace_sheet(trace, language)]))


def _base(number: int, opened: Opened) -> str:
    """Return where an artifact's files lie, by its place in the life cycle: no two artifacts share it."""
    stage = opened.stage
    return f"{stage.stage.place}-{file_name(stage.name.replace('_', '-'))}/{number:02}-{file_name(opened.version.artifact.title)}"


def _head(language: Language) -> list[str]:
    return [f"| {say('pack-columns', language)} |", "|---|---|---|---|"]


def _line(opened: Opened, names: Sequence[str], base: str, language: Language) -> str:
    artifact = opened.version.artifact
    folder = base.rsplit("/", 1)[0] + "/"
    # A folder of many files, such as a skeleton, is one link.
    within = [name.removeprefix(folder).partition("/") for name in names]
    shown = dict.fromkeys(first + slash for first, slash, _ in within)
    links = ", ".join(f"[{escape_markdown(name)}]({quote(folder + name)})" for name in shown)
    status = say(f"pack-{artifact.status}", language, version=artifact.current)
    return f"| {opened.stage.stage.title[language]} | {escape_markdown(artifact.title)} | {status} | {links} |"
