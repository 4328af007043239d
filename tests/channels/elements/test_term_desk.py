"""The steward's desk as the page gets it."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from channels.elements.term_desk import term_desk
from channels.texts import texts_in
from knowledge.terms.stewardship import Steward
from records.database import Database, sqlite_url
from records.knowledge import KnowledgeRecords
from records.migrate import migrate
from records.terms import Noun, TermRecords
from tests.channels.elements.test_knowledge_desk import READER

LIST = "English,Chinese,Definition\nloan,贷款,Money lent.\nLoan,借款,Money borrowed.\nteller,柜员,Serves customers.\n"


@pytest.fixture
async def steward(tmp_path: Path) -> AsyncIterator[Steward]:
    from chains.events import Person
    from knowledge.reading.reader import Reader

    database = Database(sqlite_url(tmp_path))
    await migrate(database)
    reader = Reader()
    steward = Steward(KnowledgeRecords(database), TermRecords(database), reader)
    (tmp_path / "terms.csv").write_text(LIST, "utf-8")
    sam = Person("sam", "Sam", roles=frozenset({"steward"}))
    await steward.import_terms(tmp_path / "terms.csv", person=sam)
    await TermRecords(database).offer([Noun("zh", "贵宾厅", "贵宾厅", "entity", "预约贵宾厅", "a1")], READER.id)
    await TermRecords(database).offer([Noun("zh", "贵宾厅", "贵宾厅", "entity", "预约贵宾厅", "a2")], READER.id)
    yield steward
    await steward.close()
    await reader.close()
    await database.close()


async def test_an_offered_noun_comes_with_its_sentence_and_how_often_it_was_seen(steward: Steward) -> None:
    (offer,) = (await term_desk(steward, texts_in("en"), may_settle=True))["offers"]
    assert (offer["name"], offer["about"], offer["kindText"]) == ("贵宾厅", "seen 2 times, Chinese", "thing")
    assert offer["term"] == {"en": "", "zh": "贵宾厅", "kind": "entity", "definition": ""}
    assert "贵宾厅" in offer["example"]


async def test_terms_that_contradict_each_other_say_how_and_are_not_among_those_in_use(steward: Steward) -> None:
    desk = await term_desk(steward, texts_in("en"), may_settle=True)
    assert {entry["name"] for entry in desk["disputed"]} == {"loan · 贷款", "Loan · 借款"}
    assert all("loan" in entry["disputes"][0].lower() for entry in desk["disputed"])
    assert [term["title"] for term in desk["terms"]] == ["teller · 柜员"]
    assert desk["counts"] == "Terms in use: 1."


async def test_the_desk_speaks_the_readers_language(steward: Steward) -> None:
    desk = await term_desk(steward, texts_in("zh"), may_settle=False)
    assert desk["offers"][0]["about"] == "出现 2 次，中文"
    assert desk["maySettle"] is False
    assert desk["labels"]["refuse"] == "拒绝"
