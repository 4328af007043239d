"""The token plan: fixed shares for what a prompt holds, trimmed in whole pieces from the least relevant."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from chains.answering.tokens import estimated_tokens
from chains.endpoint.asking import Abilities
from errors import BriefError
from stages.material import Material, Source

_Piece = TypeVar("_Piece")

# Shares of the context: the reply first, then what the request brings. What is not used falls to the passages.
REPLY_SHARE = 0.35
TERMS_SHARE = 0.12
UPSTREAM_SHARE = 0.25
OFFERED_SHARE = 0.15
# Estimates are rough and chat templates add tokens of their own.
MARGIN = 0.95
# What stands around each piece: its key, its line breaks.
PIECE_TOKENS = 8


@dataclass(frozen=True)
class Plan:
    """What fits: the material trimmed, how many examples, the reply's tokens, and the shares as they are shown to a person."""

    material: Material
    examples: int
    reply_tokens: int
    shares: dict[str, int]


def plan(
    material: Material, abilities: Abilities, *, rules: str, examples: Sequence[str], schema: str, reply_tokens: int
) -> Plan:
    """Return what fits into the endpoint's context.

    Raises BriefError where the rules and the brief, or the first item that it rests on, do not fit.
    """
    whole = int(abilities.context_tokens * MARGIN)
    reply = min(reply_tokens, int(whole * REPLY_SHARE))
    fixed = estimated_tokens(rules) + estimated_tokens(schema) + 60
    brief = estimated_tokens(material.brief)
    left = whole - reply - fixed - brief
    first = sum(estimated_tokens(item.text) + PIECE_TOKENS for item in material.upstream[:1])
    if left < first:
        raise BriefError(
            "The brief is longer than the model can read. Shorten it, or split it into several briefs.",
            "简报超出了模型可读取的长度。请缩短，或拆成几份简报。",
            detail=f"brief {brief}, upstream {first}, rules {fixed}, reply {reply}, context {abilities.context_tokens} tokens",
        )
    share = min(left, max(int(whole * UPSTREAM_SHARE), left // 2, first))
    upstream, left = _fitting(material.upstream, lambda item: item.text, share, left)
    shown, left = _fitting(examples, str, left // 2, left)
    terms, left = _fitting(
        material.terms, lambda term: f"{term.name}: {term.definition}", min(left, int(whole * TERMS_SHARE)), left
    )
    offered, left = _fitting(
        [source for source in material.sources if source.is_offered], _source_text, min(left, int(whole * OFFERED_SHARE)), left
    )
    found, left = _fitting([source for source in material.sources if not source.is_offered], _source_text, left, left)
    sources = (*found, *offered)
    trimmed = replace(material, upstream=upstream, terms=terms, sources=sources)
    shares = {
        "rules": fixed,
        "examples": sum(estimated_tokens(example) for example in shown),
        "terms": sum(estimated_tokens(f"{term.name}: {term.definition}") for term in terms),
        "passages": sum(estimated_tokens(source.text) for source in sources),
        "upstream": sum(estimated_tokens(item.text) for item in upstream),
        "brief": brief,
        "reply": reply,
        "context": abilities.context_tokens,
    }
    return Plan(trimmed, len(shown), reply, shares)


def _source_text(source: Source) -> str:
    return f"{source.title} {source.breadcrumb} {source.text}"


def _fitting(pieces: Sequence[_Piece], text: Callable[[_Piece], str], most: int, left: int) -> tuple[tuple[_Piece, ...], int]:
    """Return the first pieces that fit into `most` tokens, and what is left of the whole after them."""
    kept: list[_Piece] = []
    used = 0
    for piece in pieces:
        cost = estimated_tokens(text(piece)) + PIECE_TOKENS
        if used + cost > most:
            break
        kept.append(piece)
        used += cost
    return tuple(kept), left - used
