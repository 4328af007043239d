"""Findings: what a check holds against an artifact, told in the asker's language."""

from dataclasses import asdict, dataclass
from importlib.resources import files
from typing import Any, Literal, cast, get_args

import yaml

from errors import ConfigurationError, Language

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
        """Read the folder's rules.

        Raises ConfigurationError, naming the file, where it is missing, or a rule lacks its severity or a language.
        """
        name = f"{package.replace('.', '/')}/findings.yaml"
        try:
            self._rules: dict[str, dict[str, str]] = yaml.safe_load(files(package).joinpath("findings.yaml").read_text("utf-8"))
        except FileNotFoundError as error:
            raise ConfigurationError(f"{name} is missing.") from error
        except yaml.YAMLError as error:
            raise ConfigurationError(f"{name} is unsound: {error}") from error
        for rule, told in self._rules.items():
            if set(told) != {"severity", "en", "zh"} or told["severity"] not in get_args(Severity):
                raise ConfigurationError(
                    f"{name}: the rule {rule!r} needs a severity (error, warning, hint) and a sentence as en and zh."
                )

    def finding(self, rule: str, language: Language, *, place: str = "", item: str = "", **values: object) -> Finding:
        """Return the finding of a rule, its sentence filled in.

        Raises KeyError where the folder has no such rule, or the sentence names a value that is not given.
        """
        told = self._rules[rule]
        return Finding(rule, cast(Severity, told["severity"]), place, told[language].format(**values), item)

    def names(self) -> tuple[str, ...]:
        """Return the names of the rules."""
        return tuple(self._rules)
