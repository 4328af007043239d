"""Check: deterministic mends first, then every check of the stage; the same that evaluation scores with."""

from collections.abc import Sequence
from typing import Any

from stages.declaration import Artifact, Stage
from stages.findings import Finding, Mended
from stages.material import Material

_WEIGHTS = {"error": 100, "warning": 10, "hint": 0}


def mended(stage: Stage, artifact: Artifact, material: Material) -> tuple[Artifact, tuple[Mended, ...]]:
    """Return the artifact after every deterministic mend, and what each changed."""
    done: list[Mended] = []
    for mend in stage.mends:
        changed, told = mend(artifact, material)
        if changed.items():
            artifact = changed
            done.extend(told)
    return artifact, tuple(done)


def checked(stage: Stage, artifact: Artifact, material: Material) -> tuple[Finding, ...]:
    """Return what the stage's checks hold against an artifact, the gravest first."""
    found = [finding for check in stage.checks for finding in check(artifact, material)]
    once = dict.fromkeys(found)
    return tuple(sorted(once, key=lambda finding: -_WEIGHTS[finding.severity]))


def burden(findings: Sequence[Finding]) -> int:
    """Return how much stands against an artifact: a round of mending must make it less."""
    return sum(_WEIGHTS[finding.severity] for finding in findings)


def as_rows(values: Sequence[Any]) -> tuple[dict[str, Any], ...]:
    """Return findings or mends as they are recorded."""
    return tuple(value.as_json() for value in values)
