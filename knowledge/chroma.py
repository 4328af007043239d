"""The index in a Chroma folder: a cache of what SQL holds, verified when it is opened and rebuilt where it differs."""

import hashlib
import shutil
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from errors import KnowledgeError
from knowledge.folder_lock import FolderLock
from knowledge.index import digest_of

if TYPE_CHECKING:
    from knowledge.index import Matrix, Vector

# Of a sample of passages, this share must find itself; less means vectors were lost without a word.
_SOUND_FROM = 0.97
_SAMPLE = 40
# Deleted rows stay in Chroma's graph: with a third of them dead a new collection is cheaper than going on.
_DEAD_SHARE = 1 / 3
_ROWS_AT_A_TIME = 1000


class ChromaIndex:
    """One collection a partition, explicit vectors only, no filters; SQL is the truth."""

    name = "chroma"

    def __init__(self, folder: Path, embedding: str) -> None:
        """Open the folder for the vectors of one embedding; a broken store is begun anew.

        Raises KnowledgeError where another process has the folder.
        """
        self._folder, self._embedding = folder, embedding
        self._lock = FolderLock(folder)
        self._writing = threading.Lock()
        self._collections: dict[str, Any] = {}
        self._ids: dict[str, set[str]] = {}
        self._added: dict[str, int] = {}
        self._closing = False
        stores = sorted(folder.glob("store-*"), key=_number) or [folder / "store-1"]
        try:
            self._client = _opened(stores[-1])
        except KnowledgeError:
            # Under a new name, since Chroma keeps what it failed to open in the process, by its path.
            stores.append(folder / f"store-{_number(stores[-1]) + 1}")
            self._client = _opened(stores[-1])
        self._found = self._listed()
        for former in stores[:-1]:
            shutil.rmtree(former, ignore_errors=True)

    def hold(self, partition: str, ids: Sequence[str], vectors: "Matrix") -> None:
        """Make the partition hold exactly these. Raises KnowledgeError where it cannot be written.

        The first call of a process verifies what the folder holds. A difference is mended row by row where it is small;
        otherwise a new collection is filled beside the old one, which answers until the new one takes its place.
        """
        with self._writing:
            try:
                with _faults():
                    self._go_on()
                    self._follow(partition, ids, vectors)
            except KnowledgeError:
                # What is half written is not trusted: the next call verifies or rebuilds it.
                self._collections.pop(partition, None)
                raise

    def keep_only(self, partitions: Iterable[str]) -> None:
        """Drop every other partition, and what former processes left half made."""
        wanted = set(partitions)
        with self._writing, _faults():
            for partition in self._collections.keys() - wanted:
                del self._collections[partition], self._ids[partition], self._added[partition]
            used = {collection.name for collection in self._collections.values()}
            for name in self._listed():
                if name not in used:
                    self._client.delete_collection(name)
            self._found = sorted(used)

    def search(self, partition: str, vector: "Vector", limit: int) -> list[tuple[str, float]]:
        """Return ids and cosines, nearest first. Raises KnowledgeError where the partition is not there or cannot be read."""
        collection = self._collections.get(partition)
        if collection is None:
            raise KnowledgeError("The index is being filled.", "索引正在建立。")
        with _faults():
            found = collection.query(query_embeddings=[vector], n_results=limit, include=["distances"])
        return [(found_id, 1.0 - distance) for found_id, distance in zip(found["ids"][0], found["distances"][0], strict=True)]

    def digest(self, partition: str) -> str:
        """Return the digest of the ids held, "" where the partition is not there."""
        return digest_of(self._ids[partition]) if partition in self._ids else ""

    def close(self) -> None:
        """Close the store and free the folder; a filling under way stops after the rows at hand, the next start mends it."""
        self._closing = True
        with self._writing:
            self._collections.clear()
            self._client.close()
            self._lock.release()

    def _key(self, partition: str) -> str:
        """Return the beginning of a collection's name; groups may have any name, collections may not."""
        return f"p-{hashlib.sha256(f'{self._embedding}/{partition}'.encode()).hexdigest()[:24]}-"

    def _listed(self) -> list[str]:
        with _faults():
            return sorted(collection.name for collection in self._client.list_collections())

    def _go_on(self) -> None:
        if self._closing:
            raise KnowledgeError("The index is being closed.", "索引正在关闭。")

    def _add(self, collection: Any, ids: list[str], vectors: "Matrix") -> None:
        for start in range(0, len(ids), _ROWS_AT_A_TIME):
            self._go_on()
            stretch = slice(start, start + _ROWS_AT_A_TIME)
            collection.upsert(ids=ids[stretch], embeddings=vectors[stretch])

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
        if gone:
            self._collections[partition].delete(ids=sorted(gone))
        new = [row for row, held in enumerate(ids) if held not in present]
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
                with _faults():
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
        fresh = self._client.create_collection(
            f"{key}{max(taken, default=0) + 1}", embedding_function=None, metadata={"hnsw:space": "cosine"}
        )
        self._add(fresh, list(ids), vectors)
        former = self._collections.get(partition)
        self._collections[partition], self._ids[partition], self._added[partition] = fresh, set(ids), len(ids)
        if former is not None:
            self._client.delete_collection(former.name)


def _number(store: Path) -> int:
    return int(store.name.rpartition("-")[2])


def _opened(store: Path) -> Any:
    """Open a store and look into it. Raises KnowledgeError where it is broken."""
    import chromadb  # late: two seconds that only the server spends
    from chromadb.config import Settings

    with _faults():
        client = chromadb.PersistentClient(str(store), settings=Settings(anonymized_telemetry=False))
        client.list_collections()
        return client


def _finds_itself(collection: Any, present: set[str], ids: Sequence[str], vectors: "Matrix") -> bool:
    """Ask for a sample of what is held by its own vector: counting would not notice a lost vector."""
    shared = [row for row, held in enumerate(ids) if held in present]
    sample = shared[:: max(1, len(shared) // _SAMPLE)]
    if not sample:
        return False
    found = collection.query(query_embeddings=vectors[sample], n_results=min(3, len(present)), include=["distances"])
    sound = sum(
        ids[row] in names or distances[0] < 1e-4  # a twin text may stand in front
        for row, names, distances in zip(sample, found["ids"], found["distances"], strict=True)
    )
    return bool(sound >= _SOUND_FROM * len(sample))


@contextmanager
def _faults() -> Iterator[None]:
    """Translate what Chroma raises: its own errors, slips of its cleaning up, and its engine's panics, no ordinary exceptions."""
    from chromadb.errors import ChromaError

    try:
        yield
    except KnowledgeError:
        raise
    except BaseException as error:
        if (
            isinstance(error, (ChromaError, ValueError, RuntimeError, OSError, AttributeError, KeyError))
            or type(error).__name__ == "PanicException"
        ):
            raise KnowledgeError(
                "The search index cannot be read or written; it will be rebuilt from the records.",
                "搜索索引无法读写，将根据记录重建。",
                detail=f"{type(error).__name__}: {error}",
            ) from error
        raise
