"""A git repository as a source: its tracked files, and its history, read without running anything that it configures."""

import re
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from errors import KnowledgeError

# The history's path within the pack; the name tells the reading what it is.
HISTORY: Final = "git-history.log"
_COMMITS = 500
_SECONDS = 60
# A repository's own configuration may name programs to run: none of them is.
_SAFE: Final = (
    *("-c", "safe.directory=*"),
    *("-c", "core.fsmonitor=false"),
    *("-c", "core.hooksPath=/dev/null"),
    *("-c", "core.pager=cat"),
    *("-c", "core.quotePath=false"),
    *("-c", "log.showSignature=false"),
    *("-c", "protocol.allow=never"),
    *("-c", "core.sshCommand=false"),
    *("--no-pager", "--no-optional-locks", "--no-replace-objects"),
)
_ALONE: Final = {
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_CONFIG_GLOBAL": "/dev/null",
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_ATTR_NOSYSTEM": "1",
    "LC_ALL": "C.UTF-8",
}
_LOG: Final = (
    *("log", f"--max-count={_COMMITS}", "--no-color", "--no-ext-diff", "--no-textconv", "--no-show-signature", "--no-mailmap"),
    *("--no-notes", "--decorate=short", "--format=medium", "--date=iso-strict", "--encoding=UTF-8", "HEAD"),
)
# The most that one version's notes are made of.
_MESSAGES: Final = (
    *(
        "log",
        "--max-count=2000",
        "--no-color",
        "--no-ext-diff",
        "--no-textconv",
        "--no-show-signature",
        "--no-mailmap",
        "--no-notes",
    ),
    *("--no-decorate", "--abbrev=9", "--format=commit %h%nDate: %cs%n%n%w(0,4,4)%B", "--encoding=UTF-8"),
)
_REVISION: Final = re.compile(r"[A-Za-z0-9_@][\w./@^~+#-]{0,199}")


def is_repository(folder: Path) -> bool:
    """Tell whether a folder is the root of a git repository's work tree."""
    return (folder / ".git").exists()


def tracked(root: Path) -> list[str]:
    """Return the paths of the files that the repository tracks. Raises KnowledgeError where git is missing or refuses."""
    listed = _git(root, "ls-files", "-z", "--cached")
    return sorted(path for path in listed.decode("utf-8", "surrogateescape").split("\0") if path)


def history(root: Path) -> bytes:
    """Return the log of the last 500 commits, empty where there is none. Raises KnowledgeError as `tracked` does."""
    if not _git(root, "rev-list", "--max-count=1", "--all"):
        return b""
    return _git(root, *_LOG)


def commits(root: Path, first: str, last: str) -> bytes:
    """Return the messages of the commits that `last` has and `first` lacks (all of them where it is empty), without authors.

    Raises ValueError, naming it, where a name is none of a commit, tag or branch; KnowledgeError as `tracked` does.
    """
    ends = []
    for name in filter(None, (first, last)):
        # A name that begins with a dash would be an option; one with a blank, a colon or a star is none.
        if not _REVISION.fullmatch(name):
            raise ValueError(name)
        try:
            ends.append(_git(root, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{name}^{{commit}}").decode().strip())
        except KnowledgeError as error:
            _git(root, "rev-parse", "--git-dir")
            raise ValueError(name) from error
    return _git(root, *_MESSAGES, "..".join(ends), "--")


def _git(root: Path, *arguments: str) -> bytes:
    program = shutil.which("git")
    if program is None:
        raise KnowledgeError(
            f"{root} is a git repository, and git is not installed here. Install it, or export the documents into a folder.",
            f"{root} 是 git 仓库，而本机未安装 git。请安装 git，或将文档导出到普通文件夹。",
        )
    command = [program, *_SAFE, "-C", str(root), *arguments]
    try:
        return _output(command)
    except (subprocess.SubprocessError, OSError) as error:
        said = getattr(error, "stderr", b"") or b""
        raise KnowledgeError(
            f"git cannot read the repository {root}. Try `git -C {root} status` and mend what it says.",
            f"git 无法读取仓库 {root}。请运行 `git -C {root} status` 并按提示修复。",
            detail=said.decode("utf-8", "replace").strip() or str(error),
        ) from error


def _output(command: Sequence[str]) -> bytes:
    # Nothing of our own environment is handed on: git reads a dozen variables that name programs and folders.
    ran = subprocess.run(command, env=_ALONE, stdin=subprocess.DEVNULL, capture_output=True, check=True, timeout=_SECONDS)  # noqa: S603
    return ran.stdout
