"""Files that people drop into the chat: kept, queued, read one by one, and found by those who dropped them."""

import asyncio
import hashlib
import logging
import re
import shutil
from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path, PurePosixPath
from uuid import uuid4

from errors import AssistantError, KnowledgeError
from knowledge.embeddings.vectorising import require_space
from knowledge.intake.front_matter import described
from knowledge.intake.ingest import UPLOADS
from knowledge.intake.intake import Reads
from knowledge.intake.manuscript import Manuscript, passages_of, short_hash
from knowledge.intake.source import name_to_read
from knowledge.reading.limits import LARGEST_FILE
from knowledge.reading.section import CannotRead
from records.assets import Asset
from records.columns import storable_text
from records.database import now
from records.knowledge import KnowledgeRecords
from records.uploads import Upload, UploadRecords

__all__ = ["Upload", "Uploads", "folder_of", "safe_name"]

_log = logging.getLogger(__name__)

MOST_WAITING = 5
_LONGEST_NAME = 120
_AGAIN_SECONDS = 30.0
# Control characters, those that reverse a text, and what some file system refuses in a name.
_UNSAFE = re.compile(r"[\x00-\x1f\x7f-\x9f\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff<>:\"|?*]")


class Uploads:
    """Takes files from people; `run` works them off behind the scenes. Every method may raise KnowledgeError."""

    def __init__(
        self,
        records: KnowledgeRecords,
        data_dir: Path,
        reader: Reads,
        *,
        passage_tokens: int = 120,
        changed: Callable[[], Awaitable[None]],
    ) -> None:
        """`changed` is awaited after each commit, so that search follows."""
        self._records, self._uploads = records, UploadRecords(records.database)
        self._data_dir, self._reader, self._passage_tokens, self._changed = data_dir, reader, passage_tokens, changed
        self._arrived = asyncio.Event()

    async def submit(self, person_id: str, name: str, source: Path | bytes) -> Upload:
        """Keep a person's file and queue it; the same bytes once more lead to the asset that is there.

        Raises KnowledgeError where it is empty or larger than 20 MB, five of the person's files wait already, or the disk
        is nearly full.
        """
        size = len(source) if isinstance(source, bytes) else (await asyncio.to_thread(source.stat)).st_size
        _require_size(size)
        require_space(self._data_dir)
        moment = now()
        upload = Upload(str(uuid4()), person_id, safe_name(name), size, "queued", None, None, moment, moment)
        file = self._file(upload)
        known = await self._known(person_id, await asyncio.to_thread(_kept, source, file))
        if known is not None:
            upload = replace(upload, state="ready", asset=known.id)
            await asyncio.to_thread(_removed, file)
        if not await self._uploads.put_upload(upload, most_waiting=MOST_WAITING):
            await asyncio.to_thread(_removed, file)
            raise KnowledgeError(
                f"{MOST_WAITING} of your files wait already; add this one when they are read.",
                f"您已有 {MOST_WAITING} 个文件在排队；请待其读取完毕后再添加。",
            )
        self._arrived.set()
        return upload

    async def list(self, person_id: str) -> list[Upload]:
        """Return the person's uploads, newest first."""
        return await self._uploads.uploads_of(person_id)

    async def remove(self, upload_id: str, person_id: str) -> None:
        """Forget a person's upload, with its file and the draft that it became.

        Raises KnowledgeError where it is not theirs, or where the draft has been approved: a curator removes the asset then.
        """
        upload = await self._uploads.upload(upload_id)
        if upload is None or upload.person != person_id:
            raise KnowledgeError("There is no such upload of yours.", "没有这个由您上传的文件。")
        asset = await self._records.asset(upload.asset) if upload.asset else None
        if asset is not None and asset.status == "approved":
            raise KnowledgeError(
                "This file is approved, and others rely on it. Ask a curator to retire or remove it.",
                "该文件已批准并供他人使用。请联系知识管理员停用或移除。",
            )
        alone = asset is not None and len(await self._uploads.uploads_to(asset.id)) == 1
        await self._uploads.drop_upload(upload_id)
        if asset is not None and alone:
            await self._records.remove_assets([asset.id], by=person_id)
            await asyncio.to_thread(_removed, folder_of(self._data_dir, asset.path) / "x")
            await self._changed()
        elif asset is None:
            await asyncio.to_thread(_removed, self._file(upload))

    async def run(self) -> None:
        """Read what is queued, one file at a time, for as long as the house is open; begins with what a stop left over."""
        while True:
            self._arrived.clear()
            pause: float | None = None
            try:
                await self.work_off()
            except (AssistantError, OSError) as error:
                _log.warning("uploads wait: %s", error)
                pause = _AGAIN_SECONDS
            try:
                await asyncio.wait_for(self._arrived.wait(), pause)
            except TimeoutError:
                continue

    async def work_off(self) -> None:
        """Read everything that is queued now."""
        while waiting := [upload for upload in await self._uploads.unfinished_uploads() if self._is_mine(upload)]:
            await self._work(waiting[0])

    def _is_mine(self, upload: Upload) -> bool:
        """Tell whether the file lies on this machine; several machines may share one database."""
        return self._records.database.is_sqlite or self._file(upload).is_file()

    async def _work(self, upload: Upload) -> None:
        """Read one file: it becomes a draft that its person alone finds, or is refused with the reason."""
        file = self._file(upload)
        await self._uploads.set_upload(upload.id, "reading")
        try:
            asset = await self._taken_in(upload, file)
        except CannotRead as reason:
            await self._uploads.set_upload(upload.id, "refused", reason={"en": reason.en, "zh": reason.zh})
            await asyncio.to_thread(_removed, file)
            return
        await self._uploads.set_upload(upload.id, "ready", asset=asset.id)
        await self._changed()

    async def _taken_in(self, upload: Upload, file: Path) -> Asset:
        """Return the asset that a file became. Raises CannotRead."""
        try:
            content = await asyncio.to_thread(_hash_of, file)
        except FileNotFoundError as error:
            raise CannotRead("The file was lost before it was read: add it again.", "文件在读取前丢失：请重新添加。") from error
        known = await self._known(upload.person, content)
        if known is not None:
            await asyncio.to_thread(_removed, file)
            return known
        path = f"{upload.id}/{upload.name}"
        reading = await self._reader.read(file, name_to_read(upload.name))
        front = described(reading, upload.name, UPLOADS, None)
        file_hash = short_hash(f"{content}/{path}/{self._passage_tokens}")
        manuscript = Manuscript(short_hash(f"{UPLOADS}\n{path}"), UPLOADS, path, content, file_hash, upload.person)
        asset = manuscript.asset(front.model_copy(update={"status": "draft"}))
        pieces = await asyncio.to_thread(passages_of, asset, reading, self._passage_tokens)
        await self._records.put_asset(asset, pieces, by=upload.person)
        return asset

    async def _known(self, person_id: str, content: str) -> Asset | None:
        """Return the asset that the person's same bytes have become already."""
        present = await self._records.assets(UPLOADS)
        mine = (asset for asset in present if asset.content_hash == content and asset.uploaded_by == person_id)
        return next((asset for asset in mine if asset.status != "retired"), None)

    def _file(self, upload: Upload) -> Path:
        return folder_of(self._data_dir, upload.id) / upload.name


def folder_of(data_dir: Path, path: str) -> Path:
    """Return the folder of an upload, by its id or by the path of its asset."""
    return data_dir / UPLOADS / PurePosixPath(path).parts[0]


def safe_name(name: str) -> str:
    """Return a file's name without folders and without characters that command a terminal or a file system."""
    plain = " ".join(_UNSAFE.sub("", storable_text(re.split(r"[/\\]", name)[-1])).split()).strip(". ")
    stem, dot, ending = plain.rpartition(".")
    if len(plain) > _LONGEST_NAME and dot and len(ending) < 20:
        return f"{stem[: _LONGEST_NAME - len(ending) - 1]}.{ending}"
    return plain[:_LONGEST_NAME] or "file"


def _require_size(size: int) -> None:
    if size > LARGEST_FILE:
        raise KnowledgeError("The file is larger than 20 MB, the limit: split it.", "文件超过 20 MB 的上限：请拆分。")
    if size == 0:
        raise KnowledgeError("The file is empty.", "文件为空。")


def _kept(source: Path | bytes, file: Path) -> str:
    """Write the file where only we may read it, and return the hash of its bytes."""
    file.parent.parent.mkdir(exist_ok=True, mode=0o700)
    file.parent.mkdir(mode=0o700)
    if isinstance(source, bytes):
        file.write_bytes(source)
    else:
        shutil.copyfile(source, file)
    file.chmod(0o600)
    return _hash_of(file)


def _hash_of(file: Path) -> str:
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def _removed(file: Path) -> None:
    """Remove an upload's file with its folder."""
    shutil.rmtree(file.parent, ignore_errors=True)
