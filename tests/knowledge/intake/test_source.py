"""Listing what a source holds."""

import os
from pathlib import Path

import pytest

from errors import KnowledgeError
from knowledge.intake.source import Listing, list_source
from tests.doubles.packs import write_pack


def listed(source: Path, as_pack: str = "") -> Listing:
    return list_source(source, as_pack, source.parent)


def written(folder: Path, *names: str) -> Path:
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text("text", "utf-8")
    return folder


def paths(listing: Listing) -> list[str]:
    return [file.path for file in listing.files]


def test_a_folder_is_listed_in_order_with_what_is_left_out(tmp_path: Path) -> None:
    folder = written(
        tmp_path / "notes", "b.md", "a/c.PDF", "a/logo.png", "src/pay.py", "yarn.lock", "old.doc", "api.json", "g.adoc"
    )
    listing = listed(folder)
    assert paths(listing) == ["api.json", "b.md", "g.adoc", "old.doc", "a/c.PDF"]
    assert listing.left_out == ["yarn.lock", "a/logo.png", "src/pay.py"]
    assert (listing.name, listing.whole, listing.problems) == ("notes", True, [])
    assert next(file.name for file in listing.files if file.path == "g.adoc") == "g.txt"


def test_what_is_hidden_or_belongs_to_a_program_is_not_even_counted(tmp_path: Path) -> None:
    folder = written(tmp_path / "notes", ".hidden.md", ".git2/x.md", "~$draft.docx", "node_modules/a/readme.md", "real.md")
    listing = listed(folder)
    assert (paths(listing), listing.left_out, listing.problems) == (["real.md"], [], [])


def test_the_packs_own_files_are_no_assets(tmp_path: Path) -> None:
    listing = listed(write_pack(tmp_path / "pack"))
    assert (len(listing.files), listing.left_out, listing.name) == (5, [], "small-bank")
    assert listed(tmp_path / "pack", "another").name == "another"


def test_a_link_that_leads_out_is_named_and_one_inside_is_left_out(tmp_path: Path) -> None:
    written(tmp_path, "secret.md", "outside/x.md")
    folder = written(tmp_path / "notes", "real.md")
    os.symlink(tmp_path / "secret.md", folder / "link.md")
    os.symlink(tmp_path / "outside", folder / "away")
    os.symlink(folder / "real.md", folder / "same.md")
    os.symlink(folder / "nowhere.md", folder / "broken.md")
    listing = listed(folder)
    assert paths(listing) == ["real.md"]
    assert [problem.file for problem in listing.problems] == ["away", "link.md"]
    assert all("link" in problem.reason and "链接" in problem.zh for problem in listing.problems)
    assert listing.left_out == ["broken.md", "same.md"]


def test_pipes_and_names_that_are_no_text_hold_nothing_up(tmp_path: Path) -> None:
    folder = written(tmp_path / "notes", "real.md")
    os.mkfifo(folder / "pipe.md")
    (folder / os.fsdecode(b"\xff.md")).write_text("text", "utf-8")
    listing = listed(folder)
    assert (paths(listing), listing.left_out) == (["real.md"], ["pipe.md"])
    assert "rename" in listing.problems[0].reason


def test_one_file_is_looked_into_whatever_its_ending_and_is_not_the_whole_of_its_folder(tmp_path: Path) -> None:
    folder = written(tmp_path / "notes", "a.xyz", "b.md")
    listing = listed(folder / "a.xyz")
    assert (paths(listing), listing.name, listing.whole) == (["a.xyz"], "notes", False)


def test_one_file_of_a_pack_belongs_to_the_pack(tmp_path: Path) -> None:
    write_pack(tmp_path / "pack")
    listing = listed(tmp_path / "pack/shelves/rules/old.en.md")
    assert (paths(listing), listing.name) == (["shelves/rules/old.en.md"], "small-bank")


def test_nothing_there_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(KnowledgeError, match="no folder or file"):
        listed(tmp_path / "nowhere")
