"""Findings: what a check holds against an artifact, told in the asker's language."""

from dataclasses import asdict, dataclass
from importlib.resources import files
from typing import Any, Literal, cast

import yaml

from errors import Language

Severity = Literal["error", "warning", "hint"]


@dataclass(frozen=True)
class Finding:
    """One fault: the rule it breaks, where, and a sentence for the person and the model.

    `place` is a path such as `stories[2].want`; `item` the id of the item at fault (`S3`) or empty. An `error` makes the
    artifact unsound and is sent back to the model; a `warning` is sent back too, but stays acceptable; a `hint` is for the
    person alone.
    """

    rule: str
    severity: Severity
    place: str
    message: str
    item: str = ""

    def as_json(self) -> dict[str, Any]:
        """Return the finding as a JSON object."""
        return asdict(self)


@dataclass(frozen=True)
class Mended:
    """One deterministic mend: the rule that asked for it, where, and the words before and after."""

    rule: str
    place: str
    before: str
    after: str
    item: str = ""

    def as_json(self) -> dict[str, Any]:
        """Return the mend as a JSON object."""
        return asdict(self)


class Rules:
    """The rules of a folder's `findings.yaml`: a severity, and a sentence in each language with named places to fill."""

    def __init__(self, package: str) -> None:
        self._rules: dict[str, dict[str, str]] = yaml.safe_load(files(package).joinpath("findings.yaml").read_text("utf-8"))

    def finding(self, rule: str, language: Language, *, place: str = "", item: str = "", **values: object) -> Finding:
        """Return the finding of a rule, its sentence filled in.

        Raises KeyError where the folder has no such rule, or the sentence names a value that is not given.
        """
        told = self._rules[rule]
        return Finding(rule, cast(Severity, told["severity"]), place, told[language].format(**values), item)

    def names(self) -> tuple[str, ...]:
        """Return the names of the rules."""
        return tuple(self._rules)
