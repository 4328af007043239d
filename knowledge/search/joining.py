"""Joins passages of one asset that stand side by side into one piece that reads well."""

import re
from collections.abc import Sequence

from knowledge.intake.splitting import tokens_in
from records.assets import Passage

# A joined piece is no longer than this; a hit shorter than that is looked at together with its neighbour.
MOST_TOKENS, SHORT_TOKENS = 300, 40

_TABLE_RULE = re.compile(r"\|?[\s:|-]*-[\s:|-]*\|?")


def fits(passages: Sequence[Passage], other: Passage) -> bool:
    """Tell whether a passage stands beside these (of one asset, in order), under the same heading, and is short enough."""
    beside = other.place in {passages[0].place - 1, passages[-1].place + 1}
    same = other.asset == passages[0].asset and other.breadcrumb == passages[0].breadcrumb
    return beside and same and other.tokens + sum(passage.tokens for passage in passages) <= MOST_TOKENS


def joined(passages: Sequence[Passage], other: Passage) -> tuple[Passage, ...]:
    """Return the passages with another one, in reading order."""
    return tuple(sorted((*passages, other), key=lambda passage: passage.place))


def joined_text(passages: Sequence[Passage]) -> tuple[str, int]:
    """Return what stands in the passages, and its tokens; a table that was cut is one table again, under one header."""
    text = passages[0].text
    for passage in passages[1:]:
        lines = passage.text.split("\n")
        header = "\n".join(lines[:2])
        if len(lines) > 2 and _TABLE_RULE.fullmatch(lines[1].strip()) and header in text and text.endswith("|"):
            text = "\n".join([text, *lines[2:]])
        else:
            text = f"{text}\n\n{passage.text}"
    return text, tokens_in(text) if len(passages) > 1 else passages[0].tokens
