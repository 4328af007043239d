"""The index in a Chroma folder: a cache of what SQL holds, verified when it is opened and rebuilt where it differs."""

import hashlib
import shutil
import threading
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from errors import KnowledgeError
from knowledge.indexes.chroma_store import StoreFault, begun, faults, gone_on, mark
from knowledge.indexes.folder_lock import FolderLock
from knowledge.indexes.index import TWIN_FROM, digest_of

if TYPE_CHECKING:
    from knowledge.indexes.index import Matrix, Vector

# Of a sample of passages, this share must find itself; less means vectors were lost without a word.
_SOUND_FROM = 0.97
_SAMPLE = 40
# Deleted rows stay in Chroma's graph: with a third of them dead a new collection is cheaper than going on.
_DEAD_SHARE = 1 / 3
# The whole process stands still for so many: a fifth of a second, where a thousand take nearly one.
_ROWS_AT_A_TIME = 250
# So many rows are written in a tenth of a second.
_FEW = 100
# Chroma does not survive a full disk: it is not let near one.
_FREE_BYTES = 200 * 1024 * 1024
# Chroma's own 100 lose a fortieth of the neighbours among texts that hardly differ, such as the yearly versions of a standard.
_GRAPH = {"hnsw:space": "cosine", "hnsw:construction_ef": 200, "hnsw:search_ef": 100}


class ChromaIndex:
    """One collection a partition, explicit vectors only, no filters; SQL is the truth."""

    name = "chroma"

    def __init__(self, folder: Path, embedding: str, lock: FolderLock | None = None) -> None:
        """Open the folder for the vectors of one embedding; a broken store is begun anew.

        With the `lock` of an index that has the folder, a new store is begun beside that one's. Raises FolderInUse where
        another process has the folder, KnowledgeError where no store can be opened.
        """
        self._folder, self._embedding = folder, embedding
        self._lock: FolderLock = lock or FolderLock(folder)
        self._writing = threading.Lock()
        self._collections: dict[str, Any] = {}
        self._ids: dict[str, set[str]] = {}
        self._added: dict[str, int] = {}
        self._closing = self._flooded = False
        self.broken = False
        try:
            self._store, self._client = begun(folder) if lock else gone_on(folder)
            self._found = self._listed()
        except KnowledgeError:
            if lock is None:
                self._lock.release()
            raise

    def beside(self, embedding: str) -> "ChromaIndex":
        """Begin an index in a new store; this one answers until `take_over`. Raises KnowledgeError where it cannot be written."""
        return ChromaIndex(self._folder, embedding, self._lock)

    def take_over(self, former: "ChromaIndex") -> None:
        """Take the place of the former index, which is thrown away. Raises KnowledgeError where that cannot be written."""
        mark(self._folder, self._store)
        former.discard()

    def discard(self) -> None:
        """Close the store and throw it away; the folder stays with the index beside it."""
        self._let_go()
        shutil.rmtree(self._store, ignore_errors=True)

    def hold(self, partition: str, ids: Sequence[str], vectors: "Matrix") -> None:
        """Make the partition hold exactly these. Raises KnowledgeError where it cannot be written.

        The first call of a process verifies what the folder holds. A difference is mended row by row where it is small;
        otherwise a new collection is filled beside the old one, which answers until the new one takes its place.
        After a fault of the store nothing is written to it any more (a second write was seen to hang for good).
        """
        with self._writing:
            try:
                with faults():
                    self._go_on()
                    self._follow(partition, ids, vectors)
            except KnowledgeError as error:
                self.broken |= isinstance(error, StoreFault)
                # What is half written is not trusted: the next call verifies or rebuilds it.
                self._collections.pop(partition, None)
                raise

    def keep_only(self, partitions: Iterable[str]) -> None:
        """Drop every other partition, and what former processes left half made."""
        wanted = set(partitions)
        with self._writing, faults():
            self._go_on()
            for partition in self._collections.keys() - wanted:
                del self._collections[partition], self._ids[partition], self._added[partition]
            used = {collection.name for collection in self._collections.values()}
            for name in self._listed():
                if name not in used:
                    self._client.delete_collection(name)
            self._found = sorted(used)

    def search(self, partition: str, vector: "Vector", limit: int) -> list[tuple[str, float]]:
        """Return ids and cosines, nearest first. Raises KnowledgeError while the partition is filled, or cannot be read."""
        collection = self._collections.get(partition)
        if collection is None or self._flooded or self.broken:
            raise KnowledgeError("The index is being filled.", "索引正在建立。")
        try:
            with faults():
                found = collection.query(query_embeddings=[vector], n_results=limit, include=["distances"])
        except KnowledgeError:
            self.broken = True
            raise
        return [(found_id, 1.0 - distance) for found_id, distance in zip(found["ids"][0], found["distances"][0], strict=True)]

    def digest(self, partition: str) -> str:
        """Return the digest of the ids that the store holds, "" where the partition is not there or cannot be read."""
        collection = self._collections.get(partition)
        if collection is None or self.broken:
            return ""
        try:
            with faults():
                return digest_of(collection.get(include=[])["ids"])
        except KnowledgeError:
            self.broken = True
            return ""

    def close(self) -> None:
        """Close the store and free the folder; a filling under way stops after the rows at hand, the next start mends it."""
        self._let_go()
        self._lock.release()

    def _let_go(self) -> None:
        self._closing = True
        with self._writing:
            self._collections.clear()
            if not self.broken:
                self._client.close()

    def _key(self, partition: str) -> str:
        """Return the beginning of a collection's name; groups may have any name, collections may not."""
        return f"p-{hashlib.sha256(f'{self._embedding}/{partition}'.encode()).hexdigest()[:24]}-"

    def _listed(self) -> list[str]:
        with faults():
            return sorted(collection.name for collection in self._client.list_collections())

    def _go_on(self) -> None:
        """Raise KnowledgeError where the store must not be written to."""
        if self._closing:
            raise KnowledgeError("The index is being closed.", "索引正在关闭。")
        if self.broken:
            raise KnowledgeError("The search index is broken; it is being rebuilt.", "搜索索引已损坏，正在重建。")
        free = shutil.disk_usage(self._folder).free
        if free < _FREE_BYTES:
            megabytes = free // (1024 * 1024)
            raise KnowledgeError(
                f"Only {megabytes} MB are free in {self._folder}; the search index needs 200 MB to be written. Free some space: it goes on by itself.",
                f"{self._folder} 仅剩 {megabytes} MB 可用空间，写入搜索索引需要 200 MB。请清理空间，随后会自动继续。",
            )

    @contextmanager
    def _flood(self, rows: int) -> Iterator[None]:
        """Turn searches away while many rows are written: they would wait for it, for minutes at a hundred thousand rows."""
        self._flooded = rows > _FEW
        try:
            yield
        finally:
            self._flooded = False

    def _add(self, collection: Any, ids: list[str], vectors: "Matrix") -> None:
        for start in range(0, len(ids), _ROWS_AT_A_TIME):
            self._go_on()
            begun = time.monotonic()
            stretch = slice(start, start + _ROWS_AT_A_TIME)
            collection.upsert(ids=ids[stretch], embeddings=vectors[stretch])
            if stretch.stop < len(ids):
                # Chroma keeps the interpreter to itself meanwhile; without a rest every answer would wait at each of its steps.
                time.sleep(time.monotonic() - begun)

    def _follow(self, partition: str, ids: Sequence[str], vectors: "Matrix") -> None:
        """Mend what differs, or rebuild."""
        if partition not in self._collections and not self._adopted(partition, ids, vectors):
            self._rebuild(partition, ids, vectors)
            return
        wanted, present = set(ids), self._ids[partition]
        gone = present - wanted
        if self._added[partition] - len(present) + len(gone) > _DEAD_SHARE * self._added[partition]:
            self._rebuild(partition, ids, vectors)
            return
        new = [row for row, held in enumerate(ids) if held not in present]
        with self._flood(len(gone) + len(new)):
            if gone:
                self._collections[partition].delete(ids=sorted(gone))
            if new:
                self._add(self._collections[partition], [ids[row] for row in new], vectors[new])
        self._ids[partition] = wanted
        self._added[partition] += len(new)

    def _adopted(self, partition: str, ids: Sequence[str], vectors: "Matrix") -> bool:
        """Take over a collection of a former process if it holds mostly these passages and finds them."""
        for name in self._found:
            if not name.startswith(self._key(partition)):
                continue
            try:
                with faults():
                    collection = self._client.get_collection(name, embedding_function=None)
                    present = set(collection.get(include=[])["ids"])
                    if present and _finds_itself(collection, present, ids, vectors):
                        self._collections[partition], self._ids[partition] = collection, present
                        self._added[partition] = len(present)
                        return True
            except KnowledgeError:
                continue
        return False

    def _rebuild(self, partition: str, ids: Sequence[str], vectors: "Matrix") -> None:
        """Fill a new collection beside the old one, then swap."""
        key = self._key(partition)
        taken = {int(name.rsplit("-", 1)[1]) for name in self._listed() if name.startswith(key)}
        fresh = self._client.create_collection(f"{key}{max(taken, default=0) + 1}", embedding_function=None, metadata=_GRAPH)
        with self._flood(len(ids)):
            self._add(fresh, list(ids), vectors)
        former = self._collections.get(partition)
        self._collections[partition], self._ids[partition], self._added[partition] = fresh, set(ids), len(ids)
        if former is not None:
            self._client.delete_collection(former.name)


def _finds_itself(collection: Any, present: set[str], ids: Sequence[str], vectors: "Matrix") -> bool:
    """Ask for a sample of what is held by its own vector: counting would not notice a lost vector."""
    shared = [row for row, held in enumerate(ids) if held in present]
    sample = shared[:: max(1, len(shared) // _SAMPLE)]
    if not sample:
        return False
    found = collection.query(query_embeddings=vectors[sample], n_results=min(3, len(present)), include=["distances"])
    sound = sum(
        ids[row] in names or 1 - distances[0] >= TWIN_FROM
        for row, names, distances in zip(sample, found["ids"], found["distances"], strict=True)
    )
    return bool(sound >= _SOUND_FROM * len(sample))
