"""The terminal as a person and a script meet it: what is printed where, and which code it ends with."""

import asyncio
import io
import json
import logging
import os
import signal
import socket
import subprocess
import sys
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from chains.events import Event, Request, TurnBegan, TurnEnded
from channels.terminal.cli import main, stagecraft
from channels.terminal.door import Door
from channels.terminal.harmless import harmless
from errors import ConfigurationError, KnowledgeError
from knowledge.intake.ingest import Progress
from settings import EndpointSettings, KnowledgeSettings, RecordSettings, Settings, WebSettings
from tests.doubles.scripted_assistant import FAILURE_ID, ScriptedAssistant

CHECKOUT = Path(__file__).resolve().parents[3]
KEYS = {
    "stage",
    "language",
    "workspace",
    "turn",
    "model",
    "artifact",
    "sources",
    "findings",
    "mends",
    "steps",
    "seconds",
    "tokens",
}
BRIEF = "A cardholder can freeze a debit card"
Run = Callable[..., tuple[int, str, str]]


class ScriptedHouse:
    """A house whose assistant answers by script; counts its openings."""

    knowledge: Any = None

    def __init__(self, assistant: Any, trouble: Exception | None = None) -> None:
        self.assistant, self.trouble = assistant, trouble
        self.opened = self.closed = 0

    async def start(self) -> None:
        self.opened += 1
        if self.trouble is not None:
            raise self.trouble

    async def stop(self) -> None:
        self.closed += 1


def scripted_door(house: ScriptedHouse, settings: Settings) -> Door:
    return Door(lambda: settings, lambda _settings: cast(Any, house))


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(data_dir=tmp_path / "data")


@pytest.fixture
def house() -> ScriptedHouse:
    return ScriptedHouse(ScriptedAssistant(pace=0))


@pytest.fixture
def run(house: ScriptedHouse, settings: Settings, capsys: pytest.CaptureFixture[str]) -> Run:
    def ran(*arguments: str, door: Door | None = None) -> tuple[int, str, str]:
        code = main(arguments, door or scripted_door(house, settings))
        printed = capsys.readouterr()
        return code, printed.out, printed.err

    return ran


@pytest.fixture
def typed(monkeypatch: pytest.MonkeyPatch) -> Callable[[bytes], None]:
    def put(raw: bytes) -> None:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(raw), encoding="utf-8"))

    return put


# ask: the object that scripts read


def test_json_is_one_object_and_nothing_else_is_on_standard_output(run: Run) -> None:
    code, out, err = run("ask", "user_stories", BRIEF, "--workspace", "cards", "--json")
    told = json.loads(out)
    assert code == 0
    assert set(told) == KEYS
    assert (told["stage"], told["language"], told["workspace"]) == ("user_stories", "en", "cards")
    assert (told["turn"], told["model"], told["artifact"]) == ("t1", "scripted", {"id": "a1", "version": 1, "body": {}})
    assert [source["key"] for source in told["sources"]] == ["P1", "P2", "P3"]
    assert told["findings"][0]["rule"] == "forbidden-word"
    assert told["mends"][0]["item"] == "S1"
    assert [step["name"] for step in told["steps"]] == ["gather", "plan", "items", "check"]
    assert "Gathered terms and passages" in err


def test_the_request_carries_what_was_asked(run: Run, house: ScriptedHouse) -> None:
    run("ask", "user_stories", f"  {BRIEF} ", "-u", "x1", "-u", "x2", "-l", "zh", "-w", "Cards 2")
    request: Request = house.assistant.asked[0]
    assert (request.brief, request.upstream, request.language, request.workspace) == (BRIEF, ("x1", "x2"), "zh", "Cards 2")
    assert request.channel == "terminal"
    assert request.person.id == "local-analyst"


def test_questions_come_with_examples_and_without_an_artifact(run: Run) -> None:
    code, out, _ = run("ask", "user_stories", "unclear", "--json")
    told = json.loads(out)
    assert code == 0
    assert told["artifact"] is None
    assert told["questions"][0] == "Who freezes the card?"
    assert len(told["examples"]) == 2
    assert set(told) == KEYS | {"questions", "examples"}


def test_a_failure_keeps_the_draft_and_ends_with_1(run: Run) -> None:
    code, out, err = run("ask", "user_stories", "unreachable", "--json")
    told = json.loads(out)
    assert code == 1
    assert set(told) == KEYS | {"error", "draft"}
    assert told["error"] == "The model service cannot be reached. Your brief is kept; try again in a moment."
    assert told["error"] in err
    assert told["draft"].startswith('{"stories"')
    assert told["findings"][0]["rule"] == "cut"


@pytest.mark.parametrize(
    ("stage", "brief", "sentence"),
    [
        ("user_storeis", BRIEF, "Did you mean user_stories?"),
        ("user_stories", " \n ", "The brief is empty."),
        ("user_stories", "x" * 200_000, "The brief has 200,000 characters; at most 20,000 are read."),
    ],
)
def test_what_cannot_be_asked_is_refused_before_the_house_is_opened(
    run: Run, house: ScriptedHouse, stage: str, brief: str, sentence: str
) -> None:
    code, out, err = run("ask", stage, brief, "--json")
    assert code == 1
    assert sentence in err
    assert sentence in json.loads(out)["error"]
    assert set(json.loads(out)) == KEYS | {"error", "draft"}
    assert house.opened == 0


def test_an_empty_brief_is_fine_where_an_artifact_lies_upstream(run: Run) -> None:
    assert run("ask", "acceptance_criteria", "", "--upstream", "a1")[0] == 0


def test_a_workspace_of_odd_characters_is_refused(run: Run) -> None:
    code, out, err = run("ask", "user_stories", BRIEF, "--workspace", "../etc")
    assert (code, out) == (1, "")
    assert "A workspace has" in err


def test_chinese_is_answered_in_chinese_errors_included(run: Run) -> None:
    code, out, err = run("ask", "user_stories", "持卡人可以冻结借记卡", "--json")
    assert code == 0
    assert json.loads(out)["language"] == "zh"
    assert "查找术语与段落" in err
    assert "\\u" not in out
    code, out, err = run("ask", "nothing", "持卡人可以冻结借记卡", "--json")
    assert code == 1
    assert err.startswith("没有名为")
    assert json.loads(out)["language"] == "zh"


def test_the_setting_of_a_language_overrides_the_briefs_own(run: Run, house: ScriptedHouse, settings: Settings) -> None:
    door = scripted_door(house, settings.model_copy(update={"language": "zh"}))
    assert "## 来源" in run("ask", "user_stories", BRIEF, door=door)[1]


# ask: the brief from standard input


@pytest.mark.parametrize("raw", [BRIEF.encode(), b"\xef\xbb\xbf" + BRIEF.encode(), BRIEF.encode("utf-16")])
def test_a_dash_reads_the_brief_from_standard_input(
    run: Run, house: ScriptedHouse, typed: Callable[[bytes], None], raw: bytes
) -> None:
    typed(raw + (b"" if raw[:1] == b"\xff" else b"\r\n"))
    assert run("ask", "user_stories", "-")[0] == 0
    assert house.assistant.asked[0].brief == BRIEF


def test_standard_input_in_gb18030_is_read_and_answered_in_chinese(
    run: Run, house: ScriptedHouse, typed: Callable[[bytes], None]
) -> None:
    typed("持卡人可以冻结借记卡".encode("gb18030"))
    assert "## 来源" in run("ask", "user_stories", "-")[1]
    assert house.assistant.asked[0].brief == "持卡人可以冻结借记卡"


def test_standard_input_that_is_no_text_is_refused(run: Run, typed: Callable[[bytes], None]) -> None:
    typed(b"\x80\x81\xff\xff\xff")
    code, out, err = run("ask", "user_stories", "-")
    assert (code, out) == (1, "")
    assert "UTF-8" in err


def test_an_argument_that_is_no_text_loses_its_half_characters(run: Run, house: ScriptedHouse) -> None:
    assert run("ask", "user_stories", f"{BRIEF}\udcff")[0] == 0
    assert house.assistant.asked[0].brief == f"{BRIEF}?"


# ask: the text that people read


def test_the_text_shows_items_numbered_sources_findings_mends_and_what_to_do_next(run: Run) -> None:
    code, out, err = run("ask", "user_stories", BRIEF, "--workspace", "My cards")
    assert code == 0
    for part in (
        "# Freeze and unfreeze a debit card in the app",
        "artifact a1, version 1",
        "## S1 Freeze a debit card\n- As a cardholder\n",
        "- Sources [1][2]",
        "1. Lost card replacement rules · Cards › Freezing a card (rules-cards)",
        "- Warning: “card owner” is not an approved word",
        "- S1: to freeze and unfreeze my debit card at once → to freeze my debit card at once in the mobile app",
        "stagecraft export a1 --as md --output a1.md",
        "--upstream a1 --workspace 'My cards'",
    ):
        assert part in out
    assert "Gathered" not in out
    assert "Lost card" not in err


def test_progress_counts_the_items_in_a_log(run: Run) -> None:
    err = run("ask", "user_stories", BRIEF)[2]
    assert "item 1 of 3 done" in err
    assert "\r" not in err


def test_progress_is_one_line_that_a_terminal_redraws_and_clears(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("channels.terminal.progress._REDRAW_SECONDS", 0.0)
    monkeypatch.setattr(type(sys.stderr), "isatty", lambda self: self is sys.stderr, raising=False)
    err = run("ask", "user_stories", BRIEF)[2]
    assert "Writing item 2 of 3" in err
    assert "\n" not in err
    assert err.endswith("\r\x1b[2K")


def test_a_failure_shows_the_sentence_on_standard_error_and_the_draft_on_standard_output(run: Run) -> None:
    code, out, err = run("ask", "user_stories", "unreachable")
    assert code == 1
    assert "The model service cannot be reached." in err
    assert '{"stories": [{"id": "S1", "want": "to freeze' in out
    assert "The reply broke off after one story." in out


def test_questions_are_numbered_and_their_examples_can_be_copied(run: Run) -> None:
    code, out, _ = run("ask", "user_stories", "unclear")
    assert code == 0
    assert "1. Who freezes the card?" in out
    assert "stagecraft ask user_stories 'A cardholder freezes a debit card in the mobile app.'" in out


def test_words_of_a_model_command_neither_the_terminal_nor_the_shell(run: Run) -> None:
    assert harmless("a\x1b]0;title\x07b\x9b2J\u202ec\r\nd\te") == "a]0;titleb2Jc\nd\te"
    assert "\x1b" not in run("ask", "user_stories", "hostile")[1]


# the boundary


def test_wrong_usage_ends_with_2(run: Run) -> None:
    for arguments in (("ask",), ("nothing",), ("ask", "user_stories", "x", "--language", "fr"), ("export", "a1"), ()):
        code, out, err = run(*arguments)
        assert (code, out) == (2, "")
        assert "Usage: stagecraft" in err


def test_a_bug_is_logged_with_its_number_and_the_person_sees_the_number_only(run: Run, settings: Settings) -> None:
    code, out, err = run("ask", "user_stories", "bug", "--json")
    told = json.loads(out)
    log = settings.data_dir / "logs" / "stagecraft.log"
    number = told["error"].rpartition("number ")[2].rstrip(".")
    assert code == 3
    assert told["error"] in err
    assert number in err
    assert "secret-key-123" not in out + err
    assert "Traceback" not in err
    # The number of the chain, which stands on the record of the turn as well.
    assert number == FAILURE_ID
    assert log.read_text("utf-8").count(f"failure {number} ") == 1
    assert "RuntimeError: secret-key-123" in log.read_text("utf-8")
    assert log.parent.stat().st_mode & 0o077 == 0
    assert json.loads(told["draft"])["items"]


def test_a_bug_is_told_in_the_language_of_the_brief(run: Run) -> None:
    assert "系统出现内部错误" in run("ask", "user_stories", "持卡人可以冻结 bug")[2]


def test_a_log_that_cannot_be_written_is_said(run: Run, house: ScriptedHouse, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    code, _, err = run("ask", "user_stories", "bug", door=scripted_door(house, Settings(data_dir=tmp_path / "file")))
    assert code == 3
    assert "cannot be written" in err


def test_a_house_that_cannot_open_is_a_sentence_its_detail_goes_to_the_log_and_it_is_closed(run: Run, settings: Settings) -> None:
    trouble = KnowledgeError("The pack cannot be read.", "无法读取知识包。", detail="inode 7")
    house = ScriptedHouse(ScriptedAssistant(), trouble)
    code, out, err = run("ask", "user_stories", BRIEF, door=scripted_door(house, settings))
    assert (code, out, err) == (1, "", "The pack cannot be read.\n")
    assert "inode 7" in (settings.data_dir / "logs" / "stagecraft.log").read_text("utf-8")
    assert house.closed == 1


def test_unsound_settings_are_a_sentence(run: Run) -> None:
    def load() -> Settings:
        raise ConfigurationError("STAGECRAFT_WEB__PORT is unsound.")

    code, _, err = run("ask", "user_stories", BRIEF, door=Door(load))
    assert (code, err) == (1, "STAGECRAFT_WEB__PORT is unsound.\n")


class Interrupted:
    """An assistant whose person presses Ctrl-C in the middle of the answer."""

    def __init__(self) -> None:
        self.outcome = ""

    async def answer(self, request: Request) -> AsyncIterator[Event]:
        yield TurnBegan("t1", request.stage, "en", "scripted", True)
        try:
            os.kill(os.getpid(), signal.SIGINT)
            await asyncio.sleep(10)
        except asyncio.CancelledError:
            self.outcome = "cancelled"
            raise


def test_ctrl_c_closes_the_turn_and_the_house_and_ends_with_130(run: Run, settings: Settings) -> None:
    house = ScriptedHouse(Interrupted())
    code, out, err = run("ask", "user_stories", BRIEF, "--json", door=scripted_door(house, settings))
    assert (code, out) == (130, "")
    assert "Turn t1 is recorded as cancelled." in err
    assert house.assistant.outcome == "cancelled"
    assert house.closed == 1


class Silent:
    """An assistant that ends without a word."""

    async def answer(self, request: Request) -> AsyncIterator[Event]:
        yield TurnEnded("t1", "failed", 0.1, None)


def test_an_answer_without_a_word_is_a_failure(run: Run, settings: Settings) -> None:
    code, out, _ = run("ask", "user_stories", BRIEF, "--json", door=scripted_door(ScriptedHouse(Silent()), settings))
    assert code == 1
    assert json.loads(out)["error"].startswith("No answer was returned.")


def test_a_reader_that_has_enough_is_no_bug(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "channels.terminal.cli", "settings"]
    environment = {**os.environ, "STAGECRAFT_DATA_DIR": str(tmp_path)}
    with subprocess.Popen(command, cwd=CHECKOUT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment) as child:
        assert child.stdout is not None
        assert child.stderr is not None
        child.stdout.close()
        assert child.stderr.read() == b""
        assert child.wait(20) == 1


class Counting:
    """A knowledge whose first pack is half taken in."""

    def status(self) -> Any:
        return SimpleNamespace(progress=Progress("embedding", 16, 32))


class Slow(ScriptedHouse):
    """A house that takes its time to open."""

    knowledge: Any = Counting()

    async def start(self) -> None:
        await asyncio.sleep(0.3)


def test_a_house_that_takes_long_to_open_says_how_far_it_is(
    run: Run, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("channels.terminal.opening._PATIENCE_SECONDS", 0.05)
    err = run("ask", "user_stories", BRIEF, door=scripted_door(Slow(ScriptedAssistant(pace=0)), settings))[2]
    assert err.startswith("The pack is taken in before the first answer: 16 of 32 passages embedded\n")
    assert err.count("taken in") == 1


# help


@pytest.mark.parametrize("command", [(), *((name,) for name in stagecraft.commands)])
def test_every_command_has_help_that_opens_nothing(run: Run, house: ScriptedHouse, command: tuple[str, ...]) -> None:
    code, out, err = run(*command, "--help")
    assert (code, err, house.opened) == (0, "", 0)
    assert out.startswith(" ".join(["Usage: stagecraft", *command]))


def test_help_names_every_command(run: Run) -> None:
    out = run("-h")[1]
    for name in ("ask", "export", "ingest", "knowledge", "search", "serve", "serve-model", "settings", "stages", "term"):
        assert f"\n  {name} " in out


def test_help_loads_no_vendor() -> None:
    vendors = "{'pydantic', 'yaml', 'chainlit', 'chromadb', 'openai', 'sqlalchemy', 'uvicorn', 'numpy', 'tqdm'}"
    code = f"import sys; from channels.terminal.cli import main; main(['--help']); sys.exit(len({vendors} & set(sys.modules)))"
    ran = subprocess.run([sys.executable, "-c", code], cwd=CHECKOUT, capture_output=True, check=False)
    assert ran.returncode == 0


# stages, settings


def test_stages_are_listed_for_people_and_for_scripts(run: Run, house: ScriptedHouse) -> None:
    code, out, _ = run("stages")
    assert code == 0
    assert "user_stories · User stories" in out
    assert "Rests on: user_stories" in out
    told = {row["name"]: row for row in json.loads(run("stages", "--json")[1])}
    assert told["acceptance_criteria"]["upstream"] == ["user_stories"]
    assert told["user_stories"]["title"]["zh"] == "用户故事"
    assert house.opened == 0


def test_settings_show_values_defaults_and_no_secret(run: Run, house: ScriptedHouse, tmp_path: Path) -> None:
    endpoint = EndpointSettings(base_url="http://me:pass-1@models.test/v1", api_key="key-2")
    records = RecordSettings(database_url="postgresql+asyncpg://u:pass-3@db/x")
    present = Settings(data_dir=tmp_path, endpoint=endpoint, records=records, web=WebSettings(port=8080))
    door = scripted_door(house, present)
    code, out, _ = run("settings", door=door)
    rows = {row["name"]: row for row in json.loads(run("settings", "--json", door=door)[1])}
    assert code == 0
    assert "STAGECRAFT_WEB__PORT = 8080   (default: 8000)\n    Port to listen on." in out
    assert "STAGECRAFT_ENDPOINT__BASE_URL = http://(hidden)@models.test/v1" in out
    assert rows["STAGECRAFT_WEB__PORT"]["value"] == 8080
    assert rows["STAGECRAFT_ENDPOINT__API_KEY"]["value"] == rows["STAGECRAFT_RECORDS__DATABASE_URL"]["value"] == "(hidden)"
    for secret in ("pass-1", "key-2", "pass-3"):
        assert secret not in out + json.dumps(rows)


def test_settings_that_are_unsound_are_still_listed_so_that_they_can_be_mended(run: Run) -> None:
    def load() -> Settings:
        raise ConfigurationError("There is no setting STAGECRAFT_DATADIR. Did you mean STAGECRAFT_DATA_DIR?")

    code, out, err = run("settings", door=Door(load))
    assert code == 1
    assert "STAGECRAFT_DATA_DIR   (default: .data)" in out
    assert "Did you mean" in err


# export


def test_an_artifact_is_exported_to_standard_output_or_a_file(run: Run, tmp_path: Path) -> None:
    run("ask", "user_stories", BRIEF)
    code, out, err = run("export", "a1", "--as", "md")
    assert (code, err) == (0, "")
    assert out.startswith("# Freeze and unfreeze")
    file = tmp_path / "a1.md"
    code, printed, err = run("export", "a1", "--as", "md", "--output", str(file))
    assert (code, printed) == (0, "")
    assert str(file) in err
    assert file.read_text("utf-8") == out


def test_an_export_that_cannot_be_made_is_a_sentence(run: Run, tmp_path: Path) -> None:
    run("ask", "user_stories", BRIEF)
    assert run("export", "a9", "--as", "md") == (1, "", "There is no such artifact.\n")
    assert run("export", "a1", "--as", "pdf")[0] == 1
    code, _, err = run("export", "a1", "--as", "md", "--output", str(tmp_path / "nowhere" / "a1.md"))
    assert code == 1
    assert "cannot be written: No such file or directory" in err


# ingest, search, term: a real house on words alone


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    folder = tmp_path / "pack"
    (folder / "cards").mkdir(parents=True)
    (folder / "cards" / "freeze.md").write_text(
        "---\ntitle: Freezing\n---\n# Freezing\n\nA frozen card declines payments.\n", "utf-8"
    )
    (folder / "cards" / "broken.md").write_bytes(b"\x00\x01")
    (folder / "glossary.yaml").write_text(
        "terms:\n"
        "  - {id: cardholder, kind: role, context: cards, en: cardholder, zh: 持卡人, owner: Cards, status: approved,\n"
        "     definition: {en: Who holds a card., zh: 持有银行卡的人。}, aliases: {en: [card bearer], zh: []},\n"
        "     forbidden: {en: [card owner], zh: []}}\n",
        "utf-8",
    )
    return folder


@pytest.fixture
def real_door(tmp_path: Path, pack: Path) -> Callable[[], Door]:
    """Return doors to one data folder, each as a new run of the terminal finds it."""
    knowledge = KnowledgeSettings(pack=pack, embedding="none")
    return lambda: Door(lambda: Settings(data_dir=tmp_path / "data", knowledge=knowledge))


def test_an_ingest_counts_what_changed_and_lists_what_was_refused(run: Run, real_door: Callable[[], Door], pack: Path) -> None:
    run("term", "cardholder", door=real_door())
    (pack / "cards" / "limit.md").write_text("# Limits\n\nA card has a daily limit.\n", "utf-8")
    code, out, err = run("ingest", str(pack), door=real_door())
    assert code == 1
    assert "Pack pack: 1 added, 0 changed, 1 unchanged, 0 removed" in out
    assert "1 file was refused:\n  cards/broken.md: It is no text file" in out
    assert "Reading files: 100%" in err
    (pack / "cards" / "broken.md").unlink()
    code, out, _ = run("ingest", str(pack), door=real_door())
    assert code == 0
    assert "0 added, 0 changed, 2 unchanged" in out


def test_an_ingest_of_nothing_is_a_sentence(run: Run, real_door: Callable[[], Door], tmp_path: Path) -> None:
    code, out, err = run("ingest", str(tmp_path / "nowhere"), door=real_door())
    assert (code, out) == (1, "")
    assert "There is no folder or file" in err


def test_a_search_shows_passages_with_their_place(run: Run, real_door: Callable[[], Door]) -> None:
    code, out, _ = run("search", "frozen card", door=real_door())
    assert code == 0
    assert out.startswith("1. Freezing · ")
    assert "(cards, cards/freeze.md)" in out
    row = json.loads(run("search", "frozen card", "--json", "--shelf", "cards", door=real_door())[1])[0]
    assert (row["shelf"], row["title"]) == ("cards", "Freezing")
    assert "silent" in run("search", "zebra", door=real_door())[1]


def test_a_search_on_a_shelf_that_is_none_names_those_there_are(run: Run, real_door: Callable[[], Door]) -> None:
    code, out, err = run("search", "card", "--shelf", "card", door=real_door())
    assert (code, out) == (1, "")
    assert err == "There is no shelf 'card'. There are: cards.\n"
    assert run("search", " … ", door=real_door())[0] == 1


@pytest.mark.parametrize(
    ("word", "line"),
    [
        ("cardholders", "cardholder · 持卡人"),
        ("持卡人", "Meaning: Who holds a card."),
        ("card bearer", "“card bearer” is accepted; the official form is “cardholder”."),
        ("Card Owner", "“Card Owner” must not be used; write “cardholder”."),
    ],
)
def test_a_term_is_looked_up_by_every_name(run: Run, real_door: Callable[[], Door], word: str, line: str) -> None:
    code, out, _ = run("term", word, door=real_door())
    assert code == 0
    assert line in out
    assert "Never: card owner" in out


def test_a_word_that_is_no_term_names_what_is_near(run: Run, real_door: Callable[[], Door]) -> None:
    code, out, err = run("term", "cardhodler", door=real_door())
    assert (code, out) == (1, "")
    assert err == "The glossary has no “cardhodler”. Near it: cardholder.\n"


# serve


async def _page(scope: Any, receive: Any, send: Any) -> None:
    """An application that is interrupted as soon as it is open."""
    await receive()
    await send({"type": "lifespan.startup.complete"})
    asyncio.get_running_loop().call_later(0.2, os.kill, os.getpid(), signal.SIGINT)
    await receive()
    await send({"type": "lifespan.shutdown.complete"})


async def _locked(scope: Any, receive: Any, send: Any) -> None:
    """An application that cannot open, as starlette tells it: a traceback in a message, then the error."""
    await receive()
    await send({"type": "lifespan.startup.failed", "message": "Traceback: secret-key-123"})
    raise KnowledgeError("Another process uses the index folder.", "索引文件夹正被使用。")


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def test_serve_tells_the_address_and_who_answers_and_ends_well_at_ctrl_c(run: Run, settings: Settings) -> None:
    port = _free_port()
    code, out, err = run("serve", "--port", str(port), door=Door(lambda: settings, application=lambda: _page))
    assert (code, err) == (0, "")
    assert out.startswith(f"Stagecraft is open at http://127.0.0.1:{port} (Ctrl-C ends it)\nThe built-in demonstration model")


def test_serve_is_silent_of_the_demonstration_where_an_endpoint_is_configured(run: Run, tmp_path: Path) -> None:
    configured = Settings(data_dir=tmp_path, endpoint=EndpointSettings(base_url="http://models.test/v1"))
    door = Door(lambda: configured, application=lambda: _page)
    assert "demonstration" not in run("serve", "--port", str(_free_port()), door=door)[1]


def test_a_page_that_cannot_open_is_a_sentence_and_no_traceback(run: Run, settings: Settings) -> None:
    door = Door(lambda: settings, application=lambda: _locked)
    code, out, err = run("serve", "--port", str(_free_port()), door=door)
    assert (code, out) == (1, "")
    assert err == "Another process uses the index folder.\n"


def test_a_port_in_use_is_a_sentence_before_anything_is_loaded(run: Run, settings: Settings) -> None:
    def application() -> Any:
        raise AssertionError("nothing may be loaded")

    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        for command in ("serve", "serve-model"):
            code, out, err = run(command, "--port", port, door=Door(lambda: settings, application=application))
            assert (code, out) == (1, "")
            assert err.startswith(f"Port {port} is in use on 127.0.0.1")


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "10.1.2.3", "bank.example"])
def test_an_address_that_others_reach_is_refused(run: Run, host: str) -> None:
    code, out, err = run("serve", "--host", host)
    assert (code, out) == (1, "")
    assert err.startswith(f"Nobody signs in, so the page listens on this machine only, not on {host}. Use 127.0.0.1")


def test_logging_is_left_as_it_was_found(run: Run) -> None:
    before = list(logging.getLogger().handlers)
    run("ask", "user_stories", "bug")
    assert logging.getLogger().handlers == before
