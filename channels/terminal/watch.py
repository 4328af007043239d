"""Waits for changes below the paths of an ingest."""

import sys
from collections.abc import AsyncIterator, Sequence
from pathlib import Path

from watchfiles import Change, awatch

# Changes that follow each other within this many milliseconds are one: a save touches a file several times, a copy many.
_SETTLED, _LOOK_EVERY = 1600, 300
# File systems of other machines do not tell what changes on them.
_REMOTE = frozenset({"nfs", "nfs4", "cifs", "smb3", "smbfs", "9p", "afs", "ceph", "virtiofs", "drvfs"})


async def changed_paths(paths: Sequence[Path]) -> AsyncIterator[Path]:
    """Yield the paths below which something changed, again and again; a folder is looked through where nobody tells."""
    # The folder of a file is watched: an editor that saves puts a new file in its place.
    folders = {path: (path if path.is_dir() else path.parent).resolve() for path in paths}
    polls = any(_is_remote(folder) for folder in folders.values())
    async for changes in awatch(
        *set(folders.values()),
        watch_filter=_matters,
        debounce=_SETTLED,
        step=_LOOK_EVERY,
        force_polling=True if polls else None,
        ignore_permission_denied=True,
    ):
        touched = [Path(name) for _, name in changes]
        for path, folder in folders.items():
            wanted = folder if path.is_dir() else folder / path.name
            if any(name.is_relative_to(wanted) for name in touched):
                yield path


def _matters(_change: Change, name: str) -> bool:
    """Tell whether a change may concern an asset: hidden files and Office's notes beside open files do not."""
    return not Path(name).name.startswith((".", "~$"))


def _is_remote(folder: Path) -> bool:
    """Tell whether a folder lies on another machine, as far as Linux tells."""
    if not sys.platform.startswith("linux"):
        return False
    try:
        rows = [line.split(" ") for line in Path("/proc/mounts").read_text("utf-8").splitlines()]
    except OSError:
        return False
    mounts = [(row[1].replace("\\040", " "), row[2]) for row in rows if len(row) > 2]
    above = [mount for mount in mounts if folder.is_relative_to(mount[0])]
    kind = max(above, key=lambda mount: len(mount[0]), default=("", ""))[1]
    return kind in _REMOTE or kind.startswith("fuse.sshfs")
