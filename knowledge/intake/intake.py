"""Takes the files of one listing in: what is on record unchanged is left, what moved keeps its history, what is gone vanishes."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Protocol

from errors import KnowledgeError
from knowledge.intake.front_matter import described
from knowledge.intake.git_source import HISTORY
from knowledge.intake.hashing import Hashed
from knowledge.intake.manuscript import Manuscript, passages_of, short_hash
from knowledge.intake.pack import Problem
from knowledge.intake.progress import Progress, Watcher
from knowledge.intake.source import Listing
from knowledge.reading.section import CannotRead, Reading
from records.assets import Asset
from records.database import now
from records.knowledge import KnowledgeRecords
from records.sources import Refusal


class Reads(Protocol):
    """What reads a file; `name` is the one that tells its format, where it is not that of the path."""

    async def read(self, path: Path, name: str | None = None) -> Reading:
        """Return the file's sections. Raises CannotRead with the reason."""
        ...


@dataclass
class Changes:
    """What one run changed; `problems` are the files that were refused, now or before and unchanged since."""

    added: int = 0
    changed: int = 0
    moved: int = 0
    unchanged: int = 0
    removed: int = 0
    passages: int = 0
    problems: list[Problem] = field(default_factory=list)


class Intake:
    """One run over a listing of a pack."""

    def __init__(
        self, records: KnowledgeRecords, listing: Listing, reader: Reads, *, passage_tokens: int, by: str, progress: Watcher
    ) -> None:
        self._records, self._listing, self._reader = records, listing, reader
        self._passage_tokens, self._by, self._progress = passage_tokens, by, progress
        self._former: dict[str, Asset] = {}
        self._refused: dict[str, Refusal] = {}
        self._moved: dict[str, Asset] = {}
        self._changes = Changes()

    async def run(self, files: Sequence[Hashed], *, retry: bool) -> Changes:
        """Read and commit what is new or changed, each file in one transaction, then remove what is gone.

        Files that were refused before are read again only where they changed, or with `retry`.
        """
        name = self._listing.name
        self._former = {asset.path: asset for asset in await self._records.assets(name)}
        self._refused = {refusal.path: refusal for refusal in await self._records.refusals(name)}
        gone = self._gone(files)
        self._moved = _moved(files, self._former, gone)
        waiting = [file for file in files if not self._is_settled(file, retry=retry)]
        self._changes.problems += self._listing.problems
        done = len(files) - len(waiting)
        self._progress(Progress("reading", done, len(files)))
        async for file, outcome in self._outcomes(waiting):
            await self._take(file, outcome)
            done += 1
            self._progress(Progress("reading", done, len(files)))
        await self._clear_up(gone)
        return self._changes

    def _is_settled(self, file: Hashed, *, retry: bool) -> bool:
        """Tell whether a file is on record as it is, taken in or refused; count it."""
        former, refused = self._former.get(file.path), self._refused.get(file.path)
        if refused is not None and refused.file_hash == file.file_hash and not retry:
            self._changes.problems.append(Problem(file.path, refused.reason["en"], refused.reason["zh"]))
            return True
        if former is not None and former.file_hash == file.file_hash:
            self._changes.unchanged += 1
            return True
        return False

    async def _outcomes(self, files: Sequence[Hashed]) -> AsyncIterator[tuple[Hashed, Reading | CannotRead]]:
        """Yield what became of each file; the next one is read while this one is cut and committed."""
        ahead: asyncio.Task[Reading | CannotRead] | None = None
        try:
            for place, file in enumerate(files):
                outcome = await (ahead or self._read(file))
                rest = files[place + 1 : place + 2]
                ahead = asyncio.create_task(self._read(rest[0])) if rest else None
                yield file, outcome
        finally:
            if ahead is not None:
                ahead.cancel()
                with suppress(asyncio.CancelledError, KnowledgeError):
                    await ahead

    async def _read(self, file: Hashed) -> Reading | CannotRead:
        try:
            return await self._reader.read(file.listed.file, file.listed.name)
        except CannotRead as reason:
            return reason
        except OSError as error:
            return CannotRead("It vanished or was closed while it was read.", "读取过程中文件消失或被关闭。", detail=str(error))

    async def _take(self, file: Hashed, outcome: Reading | CannotRead) -> None:
        """Commit a file that was read, or the reason why it was not."""
        if isinstance(outcome, CannotRead):
            await self._refuse(file, outcome)
            return
        if file.path == HISTORY:
            outcome = replace(outcome, title=f"{self._listing.name}: git history", type="past-artifact")
        former = self._moved.get(file.path) or self._former.get(file.path)
        name = former.id if former is not None else self._new_id(file)
        manuscript = Manuscript(name, self._listing.name, file.path, file.content_hash, file.file_hash)
        try:
            asset = manuscript.asset(described(outcome, file.path, self._listing.name, self._listing.heading))
            pieces = await asyncio.to_thread(passages_of, asset, outcome, self._passage_tokens)
        except CannotRead as reason:
            await self._refuse(file, reason)
            return
        if await self._records.put_asset(asset, pieces, by=self._by):
            self._count(file, len(pieces))
        else:
            self._changes.unchanged += 1

    def _count(self, file: Hashed, pieces: int) -> None:
        self._changes.passages += pieces
        if file.path in self._moved:
            self._changes.moved += 1
        elif file.path in self._former:
            self._changes.changed += 1
        else:
            self._changes.added += 1

    async def _refuse(self, file: Hashed, reason: CannotRead) -> None:
        """Commit the reason; a former version of the file stays."""
        self._changes.problems.append(Problem(file.path, reason.en, reason.zh))
        told = Refusal(self._listing.name, file.path, file.file_hash, {"en": reason.en, "zh": reason.zh}, now())
        await self._records.put_refusal(told)

    def _new_id(self, file: Hashed) -> str:
        """Return the id of a new asset; the one of its place may have moved away with another file."""
        name = short_hash(f"{self._listing.name}\n{file.path}")
        taken = any(asset.id == name for asset in self._former.values())
        return short_hash(f"{self._listing.name}\n{file.path}\n{file.content_hash}") if taken else name

    def _gone(self, files: Sequence[Hashed]) -> dict[str, Asset]:
        """Return the assets whose files are no longer there; what cannot be read at the moment is not gone."""
        if not self._listing.whole:
            return {}
        present = {file.path for file in files} | {problem.file for problem in self._listing.problems}
        closed = tuple(f"{folder}/" for folder in self._listing.closed)
        return {path: asset for path, asset in self._former.items() if path not in present and not path.startswith(closed)}

    async def _clear_up(self, gone: dict[str, Asset]) -> None:
        """Remove what is gone, with the refusals of files that are gone or read by now."""
        kept = {asset.id for asset in self._moved.values()}
        ids = [asset.id for asset in gone.values() if asset.id not in kept]
        if ids:
            await self._records.remove_assets(ids, by=self._by)
        elif self._changes.changed or self._changes.moved:
            await self._records.drop_unused_vectors()
        self._changes.removed = len(ids)
        mine = self._refused if self._listing.whole else [file.path for file in self._listing.files]
        over = set(mine) & self._refused.keys() - {problem.file for problem in self._changes.problems}
        if over:
            await self._records.drop_refusals(self._listing.name, over)


def _moved(files: Sequence[Hashed], former: dict[str, Asset], gone: dict[str, Asset]) -> dict[str, Asset]:
    """Return, by new path, the assets whose bytes now lie elsewhere; of several, the one of the same file name first."""
    left: dict[str, list[Asset]] = {}
    for asset in gone.values():
        left.setdefault(asset.content_hash, []).append(asset)
    found: dict[str, Asset] = {}
    for file in files:
        candidates = left.get(file.content_hash)
        if file.path not in former and candidates:
            candidates.sort(key=lambda asset: Path(asset.path).name == Path(file.path).name)
            found[file.path] = candidates.pop()
    return found
