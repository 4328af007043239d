"""What search finds, and what it never shows."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from knowledge.knowledge import Knowledge
from knowledge.search.retrieval import Retriever
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
        titles = [hit.asset.title for hit in hits[:4]]
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
    await records.settle_asset(asset.id, {"groups": ["board"]}, "changed", "")
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


def body(**marks: str) -> str:
    """Return the front matter of an asset."""
    return "---\n" + "".join(f"{name}: {value}\n" for name, value in marks.items()) + "language: en\n---\n"


@pytest.fixture
def typed(pack: Path) -> Path:
    """Return a pack with assets of several types on the shelf `guides`."""
    texts = {
        "guide": ("standard", "# Style guide\n\nEvery title is a short sentence with a verb, and abbreviations are written out."),
        "form": ("template", "# Form\n\nTitle, author, date and appendix, in this order, on one page."),
        "past": ("past-artifact", "# Former initiative\n\nAs a payee I want to see a transfer that is above the transfer limit."),
        "list": ("checklist", "# Elsewhere\n\nNames are spelt out and dates are checked."),
    }
    folder = pack / "shelves" / "guides"
    folder.mkdir(parents=True)
    for name, (kind, text) in texts.items():
        shelf = "elsewhere" if name == "list" else "guides"
        (folder / f"{name}.en.md").write_text(body(title=name, shelf=shelf, type=kind, groups="[everyone]") + text, "utf-8")
    return pack


@pytest.mark.parametrize("embedding", [None, HashedEmbedding(256)], ids=["words", "vectors"])
async def test_standing_assets_of_the_stages_shelves_are_given_whatever_the_words(
    database: Database, typed: Path, tmp_path: Path, embedding: HashedEmbedding | None
) -> None:
    opened = await Knowledge.open(database, tmp_path, typed, embedding)
    await opened.sync_pack()
    hits = await opened.search("second approval of a transfer", groups=NOBODY, shelves=["guides"], limit=3)
    assert [hit.asset.title for hit in hits if hit.asset.type in {"standard", "template", "checklist"}] in (["guide"], ["form"])
    assert hits[0].asset.shelf == "rules"
    plain = await opened.search("second approval of a transfer", groups=NOBODY, limit=3)
    assert not any(hit.kept for hit in plain)
    await opened.close()


async def test_where_the_knowledge_is_silent_standing_assets_alone_are_given_and_marked(
    database: Database, typed: Path, tmp_path: Path
) -> None:
    opened = await Knowledge.open(database, tmp_path, typed, None)
    await opened.sync_pack()
    hits = await opened.search("photosynthesis of ferns", groups=NOBODY, shelves=["guides"])
    assert {hit.asset.title for hit in hits} == {"guide", "form"}
    assert all(hit.kept for hit in hits)
    await opened.close()


async def test_a_past_artifact_is_found_by_likeness_and_by_words_where_there_are_no_vectors(
    database: Database, typed: Path, tmp_path: Path
) -> None:
    question = "transfer limit"
    for embedding in (HashedEmbedding(256), None):
        opened = await Knowledge.open(database, tmp_path, typed, embedding)
        await opened.sync_pack()
        scores = {hit.asset.title: hit.score for hit in await opened.search(question, groups=NOBODY, limit=12)}
        assert "past" in scores
        assert scores["past"] <= (0.65 if embedding else 1)
        await opened.close()


async def test_a_draft_is_found_by_who_put_it_in_and_a_retired_one_by_nobody(
    database: Database, pack: Path, records: KnowledgeRecords, tmp_path: Path
) -> None:
    opened = await Knowledge.open(database, tmp_path, pack, HashedEmbedding(256))
    await opened.sync_pack()
    (asset,) = [asset for asset in await records.assets() if asset.title == "Transfer limits"]
    pieces = [piece for piece, owner in await records.passages() if owner.id == asset.id]
    await records.remove_assets([asset.id])
    draft = replace(asset, status="draft", uploaded_by="ana")
    await records.put_asset(draft, pieces)
    await opened.reload()
    for person, sees in (("@ana", True), ("@ben", False), ("staff", False)):
        groups = frozenset(["everyone", person])
        assert (await opened.passage(pieces[0].id, groups) is not None) == sees
        titles = [hit.asset.title for hit in await opened.search("second approval of a transfer", groups=groups)]
        assert ("Transfer limits" in titles) == sees
    await records.remove_assets([asset.id])
    await records.put_asset(replace(draft, status="retired"), pieces)
    assert await opened.passage(pieces[0].id, frozenset(["everyone", "@ana"])) is None
    await opened.close()


async def test_a_short_hit_is_shown_with_its_neighbour_and_cited_alone(database: Database, pack: Path, tmp_path: Path) -> None:
    (tmp_path / "notes").mkdir()
    long = " ".join(f"Sentence {number} tells about something else entirely." for number in range(30))
    text = f"# Fees\n\n{long}\n\nA lost parcel costs 17.\n"
    (tmp_path / "notes" / "fees.md").write_text(text, "utf-8")
    opened = await Knowledge.open(database, tmp_path, pack, None)
    await opened.ingest(tmp_path / "notes")
    hit = (await opened.search("What does a lost parcel cost?", groups=NOBODY))[0]
    assert "lost parcel" in hit.passage.text
    assert len(hit.passages) >= 1
    assert hit.passage.id in hit.passages
    assert hit.tokens <= 300
    assert hit.passage.text in hit.text
    await opened.close()


class LastFirst:
    """A reranker that turns the order around."""

    def order(self, question: str, texts: Sequence[str]) -> list[int]:
        assert question
        return list(range(len(texts)))[::-1]


async def test_a_reranker_reorders_what_may_be_read_and_nothing_else(knowledge: Knowledge) -> None:
    question = "transfer limit raised to 9,000 next year"
    plain = [hit.passage.id for hit in await knowledge.search(question, groups=NOBODY, limit=20)]
    stand = replace(knowledge._following.stand, reranker=LastFirst())
    turned = await Retriever(knowledge.records, lambda: stand).search(question, groups=NOBODY, limit=20)
    assert {hit.passage.id for hit in turned} == set(plain)
    assert [hit.passage.id for hit in turned] != plain
    assert "Board paper" not in {hit.asset.title for hit in turned}
