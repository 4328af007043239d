"""Zip files: written so that the same content gives the same bytes, and read with limits, so that none fills memory or leaves its folder."""

import io
import re
import unicodedata
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Refusal = Literal["path", "encrypted", "ratio", "size", "damaged", "twice", "count"]
# The earliest moment that a zip can tell; every entry has it.
_MOMENT = (1980, 1, 1, 0, 0, 0)
_READABLE_BY_ALL = 0o644 << 16
_LONGEST_NAME = 40
_NO_PATH = re.compile(r"^(?:[\\/]|[A-Za-z]:)|(?:^|[\\/])\.\.(?:[\\/]|$)|\\|[\x00-\x1f\x7f]")
_CORE = "docProps/core.xml"
_WRITTEN = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*")


class ArchiveError(ValueError):
    """The bytes are no zip file."""


@dataclass(frozen=True)
class ZipLimits:
    """The most entries that are read, the most bytes of one and of all unpacked, and how often smaller an entry may be packed."""

    entries: int = 5000
    entry_bytes: int = 20_000_000
    all_bytes: int = 200_000_000
    ratio: int = 200


@dataclass(frozen=True)
class Unpacked:
    """The files of a zip by name, and what was refused, with the reason."""

    files: dict[str, bytes] = field(default_factory=dict)
    refused: tuple[tuple[str, Refusal], ...] = ()


LIMITS = ZipLimits()


def pack(files: Mapping[str, bytes]) -> bytes:
    """Return a zip of the files, by name, in the order of their names."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in sorted(files):
            entry = zipfile.ZipInfo(name, _MOMENT)
            entry.compress_type, entry.external_attr, entry.create_system = zipfile.ZIP_DEFLATED, _READABLE_BY_ALL, 3
            archive.writestr(entry, files[name])
    return buffer.getvalue()


def unpack(content: bytes, limits: ZipLimits = LIMITS) -> Unpacked:
    """Return what a zip holds, as far as it is safe to read. Raises ArchiveError where it is none."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError) as error:
        raise ArchiveError(str(error)) from error
    found: dict[str, bytes] = {}
    refused: list[tuple[str, Refusal]] = []
    left = limits.all_bytes
    with archive:
        for number, entry in enumerate(entry for entry in archive.infolist() if not entry.is_dir()):
            if number >= limits.entries:
                refused.append((_shown(entry.filename), "count"))
                break
            reason = _refusal(entry, found, left, limits)
            text = _read(archive, entry) if reason is None else None
            if reason is not None or text is None:
                refused.append((_shown(entry.filename), reason or "damaged"))
                continue
            left -= len(text)
            found[entry.filename] = text
    return Unpacked(found, tuple(refused))


def without_moments(workbook: bytes) -> bytes:
    """Return an Office file without when it was written, so that the same content gives the same bytes."""
    with zipfile.ZipFile(io.BytesIO(workbook)) as archive:
        files = {entry.filename: archive.read(entry) for entry in archive.infolist()}
    if _CORE in files:
        files[_CORE] = _WRITTEN.sub(rb"\g<1>1980-01-01T00:00:00Z", files[_CORE])
    return pack(files)


def file_name(text: str) -> str:
    """Return a text as a part of a file's name: letters and digits of any language, everything else a dash."""
    plain = unicodedata.normalize("NFC", text)
    kept = re.sub("-{2,}", "-", "".join(sign if sign.isalnum() else "-" for sign in plain)).strip("-")
    return kept[:_LONGEST_NAME].strip("-") or "untitled"


def is_safe_path(name: str) -> bool:
    """Tell whether a name stays below the folder that it is unpacked in, on every system."""
    return bool(name) and len(name) <= 400 and _NO_PATH.search(name) is None


def _refusal(entry: zipfile.ZipInfo, found: Mapping[str, bytes], left: int, limits: ZipLimits) -> Refusal | None:
    """Return why an entry is not read, from what the zip says of it; what is then read is never more than that."""
    if not is_safe_path(entry.filename) or entry.orig_filename != entry.filename:
        return "path"
    if entry.filename in found:
        return "twice"
    if entry.flag_bits & 0x1:
        return "encrypted"
    if entry.file_size > min(limits.entry_bytes, left):
        return "size"
    # Small files of one letter are packed better than any text; they harm nobody.
    if entry.file_size > 1_000_000 and entry.file_size > limits.ratio * max(1, entry.compress_size):
        return "ratio"
    return None


def _read(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes | None:
    """Return an entry's bytes; None where they are damaged or packed in a way that is not known."""
    try:
        with archive.open(entry) as file:
            return file.read(entry.file_size + 1)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, OSError, EOFError, ValueError, RuntimeError):
        return None


def _shown(name: str) -> str:
    return re.sub(r"[\x00-\x1f\x7f]", "?", name)[:120]
