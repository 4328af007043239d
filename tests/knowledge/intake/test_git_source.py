"""A git repository as a source; git itself is real."""

import shutil
from pathlib import Path

import pytest

from errors import KnowledgeError
from knowledge.intake import git_source
from knowledge.intake.ingest import ingest
from knowledge.intake.source import list_source
from records.knowledge import KnowledgeRecords
from tests.doubles.git_repository import commit, git, write_repository
from tests.doubles.in_process_reader import InProcessReader
from tests.doubles.packs import HEADING

pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    return write_repository(tmp_path / "cards")


def test_what_is_tracked_and_can_be_read_is_listed_with_the_history(repository: Path, tmp_path: Path) -> None:
    listing = list_source(repository, "", tmp_path)
    assert [file.path for file in listing.files] == ["api.yaml", "docs/guide.md", "package.json", "git-history.log"]
    assert (listing.left_out, listing.tracked) == (["main.py"], True)


async def test_a_repository_is_taken_in_with_its_history_as_a_past_artifact(records: KnowledgeRecords, repository: Path) -> None:
    ingested = await ingest(records, repository, embedding=None, data_dir=repository.parent, reader=InProcessReader())
    assert (ingested.added, ingested.problems) == (3, ())
    assert sorted(ingested.left_out) == ["main.py", "package.json"]
    assets = {asset.path: asset for asset in await records.assets("cards")}
    assert assets["git-history.log"].type == "past-artifact"
    assert assets["api.yaml"].type == "api"
    told = "\n".join(piece.text for piece, asset in await records.passages() if asset.path == "git-history.log")
    assert "The app freezes within a second." in told
    assert "ana@bank.example" not in told


async def test_only_a_new_commit_has_the_history_read_again(records: KnowledgeRecords, repository: Path) -> None:
    reader = InProcessReader()
    await ingest(records, repository, embedding=None, data_dir=repository.parent, reader=reader)
    assert (await ingest(records, repository, embedding=None, data_dir=repository.parent, reader=reader)).unchanged == 3
    (repository / "docs" / "guide.md").write_text("# Guide\n\nA frozen card declines every payment.\n", "utf-8")
    commit(repository, "Say every")
    again = await ingest(records, repository, embedding=None, data_dir=repository.parent, reader=reader)
    assert (again.changed, again.unchanged) == (2, 1)


def test_a_repository_without_a_commit_has_no_history(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    git(tmp_path / "empty", "init", "--quiet")
    assert (git_source.tracked(tmp_path / "empty"), git_source.history(tmp_path / "empty")) == ([], b"")


def test_a_pack_that_is_kept_in_git_stays_a_pack(repository: Path, tmp_path: Path) -> None:
    (repository / "pack.yaml").write_text(HEADING, "utf-8")
    listing = list_source(repository, "", tmp_path)
    assert [file.path for file in listing.files] == [
        "api.yaml",
        "package.json",
        "docs/guide.md",
        "untracked/draft.md",
    ]
    assert (listing.name, listing.tracked) == ("small-bank", False)


def test_no_program_that_the_repository_names_is_run(repository: Path, tmp_path: Path) -> None:
    mark = tmp_path / "ran"
    trap = tmp_path / "trap.sh"
    trap.write_text(f"#!/bin/sh\ntouch {mark}\ncat\n", "utf-8")
    trap.chmod(0o755)
    for name in ("core.fsmonitor", "core.pager", "diff.external", "core.sshCommand", "gpg.program", "core.editor"):
        git(repository, "config", name, str(trap))
    git(repository, "config", "log.showSignature", "true")
    (repository / ".git" / "hooks" / "post-index-change").write_text(trap.read_text("utf-8"), "utf-8")
    (repository / ".git" / "hooks" / "post-index-change").chmod(0o755)
    assert git_source.tracked(repository)
    assert git_source.history(repository)
    assert not mark.exists()


def test_a_damaged_repository_is_a_sentence(repository: Path) -> None:
    (repository / ".git" / "HEAD").write_text("nonsense", "utf-8")
    with pytest.raises(KnowledgeError, match="git cannot read") as caught:
        git_source.tracked(repository)
    assert "git 无法读取仓库" in caught.value.zh


def test_without_git_there_is_a_sentence(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(repository))
    with pytest.raises(KnowledgeError, match="git is not installed"):
        git_source.tracked(repository)
