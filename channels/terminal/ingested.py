"""What an ingest did, as text and as JSON."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from channels.terminal.harmless import one_line
from knowledge.intake.ingest import Ingested
from knowledge.intake.pack import Problem


def is_quiet(found: Ingested) -> bool:
    """Tell whether nothing changed."""
    return not (found.added or found.changed or found.moved or found.removed)


def told_as_text(found: Ingested) -> str:
    """Tell what changed, how many files nobody expects to be read, and each file that was refused with its reason."""
    moved = f"{found.moved} moved, " if found.moved else ""
    files = f"{found.added} added, {found.changed} changed, {moved}{found.unchanged} unchanged, {found.removed} removed"
    lines = [f"Pack {one_line(found.pack)}: {files}; {found.passages} passages cut, {found.terms} terms."]
    if found.left_out:
        count = len(found.left_out)
        lines += [f"{'1 file is' if count == 1 else f'{count} files are'} of no kind that is read; --json names them."]
    refused = [problem for problem in found.problems if problem.refused]
    if refused:
        lines += ["1 file was refused:" if len(refused) == 1 else f"{len(refused)} files were refused:"]
        lines += [_problem(problem) for problem in refused]
    if to_settle := [problem for problem in found.problems if not problem.refused]:
        lines += ["Taken in, with something to settle:", *(_problem(problem) for problem in to_settle)]
    return "\n".join(lines)


def _problem(problem: Problem) -> str:
    return f"  {one_line(problem.file)}: {one_line(problem.reason)}"


def told_as_json(told: Sequence[tuple[Path, Ingested | str]]) -> str:
    """Return one object a path; one that could not be taken in at all has `error`."""
    return json.dumps([_row(path, found) for path, found in told], ensure_ascii=False, indent=2)


def _row(path: Path, found: Ingested | str) -> dict[str, Any]:
    if isinstance(found, str):
        return {"path": str(path), "error": found}
    counts = ("pack", "added", "changed", "moved", "unchanged", "removed", "passages", "terms")
    problems = {
        refused: [
            {"file": problem.file, "reason": {"en": problem.reason, "zh": problem.zh or problem.reason}}
            for problem in found.problems
            if problem.refused == refused
        ]
        for refused in (True, False)
    }
    return {
        "path": str(path),
        **{name: getattr(found, name) for name in counts},
        "refused": problems[True],
        "to_settle": problems[False],
        "left_out": list(found.left_out),
    }
