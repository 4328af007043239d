"""The knowledge kept in order from the terminal: a real house on words alone."""

import io
import json
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from channels.terminal.cli import main
from channels.terminal.door import Door
from knowledge.indexes.folder_lock import FolderLock
from settings import KnowledgeSettings, Settings
from tests.doubles.packs import write_pack

Run = Callable[..., tuple[int, str, str]]
LIMITS = "shelves/rules/limits.en.md"


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    return write_pack(tmp_path / "pack")


@pytest.fixture
def run(tmp_path: Path, pack: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    """Each call is a new run of the terminal on one data folder."""
    settings = Settings(data_dir=tmp_path / "data", knowledge=KnowledgeSettings(pack=pack, embedding="none"))

    def ran(*arguments: str) -> tuple[int, str, str]:
        code = main(arguments, Door(lambda: settings))
        printed = capsys.readouterr()
        return code, printed.out, printed.err

    assert ran("ingest", str(pack))[0] == 0
    return ran


def row_of(run: Run, path: str) -> dict[str, object]:
    (row,) = [row for row in json.loads(run("knowledge", "list", "--json")[1]) if row["path"] == path]
    return dict(row)


def test_assets_are_listed_for_people_and_for_scripts(run: Run) -> None:
    code, out, _ = run("knowledge", "list", "--shelf", "rules")
    assert code == 0
    assert out.startswith("Pack small-bank\n")
    assert "Transfer limits\n   domain-rule · rules · approved · for everyone · shelves/rules/limits.en.md · 2 passages" in out
    rows = json.loads(run("knowledge", "list", "--json", "--status", "retired")[1])
    assert [(row["title"], row["groups"], row["passages"]) for row in rows] == [("Former limits", ["everyone"], 1)]
    assert "No asset fits" in run("knowledge", "list", "--text", "zebra")[1]


def test_an_asset_is_shown_with_its_passages_and_history(run: Run) -> None:
    code, out, _ = run("knowledge", "show", LIMITS)
    assert code == 0
    assert "added" in out
    assert "2. Transfer limits › Cooling-off" in out
    assert "   A first transfer to a new payee waits for thirty minutes." in out
    told = json.loads(run("knowledge", "show", LIMITS, "--json")[1])
    assert told["file"].endswith("pack/shelves/rules/limits.en.md")
    assert [event["what"] for event in told["events"]] == ["added"]
    assert len(told["passages"]) == 2


def test_an_asset_that_is_none_is_a_sentence(run: Run) -> None:
    code, out, err = run("knowledge", "show", "nothing")
    assert (code, out) == (1, "")
    assert "There is no asset 'nothing'" in err


def test_retiring_and_approving_change_what_is_found(run: Run) -> None:
    assert "Transfer limits" in run("search", "second approval")[1]
    assert "retired · for nobody" in run("knowledge", "retire", LIMITS)[1]
    assert "needs a second approval" not in run("search", "second approval")[1]
    told = json.loads(run("knowledge", "approve", LIMITS, "-g", "everyone", "-g", "board", "--json")[1])
    assert (told["status"], told["groups"]) == ("approved", ["board", "everyone"])
    assert "needs a second approval" in run("search", "second approval")[1]
    events = json.loads(run("knowledge", "show", LIMITS, "--json")[1])["events"]
    assert [(event["what"], event["by"]) for event in events[1:]] == [("retired", "local-analyst"), ("approved", "local-analyst")]


def test_a_type_and_an_owner_are_set(run: Run) -> None:
    assert run("knowledge", "set", LIMITS, "--type", "standard", "--owner", "Ana")[0] == 0
    row = row_of(run, LIMITS)
    assert (row["type"], row["owner"], row["settled"]) == ("standard", "Ana", {"type": "standard", "owner": "Ana"})
    code, _, err = run("knowledge", "set", LIMITS, "--type", "poem")
    assert code == 1
    assert "There is no type 'poem'; there are standard" in err


def test_removing_asks_first_and_says_that_the_file_would_come_back(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("n\n"))
    assert run("knowledge", "remove", LIMITS)[0] == 130
    assert row_of(run, LIMITS)
    code, out, _ = run("knowledge", "remove", LIMITS, "--yes")
    assert code == 0
    assert "is removed with 2 passages" in out
    assert "or retire the asset" in out
    assert run("knowledge", "show", LIMITS)[0] == 1


def test_a_pack_is_removed_whole(run: Run, pack: Path, tmp_path: Path) -> None:
    notes = tmp_path / "notes"
    notes.mkdir()
    (notes / "a.md").write_text("a note about cards", "utf-8")
    run("ingest", str(notes))
    assert json.loads(run("knowledge", "remove", "--pack", "notes", "--yes", "--json")[1]) == {"pack": "notes", "removed": 1}
    assert {row["pack"] for row in json.loads(run("knowledge", "list", "--json")[1])} == {"small-bank"}
    assert run("knowledge", "remove", "--pack", "notes", "--yes")[0] == 1
    assert run("knowledge", "remove", "--yes")[0] == 2


def test_refused_files_are_listed_with_their_reasons(run: Run, pack: Path) -> None:
    assert "No file is refused" in run("knowledge", "refusals")[1]
    (pack / "broken.md").write_bytes(b"\0\1")
    assert run("ingest", str(pack))[0] == 1
    assert "small-bank · broken.md: It is no text file" in run("knowledge", "refusals")[1]
    (row,) = json.loads(run("knowledge", "refusals", "--json")[1])
    assert (row["file"], row["reason"]["zh"][:4]) == ("broken.md", "这不是文")


def test_the_state_is_told_by_pack(run: Run, pack: Path) -> None:
    out = run("knowledge", "status")[1]
    assert "Pack small-bank: 5 assets (4 approved, 1 retired)" in out
    assert str(pack) in out
    told = json.loads(run("knowledge", "status", "--json")[1])
    assert (told["index"], told["embedding"], told["packs"][0]["terms"]) == ("words", None, 4)


def test_without_vectors_there_is_nothing_to_verify(run: Run) -> None:
    code, out, _ = run("knowledge", "verify")
    assert (code, out) == (0, "There is no index: search goes by words alone.\n")
    assert json.loads(run("knowledge", "verify", "--json")[1])["compared"] is False


def test_a_search_is_found_under_knowledge_too(run: Run) -> None:
    assert run("knowledge", "search", "second approval")[1] == run("search", "second approval")[1]


@pytest.mark.slow
def test_the_index_is_compared_with_the_records_and_rebuilt_where_no_server_has_it(
    tmp_path: Path, pack: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = Settings(data_dir=tmp_path / "data", knowledge=KnowledgeSettings(pack=pack))
    assert main(["ingest", str(pack)], Door(lambda: settings)) == 0
    capsys.readouterr()
    assert main(["knowledge", "verify", "--json"], Door(lambda: settings)) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["compared"], told["sound"], told["differences"]) == (True, True, [])
    assert main(["knowledge", "rebuild"], Door(lambda: settings)) == 0
    assert capsys.readouterr().out == "The index is rebuilt.\n"
    with_it = FolderLock(tmp_path / "data" / "index")
    try:
        assert main(["knowledge", "rebuild", "--json"], Door(lambda: settings)) == 0
        assert json.loads(capsys.readouterr().out) == {"rebuilt": False, "asked": True}
        assert main(["knowledge", "verify"], Door(lambda: settings)) == 0
        assert "A running server has the index folder" in capsys.readouterr().out
    finally:
        with_it.release()
