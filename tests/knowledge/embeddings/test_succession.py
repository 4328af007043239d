"""Another embedding is made ready beside the one that answers, and then takes its place; nothing in between is lost."""

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import Literal

import pytest

from knowledge.knowledge import Knowledge
from records.database import Database
from records.knowledge import KnowledgeRecords
from tests.doubles.embedding_choices import HashedChoice
from tests.doubles.hashed_embedding import HashedEmbedding
from tests.knowledge.test_knowledge import until

NOBODY: frozenset[str] = frozenset()
# Nothing of it stands in the pack but by meaning: the embedding of the test puts it at the place of another word.
QUESTION = "Which transfer needs a second approval?"
Kind = Literal["memory", "chroma"]


class Asked(HashedEmbedding):
    """Counts the questions that it was asked."""

    asked = 0

    def queries(self, texts: list[str]):  # type: ignore[no-untyped-def]
        self.asked += 1
        return super().queries(texts)


async def opened(
    database: Database,
    folder: Path,
    pack: Path,
    embedding: HashedEmbedding,
    kept: Sequence[HashedEmbedding] = (),
    index: Kind = "memory",
    *,
    server: bool = True,
) -> Knowledge:
    choice = HashedChoice(embedding, tuple(kept))
    return await Knowledge.open(database, folder, pack, embedding, index, choice=choice, watch=server, every=0.05)


async def served(database: Database, folder: Path, pack: Path, embedding: HashedEmbedding, index: Kind = "memory") -> None:
    """Take the pack in with an embedding, and close again."""
    knowledge = await opened(database, folder, pack, embedding, index=index)
    await knowledge.sync_pack()
    await knowledge.close()


@pytest.mark.parametrize("index", ["memory", "chroma"])
async def test_the_former_embedding_answers_until_the_next_has_every_vector(
    database: Database, records: KnowledgeRecords, pack: Path, tmp_path: Path, index: Kind
) -> None:
    await served(database, tmp_path, pack, HashedEmbedding(name="a"), index)
    former, coming = Asked(name="a"), Asked(128, name="b")
    coming.may_go_on.clear()
    knowledge = await opened(database, tmp_path, pack, coming, [former], index)
    await until(lambda: knowledge.status().next_total == 6)
    status = knowledge.status()
    assert (status.embedding, status.next_embedding, status.next_done, status.waiting) == ("a", "b", 0, 0)
    assert "0 of 6 passages" in str(status.notices[-1])
    assert "6 个段落中的 0 个" in status.notices[-1].sentence("zh")
    assert (await knowledge.search(QUESTION, groups=NOBODY))[0].asset.title == "Transfer limits"
    assert former.asked
    assert not coming.asked - coming.passages_made
    coming.may_go_on.set()
    await until(lambda: knowledge.status().embedding == "b" and knowledge.status().next_embedding is None)
    await until(lambda: not knowledge._succession.is_making)
    asked = former.asked
    assert (await knowledge.search(QUESTION, groups=NOBODY))[0].asset.title == "Transfer limits"
    assert former.asked == asked
    assert await records.embeddings() == {"b"}
    assert await records.vectors("a") == {}
    serving = await records.serving()
    assert serving is not None
    assert (serving.embedding, serving.origin["dimensions"]) == ("b", 128)
    assert await knowledge.verify() == []
    await knowledge.close()


@pytest.mark.parametrize("index", ["memory", "chroma"])
async def test_a_change_that_is_stopped_in_the_middle_goes_on_at_the_next_start(
    database: Database, records: KnowledgeRecords, pack: Path, tmp_path: Path, index: Kind
) -> None:
    for number in range(40):
        (pack / "shelves/rules" / f"note{number}.en.md").write_text(f"# Note {number}\n\nabout transfer {number}", "utf-8")
    await served(database, tmp_path, pack, HashedEmbedding(name="a"), index)
    stopped = HashedEmbedding(name="b", fail_after=16)
    knowledge = await opened(database, tmp_path, pack, stopped, [HashedEmbedding(name="a")], index)
    await until(lambda: stopped.passages_made == 16)
    await knowledge.close()
    assert len(await records.vectors("b")) == 16
    again = HashedEmbedding(name="b")
    knowledge = await opened(database, tmp_path, pack, again, [HashedEmbedding(name="a")], index)
    await until(lambda: knowledge.status().embedding == "b")
    await until(lambda: not knowledge._succession.is_making)
    assert again.passages_made == 30
    assert await records.embeddings() == {"b"}
    await knowledge.close()


async def test_without_the_former_model_words_answer_and_it_is_told_how_many_wait(
    database: Database, records: KnowledgeRecords, pack: Path, tmp_path: Path
) -> None:
    await served(database, tmp_path, pack, HashedEmbedding(name="a"))
    coming = HashedEmbedding(name="b")
    coming.may_go_on.clear()
    knowledge = await opened(database, tmp_path, pack, coming)
    sync = asyncio.create_task(knowledge.sync_pack())
    await until(lambda: knowledge.status().progress is not None)
    assert (knowledge.status().waiting, knowledge.status().next_embedding) == (6, None)
    assert (await knowledge.search(QUESTION, groups=NOBODY))[0].asset.title == "Transfer limits"
    coming.may_go_on.set()
    await sync
    assert knowledge.status().waiting == 0
    assert await records.embeddings() == {"b"}
    await knowledge.close()


async def test_a_terminal_makes_the_vectors_but_leaves_the_change_to_the_server(
    database: Database, records: KnowledgeRecords, pack: Path, tmp_path: Path
) -> None:
    await served(database, tmp_path, pack, HashedEmbedding(name="a"))
    terminal = await opened(database, tmp_path, pack, HashedEmbedding(name="b"), [HashedEmbedding(name="a")], server=False)
    await terminal.sync_pack()
    assert terminal.status().embedding == "b"
    await terminal.close()
    assert await records.embeddings() == {"a", "b"}
    serving = await records.serving()
    assert serving is not None
    assert serving.embedding == "a"
    coming = HashedEmbedding(name="b")
    knowledge = await opened(database, tmp_path, pack, coming)
    assert knowledge.status().embedding == "b"
    await knowledge.sync_pack()
    assert coming.passages_made == 0
    assert await records.embeddings() == {"b"}
    await knowledge.close()


async def test_a_server_that_was_left_behind_does_not_make_its_vectors_again(
    database: Database, records: KnowledgeRecords, pack: Path, tmp_path: Path
) -> None:
    old = HashedEmbedding(name="a")
    behind = await opened(database, tmp_path, pack, old)
    await behind.sync_pack()
    made = old.passages_made
    await served(database, tmp_path, pack, HashedEmbedding(name="b"))
    await behind.sync_pack()
    assert old.passages_made == made
    assert "restart" in "".join(map(str, behind.status().notices))
    assert (await behind.search(QUESTION, groups=NOBODY))[0].asset.title == "Transfer limits"
    await behind.close()
    assert await records.embeddings() == {"b"}


async def test_an_embedding_that_is_away_at_the_start_comes_when_it_is_back(
    database: Database, pack: Path, tmp_path: Path
) -> None:
    choice = HashedChoice(HashedEmbedding(name="a"), away=True)
    knowledge = await Knowledge.open(database, tmp_path, pack, None, "memory", choice=choice, watch=True, every=0.05)
    await knowledge.sync_pack()
    await until(lambda: bool(knowledge.status().notices))
    assert (knowledge.status().index, knowledge.status().embedding) == ("words", None)
    assert (await knowledge.search(QUESTION, groups=NOBODY))[0].asset.title == "Transfer limits"
    choice.away = False
    await until(lambda: knowledge.status().embedding == "a" and not knowledge.status().waiting, 25)
    assert knowledge.status().notices == ()
    await knowledge.close()
