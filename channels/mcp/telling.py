"""What tools say besides their data: a card, a trace and lists as Markdown."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from channels.api.card_text import CardText
from channels.api.shapes import SentPassage, SentStage, SentTerm, SentTerms, SentWorkspace
from channels.mcp.shapes import Traced
from channels.texts import Texts, texts_in
from errors import Language
from formats.markdown import escape_markdown
from formats.printable import printable

if TYPE_CHECKING:
    from chains.cards.cards import ArtifactCard


def card_markdown(card: "ArtifactCard", link: str) -> str:
    """Return a whole card; `link` is where it is found on the page, or empty."""
    text = CardText(texts_in(card.language))
    head = text.head(f"{card.stage_title}: {card.title}", demonstration=card.demonstration)
    return head + text.end(card, link.format(artifact=card.artifact_id) if link else "")


def stages_text(stages: Sequence[SentStage]) -> str:
    """Return a line for each stage."""
    return "\n".join(f"- `{stage.name}`: {_plain(stage.title)}. {_plain(stage.about)}" for stage in stages)


def workspaces_text(rows: Sequence[SentWorkspace], language: Language) -> str:
    """Return a line for each workspace."""
    texts = texts_in(language)
    lines = [texts("mcp_workspace", name=_plain(row.name), count=row.artifacts, approved=row.approved) for row in rows]
    return "\n".join(f"- {line}" for line in lines)


def passages_text(passages: Sequence[SentPassage], language: Language) -> str:
    """Return passages with where they come from; where there are none near, that the knowledge is silent."""
    blocks = [
        f"{number}. **{_plain(one.title)}** › {_plain(one.breadcrumb)}\n\n{_plain(one.text)}"
        for number, one in enumerate(passages, 1)
    ]
    silent = all(one.kept for one in passages)
    return "\n\n".join([*([texts_in(language)("silent")] if silent else []), *blocks])


def terms_text(found: SentTerms, language: Language) -> str:
    """Return terms with their meaning and what must not stand for them, or what is near."""
    texts = texts_in(language)
    if found.items:
        return "\n\n".join(_term(one, texts) for one in found.items)
    near = ", ".join(map(_plain, found.near))
    return texts("mcp_near", names=near) if near else texts("mcp_no_term")


def trace_text(traced: Traced, language: Language) -> str:
    """Return the artifacts, then a block for each thread; what is missing and what is stale is marked."""
    texts = texts_in(language)
    lines = [texts("mcp_trace", name=_plain(traced.workspace), rows=len(traced.rows), gaps=traced.gaps, stale=traced.stale), ""]
    lines += [
        f"- {_plain(one.stage_title)}: {_plain(one.title)} (`{one.id}`, v{one.version}, {texts(f'status_{one.status}')})"
        for one in traced.artifacts
    ]
    for row in traced.rows:
        lines.append("")
        for stage, items in row.items.items():
            told = "; ".join(
                f"{_plain(item.item)} {_plain(item.title)}{_stale(item.reason, texts) if item.stale else ''}" for item in items
            )
            lines.append(f"- `{stage}`: {told or (texts('mcp_missing') if stage in row.gaps else '-')}")
    return "\n".join(lines)


def _stale(reason: str, texts: Texts) -> str:
    return f" [{texts('mcp_stale')} {_plain(reason)}]"


def _term(term: SentTerm, texts: Texts) -> str:
    names = " · ".join(_plain(name) for name in (term.en, term.zh) if name)
    lines = [f"**{names}** ({_plain(term.kind)})"]
    if term.how != "name":
        lines.append(texts(f"mcp_{term.how}", written=_plain(term.written)))
    lines += [_plain(meaning) for meaning in term.definition.values() if meaning]
    return "\n".join(lines)


def _plain(text: str) -> str:
    return escape_markdown(printable(text))
