"""An answer as text that reads well in a terminal and in a Markdown file: items, sources, findings, and what to do next."""

import shlex
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from channels.terminal.harmless import harmless, one_line
from channels.terminal.texts import TerminalTexts
from channels.texts import within_a_sentence
from stages.findings import Finding, Mended
from stages.material import Source

if TYPE_CHECKING:
    from chains.cards.cards import ArtifactCard, ItemCard
    from chains.events import Request
    from channels.terminal.answer import Answer

# Enough of a passage to know it again; the page shows it whole, and so does --json.
_PASSAGE_CHARACTERS = 240
_GRAVEST_FIRST = ("error", "warning", "hint")


def card_text(card: "ArtifactCard", request: "Request", texts: TerminalTexts) -> str:
    """Return an artifact as text."""
    numbers = {source.key: number for number, source in enumerate(card.sources, 1)}
    ids = {item.view.id for item in card.items}
    whole = [finding for finding in card.findings if finding.item not in ids]
    blocks = [
        f"# {one_line(card.title)}",
        _identity(card, texts),
        *(_item(item, numbers, texts) for item in card.items),
        _section(texts("label_sources"), [*([texts("silent")] if card.silent else []), *_sources(card.sources)]),
        _section(texts("label_findings"), findings_lines(whole, texts)),
        _section(texts("label_mended"), _mends(card.mends)),
        _section(texts("label_assumptions"), [f"- {one_line(question)}" for question in card.questions]),
        _section(texts("cli_glossary"), [f"- {one_line(term.name)}: {one_line(term.definition)}" for term in card.terms]),
        _section(texts("cli_next"), _next(card, request, texts)),
    ]
    return "\n\n".join(block for block in blocks if block)


def answer_text(answer: "Answer", request: "Request", texts: TerminalTexts) -> str:
    """Return the questions of an answer, or what is kept of one that failed."""
    if answer.asked is not None:
        questions = [f"{number}. {one_line(question)}" for number, question in enumerate(answer.asked.questions, 1)]
        examples = [f"    {_ask(request, request.stage, example)}" for example in answer.asked.examples]
        return "\n".join([texts("cli_questions"), *questions, "", texts("cli_examples"), *examples])
    blocks = [
        _section(texts("label_draft"), [harmless(answer.kept_draft)] if answer.kept_draft else []),
        _section(texts("label_findings"), findings_lines(answer.findings, texts)),
    ]
    return "\n\n".join(block for block in blocks if block)


def findings_lines(findings: Iterable[Finding], texts: TerminalTexts) -> list[str]:
    """Return a line for each finding, the gravest first."""
    ordered = sorted(findings, key=lambda finding: _GRAVEST_FIRST.index(finding.severity))
    return [f"- {texts(f'label_{finding.severity}')} {one_line(finding.message)}" for finding in ordered]


def _identity(card: "ArtifactCard", texts: TerminalTexts) -> str:
    """Return what the artifact is, who wrote it, and a warning where that was the demonstration model."""
    identity = texts(
        "cli_identity",
        stage=one_line(card.stage_title),
        status=texts(f"status_{card.status or 'draft'}"),
        id=card.artifact_id,
        version=card.version,
        model=one_line(card.model),
    )
    return f"{identity}\n{texts('demonstration_about')}" if card.demonstration else identity


def _item(item: "ItemCard", numbers: dict[str, int], texts: TerminalTexts) -> str:
    view = item.view
    cited = "".join(f"[{numbers[key]}]" for key in view.sources if key in numbers)
    lines = [f"{'  ' * line.depth}- {one_line(f'{line.keyword} {line.text}')}" for line in view.lines]
    about = [texts("rests_on", item=", ".join(view.links))] if view.links else []
    about += [f"{texts('label_sources')} {cited}"] if cited else []
    heading = f"## {one_line(f'{view.id} {view.title}')}"
    return "\n".join([heading, *lines, *(f"- {fact}" for fact in about), *findings_lines(item.findings, texts)])


def _section(title: str, lines: Sequence[str]) -> str:
    """Return a section, or nothing where it would be empty."""
    return "\n".join([f"## {title}", *lines]) if lines else ""


def _sources(sources: Iterable[Source]) -> list[str]:
    lines = []
    for number, source in enumerate(sources, 1):
        text = one_line(source.text)
        shown = f"{text[:_PASSAGE_CHARACTERS]}…" if len(text) > _PASSAGE_CHARACTERS else text
        lines += [f"{number}. {one_line(f'{source.title} · {source.breadcrumb} ({source.shelf})')}", f"   {shown}"]
    return lines


def _mends(mends: Iterable[Mended]) -> list[str]:
    return [one_line(f"- {mend.item}{': ' if mend.item else ''}{mend.before} → {mend.after or '∅'}") for mend in mends]


def _next(card: "ArtifactCard", request: "Request", texts: TerminalTexts) -> list[str]:
    """Return the commands by which a person goes on."""
    lines = [f"- {texts('cli_next_page')}", "    stagecraft serve"]
    for name, title in card.notations:
        command = f"stagecraft export {card.artifact_id} --as {name} --output {card.artifact_id}.{name}"
        lines += [f"- {texts('cli_next_export', title=title)}", f"    {command}"]
    for stage in card.next:
        title = within_a_sentence(stage.title)
        brief = "-" if stage.paste else ""
        lines += [f"- {texts('cli_next_stage', stage=title)}", f"    {_ask(request, stage.name, brief, card.artifact_id)}"]
    return lines


def _ask(request: "Request", stage: str, brief: str, upstream: str = "") -> str:
    """Return a command to be copied; a model's words are quoted, so that no shell runs them."""
    words = ["stagecraft", "ask", stage, one_line(brief)]
    words += ["--upstream", upstream] if upstream else []
    words += ["--workspace", request.workspace] if request.workspace != "default" else []
    return shlex.join(words)
