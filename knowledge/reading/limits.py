"""What a file may ask of the house: how long, how deep and how large it may be, and how its bytes become text or data."""

import io
import json
import re
import zipfile
import zlib
from typing import Any, Final, NoReturn

from knowledge.reading.section import CannotRead

LARGEST_FILE: Final = 20 * 1024 * 1024
MOST_MEMBERS: Final = 2_000
MOST_UNPACKED: Final = 200 * 1024 * 1024
MOST_RATIO: Final = 100
MOST_PAGES: Final = 2_000
MOST_ROWS: Final = 200_000
MOST_COLUMNS: Final = 500
MOST_DEPTH: Final = 64
MOST_NODES: Final = 500_000

_PIECE = 1024 * 1024
# The quantifiers are possessive: text without a closing quote is passed once, not once for every quote in it.
_JSON_MARK = re.compile(r'"(?:[^"\\]++|\\.)*+"?|[][{},]', re.DOTALL)
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
    encodings = ["utf-16"] if raw.startswith((b"\xff\xfe", b"\xfe\xff")) else ["utf-8-sig", "gb18030"]
    for encoding in encodings:
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise CannotRead(
        "It is neither UTF-8 nor UTF-16 nor GB 18030: save it as UTF-8.",
        "文件编码不是 UTF-8、UTF-16 或 GB 18030：请另存为 UTF-8。",
    )


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
    _measure_json(text)
    try:
        return json.loads(text, parse_constant=_refuse_constant, object_pairs_hook=_object)
    except (ValueError, RecursionError) as error:
        raise CannotRead(
            f"It is no sound JSON ({error}): mend it, or export it again.",
            f"不是有效的 JSON（{error}）：请修正，或重新导出。",
        ) from error


def safe_yaml(text: str) -> Any:
    """Return what YAML text holds, as JSON would hold it; a list where it is several documents.

    Keys are text as written; so are dates, leading zeros, and the words yes, no, on, off. Raises CannotRead where it is
    unsound or passes a limit: as for JSON, and no anchors or aliases.
    """
    from knowledge.reading.plain_yaml import loaded  # late: PyYAML is needed for few files

    return loaded(text)


def too_deep() -> NoReturn:
    """Refuse what is nested deeper than 64 levels."""
    raise CannotRead(
        f"It is nested deeper than {MOST_DEPTH} levels, the limit: flatten it.",
        f"嵌套超过 {MOST_DEPTH} 层的上限：请减少层级。",
    )


def too_many_values() -> NoReturn:
    """Refuse what holds more than 500,000 values."""
    raise CannotRead(
        f"It holds more than {MOST_NODES:,} values, the limit: split it.",
        f"所含的值超过 {MOST_NODES:,} 个的上限：请拆分。",
    )


def stands_twice(key: str) -> NoReturn:
    """Refuse a key that stands twice at one place: which of the two is meant cannot be known."""
    shown = key[:60]
    raise CannotRead(
        f"The key '{shown}' stands twice at one place: keep one of the two.",
        f"键“{shown}”在同一处出现了两次：请只保留一个。",
    )


def _measure_json(text: str) -> None:
    """Count levels and values before anything is built from them."""
    depth, values = 0, 1
    for mark in _JSON_MARK.finditer(text):
        character = mark.group()[0]
        if character in "[{":
            depth += 1
        elif character in "]}":
            depth -= 1
        if character in "[{,":
            values += 1
        if depth > MOST_DEPTH:
            too_deep()
        if values > MOST_NODES:
            too_many_values()


def _refuse_constant(name: str) -> NoReturn:
    raise CannotRead(
        f"{name} stands in it, which is no JSON: write null or a number.",
        f"其中有 {name}，不属于 JSON：请改为 null 或数字。",
    )


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    values = dict(pairs)
    if len(values) < len(pairs):
        seen: set[str] = set()
        for key, _ in pairs:
            if key in seen:
                stands_twice(key)
            seen.add(key)
    return values
