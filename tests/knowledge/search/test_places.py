"""Who gets the places of a search: what was found, what stands side by side, and what a stage always considers."""

from datetime import UTC, datetime

import pytest

from knowledge.search.places import Candidate, dealt
from knowledge.search.ranking import Ranked
from records.assets import Asset, Passage


def candidate(asset: str, place: int = 0, *, standing: bool = False, tokens: int = 100, breadcrumb: str = "") -> Candidate:
    name = f"{asset}.{place}"
    owner = Asset(
        asset, "p", f"{asset}.md", "h", asset, "rules", "document", "o", ("everyone",), "approved", "en", datetime.now(UTC)
    )
    passage = Passage(name, asset, place, breadcrumb or asset, f"Text {name}.", name, "en", tokens)
    return Candidate(Ranked(name, 0.5, 0.5, 0.5, standing), passage, owner)


def names(candidates: list[Candidate], limit: int = 6, *, silent: bool = False) -> list[str]:
    return [piece.best.passage.id for piece in dealt(candidates, limit, silent=silent)]


def test_what_was_found_keeps_its_order() -> None:
    assert names([candidate("b"), candidate("a"), candidate("c")]) == ["b.0", "a.0", "c.0"]


def test_no_more_places_than_asked_for() -> None:
    assert len(names([candidate(f"a{n}") for n in range(9)], 4)) == 4


def test_one_asset_gets_two_places_at_most() -> None:
    assert names([candidate("a", 0), candidate("a", 5), candidate("a", 9), candidate("b")]) == ["a.0", "a.5", "b.0"]


def test_passages_side_by_side_share_a_place_in_reading_order() -> None:
    (piece, other) = dealt([candidate("a", 3), candidate("b"), candidate("a", 2), candidate("a", 4)], 6, silent=False)
    assert piece.best.passage.id == "a.3"
    assert [passage.place for passage in piece.passages] == [2, 3, 4]
    assert other.best.asset.id == "b"


def test_a_joined_piece_stays_within_its_bound_and_under_its_heading() -> None:
    assert len(names([candidate("a", 1, tokens=200), candidate("a", 2, tokens=150)])) == 2
    assert len(names([candidate("a", 1), candidate("a", 2, breadcrumb="a › other")])) == 2


def test_a_third_of_the_places_at_most_is_kept_for_standing_assets_the_nearest_first() -> None:
    found = [candidate(f"rule{n}") for n in range(8)]
    standing = [candidate(f"guide{n}", standing=True) for n in range(4)]
    pieces = dealt([*found, *standing], 6, silent=False)
    assert [piece.best.asset.id for piece in pieces] == ["rule0", "rule1", "guide0", "rule2", "rule3", "guide1"]
    assert [piece.kept for piece in pieces] == [False, False, True, False, False, True]


def test_a_standing_asset_that_was_found_needs_no_kept_place() -> None:
    found = [candidate("guide", standing=True), *(candidate(f"rule{n}") for n in range(4))]
    pieces = dealt([*found, candidate("other", standing=True)], 5, silent=False)
    assert [piece.best.asset.id for piece in pieces] == ["guide", "rule0", "rule1", "rule2", "rule3"]
    assert not any(piece.kept for piece in pieces)


@pytest.mark.parametrize(("limit", "kept"), [(1, 0), (2, 0), (3, 1), (6, 2), (7, 2)])
def test_where_the_knowledge_is_silent_the_kept_places_alone_are_filled(limit: int, kept: int) -> None:
    candidates = [candidate("rule"), *(candidate(f"guide{n}", standing=True) for n in range(4))]
    pieces = dealt(candidates, limit, silent=True)
    assert [piece.best.asset.id for piece in pieces] == [f"guide{n}" for n in range(kept)]
    assert all(piece.kept for piece in pieces)


def test_nothing_found_is_nothing_dealt() -> None:
    assert names([]) == names([], silent=True) == []
