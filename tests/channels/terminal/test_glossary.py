"""The glossary's commands as a steward and a script meet them, over real records."""

import json
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from channels.terminal.cli import main
from channels.terminal.door import Door
from knowledge.terms.glossary import Glossary
from knowledge.terms.stewardship import Steward
from records.database import Database, sqlite_url
from records.knowledge import KnowledgeRecords
from records.migrate import migrate
from records.terms import Noun, TermRecords
from settings import Settings
from tests.doubles.csv_rows import CsvRows

Run = Callable[..., tuple[int, str, str]]
LIST = "English,Chinese,Alias\nPayment,付款,\nPayments,支付,\nFX,外汇,\nForex,外汇,\nPayee,收款人,Beneficiary;受益人\n"


class StewardsHouse:
    """A house of records and a steward alone."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.steward: Steward | None = None
        self.knowledge: Any = None

    async def start(self) -> None:
        self.folder.mkdir(exist_ok=True)
        self.database = Database(sqlite_url(self.folder))
        await migrate(self.database)
        records, terms = KnowledgeRecords(self.database), TermRecords(self.database)
        self.steward = Steward(records, terms, CsvRows())
        noun = Noun("en", "loyaltypoint", "loyalty point", "entity", "A customer redeems\x1b[2J loyalty points.", "a1")
        if not await terms.offers():
            await terms.offer([noun], "ana")
        held = await self.steward.terms()
        self.knowledge = SimpleNamespace(
            glossary=Glossary(one.term for one in held), status=lambda: SimpleNamespace(notices=(), progress=None)
        )

    async def stop(self) -> None:
        await self.database.close()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "words.csv"
    path.write_text(LIST, "utf-8")
    return path


@pytest.fixture
def run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    def ran(*arguments: str, language: Any = "auto") -> tuple[int, str, str]:
        settings = Settings(data_dir=tmp_path / "data", language=language)
        code = main(arguments, Door(lambda: settings, lambda _settings: cast(Any, StewardsHouse(tmp_path / "data"))))
        printed = capsys.readouterr()
        return code, printed.out, printed.err

    return ran


def test_an_import_tells_counts_first_then_what_is_to_be_settled_and_how(run: Run, file: Path) -> None:
    code, out, _ = run("glossary", "import", str(file))
    lines = out.splitlines()
    assert code == 0
    assert lines[0] == "words.csv: rows 5, terms 5 (approved 1, drafts 4, retired 0)."
    assert lines[2].startswith("To settle, 2")
    assert [line.split() for line in lines[3:5]] == [
        ["1", "One", "name", "for", "several", "terms"],
        ["1", "Several", "names", "for", "one", "term"],
    ]
    assert "  “外汇” has 2 names: FX (row 4); Forex (row 5)" in lines
    assert any(line.startswith("  → Accept the official one") for line in lines)


def test_a_report_is_told_in_chinese_where_the_settings_say_so(run: Run, file: Path) -> None:
    run("glossary", "import", str(file))
    _, out, _ = run("glossary", "report", language="zh")
    assert "一个名称对应多个术语" in out
    assert "“外汇”有 2 个名称" in out
    assert "What" not in out


def test_json_is_one_value_and_nothing_else_is_on_standard_output(run: Run, file: Path) -> None:
    told = json.loads(run("glossary", "import", str(file), "--dry-run", "--json")[1])
    assert (told["pack"], told["rows"], told["draft"], told["dry_run"]) == ("words.csv", 5, 4, True)
    assert (told["findings"][0]["kind"], told["findings"][0]["disputed"]) == ("one-name", True)
    assert told["findings"][0]["terms"][0]["places"] == [{"row": "2"}]
    assert json.loads(run("glossary", "list", "--json")[1]) == []
    run("glossary", "import", str(file), "--pack", "bank", "--status", "draft")
    assert {one["pack"] for one in json.loads(run("glossary", "list", "--json")[1])} == {"bank"}
    assert json.loads(run("glossary", "report", "--json")[1])[0]["kind"] == "one-name"
    assert json.loads(run("glossary", "offers", "--json")[1])[0]["name"] == "loyalty point"


def test_columns_are_named_where_they_are_not_recognised(run: Run, tmp_path: Path) -> None:
    (tmp_path / "odd.csv").write_text("Wording,Owner\nPayee,Ana\n", "utf-8")
    code, _, err = run("glossary", "import", str(tmp_path / "odd.csv"))
    assert (code, "--column en=HEADING" in err) == (1, True)
    code, out, _ = run("glossary", "import", str(tmp_path / "odd.csv"), "-c", "en=Wording")
    assert (code, "terms 1 " in out, "No Chinese name" in out) == (0, True, True)
    assert run("glossary", "import", str(tmp_path / "odd.csv"), "-c", "Wording")[0] == 2


def test_rows_that_are_left_out_end_with_1(run: Run, tmp_path: Path) -> None:
    (tmp_path / "gaps.csv").write_text("English,Chinese,Owner\nPayee,收款人,\n,,Ana\n", "utf-8")
    code, out, _ = run("glossary", "import", str(tmp_path / "gaps.csv"))
    assert code == 1
    assert "Left out: rows without a name" in out


def test_a_steward_settles_what_contradicts(run: Run, file: Path) -> None:
    run("glossary", "import", str(file))
    assert (
        run("glossary", "accept", "FX", "--en", "Foreign exchange", "--kind", "process")[1]
        == "“Foreign exchange · 外汇” is approved.\n"
    )
    assert run("glossary", "merge", "forex", "foreign exchange")[1] == "“forex” is another name of “Foreign exchange” now.\n"
    assert run("glossary", "accept", "words.csv/payment")[0] == 0
    assert run("glossary", "refuse", "words.csv/payments")[1] == "“Payments” is refused.\n"
    assert run("glossary", "report")[1] == "Nothing contradicts anything.\n"
    assert run("glossary", "list", "--status", "approved")[1].splitlines() == [
        "Foreign exchange · 外汇 (approved, process) steward/fx",
        "Payment · 付款 (approved, entity) words.csv/payment",
        "Payee · 收款人 (approved, entity) words.csv/payee",
    ]
    assert "Foreign exchange · 外汇" in run("term", "Forex")[1]


def test_an_offered_noun_is_listed_without_what_commands_a_terminal_and_settled(run: Run, file: Path) -> None:
    run("glossary", "import", str(file))
    _, out, _ = run("glossary", "offers")
    assert out.startswith("loyalty point (entity), seen 1 times, ")
    assert "\x1b" not in out
    assert "must not stand for “Payee”" in run("glossary", "merge", "loyalty point", "payee", "--forbidden")[1]
    assert run("glossary", "offers")[1] == "No nouns are offered.\n"
    assert run("glossary", "list", "--context", "cards")[1] == "No such terms.\n"


def test_what_cannot_be_decided_is_a_sentence(run: Run, file: Path) -> None:
    run("glossary", "import", str(file))
    code, out, err = run("glossary", "accept", "payment")
    assert (code, out) == (1, "")
    assert "(words.csv/payment)" in err
    assert run("glossary", "refuse", "nothing")[0] == 1
    assert run("glossary", "import", "nowhere.csv")[0] == 1
