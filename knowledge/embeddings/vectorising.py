"""Makes the vectors that are missing, batch by batch, so that it may stop anywhere and go on."""

import asyncio
import shutil
import time
from pathlib import Path

from errors import KnowledgeError
from knowledge.embeddings.embedding import Embedding
from knowledge.intake.progress import Progress, Watcher, unwatched
from records.knowledge import KnowledgeRecords

# A full disk makes Chroma fail until space is freed; SQLite needs room for its log as well.
_FREE_BYTES = 500 * 1024 * 1024
# Texts read ahead: those of all that is missing would not fit into memory.
_READ_AHEAD = 2_000
# Vectors are committed about once a second: that much work is lost by a stop.
_LEAST, _MOST, _AIM_SECONDS = 16, 256, 1.0


async def vectorise(records: KnowledgeRecords, embedding: Embedding, *, data_dir: Path, progress: Watcher = unwatched) -> int:
    """Make the vectors that are missing, whoever committed the passages, and return how many there were.

    Raises KnowledgeError where under 500 MB are free or a text gets no vector, EndpointError where the server that
    embeds fails; what was made until then is committed.
    """
    missing = await records.missing_vectors(embedding.name)
    done, size = 0, _LEAST
    while texts := await records.texts_without_vector(embedding.name, _READ_AHEAD):
        start = 0
        while start < len(texts):
            require_space(data_dir)
            progress(Progress("embedding", done, max(missing, done + len(texts) - start)))
            batch = texts[start : start + size]
            begun = time.monotonic()
            await _make(records, embedding, batch)
            start, done = start + len(batch), done + len(batch)
            size = _next_size(size, time.monotonic() - begun)
    if done:
        progress(Progress("embedding", done, done))
    return done


async def _make(records: KnowledgeRecords, embedding: Embedding, batch: list[tuple[str, str]]) -> None:
    """Embed a batch of (text hash, text) and commit it."""
    found = await asyncio.to_thread(embedding.passages, [text for _, text in batch])
    raw = {name: row.astype("<f4").tobytes() for (name, _), row in zip(batch, found, strict=True)}
    await records.put_vectors(embedding.name, raw)


def _next_size(size: int, seconds: float) -> int:
    """Return the size of the next batch: twice or half this one, where it took far less or far more than a second."""
    if seconds < _AIM_SECONDS / 2:
        return min(size * 2, _MOST)
    return max(size // 2, _LEAST) if seconds > _AIM_SECONDS * 2 else size


def require_space(data_dir: Path) -> None:
    """Raise KnowledgeError where the disk is nearly full."""
    free = shutil.disk_usage(data_dir).free
    if free < _FREE_BYTES:
        megabytes = free // (1024 * 1024)
        raise KnowledgeError(
            f"Only {megabytes} MB are free in {data_dir}; an ingest needs 500 MB. Free some space and run it again: it goes on.",
            f"{data_dir} 仅剩 {megabytes} MB 可用空间，导入需要 500 MB。请清理空间后重新运行，导入会接着进行。",
        )
