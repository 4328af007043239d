"""What search finds, and what it never shows."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from knowledge.knowledge import Knowledge
from records.database import Database
from records.knowledge import KnowledgeRecords
from tests.doubles.hashed_embedding import HashedEmbedding

NOBODY: frozenset[str] = frozenset()


@pytest.fixture(params=["words", "memory", "chroma"])
async def knowledge(request: pytest.FixtureRequest, database: Database, pack: Path, tmp_path: Path) -> AsyncIterator[Knowledge]:
    embedding = None if request.param == "words" else HashedEmbedding(256)
    index = "chroma" if request.param == "chroma" else "memory"
    opened = await Knowledge.open(database, tmp_path, pack, embedding, index)  # type: ignore[arg-type]
    await opened.sync_pack()
    yield opened
    await opened.close()


async def test_a_question_finds_the_answer_in_both_languages(knowledge: Knowledge) -> None:
    for question in ("Which transfer needs a second approval?", "哪些转账须复核？"):
        hits = await knowledge.search(question, groups=NOBODY)
        titles = [hit.asset.title for hit in hits[:3]]
        assert {"Transfer limits", "转账限额"} <= set(titles)
        assert all(hit.asset.type == "domain-rule" for hit in hits)


async def test_the_names_of_the_other_language_widen_the_question(knowledge: Knowledge) -> None:
    hits = await knowledge.search("收款人", groups=NOBODY)
    assert "Transfer limits" in [hit.asset.title for hit in hits]


async def test_only_the_groups_of_an_asset_find_it(knowledge: Knowledge) -> None:
    question = "transfer limit raised to 9,000 next year"
    assert "Board paper" not in [hit.asset.title for hit in await knowledge.search(question, groups=frozenset(["staff"]))]
    hits = await knowledge.search(question, groups=frozenset(["board"]))
    assert hits[0].asset.title == "Board paper"
    assert await knowledge.passage(hits[0].passage.id, frozenset(["board"])) is not None
    assert await knowledge.passage(hits[0].passage.id, NOBODY) is None


async def test_retired_assets_are_never_found(knowledge: Knowledge) -> None:
    hits = await knowledge.search("Former limits needed a visit for a transfer above 700", groups=NOBODY)
    assert all(hit.asset.status == "approved" for hit in hits)


async def test_what_was_closed_or_removed_a_moment_ago_is_not_shown(knowledge: Knowledge, records: KnowledgeRecords) -> None:
    question = "transfer limits second approval"
    (asset,) = [asset for asset in await records.assets() if asset.title == "Transfer limits"]
    await records.put_asset(replace(asset, groups=("board",)), [p for p, a in await records.passages() if a.id == asset.id])
    assert "Transfer limits" not in [hit.asset.title for hit in await knowledge.search(question, groups=NOBODY)]
    await records.remove_assets([asset.id])
    assert "Transfer limits" not in [hit.asset.title for hit in await knowledge.search(question, groups=frozenset(["board"]))]


async def test_shelves_that_a_stage_asks_for_are_preferred_not_required(knowledge: Knowledge) -> None:
    without = {hit.passage.id: hit for hit in await knowledge.search("schedule a transfer limit", groups=NOBODY)}
    hits = await knowledge.search("schedule a transfer limit", groups=NOBODY, shelves=["stories"])
    assert {hit.asset.shelf for hit in hits} == {"stories", "rules"}
    for hit in hits:
        gained = hit.score - without[hit.passage.id].score
        assert gained == pytest.approx(0.1 if hit.asset.shelf == "stories" else 0, abs=1e-5)


async def test_no_more_than_two_passages_of_one_asset_and_no_more_than_asked_for(knowledge: Knowledge, tmp_path: Path) -> None:
    (tmp_path / "notes").mkdir()
    body = "\n\n".join(f"## Part {n}\n\nThe transfer limit of channel {n} is {n},000." for n in range(20))
    (tmp_path / "notes" / "long.md").write_text(f"# Channels\n\n{body}", "utf-8")
    await knowledge.ingest(tmp_path / "notes")
    hits = await knowledge.search("transfer limit of a channel", groups=NOBODY, limit=5)
    assert len(hits) == 5
    assert sum(hit.asset.title == "Channels" for hit in hits) == 2


@pytest.mark.parametrize("question", ["", "   ", "!?", "😀", "the of and"])
async def test_a_question_without_words_is_no_error(knowledge: Knowledge, question: str) -> None:
    await knowledge.search(question, groups=NOBODY)


async def test_an_empty_store_is_silent(database: Database, tmp_path: Path) -> None:
    opened = await Knowledge.open(database, tmp_path, tmp_path, HashedEmbedding(), "memory")
    assert await opened.search("transfer", groups=NOBODY) == []
    await opened.close()


async def test_what_has_nothing_to_do_with_the_organisation_finds_nothing_by_words(
    database: Database, pack: Path, tmp_path: Path
) -> None:
    opened = await Knowledge.open(database, tmp_path, pack, None)
    await opened.sync_pack()
    assert await opened.search("photosynthesis of ferns", groups=NOBODY) == []
    await opened.close()


async def test_a_very_long_brief_is_searched_by_its_beginning(knowledge: Knowledge) -> None:
    hits = await knowledge.search("Which transfer needs a second approval? " + "lorem ipsum dolor " * 1500, groups=NOBODY)
    assert "Transfer limits" in [hit.asset.title for hit in hits]
