"""Files taken in from the terminal: what is printed where, and which code it ends with."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from assembly import House
from channels.terminal.cli import main
from channels.terminal.door import Door, knowledge_of
from settings import KnowledgeSettings, Settings
from tests.doubles.git_repository import write_repository
from tests.doubles.packs import write_pack
from tests.doubles.sample_folder import UNREADABLE, write_sample_folder

CHECKOUT = Path(__file__).resolve().parents[3]
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    pack = write_pack(tmp_path / "pack")
    settings = Settings(data_dir=tmp_path / "data", knowledge=KnowledgeSettings(pack=pack, embedding="none"))

    def ran(*arguments: str) -> tuple[int, str, str]:
        code = main(arguments, Door(lambda: settings))
        printed = capsys.readouterr()
        return code, printed.out, printed.err

    return ran


@pytest.fixture
def notes(tmp_path: Path) -> Path:
    folder = tmp_path / "notes"
    folder.mkdir()
    (folder / "freeze.md").write_text("# Freezing\n\nA frozen card declines payments.\n", "utf-8")
    (folder / "logo.png").write_bytes(b"\x89PNG")
    return folder


def test_several_paths_are_taken_in_and_told_one_by_one(run: Run, notes: Path, tmp_path: Path) -> None:
    code, out, err = run("ingest", str(notes), str(tmp_path / "pack"))
    assert code == 0
    assert "Pack notes: 1 added, 0 changed, 0 unchanged, 0 removed; 1 passages cut, 0 terms." in out
    assert "1 file is of no kind that is read" in out
    assert "Pack small-bank: " in out
    assert "Reading files: 100%" in err


def test_scripts_get_one_list_with_refusals_in_both_languages(run: Run, notes: Path) -> None:
    (notes / "broken.md").write_bytes(b"\0\1")
    code, out, _ = run("ingest", str(notes), "--json")
    (row,) = json.loads(out)
    assert code == 1
    assert (row["pack"], row["added"], row["left_out"]) == ("notes", 1, ["logo.png"])
    assert row["refused"][0]["file"] == "broken.md"
    assert "这不是文本文件" in row["refused"][0]["reason"]["zh"]


def test_a_path_that_is_nothing_leaves_the_others(run: Run, notes: Path, tmp_path: Path) -> None:
    code, out, err = run("ingest", str(tmp_path / "nowhere"), str(notes))
    assert code == 1
    assert "There is no folder or file" in err
    assert "Pack notes: 1 added" in out
    assert "error" in json.loads(run("ingest", str(tmp_path / "nowhere"), "--json")[1])[0]


def test_a_moved_file_is_told_as_moved(run: Run, notes: Path) -> None:
    run("ingest", str(notes))
    (notes / "freeze.md").rename(notes / "freezing.md")
    assert "0 added, 0 changed, 1 moved, 0 unchanged, 0 removed" in run("ingest", str(notes))[1]


def test_a_second_folder_of_the_same_name_needs_a_name_of_its_own(run: Run, notes: Path, tmp_path: Path) -> None:
    run("ingest", str(notes))
    other = tmp_path / "other" / "notes"
    shutil.copytree(notes, other)
    code, _, err = run("ingest", str(other))
    assert code == 1
    assert "--as-pack NAME" in err
    assert "Pack more: 1 added" in run("ingest", str(other), "--as-pack", "more")[1]


@pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")
def test_a_repository_is_taken_in(run: Run, tmp_path: Path) -> None:
    code, out, _ = run("ingest", str(write_repository(tmp_path / "cards")))
    assert code == 0
    assert "Pack cards: 3 added" in out
    assert "freezes within a second" in run("search", "app freezes within a second")[1]


@pytest.fixture
def watching(tmp_path: Path, notes: Path) -> Iterator[subprocess.Popen[str]]:
    """A terminal that watches the notes."""
    pack = write_pack(tmp_path / "pack")
    variables = os.environ | {
        "STAGECRAFT_DATA_DIR": str(tmp_path / "data"),
        "STAGECRAFT_KNOWLEDGE__PACK": str(pack),
        "STAGECRAFT_KNOWLEDGE__EMBEDDING": "none",
        "PYTHONUNBUFFERED": "1",
    }
    command = [sys.executable, "-m", "channels.terminal.cli", "ingest", str(notes), "--watch"]
    process = subprocess.Popen(command, cwd=CHECKOUT, env=variables, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    yield process
    if process.poll() is None:
        process.kill()
    process.communicate()


@pytest.mark.slow
def test_a_watched_folder_is_taken_in_whenever_it_changes_until_interrupted(watching: subprocess.Popen[str], notes: Path) -> None:
    assert watching.stdout is not None
    assert watching.stderr is not None
    assert watching.stdout.readline().startswith("Pack notes: 1 added")
    while "Watching for changes" not in watching.stderr.readline():
        assert watching.poll() is None
    time.sleep(1)  # the watcher says nothing when it is ready
    (notes / "limits.md").write_text("A card has a daily limit.", "utf-8")
    lines = [watching.stdout.readline()]
    while not lines[-1].startswith("Pack notes: 1 added"):
        lines.append(watching.stdout.readline())
    watching.send_signal(signal.SIGINT)
    out, err = watching.communicate(timeout=20)
    assert watching.returncode == 130
    assert "the next run goes on from there" in err
    assert "Traceback" not in out + err


@pytest.mark.slow
def test_every_format_of_an_analysts_folder_is_found_by_what_it_says(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pack = write_pack(tmp_path / "pack")
    settings = Settings(data_dir=tmp_path / "data", knowledge=KnowledgeSettings(pack=pack, embedding="none"))
    phrases = write_sample_folder(tmp_path / "desk")
    assert main(["ingest", str(tmp_path / "desk"), "--json"], Door(lambda: settings)) == 1
    (row,) = json.loads(capsys.readouterr().out)
    assert (row["added"], [refused["file"] for refused in row["refused"]]) == (len(phrases), [UNREADABLE])

    async def missed(house: House) -> list[str]:
        lost = []
        for path, phrase in phrases.items():
            hits = await knowledge_of(house).search(phrase, groups=frozenset({"everyone"}), limit=10)
            if not any(hit.asset.path == path for hit in hits):
                lost.append(f"{path}: {phrase}")
        return lost

    assert Door(lambda: settings).run(missed) == []
