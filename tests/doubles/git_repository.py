"""A small git repository, made with git itself."""

import subprocess
from pathlib import Path

_ENVIRONMENT = {
    "PATH": "/usr/bin:/bin:/usr/local/bin",
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_CONFIG_GLOBAL": "/dev/null",
    "GIT_AUTHOR_NAME": "Ana",
    "GIT_AUTHOR_EMAIL": "ana@bank.example",
    "GIT_COMMITTER_NAME": "Ana",
    "GIT_COMMITTER_EMAIL": "ana@bank.example",
}


def git(folder: Path, *arguments: str) -> None:
    subprocess.run(["git", "-C", str(folder), *arguments], env=_ENVIRONMENT, check=True, capture_output=True)


def commit(folder: Path, message: str) -> None:
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message", message)


def write_repository(folder: Path) -> Path:
    """Write a repository with a guide, an API, source code and two commits."""
    (folder / "docs").mkdir(parents=True)
    (folder / "docs" / "guide.md").write_text("# Guide\n\nA frozen card declines payments.\n", "utf-8")
    git(folder, "init", "--quiet")
    commit(folder, "Describe the freezing of cards")
    (folder / "api.yaml").write_text(
        "openapi: 3.1.0\ninfo: {title: Cards, version: '1'}\npaths:\n  /cards/{id}/freezes:\n    post:\n"
        "      summary: Freeze a card\n      responses: {'201': {description: Frozen}}\n",
        "utf-8",
    )
    (folder / "package.json").write_text('{"name": "cards", "version": "1.0.0"}', "utf-8")
    (folder / "main.py").write_text("print('frozen')\n", "utf-8")
    (folder / "untracked").mkdir()
    commit(folder, "Offer the freezing of cards to the app\n\nThe app freezes within a second.")
    (folder / "untracked" / "draft.md").write_text("not yet tracked", "utf-8")
    return folder
