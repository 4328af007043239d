"""The workspace from the terminal: a real house, artifacts brought in from files."""

import asyncio
import io
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from channels.terminal.cli import main
from channels.terminal.door import Door
from records.artifacts import Link, NewArtifact
from records.database import Database, sqlite_url
from records.migrate import migrate
from records.workspaces import Workspaces
from settings import KnowledgeSettings, Settings
from tests.doubles.packs import write_pack
from tests.doubles.scripted_replies import criteria, stories

Run = Callable[..., tuple[int, str, str]]
OWNER = "local-analyst"


async def fill(folder: Path) -> tuple[str, str]:
    """Keep stories, scenarios that rest on them, and a change of the first story."""
    database = Database(sqlite_url(folder))
    try:
        await migrate(database)
        workspaces = Workspaces(database)
        opened = await workspaces.open("cards", OWNER)
        new = NewArtifact(opened.id, "user_stories", "Income records", "en", stories(), "assistant")
        kept = (await workspaces.add_artifact(new, owner=OWNER)).artifact.id
        told = criteria("S1", "S2")
        links = tuple(Link(kept, 1, one["id"], one["story"], one["story"]) for one in told["scenarios"])
        links += tuple(Link(kept, 1, None, name, name) for name in ("S3", "S4"))
        body = {**told, "stories": []}
        new = NewArtifact(opened.id, "acceptance_criteria", "Scenarios", "en", body, "assistant", links=links)
        resting = (await workspaces.add_artifact(new, owner=OWNER)).artifact.id
        changed = stories()
        changed["stories"][0]["want"] = "view every income record"
        await workspaces.add_version(kept, based_on=1, body=changed, author=OWNER, reason="edited", owner=OWNER)
        return kept, resting
    finally:
        await database.close()


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    (tmp_path / "data").mkdir()
    pack = write_pack(tmp_path / "pack")
    return Settings(data_dir=tmp_path / "data", knowledge=KnowledgeSettings(pack=pack, embedding="none"))


@pytest.fixture
def ids(settings: Settings) -> tuple[str, str]:
    return asyncio.run(fill(settings.data_dir))


@pytest.fixture
def run(settings: Settings, ids: tuple[str, str], capsys: pytest.CaptureFixture[str]) -> Run:
    def ran(*arguments: str) -> tuple[int, str, str]:
        code = main(("workspace", *arguments), Door(lambda: settings))
        printed = capsys.readouterr()
        return code, printed.out, printed.err

    return ran


def test_workspaces_and_their_artifacts_are_listed(run: Run, ids: tuple[str, str]) -> None:
    assert "cards: 2 artifacts, 0 approved" in run("list")[1]
    code, out, _ = run("show", "cards")
    assert code == 0
    assert "User stories: Income records" in out
    assert "Draft · v1 · 6 items · 3 stale · assistant" in out
    assert ids[1] in out
    (first, second) = json.loads(run("show", "cards", "--json")[1])["artifacts"]
    assert (first["version"], second["stale"]) == (2, 3)
    assert "default holds nothing yet" in run("show")[1]
    assert "用户故事" in run("show", "cards", "--language", "zh")[1]


def test_an_unknown_workspace_is_a_sentence_that_names_those_there_are(run: Run) -> None:
    code, out, err = run("show", "crads")
    assert (code, out) == (1, "")
    assert "There is no workspace crads. There are: cards" in err
    assert "没有名为 crads 的工作区" in run("trace", "crads", "-l", "zh")[2]


def test_an_artifact_is_shown_with_its_versions_and_why_it_is_stale(run: Run, ids: tuple[str, str]) -> None:
    out = run("show", "--artifact", ids[1])[1]
    assert "3 stale" in out
    assert "S1 (User stories) has changed: this rests on its version 1, version 2 is there now." in out
    assert "[-the-]{+every+}" in out
    assert len(json.loads(run("show", "-a", ids[1], "--json")[1])["stale"]) == 3


def test_the_trace_is_told_and_written(run: Run, tmp_path: Path) -> None:
    out = run("trace", "cards")[1]
    assert out.startswith("cards: 4 rows, 4 gaps, 3 stale items")
    assert "[stale]" in out
    assert "MISSING" in out
    code, out, err = run("trace", "cards", "--output", str(tmp_path / "trace.xlsx"))
    assert (code, out) == (0, "")
    assert "trace.xlsx" in err
    sheet = openpyxl.load_workbook(io.BytesIO((tmp_path / "trace.xlsx").read_bytes())).worksheets[0]
    assert sheet["A2"].value.startswith("S1 ")
    assert len(json.loads(run("trace", "cards", "--json")[1])["rows"]) == 4


def test_versions_are_compared(run: Run, ids: tuple[str, str]) -> None:
    out = run("compare", ids[0])[1]
    assert out.startswith("Version 1 against 2\nchange S1")
    assert "[-the-]{+every+}" in out
    assert "No item differs" in run("compare", ids[0], "2", "2")[1]
    assert "There is no version 7" in run("compare", ids[0], "1", "7")[2]
    assert json.loads(run("compare", ids[0], "--json")[1])["changes"][0]["kind"] == "changed"


def test_an_artifact_is_approved_and_a_stale_item_marked_as_still_right(run: Run, ids: tuple[str, str]) -> None:
    assert run("approve", ids[0])[1].strip() == f"{ids[0]} v2: Approved"
    assert "1 approved" in run("list")[1]
    code, out, _ = run("refresh", ids[1], "--still-right", "S1-1", "--still-right", "S1-2", "--still-right", "S1-3")
    assert (code, out.strip()) == (0, f"{ids[1]} v2")
    assert "stale" not in run("show", "cards")[1]
    assert "nothing to refresh" in run("refresh", ids[1])[1]
    assert run("refresh", ids[1], "--remark", "x")[0] == 2


def test_a_workspace_is_taken_away_and_brought_in_again(run: Run, tmp_path: Path) -> None:
    file = str(tmp_path / "cards.zip")
    assert run("export", "cards", "--output", file)[0] == 0
    code, out, _ = run("import", file, "--workspace", "again")
    assert code == 0
    assert "2 artifacts were brought in" in out
    assert "3 stale" in run("show", "again")[1]
    other = tmp_path / "x.zip"
    other.write_bytes(b"PK\x03\x04 broken")
    assert run("import", str(other))[0] == 1
    picture = tmp_path / "none.zip"
    picture.write_bytes(b"PK\x05\x06" + bytes(18))
    assert run("import", str(picture), "--json")[0] == 1


def test_the_help_loads_nothing_of_the_house() -> None:
    code = "import sys; from channels.terminal.cli import main; main(['workspace', '--help']); print('chains.workspace.desk' in sys.modules, 'pydantic' in sys.modules)"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "refresh" in ran.stdout
    assert ran.stdout.strip().endswith("False False")
