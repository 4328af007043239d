"""Estimates are rather too high than too low."""

import pytest

from chains.answering.tokens import estimated_tokens


@pytest.mark.parametrize(
    ("text", "least", "most"), [("", 0, 0), ("a", 1, 1), ("word " * 100, 100, 200), ("冻结卡片" * 25, 60, 100)]
)
def test_an_estimate_lies_near_and_above_the_usual(text: str, least: int, most: int) -> None:
    assert least <= estimated_tokens(text) <= most


def test_mixed_text_counts_both() -> None:
    assert estimated_tokens("冻结 card") <= estimated_tokens("冻结") + estimated_tokens(" card")
    assert estimated_tokens("冻结 card") > estimated_tokens("冻结")
