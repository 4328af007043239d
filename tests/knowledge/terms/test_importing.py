"""Term lists as analysts keep them."""

from pathlib import Path

import openpyxl
import pytest

from errors import KnowledgeError
from knowledge.reading.limits import safe_yaml
from knowledge.reading.reader import Reader
from knowledge.terms.disputes import disputed_as_drafts
from knowledge.terms.findings import TermFinding
from knowledge.terms.importing import read_list, terms_of_rows, terms_of_yaml
from tests.doubles.csv_rows import CsvRows
from tests.doubles.packs import GLOSSARY


def kinds(findings: list[TermFinding]) -> list[str]:
    return [finding.kind for finding in findings]


def test_every_field_of_a_row_is_taken_in() -> None:
    rows = [
        ["编号", "英文", "中文", "定义", "Definition EN", "别名", "禁用词", "类型", "业务域", "负责人", "状态"],
        ["T1", " Payee ", "收款人", "收到转账的人。", "Who receives.", "beneficiary；受益人|BEN", "recipient\n收钱人", "角色", "payments", "Ana", "草稿"],
    ]  # fmt: skip
    (entry,) = terms_of_rows(rows, {}, "approved").entries
    term = entry.term
    assert (term.id, term.en, term.zh, term.kind, term.context, term.owner, term.status) == (
        "T1", "Payee", "收款人", "role", "payments", "Ana", "draft",
    )  # fmt: skip
    assert (term.aliases.en, term.aliases.zh) == (("beneficiary", "BEN"), ("受益人",))
    assert (term.forbidden.en, term.forbidden.zh) == (("recipient",), ("收钱人",))
    assert (term.definition.en, term.definition.zh) == ("Who receives.", "收到转账的人。")


def test_one_column_of_names_in_either_language_is_told_apart_by_script() -> None:
    listed = terms_of_rows([["术语", "说明"], ["Payee", "Who receives"], ["付款人", "付钱的人"]], {}, "draft")
    terms = [entry.term for entry in listed.entries]
    assert [(term.en, term.zh, term.definition.en, term.status) for term in terms] == [
        ("Payee", "", "Who receives", "draft"),
        ("", "付款人", "", "draft"),
    ]


def test_a_missing_id_is_made_of_the_name_and_is_the_same_at_the_next_import() -> None:
    rows = [["en", "zh"], ["Standing Order", "定期指令"], ["Standing order", "长期委托"], ["", "支付"], ["T+1", "次日"]]
    ids = [entry.term.id for entry in terms_of_rows(rows, {}, "approved").entries]
    assert ids == ["standing-order", "standing-order-长期委托", "支付", "t-1"]
    assert [entry.term.id for entry in terms_of_rows(rows, {}, "approved").entries] == ids


def test_rows_that_differ_in_case_plural_hyphen_or_width_are_one_term() -> None:
    rows = [
        ["en", "zh"],
        ["Debit card", "借记卡"],
        ["debit-cards", "借记卡"],
        ["ＤＥＢＩＴ ＣＡＲＤ", "借記卡"],
        ["DebitCard", "借记卡"],
    ]
    listed = terms_of_rows(rows, {}, "approved")
    (entry,) = listed.entries
    assert (entry.term.en, entry.term.aliases.en) == ("Debit card", ("DebitCard",))
    assert [place.of for place in entry.places] == ["2", "3", "4", "5"]
    assert listed.findings[0].sentence("en").endswith("Debit card · 借记卡 (rows 2, 3, 4, 5)")
    assert "第 2、3、4、5 行" in listed.findings[0].sentence("zh")


def test_a_second_row_fills_up_what_the_first_leaves_open() -> None:
    rows = [["en", "zh", "definition_en", "alias"], ["Payee", "收款人", "", "A"], ["payee", "收款人", "Who receives.", "B"]]
    (entry,) = terms_of_rows(rows, {}, "approved").entries
    assert (entry.term.definition.en, entry.term.aliases.en) == ("Who receives.", ("A", "B"))


def test_the_same_names_with_other_meanings_stay_apart_and_wait_for_a_steward() -> None:
    rows = [["en", "zh", "definition_en"], ["Limit", "限额", "The most of a day."], ["limit", "限额", "The most of a card."]]
    taken, findings = disputed_as_drafts(terms_of_rows(rows, {}, "approved").entries)
    assert [entry.term.status for entry in taken] == ["draft", "draft"]
    assert kinds(findings) == ["two-meanings"]
    assert "The most of a card. (row 3)" in findings[0].sentence("en")


def test_no_row_is_lost_in_silence() -> None:
    rows = [
        ["en", "zh", "status"],
        ["", "", "approved"],
        ["x" * 201, "长", ""],
        ["---", "", ""],
        [],
        ["Payee", "收款人", "perhaps"],
    ]
    listed = terms_of_rows(rows, {}, "approved")
    assert listed.rows == 4
    assert [(finding.kind, finding.name) for finding in listed.findings] == [
        ("no-name", ""),
        ("too-long", ""),
        ("unknown-status", "perhaps"),
    ]
    assert "rows 2" in listed.findings[0].sentence("en") or "row 2" in listed.findings[0].sentence("en")
    assert [entry.term.status for entry in listed.entries] == ["draft"]


def test_our_yaml_form_is_taken_in_and_one_language_will_do() -> None:
    listed = terms_of_yaml(safe_yaml(GLOSSARY + "- {id: fee, kind: value, en: fee}\n"), "draft")
    assert [(entry.term.id, entry.term.status) for entry in listed.entries][-2:] == [("loan", "draft"), ("fee", "draft")]
    assert listed.entries[0].term.status == "approved"
    with pytest.raises(KnowledgeError, match=r"terms\.0\.kind"):
        terms_of_yaml({"terms": [{"id": "x", "en": "x"}]}, "approved")
    with pytest.raises(KnowledgeError, match="'x' has a name in neither language"):
        terms_of_yaml({"terms": [{"id": "x", "kind": "role"}]}, "approved")


async def test_a_file_is_read_by_its_ending(tmp_path: Path) -> None:
    (tmp_path / "list.csv").write_text("English,Chinese\nPayee,收款人\n", "utf-8")
    (tmp_path / "list.yaml").write_text(GLOSSARY, "utf-16")
    (tmp_path / "bomb.yaml").write_text("terms: &a [*a]", "utf-8")
    (tmp_path / "list.docx").write_bytes(b"PK")
    assert len((await read_list(tmp_path / "list.csv", CsvRows(), {}, None, "approved")).entries) == 1
    assert len((await read_list(tmp_path / "list.yaml", None, {}, None, "approved")).entries) == 4
    for name, reason in [("bomb.yaml", "alias|anchor"), ("list.docx", "YAML, CSV or XLSX"), ("none.csv", "no file")]:
        with pytest.raises(KnowledgeError, match=reason):
            await read_list(tmp_path / name, CsvRows(), {}, None, "approved")


async def test_real_banking_terms_are_sorted_into_sound_and_disputed(test_data: Path) -> None:
    folder = test_data / "glossary-banking"
    if not folder.is_dir():
        pytest.skip("STAGECRAFT_TEST_DATA holds no glossary-banking")
    entries = []
    rows = 0
    for name in ("domains.csv", "domains-2.csv"):
        listed = await read_list(folder / name, CsvRows(), {}, None, "approved")
        taken, findings = disputed_as_drafts(listed.entries)
        rows += listed.rows
        entries += taken
        assert {"one-name", "two-names"} >= set(kinds(findings))
        assert len(findings) <= 40
    statuses = [entry.term.status for entry in entries]
    assert rows == 516
    assert 0 < statuses.count("draft") < len(statuses) / 5


async def test_a_workbook_is_read_by_the_house_s_own_reader(tmp_path: Path) -> None:
    workbook = openpyxl.Workbook()
    sheet = workbook.create_sheet("术语表")
    for row in (
        ["我行术语表 2025"],
        ["英文术语", "中文术语", "别名", "禁用词"],
        ["Payee", "收款人", "Beneficiary\n受益人", "recipient；收钱人"],
    ):
        sheet.append(row)
    workbook.save(tmp_path / "terms.xlsx")
    reader = Reader()
    try:
        listed = await read_list(tmp_path / "terms.xlsx", reader, {}, "术语表", "approved")
    finally:
        await reader.close()
    (entry,) = listed.entries
    assert (entry.term.en, entry.term.zh, entry.places[0].of) == ("Payee", "收款人", "3")
    assert (entry.term.aliases.en, entry.term.aliases.zh) == (("Beneficiary",), ("受益人",))
    assert (entry.term.forbidden.en, entry.term.forbidden.zh) == (("recipient",), ("收钱人",))
