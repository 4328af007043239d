"""What is kept between two loads, and how rows are put together from it."""

from dataclasses import replace

import numpy as np
import pytest

from knowledge.search.holdings import Holdings
from knowledge.search.stock import Stock, Vectors
from records.assets import Asset, Passage, text_hash
from records.database import now

RULE = Asset(
    id="rule", pack="bank", path="a.md", content_hash="1", title="Limits", shelf="rules", type="domain-rule", owner="",
    groups=("everyone",), status="approved", language="en", updated=now(),
)  # fmt: skip
PAPER = replace(RULE, id="paper", path="b.md", groups=("board",), title="Paper")
DRAFT = replace(RULE, id="draft", path="c.md", status="draft", uploaded_by="ana")
RULE_ZH = replace(RULE, id="zh", path="d.md", language="zh")
EMPTY = Holdings((), 0)


def pieces(asset: Asset, *texts: str) -> list[Passage]:
    return [
        Passage(f"{asset.id}-{place}", asset.id, place, "Limits", text, text_hash("Limits", text), asset.language, 3)
        for place, text in enumerate(texts)
    ]


def stocked() -> Stock:
    stock = Stock()
    assets = [RULE, PAPER, DRAFT, RULE_ZH]
    assert stock.differing(assets) == assets
    told = [
        *pieces(RULE, "transfer limit", "card fee"),
        *pieces(PAPER, "transfer"),
        *pieces(DRAFT, "x"),
        *pieces(RULE_ZH, "转账"),
    ]
    stock.take(assets, told)
    stock.keep_only(assets)
    return stock


def together(stock: Stock, former: Holdings = EMPTY, found: dict[str, bytes] | None = None) -> Holdings:
    shelves = stock.shelves()
    vectors = {shelf.language: Vectors(shelf.texts, 2, former.half(shelf.language)) for shelf in shelves}
    for rows in vectors.values():
        rows.put({text: raw for text, raw in (found or {}).items() if text in rows.missing})
    return stock.holdings(shelves, vectors, former)


def raw(*numbers: float) -> bytes:
    return np.array(numbers, dtype="<f4").tobytes()


def test_rows_of_one_partition_stand_together_and_a_draft_has_its_person_s_own() -> None:
    half = together(stocked()).half("en")
    assert half is not None
    assert half.ids == ("draft-0", "paper-0", "rule-0", "rule-1")
    assert [(part.name, part.start, part.stop) for part in half.parts] == [
        ("en:@ana", 0, 1), ("en:board", 1, 2), ("en:everyone", 2, 4),
    ]  # fmt: skip
    assert half.parts[0].open_to(frozenset(["@ana"]))
    assert not half.parts[0].open_to(frozenset(["ana", "board"]))
    assert half.word_index.scores(["transfer"]).argmax() in (1, 2)


def test_only_what_changed_is_read_again() -> None:
    stock = stocked()
    assert stock.differing([RULE, replace(PAPER, content_hash="2"), replace(RULE_ZH, shelf="other")])[0].id == "paper"
    stock.keep_only([replace(RULE, shelf="other"), RULE_ZH])
    half = together(stock).half("en")
    assert half is not None
    assert (half.ids, half.shelves) == (("rule-0", "rule-1"), ("other", "other"))


def test_a_word_index_is_taken_over_while_its_passages_stay() -> None:
    stock = stocked()
    first = together(stock)
    again = together(stock, first)
    assert [half.word_index for half in again.halves] == [half.word_index for half in first.halves]
    stock.keep_only([RULE, RULE_ZH])
    later = together(stock, again)
    assert later.halves[0].word_index is not first.halves[0].word_index
    assert later.halves[1].word_index is first.halves[1].word_index


def test_vectors_follow_their_texts_when_rows_move() -> None:
    stock = stocked()
    known = {text_hash("Limits", "transfer limit"): raw(1, 0), text_hash("Limits", "转账"): raw(0, 1)}
    first = together(stock, found=known)
    assert first.waiting == 3
    stock.keep_only([RULE, RULE_ZH])
    half = together(stock, first).half("en")
    assert half is not None
    assert half.vectors.tolist() == [[1, 0], [0, 0]]
    assert half.embedded.tolist() == [True, False]
    assert half.mean.tolist() == [1, 0]


def test_new_vectors_never_show_in_holdings_that_are_searched() -> None:
    stock = stocked()
    first = together(stock)
    then = together(stock, first, {text_hash("Limits", "card fee"): raw(0, 1)})
    assert (first.waiting, then.waiting) == (5, 4)
    assert not first.halves[0].embedded.any()


def test_a_vector_of_another_length_is_no_vector_and_twin_texts_share_one() -> None:
    stock = Stock()
    stock.take([RULE], pieces(RULE, "same", "same", "other"))
    name = text_hash("Limits", "same")
    found = together(stock, found={name: raw(0, 1), text_hash("Limits", "other"): raw(1, 2, 3)})
    assert found.waiting == 1
    assert found.halves[0].vectors[:2].tolist() == [[0, 1], [0, 1]]


@pytest.mark.parametrize("dimensions", [0, 2])
def test_an_empty_stock_has_no_halves(dimensions: int) -> None:
    assert Stock().shelves() == []
    assert Vectors((), dimensions, None).missing == []
