"""Hashing files, so that only changed ones are read."""

from pathlib import Path

import pytest

from knowledge.intake.hashing import Hashed, hash_files
from knowledge.intake.source import Listing, list_source
from tests.doubles.packs import HEADING


def hashed(folder: Path, *, tokens: int = 120, tracked: bool = False, as_pack: str = "") -> tuple[dict[str, Hashed], Listing]:
    listing = list_source(folder, as_pack, folder.parent)
    listing.tracked = tracked
    return {file.path: file for file in hash_files(listing, tokens)}, listing


@pytest.fixture
def notes(tmp_path: Path) -> Path:
    folder = tmp_path / "notes"
    folder.mkdir()
    (folder / "a.md").write_text("text", "utf-8")
    return folder


def test_the_hash_moves_with_bytes_place_pack_and_length_of_passages(notes: Path) -> None:
    found = [hashed(notes)[0]["a.md"].file_hash, hashed(notes, tokens=80)[0]["a.md"].file_hash]
    found.append(hashed(notes, as_pack="other")[0]["a.md"].file_hash)
    (notes / "pack.yaml").write_text(HEADING, "utf-8")
    found.append(hashed(notes)[0]["a.md"].file_hash)
    (notes / "pack.yaml").write_text(f"{HEADING}defaults: [{{path: '*', owner: Ana}}]", "utf-8")
    found.append(hashed(notes)[0]["a.md"].file_hash)
    (notes / "a.md").rename(notes / "b.md")
    found.append(hashed(notes)[0]["b.md"].file_hash)
    (notes / "b.md").write_text("other", "utf-8")
    found.append(hashed(notes)[0]["b.md"].file_hash)
    assert len(set(found)) == 7


def test_the_same_bytes_are_known_again_wherever_they_lie(notes: Path) -> None:
    (notes / "b.md").write_text("text", "utf-8")
    files, _ = hashed(notes)
    assert files["a.md"].content_hash == files["b.md"].content_hash
    assert files["a.md"].file_hash != files["b.md"].file_hash


def test_of_a_repositorys_data_only_descriptions_of_apis_are_read(notes: Path) -> None:
    (notes / "late.json").write_text('{"components": "' + "x" * (1024 * 1024 - 25) + '", "openapi": "3.1.0"}', "utf-8")
    (notes / "postman.json").write_bytes('{"schema": "https://schema.getpostman.com/x"}'.encode("utf-16"))
    (notes / "settings.yaml").write_text("colour: red", "utf-8")
    files, listing = hashed(notes, tracked=True)
    assert sorted(files) == ["a.md", "late.json", "postman.json"]
    assert listing.left_out == ["settings.yaml"]
    assert "settings.yaml" in hashed(notes)[0]


def test_a_file_that_is_too_large_is_a_problem_and_not_read(notes: Path) -> None:
    with (notes / "large.md").open("wb") as file:
        file.truncate(20 * 1024 * 1024 + 1)
    files, listing = hashed(notes)
    assert list(files) == ["a.md"]
    assert "20 MB" in listing.problems[0].reason
