"""A file that was read, as what is committed."""

from dataclasses import replace

import pytest

from knowledge.intake.front_matter import described
from knowledge.intake.manuscript import Manuscript, passages_of
from knowledge.reading.section import CannotRead, Reading, Section
from records.assets import Asset

READING = Reading("Limits", (Section(("Limits", "Cards"), "A card has a limit."), Section(("Limits", "Cash"), "Cash as well.")))


def asset_of(reading: Reading = READING) -> Asset:
    front = described(reading, "rules/limits.md", "notes", None)
    return Manuscript("a1", "notes", "rules/limits.md", "c1", "f1", "ana").asset(front)


def test_an_asset_carries_its_hashes_and_who_put_it_in() -> None:
    asset = asset_of()
    assert (asset.id, asset.content_hash, asset.file_hash, asset.uploaded_by) == ("a1", "c1", "f1", "ana")
    assert (asset.title, asset.shelf, asset.path) == ("Limits", "rules", "rules/limits.md")


def test_passages_follow_the_sections_below_the_title() -> None:
    pieces = passages_of(asset_of(), READING, 120)
    assert [(piece.place, piece.breadcrumb, piece.text) for piece in pieces] == [
        (0, "Limits › Cards", "A card has a limit."),
        (1, "Limits › Cash", "Cash as well."),
    ]


def test_a_citation_never_moves_to_other_words() -> None:
    first, again = passages_of(asset_of(), READING, 120), passages_of(asset_of(), READING, 120)
    assert [piece.id for piece in first] == [piece.id for piece in again]
    other = passages_of(replace(asset_of(), content_hash="c2"), READING, 120)
    assert not {piece.id for piece in first} & {piece.id for piece in other}
    assert [piece.text_hash for piece in first] == [piece.text_hash for piece in other]


def test_a_file_without_text_is_refused() -> None:
    with pytest.raises(CannotRead, match="no text"):
        passages_of(asset_of(), Reading("Limits", (Section((), " "),)), 120)
