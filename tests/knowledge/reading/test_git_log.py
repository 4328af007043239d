"""An exported history becomes a piece a commit."""

import os
import subprocess
import time
from pathlib import Path

import pytest

from knowledge.reading.git_log import MOST_COMMITS, month_of, read_git_log
from knowledge.reading.section import CannotRead

WHO = {"NAME": "陈 Analyst", "EMAIL": "chen@bank.example", "DATE": "2024-03-05T10:00:00 +0800"}


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    environment = os.environ | {f"GIT_{role}_{key}": value for role in ("AUTHOR", "COMMITTER") for key, value in WHO.items()}
    environment |= {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
    subprocess.run(["git", "init", "-q", "-b", "main", "."], cwd=tmp_path, check=True, env=environment)
    for number in range(6):
        (tmp_path / f"file{number}.txt").write_text("x\n", "utf-8")
        message = f"feat(limits): change {number} 限额\n\ncommit deadbeef was wrong.\n\nReviewed-by: Li <li@bank.example>\nRefs: PAY-{number}"
        subprocess.run(["git", "add", "."], cwd=tmp_path, check=True, env=environment)
        subprocess.run(["git", "commit", "-q", "-m", message], cwd=tmp_path, check=True, env=environment)
    return tmp_path


def export(repository: Path, *options: str) -> str:
    return subprocess.run(["git", "log", *options], cwd=repository, check=True, capture_output=True).stdout.decode("utf-8")


@pytest.mark.parametrize(
    "options", [(), ("--stat",), ("--pretty=fuller", "--stat"), ("--date=iso", "--name-status"), ("--decorate",)]
)
def test_a_commit_is_one_whole_piece_below_its_month(repository: Path, options: tuple[str, ...]) -> None:
    reading = read_git_log(export(repository, *options), "history.txt")
    assert reading is not None
    assert len(reading.sections) == 6
    for section in reading.sections:
        assert section.whole
        assert section.trail[0] == "2024-03"
        assert section.trail[1].endswith("限额")
        for expected in ("change", "Reviewed-by: Li", "Refs: PAY-", "commit deadbeef was wrong.", "陈 Analyst"):
            assert expected in section.text
        assert "@bank.example" not in section.text
    if "--stat" in options:
        assert "`file5.txt | 1 +`" in reading.sections[0].text
    if "--name-status" in options:
        assert "file5.txt" in reading.sections[0].text


@pytest.mark.parametrize("options", [("--oneline",), ("--oneline", "--graph", "--decorate")])
def test_one_line_a_commit_is_read_from_five_lines_on(repository: Path, options: tuple[str, ...]) -> None:
    written = export(repository, *options)
    reading = read_git_log(written, "history.log")
    assert reading is not None
    assert [section.text.splitlines()[0] for section in reading.sections] == [
        f"feat(limits): change {n} 限额" for n in range(5, -1, -1)
    ]
    assert read_git_log("\n".join(written.splitlines()[:4]), "history.log") is None


@pytest.mark.parametrize(
    "text",
    [
        "",
        "commit early, commit often",
        "commit 1234567\nand then?",
        "deadbeef is food\n" * 9,
        "1234567 a\n" * 9 + "prose\n",
        "\n",
    ],
)
def test_what_is_no_history_is_left_to_others(text: str) -> None:
    assert read_git_log(text, "notes.txt") is None


@pytest.mark.parametrize(
    ("date", "month"),
    [
        ("Tue Mar 5 10:00:00 2024 +0800", "2024-03"),
        ("2024-03-05 10:00:00 +0800", "2024-03"),
        ("Tue, 5 Mar 2024 10:00:00 +0800", "2024-03"),
        ("3 days ago", ""),
        ("", ""),
    ],
)
def test_the_month_is_read_from_every_form_of_date(date: str, month: str) -> None:
    assert month_of(date) == month


def test_more_commits_than_the_limit_are_refused_with_the_limit_quickly() -> None:
    begun = time.thread_time()
    for form in ("commit {:040x}\nAuthor: A <a@b.example>\n\n    s\n\n", "{:08x}1 subject\n"):
        with pytest.raises(CannotRead, match="50,000 commits") as refused:
            read_git_log("".join(form.format(n) for n in range(MOST_COMMITS + 1)), "h.txt")
        assert "git log --since" in refused.value.zh
    assert time.thread_time() - begun < 10
