"""All indexes keep the same promises; Chroma's is a cache that mends itself."""

import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from uuid import uuid4

import numpy as np
import pytest
from numpy.typing import NDArray

from errors import KnowledgeError
from knowledge.indexes.chroma import ChromaIndex
from knowledge.indexes.index import Index, MemoryIndex, digest_of
from knowledge.indexes.pgvector import PgVectorIndex

IDS = [f"passage-{number}" for number in range(60)]
PART = "zh:board|everyone"


def matrix(rows: int, seed: int = 0) -> NDArray[np.float32]:
    drawn = np.random.default_rng(seed).normal(size=(rows, 8)).astype(np.float32)
    found: NDArray[np.float32] = drawn / np.linalg.norm(drawn, axis=1, keepdims=True)
    return found


VECTORS = matrix(60)


@pytest.fixture(params=["memory", "chroma", "pgvector"])
def index(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Index]:
    made: Index
    if request.param == "pgvector":
        made = PgVectorIndex(request.getfixturevalue("vector_postgres").url, f"hashed-{uuid4()}", 8)
    else:
        made = MemoryIndex() if request.param == "memory" else ChromaIndex(tmp_path / "index", "hashed-words")
    yield made
    made.close()


def test_the_nearest_come_first_with_their_cosines(index: Index) -> None:
    index.hold(PART, IDS, VECTORS)
    hits = index.search(PART, VECTORS[7], 5)
    assert hits[0][0] == "passage-7"
    assert [cosine for _, cosine in hits] == pytest.approx(sorted(VECTORS @ VECTORS[7], reverse=True)[:5], abs=1e-5)


def test_a_partition_holds_exactly_what_it_was_last_told(index: Index) -> None:
    index.hold(PART, IDS, VECTORS)
    index.hold(PART, IDS[5:], VECTORS[5:])
    index.hold(PART, IDS[5:50], VECTORS[5:50])
    assert index.digest(PART) == digest_of(IDS[5:50])
    assert {hit for hit, _ in index.search(PART, VECTORS[0], 60)} == set(IDS[5:50])
    index.hold(PART, IDS[40:], VECTORS[40:])
    assert {hit for hit, _ in index.search(PART, VECTORS[0], 60)} == set(IDS[40:])


def test_partitions_do_not_know_each_other_and_vanish_when_not_wanted(index: Index) -> None:
    index.hold(PART, IDS[:30], VECTORS[:30])
    index.hold("en:everyone", IDS[30:], VECTORS[30:])
    assert all(hit in IDS[:30] for hit, _ in index.search(PART, VECTORS[40], 60))
    index.keep_only(["en:everyone"])
    assert index.digest(PART) == ""
    with pytest.raises(KnowledgeError):
        index.search(PART, VECTORS[0], 1)


def test_most_of_a_partition_may_change_at_once(index: Index) -> None:
    index.hold(PART, IDS[:20], VECTORS[:20])
    index.hold(PART, IDS[15:], VECTORS[15:])
    assert index.digest(PART) == digest_of(IDS[15:])
    assert index.search(PART, VECTORS[44], 1)[0][0] == "passage-44"


def test_more_may_be_asked_for_than_is_there(index: Index) -> None:
    index.hold(PART, IDS, VECTORS)
    assert len(index.search(PART, VECTORS[0], 500)) == 60


def test_a_partition_that_was_never_held_is_refused_and_has_no_digest(index: Index) -> None:
    assert index.digest(PART) == ""
    with pytest.raises(KnowledgeError) as refused:
        index.search(PART, VECTORS[0], 1)
    assert refused.value.sentence("zh") == "索引正在建立。"


def test_names_of_groups_may_be_anything(index: Index) -> None:
    strange = ["en:a'; DROP TABLE x; --", 'zh:"董事会"|everyone', "en:@" + "long" * 100]
    for row, name in enumerate(strange):
        index.hold(name, IDS[row : row + 1], VECTORS[row : row + 1])
    index.keep_only(strange)
    assert [index.search(name, VECTORS[0], 5)[0][0] for name in strange] == IDS[:3]


def test_searches_go_on_from_many_threads_while_the_partition_is_written(index: Index) -> None:
    index.hold(PART, IDS[:40], VECTORS[:40])

    def asked(row: int) -> str:
        return index.search(PART, VECTORS[row], 1)[0][0]

    with ThreadPoolExecutor(8) as threads:
        found = threads.map(asked, [row % 40 for row in range(80)])
        for size in (60, 45, 60):
            index.hold(PART, IDS[:size], VECTORS[:size])
        assert list(found) == [IDS[row % 40] for row in range(80)]


def chroma(tmp_path: Path) -> ChromaIndex:
    return ChromaIndex(tmp_path / "index", "hashed-words")


def test_chroma_is_taken_over_by_the_next_process(tmp_path: Path) -> None:
    first = chroma(tmp_path)
    first.hold(PART, IDS[:50], VECTORS[:50])
    first.close()
    second = chroma(tmp_path)
    second.hold(PART, IDS, VECTORS)
    (name,) = second._listed()
    assert name.endswith("-1")
    assert second.search(PART, VECTORS[55], 1)[0][0] == "passage-55"
    second.close()


def test_lost_vectors_are_noticed_and_rebuilt_beside(tmp_path: Path) -> None:
    first = chroma(tmp_path)
    first.hold(PART, IDS, matrix(60, seed=1))
    first.close()
    second = chroma(tmp_path)
    second.hold(PART, IDS, VECTORS)
    second.keep_only([PART])
    (name,) = second._listed()
    assert name.endswith("-2")
    assert second.search(PART, VECTORS[3], 1)[0][0] == "passage-3"
    second.close()


def test_another_embedding_never_meets_the_vectors_of_the_former(tmp_path: Path) -> None:
    first = chroma(tmp_path)
    first.hold(PART, IDS, VECTORS)
    first.close()
    second = ChromaIndex(tmp_path / "index", "another")
    wide = np.hstack([VECTORS, VECTORS])
    second.hold(PART, IDS, wide)
    second.keep_only([PART])
    assert len(second._listed()) == 1
    assert second.search(PART, wide[3], 1)[0][0] == "passage-3"
    second.close()


@pytest.mark.parametrize("damage", ["database", "graph"])
def test_a_broken_store_is_begun_anew(tmp_path: Path, damage: str) -> None:
    first = chroma(tmp_path)
    first.hold(PART, IDS, VECTORS)
    first.close()
    store = tmp_path / "index" / "store-1"
    for file in [store / "chroma.sqlite3"] if damage == "database" else store.rglob("*.bin"):
        file.write_bytes(b"no longer what it was" * 100)
    script = (
        "from tests.knowledge.indexes.test_index import *\n"
        f"index = chroma(Path({str(tmp_path)!r}))\n"
        "index.hold(PART, IDS, VECTORS)\nassert index.search(PART, VECTORS[9], 1)[0][0] == 'passage-9'\nindex.close()"
    )
    # Chroma keeps opened stores in the process, so only another one meets the damage.
    subprocess.run([sys.executable, "-c", script], check=True, timeout=60, capture_output=True)


def test_a_folder_in_use_by_another_process_is_refused_with_a_sentence(tmp_path: Path) -> None:
    held = chroma(tmp_path)
    script = (
        "from pathlib import Path\nfrom errors import KnowledgeError\nfrom knowledge.indexes.folder_lock import FolderLock\n"
        f"try:\n    FolderLock(Path({str(tmp_path / 'index')!r}))\nexcept KnowledgeError as error:\n    print(error)"
    )
    command = [sys.executable, "-c", script]
    refused = subprocess.run(command, check=True, timeout=60, capture_output=True, text=True).stdout
    assert "Another process uses the index folder" in refused
    held.close()
    assert subprocess.run(command, check=True, timeout=60, capture_output=True, text=True).stdout == ""
