"""Hashes files, so that only those are read whose bytes, place or way of reading have changed."""

import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from knowledge.intake.manuscript import short_hash
from knowledge.intake.source import Listed, Listing
from knowledge.reading.limits import LARGEST_FILE

# Moves when reading or splitting changes, so that unchanged files are read anew.
_READING: Final = 2
_PIECE = 1024 * 1024
_DATA = (".json", ".yaml", ".yml")
# What every description of an API says of itself, in UTF-8 or UTF-16; other data is for programs.
_API = re.compile(rb"(?i)o\0?p\0?e\0?n\0?a\0?p\0?i|s\0?w\0?a\0?g\0?g\0?e\0?r|g\0?e\0?t\0?p\0?o\0?s\0?t\0?m\0?a\0?n")
_LONGEST_MARK = 32


@dataclass(frozen=True)
class Hashed:
    """A listed file with the hash of its bytes, and that of these with everything that its reading depends on."""

    listed: Listed
    content_hash: str
    file_hash: str

    @property
    def path(self) -> str:
        """The path within the pack."""
        return self.listed.path


def hash_files(listing: Listing, passage_tokens: int) -> list[Hashed]:
    """Return the listed files that are to be read, hashed; a repository's data that describes no API joins what is left out.

    A file that cannot be opened, or is larger than 20 MB, becomes a problem of the listing.
    """
    return list(_hashed(listing, listing.files, passage_tokens))


def _hashed(listing: Listing, files: Iterable[Listed], passage_tokens: int) -> Iterator[Hashed]:
    for listed in files:
        try:
            size = listed.file.stat().st_size
            content, is_api = _content(listed)
        except OSError as error:
            reason = error.strerror or "unknown"
            listing.refuse(
                listed.path,
                f"It cannot be opened ({reason}): see that it may be read.",
                f"无法打开（{reason}）：请确认有读取权限。",
            )
            continue
        if size > LARGEST_FILE:
            listing.refuse(
                listed.path, "It is larger than 20 MB, the limit for one file: split it.", "文件超过 20 MB 的上限：请拆分。"
            )
        elif listing.tracked and listed.file.suffix.lower() in _DATA and not is_api:
            listing.left_out.append(listed.path)
        else:
            yield Hashed(listed, content, file_hash_of(listing, listed.path, content, passage_tokens))


def file_hash_of(listing: Listing, path: str, content: str, passage_tokens: int) -> str:
    """Return what moves with a file's bytes, its place, its pack's defaults for it, and the way that it is read and cut."""
    heading = listing.heading
    defaults = "" if heading is None else repr(sorted(heading.defaults_of(path).items()))
    return short_hash(f"{content}/{path}/{listing.name}/{heading is None}/{defaults}/{_READING}/{passage_tokens}")


def _content(listed: Listed) -> tuple[str, bool]:
    """Return the hash of a file's bytes, read piece by piece, and whether they name a description of an API."""
    found, is_api, last = hashlib.sha256(), False, b""
    is_data = listed.file.suffix.lower() in _DATA
    with listed.file.open("rb") as file:
        while piece := file.read(_PIECE):
            found.update(piece)
            if is_data and not is_api:
                is_api = _API.search(last + piece) is not None
                last = piece[-_LONGEST_MARK:]
    return found.hexdigest(), is_api
