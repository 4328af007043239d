"""The stores of Chroma below the index folder: one is in use, another one may be filled beside it."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from shutil import rmtree
from typing import Any

from errors import KnowledgeError

# The file that names the store in use, while another one is filled beside it.
_MARK = "current"


def gone_on(folder: Path) -> tuple[Path, Any]:
    """Open the store that the last process used, or a new one where it is broken, and remove all others."""
    stores = sorted(folder.glob("store-*"), key=_number)
    marked = [store for store in stores if store.name == _marked(folder)]
    store = (marked or stores or [folder / "store-1"])[-1]
    try:
        client = _opened(store)
    except KnowledgeError:
        # Under a new name, since Chroma keeps what it failed to open in the process, by its path.
        store, client = begun(folder)
    mark(folder, store)
    for other in stores:
        if other != store:
            rmtree(other, ignore_errors=True)
    return store, client


def begun(folder: Path) -> tuple[Path, Any]:
    """Open a store under a number that was not there."""
    store = folder / f"store-{max((_number(store) for store in folder.glob('store-*')), default=0) + 1}"
    return store, _opened(store)


def _marked(folder: Path) -> str:
    """Return the name of the store in use, "" where nothing says it."""
    try:
        return (folder / _MARK).read_text("ascii").strip()
    except (OSError, UnicodeDecodeError):
        return ""


def mark(folder: Path, store: Path) -> None:
    """Say which store is in use. Raises KnowledgeError where that cannot be written."""
    if _marked(folder) == store.name:
        return
    fresh = folder / f"{_MARK}.new"
    with faults():
        fresh.write_text(store.name, "ascii")
        fresh.replace(folder / _MARK)


def _opened(store: Path) -> Any:
    """Open a store and look into it. Raises KnowledgeError where it is broken."""
    import chromadb  # late: two seconds that only the server spends
    from chromadb.config import Settings

    with faults():
        client = chromadb.PersistentClient(str(store), settings=Settings(anonymized_telemetry=False))
        client.list_collections()
        return client


def _number(store: Path) -> int:
    return int(store.name.rpartition("-")[2])


class StoreFault(KnowledgeError):
    """Chroma failed: what it does next is not to be relied on."""

    def __init__(self, detail: str) -> None:
        super().__init__(
            "The search index cannot be read or written; it will be rebuilt from the records.",
            "搜索索引无法读写，将根据记录重建。",
            detail=detail,
        )


@contextmanager
def faults() -> Iterator[None]:
    """Translate what Chroma raises: its own errors, slips of its cleaning up, and its engine's panics, no ordinary exceptions. Raises StoreFault."""
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
            raise StoreFault(f"{type(error).__name__}: {error}") from error
        raise
