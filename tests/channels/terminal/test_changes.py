"""The terminal adds the commits of a range and the tickets of a file to the brief, and refuses what is none."""

import json
from pathlib import Path

import pytest

from channels.terminal.changes import with_changes
from errors import BriefError, KnowledgeError
from formats.changes import read_changes
from stages.release_notes.reading import read_brief
from tests.doubles.git_repository import git, write_repository

MOST = 20_000


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    folder = write_repository(tmp_path / "repository")
    git(folder, "tag", "v2.0.0")
    for message in ("feat(cards)!: freeze a card (PAY-1)\n\nBREAKING CHANGE: 旧状态已移除", "fix: 修复对账单合计"):
        git(folder, "commit", "--quiet", "--allow-empty", "--message", message)
    git(folder, "tag", "v2.1.0")
    return folder


@pytest.fixture
def export(tmp_path: Path) -> Path:
    path = tmp_path / "export.csv"
    path.write_bytes("编号,标题,类型\nPAY-1,支持冻结卡片,需求\n".encode("gb18030"))
    return path


def test_a_range_and_an_export_become_one_brief(repository: Path, export: Path) -> None:
    brief = with_changes("Date: 2026-06-30", repository, "v2.0.0..v2.1.0", export, MOST)
    told = read_brief(brief)
    assert (told.version, told.date, told.changes.unread) == ("2.1.0", "2026-06-30", ())
    ticket, fix, freeze = told.changes.changes
    assert (ticket.id, fix.title, freeze.title) == ("PAY-1", "修复对账单合计", "freeze a card")
    assert (freeze.tickets, freeze.breaking, freeze.note) == (("PAY-1",), True, "旧状态已移除")
    assert "ana@bank.example" not in brief


def test_a_range_may_leave_out_an_end(repository: Path) -> None:
    assert len(read_changes(with_changes("", repository, "v2.0.0..", None, MOST)).changes) == 2
    assert len(read_changes(with_changes("", repository, "..v2.1.0", None, MOST)).changes) == 4


def test_jira_s_json_is_added_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "export.json"
    path.write_text(json.dumps({"issues": [{"key": "PAY-1", "fields": {"summary": "Freeze a card"}}]}), "utf-8")
    assert [one.id for one in read_changes(with_changes("", None, None, path, MOST)).changes] == ["PAY-1"]


def test_what_would_be_too_long_is_told_in_short(tmp_path: Path) -> None:
    path = tmp_path / "export.csv"
    rows = "\n".join(f'PAY-{number},Story,Title {number},"{"long text " * 40}"' for number in range(1, 501))
    path.write_text(f"Key,Issue Type,Summary,Description\n{rows}\n", "utf-8")
    brief = with_changes("Audience: operations", None, None, path, MOST)
    assert len(brief) <= MOST
    assert brief.startswith("Audience: operations")
    assert len(read_changes(brief).changes) == 500


@pytest.mark.parametrize(
    ("commit_range", "told"),
    [
        ("v2.0.0", "is no range"),
        ("", "is no range"),
        ("--output=/tmp/x..v2.1.0", "no commit, tag or branch"),
        ("v2.0.0..--all", "no commit, tag or branch"),
        ("v2.0.0..v9", "no commit, tag or branch"),
        ("v2.0.0..v2.1.0:api.yaml", "no commit, tag or branch"),
        ("v2.0.0...v2.1.0", "no commit, tag or branch"),
        ("v2.1.0..v2.0.0", "holds no commits"),
    ],
)
def test_a_range_that_is_none_is_refused_with_a_sentence(commit_range: str, told: str, repository: Path) -> None:
    with pytest.raises(BriefError, match=told):
        with_changes("", repository, commit_range, None, MOST)


def test_a_folder_that_is_missing_or_no_repository_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BriefError, match="no folder"):
        with_changes("", tmp_path / "missing", "a..b", None, MOST)
    with pytest.raises(KnowledgeError, match="git cannot read"):
        with_changes("", tmp_path, "a..b", None, MOST)


def test_programs_that_the_repository_configures_are_not_run(repository: Path, tmp_path: Path) -> None:
    mark = tmp_path / "ran"
    for name in ("core.pager", "core.fsmonitor", "diff.external", "gpg.program", "log.showSignature"):
        git(repository, "config", name, "true" if name == "log.showSignature" else f"touch {mark}")
    with_changes("", repository, "v2.0.0..v2.1.0", None, MOST)
    assert not mark.exists()


@pytest.mark.parametrize(("content", "told"), [(None, "cannot be read"), (b"hello", "no ticket"), (b"\xff\xff\x00", "no ticket")])
def test_an_export_that_is_none_is_refused_with_a_sentence(content: bytes | None, told: str, tmp_path: Path) -> None:
    path = tmp_path / "export.csv"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(BriefError, match=told):
        with_changes("", None, None, path, MOST)


def test_standard_input_and_options_do_not_go_together(export: Path) -> None:
    with pytest.raises(BriefError, match="the one or the other"):
        with_changes("-", None, None, export, MOST)
