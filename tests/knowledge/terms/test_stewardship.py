"""What a steward does for the glossary."""

from dataclasses import dataclass
from pathlib import Path

import pytest

from errors import BriefError, KnowledgeError
from knowledge.intake.ingest import ingest
from knowledge.terms.glossary import Glossary
from knowledge.terms.stewardship import Steward
from knowledge.terms.wording import Wording
from records.database import Database
from records.knowledge import KnowledgeRecords
from records.terms import Noun, TermRecords
from tests.doubles.csv_rows import CsvRows

LIST = "English,Chinese,Definition\nPayment,付款,\nPayments,支付,\nFX,外汇,\nForex,外汇,\nPayee,收款人,Who receives.\n"
NOUN = Noun("en", "loyaltypoint", "loyalty point", "entity", "A customer redeems loyalty points.", "a1")


@dataclass(frozen=True)
class Someone:
    id: str
    roles: frozenset[str]


ANA = Someone("ana", frozenset({"analyst", "curator"}))
STEWARD = Someone("sten", frozenset({"steward"}))


@pytest.fixture
def steward(records: KnowledgeRecords, database: Database) -> Steward:
    return Steward(records, TermRecords(database), CsvRows())


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "words.csv"
    path.write_text(LIST, "utf-8")
    return path


async def approved(steward: Steward) -> list[str]:
    return [held.ref for held in await steward.terms(status="approved")]


async def test_what_is_undisputed_is_approved_and_the_rest_waits(steward: Steward, file: Path) -> None:
    imported = await steward.import_terms(file, person=STEWARD)
    assert (imported.pack, imported.rows, imported.terms, dict(imported.statuses)) == (
        "words.csv",
        5,
        5,
        {"draft": 4, "approved": 1},
    )
    assert [finding.kind for finding in imported.findings] == ["one-name", "two-names"]
    assert await approved(steward) == ["words.csv/payee"]
    assert [finding.kind for finding in await steward.report()] == ["one-name", "two-names"]


async def test_a_dry_run_writes_nothing(steward: Steward, file: Path) -> None:
    assert (await steward.import_terms(file, person=STEWARD, dry_run=True, status="draft")).statuses["draft"] == 5
    assert await steward.terms() == []


async def test_a_second_list_is_held_against_what_is_on_record(steward: Steward, file: Path, tmp_path: Path) -> None:
    await steward.import_terms(file, person=STEWARD)
    (tmp_path / "more.csv").write_text("en,zh\nReceiver,收款人\npayee,收款人\nFee,费用\n", "utf-8")
    imported = await steward.import_terms(tmp_path / "more.csv", person=STEWARD)
    assert [finding.kind for finding in imported.findings] == ["two-names", "elsewhere"]
    assert "pack words.csv" in imported.findings[0].sentence("en")
    assert await approved(steward) == ["more.csv/fee", "words.csv/payee"]


async def test_decisions_outlive_the_next_import_of_the_list(steward: Steward, file: Path) -> None:
    await steward.import_terms(file, person=STEWARD)
    await steward.accept("words.csv/payment", person=STEWARD)
    await steward.refuse("words.csv/payments", person=STEWARD)
    await steward.accept("FX", person=STEWARD)
    await steward.merge("forex", "FX", person=STEWARD)
    assert await steward.report() == []
    again = await steward.import_terms(file, person=STEWARD)
    assert (again.findings, dict(again.statuses)) == ((), {"approved": 3, "retired": 2})
    glossary = Glossary(held.term for held in await steward.terms())
    assert [(hit.term.id, hit.how) for hit in glossary.found_in("a Forex payment 外汇")] == [
        ("fx", "alias"), ("payment", "name"), ("fx", "name"),
    ]  # fmt: skip


async def test_a_draft_accepted_in_other_words_becomes_the_stewards_own_term(steward: Steward, file: Path) -> None:
    await steward.import_terms(file, person=STEWARD)
    term = await steward.accept("FX", Wording(en="Foreign exchange", kind="process", definition_zh="货币兑换"), person=STEWARD)
    assert (term.en, term.zh, term.kind, term.definition.zh, term.status) == (
        "Foreign exchange",
        "外汇",
        "process",
        "货币兑换",
        "approved",
    )
    again = await steward.accept("foreign exchange", Wording(zh="外币兑换"), person=STEWARD)
    assert again.zh == "外币兑换"
    assert await approved(steward) == ["steward/fx", "words.csv/payee"]


async def test_an_offered_noun_becomes_a_term_an_alias_or_nothing(steward: Steward, file: Path, database: Database) -> None:
    await steward.import_terms(file, person=STEWARD)
    nouns = [NOUN, Noun("en", "receiver", "receiver", "role", "", "a1"), Noun("zh", "收钱方", "收钱方", "role", "", "a1")]
    steward.offer_soon([*nouns, Noun("en", "gizmo", "gizmo", "entity", "", "a1")], "ana")
    await steward.close()
    assert len(await steward.offers()) == 4
    accepted = await steward.accept("loyalty points", Wording(zh="积分"), person=STEWARD)
    assert (accepted.id, accepted.zh, accepted.owner) == ("loyalty-point", "积分", "sten")
    await steward.merge("Receiver", "payee", person=STEWARD)
    await steward.merge("收钱方", "words.csv/payee", forbidden=True, person=STEWARD)
    assert await steward.refuse("gizmo", person=STEWARD) == "gizmo"
    assert await steward.offers() == []
    assert [one.name for one in await steward.offers("refused")] == ["gizmo"]
    (payee,) = [held.term for held in await steward.terms() if held.term.id == "payee"]
    assert (payee.aliases.en, payee.forbidden.zh) == (("receiver",), ("收钱方",))


async def test_an_offer_that_a_list_brought_meanwhile_is_not_open(steward: Steward, file: Path) -> None:
    steward.offer_soon([Noun("zh", "收款人", "收款人", "role", "", "a1")], "ana")
    steward.offer_soon([], "ana")
    await steward.close()
    await steward.import_terms(file, person=STEWARD)
    assert await steward.offers() == []


async def test_a_failed_offer_is_logged_and_harms_nobody(
    steward: Steward, database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    async with database.begin() as connection:
        await connection.exec_driver_sql("DROP TABLE term_offers")
    steward.offer_soon([NOUN], "ana")
    await steward.close()
    assert "could not be offered" in caplog.text


async def test_only_a_steward_decides(steward: Steward, file: Path) -> None:
    with pytest.raises(BriefError, match="Only a steward"):
        await steward.import_terms(file, person=ANA)
    with pytest.raises(BriefError, match="Only a steward"):
        await steward.accept("FX", person=ANA)
    with pytest.raises(BriefError, match="Only a steward"):
        await steward.merge("FX", "Payee", person=ANA)
    with pytest.raises(BriefError, match="Only a steward"):
        await steward.refuse("FX", person=ANA)
    await steward.import_terms(file, person=Someone("root", frozenset({"admin"})))


async def test_what_cannot_be_decided_is_said_with_what_is_meant(steward: Steward, file: Path) -> None:
    await steward.import_terms(file, person=STEWARD)
    with pytest.raises(BriefError, match=r"may mean “Payment · 付款” \(words.csv/payment\); “Payments · 支付”"):
        await steward.accept("payment", person=STEWARD)
    with pytest.raises(BriefError, match="is called “nothing”"):
        await steward.refuse("nothing", person=STEWARD)
    with pytest.raises(BriefError, match="not approved itself"):
        await steward.merge("FX", "Forex", person=STEWARD)
    with pytest.raises(BriefError, match="name in one language"):
        await steward.accept("FX", Wording(en="", zh=" "), person=STEWARD)
    with pytest.raises(BriefError, match="200 characters"):
        await steward.accept("FX", Wording(en="x" * 201), person=STEWARD)


async def test_a_pack_that_a_folder_fills_is_not_overwritten_by_a_list(
    steward: Steward, records: KnowledgeRecords, file: Path, pack: Path, tmp_path: Path
) -> None:
    await ingest(records, pack, embedding=None, data_dir=tmp_path)
    for name in ("small-bank", "steward"):
        with pytest.raises(KnowledgeError, match="filled from elsewhere"):
            await steward.import_terms(file, pack=name, person=STEWARD)


async def test_terms_are_listed_by_status_and_context(steward: Steward, tmp_path: Path) -> None:
    (tmp_path / "c.csv").write_text("en,zh,context,status\nA b,甲,cards,draft\nC d,乙,loans,\n", "utf-8")
    await steward.import_terms(tmp_path / "c.csv", person=STEWARD)
    assert [held.term.en for held in await steward.terms(context="cards")] == ["A b"]
    assert [held.term.en for held in await steward.terms(status="approved")] == ["C d"]
