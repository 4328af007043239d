"""What a file may ask of the house: how long, how deep and how large it may be, and how its bytes become text or data."""

import io
import re
import zipfile
import zlib
from collections.abc import Callable
from typing import Any, Final

from formats import encodings, plain_data
from knowledge.reading.section import CannotRead

LARGEST_FILE: Final = 20 * 1024 * 1024
MOST_MEMBERS: Final = 2_000
MOST_UNPACKED: Final = 200 * 1024 * 1024
MOST_RATIO: Final = 100
MOST_PAGES: Final = 2_000
MOST_ROWS: Final = 200_000
MOST_COLUMNS: Final = 500

_PIECE = 1024 * 1024
_BINARY = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f]")


def checked_size(raw: bytes) -> None:
    """Refuse a file of more than 20 MB. Raises CannotRead."""
    if len(raw) > LARGEST_FILE:
        raise CannotRead(
            "It is larger than 20 MB, the limit for one file: split it, or take the pictures out.",
            "文件超过单个文件 20 MB 的上限：请拆分，或去掉其中的图片。",
        )


def decoded(raw: bytes) -> str:
    """Return the text of a file, strictly: UTF-8, UTF-16 where it is marked, then GB 18030, in which Chinese offices write.

    Line ends are made "\\n". Raises CannotRead where it is none of them, or no text.
    """
    text = _as_text(raw)
    if _BINARY.search(text):
        raise CannotRead(
            "It is no text file: save it as text, or in a format that is read.",
            "这不是文本文件：请另存为文本，或可读取的格式。",
        )
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _as_text(raw: bytes) -> str:
    text = encodings.decoded(raw)
    if text is None:
        raise CannotRead(
            "It is neither UTF-8 nor UTF-16 nor GB 18030: save it as UTF-8.",
            "文件编码不是 UTF-8、UTF-16 或 GB 18030：请另存为 UTF-8。",
        )
    return text


def checked_zip(raw: bytes) -> zipfile.ZipFile:
    """Return an Office file's archive, every member unpacked once and measured, for what its directory declares may be a lie.

    Raises CannotRead where it is damaged, locked, holds a document type, or passes a limit: 2,000 members, 200 MB unpacked,
    a hundred times its packed size.
    """
    try:
        archive = zipfile.ZipFile(io.BytesIO(raw))
        members = archive.infolist()
        if len(members) > MOST_MEMBERS:
            raise CannotRead(
                f"It is packed from {len(members):,} parts; the limit is {MOST_MEMBERS:,}: split it.",
                f"文件由 {len(members):,} 个部分打包而成，上限为 {MOST_MEMBERS:,} 个：请拆分。",
            )
        _checked_unpacked(sum(member.file_size for member in members), len(raw))
        unpacked = 0
        for member in members:
            unpacked += _checked_member(archive, member)
            _checked_unpacked(unpacked, len(raw))
    except (zipfile.BadZipFile, EOFError, OSError, ValueError, RuntimeError, NotImplementedError, zlib.error) as error:
        raise CannotRead(
            "It is damaged or locked by a password: open it in its own program and save it again without one.",
            "文件已损坏或设有密码：请用原程序打开，去掉密码后重新保存。",
            detail=repr(error),
        ) from error
    return archive


def _checked_unpacked(unpacked: int, packed: int) -> None:
    """Refuse what unpacks to too much, as a whole or for its packed size."""
    if unpacked > MOST_UNPACKED:
        raise CannotRead(
            "It unpacks to more than 200 MB, the limit: split it, or take the pictures out.",
            "文件解压后超过 200 MB 的上限：请拆分，或去掉其中的图片。",
        )
    if unpacked > _PIECE and unpacked > MOST_RATIO * packed:
        raise CannotRead(
            "It unpacks to more than 100 times its size, the limit, as an archive bomb does: save it again in its own program.",
            "文件解压后超过原大小 100 倍的上限（形似压缩炸弹）：请用原程序重新保存。",
        )


def _checked_member(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> int:
    """Unpack one member piece by piece; return its bytes. Raises CannotRead where its XML declares a document type."""
    length, last = 0, b""
    marked_up = member.filename.lower().endswith((".xml", ".rels", ".vml"))
    with archive.open(member) as packed:
        while piece := packed.read(_PIECE):
            length += len(piece)
            if marked_up:
                last = last[-32:] + piece
                _refuse_document_type(last)
    return length


def _refuse_document_type(xml: bytes) -> None:
    """Refuse XML with a document type, in whichever encoding: no Office program writes one, every entity bomb needs one."""
    plain = xml.replace(b"\0", b"") if b"\0" in xml else xml
    if b"<!DOCTYPE" in plain or b"<!ENTITY" in plain:
        raise CannotRead(
            "Its XML declares entities, which no Office program writes: save it again in its own program.",
            "文件中的 XML 含实体声明（办公软件不会这样写）：请用原程序重新保存。",
        )


def safe_json(text: str) -> Any:
    """Return what JSON text holds. Raises CannotRead where it is unsound or passes a limit.

    At most 64 levels and 500,000 values; no NaN or Infinity; no key twice in one object.
    """
    return _refused_in_words(plain_data.safe_json, text)


def safe_yaml(text: str) -> Any:
    """Return what YAML text holds, as JSON would hold it; a list where it is several documents.

    Keys are text as written; so are dates, leading zeros, and the words yes, no, on, off. Raises CannotRead where it is
    unsound or passes a limit: as for JSON, and no anchors or aliases.
    """
    return _refused_in_words(plain_data.safe_yaml, text)


def _refused_in_words(read: Callable[[str], Any], text: str) -> Any:
    try:
        return read(text)
    except plain_data.Unsound as error:
        raise CannotRead(error.en, error.zh, detail=error.detail) from error
