"""The glossary of a pack: what contradicts in it waits for a steward, the rest is taken in."""

from pathlib import Path

import pytest

from errors import ConfigurationError
from knowledge.intake.ingest import ingest
from knowledge.intake.pack import GLOSSARY, read_terms
from knowledge.knowledge import SAMPLE_PACK, Knowledge
from knowledge.terms.stewardship import Steward
from records.database import Database
from records.knowledge import KnowledgeRecords
from records.terms import TermRecords
from tests.knowledge.terms.test_stewardship import STEWARD


def change(pack: Path, old: str, new: str) -> None:
    path = pack / GLOSSARY
    path.write_text(path.read_text("utf-8").replace(old, new), "utf-8")


def test_the_sample_pack_holds_nothing_to_settle() -> None:
    terms, problems = read_terms(SAMPLE_PACK, {})
    assert len(terms) >= 60
    assert problems == ()
    assert {term.status for term in terms} == {"approved"}


def test_a_name_of_two_terms_makes_both_drafts_and_a_problem_names_them(pack: Path) -> None:
    change(pack, "[beneficiary]", "[Transfers]")
    terms, (problem,) = read_terms(pack, {})
    assert [(term.id, term.status) for term in terms] == [
        ("payee", "draft"), ("transfer", "draft"), ("transfer-limit", "approved"), ("loan", "draft"),
    ]  # fmt: skip
    assert (problem.file, "payee · 收款人 (entry 1); transfer · 转账 (entry 2)" in problem.reason) == (GLOSSARY, True)
    assert "第 1 条" in problem.zh
    assert read_terms(pack, {"payee": "approved", "transfer": "approved"})[1] == ()


def test_an_id_of_two_terms_is_told_and_the_second_gets_another(pack: Path) -> None:
    change(pack, "{id: transfer-limit,", "{id: transfer,")
    terms, (problem,) = read_terms(pack, {})
    assert [term.id for term in terms] == ["payee", "transfer", "transfer-limit", "loan"]
    assert "“transfer” is the id of 2 terms" in problem.reason


@pytest.mark.parametrize(
    ("text", "reason"), [("terms: [{id: x}]", "terms.0.kind"), ("terms: [", "YAML"), ("terms: &a [*a]", "anchor|alias")]
)
def test_an_unsound_glossary_is_refused_with_its_place(pack: Path, text: str, reason: str) -> None:
    (pack / GLOSSARY).write_text(text, "utf-8")
    with pytest.raises(ConfigurationError, match=f"{GLOSSARY}.*({reason})"):
        read_terms(pack, {})


def test_a_pack_without_a_glossary_has_no_terms(tmp_path: Path) -> None:
    assert read_terms(tmp_path, {}) == ((), ())


async def test_what_a_steward_settles_in_a_pack_is_followed_and_outlives_its_next_sync(
    records: KnowledgeRecords, database: Database, pack: Path, tmp_path: Path
) -> None:
    change(pack, "[beneficiary]", "[Transfers]")
    first = await ingest(records, pack, embedding=None, data_dir=tmp_path)
    assert [problem.file for problem in first.problems] == [GLOSSARY]
    knowledge = await Knowledge.open(database, tmp_path, pack)
    try:
        assert [hit.term.id for hit in knowledge.terms_in("收款人 transfer limit")] == ["transfer-limit"]
        steward = Steward(records, TermRecords(database))
        for term in ("payee", "small-bank/transfer"):
            await steward.accept(term, person=STEWARD)
        second = await knowledge.sync_pack()
        assert second.problems == ()
        assert [hit.term.id for hit in knowledge.terms_in("收款人 转账")] == ["payee", "transfer"]
    finally:
        await knowledge.close()
