"""Lists the files of a pack, a folder, a git repository or one file, before any of them is read."""

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from types import MappingProxyType

from errors import KnowledgeError
from knowledge.intake import git_source
from knowledge.intake.pack import CHECKLIST, GLOSSARY, HEADING, PackHeading, Problem, pack_name, read_heading
from knowledge.reading.formats import SUFFIXES

# Offices write these; whoever put one into a folder expects it to be found, and is told how to save it anew.
_EXPECTED = frozenset({".doc", ".xls", ".ppt", ".rtf", ".odt", ".ods", ".odp", ".wps", ".et", ".dps", ".pages", ".epub", ".eml"})
_LONGEST_PATH = 1000
_NO_ROOTS: Mapping[str, str] = MappingProxyType({})
_NO_FOLDERS = frozenset({"node_modules", "__pycache__"})
# Prose in other notations is read as plain text.
_PROSE = frozenset({".adoc", ".asciidoc", ".rst", ".org", ".text"})
# Text for programs, whatever its ending says.
_NO_FILES = frozenset({"requirements.txt", "cmakelists.txt", "robots.txt", "package-lock.json", "thumbs.db", "desktop.ini"})


@dataclass(frozen=True)
class Listed:
    """A file that may be read: where it lies, and its path within the pack."""

    path: str
    file: Path

    @property
    def name(self) -> str:
        """The name that tells the format."""
        return name_to_read(PurePosixPath(self.path).name)


def name_to_read(name: str) -> str:
    """Return the name under which a file is handed to the reader: prose in other notations goes as plain text."""
    place = PurePosixPath(name)
    return place.with_suffix(".txt").name if place.suffix.lower() in _PROSE else name


@dataclass
class Listing:
    """What a source holds; `whole` tells that files which are missing from it are meant to vanish, `tracked`
    that it is a git repository.

    `left_out` are the files that nobody would expect to be read; `problems` those that are not even looked into; `closed`
    the folders that could not be entered.
    """

    root: Path
    name: str
    heading: PackHeading | None
    whole: bool
    tracked: bool = False
    files: list[Listed] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    closed: list[str] = field(default_factory=list)

    def refuse(self, path: str, en: str, zh: str) -> None:
        """Note a file that is not taken in."""
        self.problems.append(Problem(path, en, zh))


def list_source(source: Path, as_pack: str, scratch: Path, roots: Mapping[str, str] = _NO_ROOTS) -> Listing:
    """List a pack, a plain folder, a git repository (its tracked documents), or one file.

    One file belongs to the pack whose `pack.yaml` stands in a folder above it, or which was taken in from one (`roots` names
    packs by their folders), otherwise to its own folder. A repository's history is written into the folder `scratch`.
    Raises KnowledgeError where nothing is there or git is missing, ConfigurationError where `pack.yaml` is unsound.
    """
    if source.is_file():
        return _one_file(source, as_pack, roots)
    if not source.is_dir():
        raise KnowledgeError(f"There is no folder or file {source}.", f"找不到文件夹或文件 {source}。")
    root, name = source.resolve(), as_pack or pack_name(source)
    heading = read_heading(root)
    # A pack stays a pack where it is kept in git: what an analyst has just put in counts before it is committed.
    listing = Listing(root, name, heading, whole=True, tracked=heading is None and git_source.is_repository(root))
    for path in git_source.tracked(root) if listing.tracked else _walked(listing):
        _take(listing, path)
    if listing.tracked and (told := git_source.history(root)):
        log = scratch / git_source.HISTORY
        log.write_bytes(told)
        listing.files.append(Listed(git_source.HISTORY, log))
    return listing


def _one_file(source: Path, as_pack: str, roots: Mapping[str, str]) -> Listing:
    """List a file that was named itself: whatever its ending, it is looked into or refused with a reason."""
    file = source.parent.resolve() / source.name
    root = next((folder for folder in file.parents if (folder / HEADING).is_file() or str(folder) in roots), file.parent)
    name = as_pack or roots.get(str(root)) or pack_name(root) or "files"
    listing = Listing(root, name, read_heading(root), whole=False)
    path = file.relative_to(root).as_posix()
    if not _is_closed(listing, path, file):
        listing.files.append(Listed(path, file))
    return listing


def _walked(listing: Listing) -> Iterator[str]:
    """Yield the paths of a folder's files in order, less what is hidden; folders behind links are named, not entered."""
    root = listing.root

    def closed(error: OSError) -> None:
        path = Path(error.filename).relative_to(root).as_posix()
        listing.closed.append(path)
        listing.refuse(
            path,
            f"The folder cannot be opened ({error.strerror}): see that it may be read.",
            f"无法打开文件夹（{error.strerror}）：请确认有读取权限。",
        )

    for folder, folders, files in os.walk(root, onerror=closed):
        place = Path(folder)
        links = [name for name in folders if not _is_hidden(name) and (place / name).is_symlink()]
        folders[:] = sorted(name for name in folders if not _is_hidden(name) and name not in _NO_FOLDERS)
        for name in sorted([*files, *links]):
            if not _is_hidden(name):
                yield (place / name).relative_to(root).as_posix()


def _is_hidden(name: str) -> bool:
    """Tell whether a name is hidden, or is that of the note which Office keeps beside an open file."""
    return name.startswith((".", "~$"))


def _take(listing: Listing, path: str) -> None:
    """Put a file of a folder where it belongs."""
    name = path.rpartition("/")[2].lower()
    if _is_unstorable(path):
        listing.refuse(_shown(path), "Its name is too long, or no UTF-8: rename it.", "文件名过长或不是 UTF-8 编码：请改名。")
        return
    if path in (HEADING, GLOSSARY, CHECKLIST) or any(_is_hidden(part) or part in _NO_FOLDERS for part in path.split("/")):
        return
    file = listing.root / path
    suffix = file.suffix.lower()
    if not file.is_dir() and (name in _NO_FILES or suffix not in SUFFIXES | _EXPECTED | _PROSE):
        listing.left_out.append(path)
    elif not _is_closed(listing, path, file):
        listing.files.append(Listed(path, file))


def _is_closed(listing: Listing, path: str, file: Path) -> bool:
    """Tell whether a file is a link or no file, which is refused; a link to what is listed by itself is left out."""
    # `realpath`, because `resolve` raises at a link that leads to itself.
    inside = Path(os.path.realpath(file)).is_relative_to(listing.root)
    if file.is_symlink() or not inside:
        if listing.whole and inside:
            listing.left_out.append(path)
        else:
            listing.refuse(
                path,
                "It is a link, which is not followed: put the file itself into the folder.",
                "这是链接，不会读取：请把文件本身放入文件夹。",
            )
        return True
    if not file.is_file():
        # A submodule, a pipe, or a tracked file that was deleted from the work tree.
        if file.exists():
            listing.left_out.append(path)
        return True
    return False


def _is_unstorable(path: str) -> bool:
    """Tell whether a path is longer than the records take, or holds bytes that are no text."""
    return len(path) > _LONGEST_PATH or _shown(path) != path


def _shown(path: str) -> str:
    return path.encode("utf-8", "replace").decode()[:_LONGEST_PATH]
