"""Step skeletons for behave: every step of the feature files gets a function to be filled in, so that a dry run finds each."""

import re
from collections.abc import Iterable

from formats.gherkin import Feature, Scenario, StepKind, one_line

_HEAD = '''"""Step skeletons written by Stagecraft; fill in the bodies."""

from behave import given, then, use_step_matcher, when

use_step_matcher("re")

'''
_PLACEHOLDER = re.compile(r"<([^<>]+)>")


def render_steps(features: Iterable[Feature]) -> str:
    """Return a Python module with one function for each different step of the features."""
    steps: dict[tuple[StepKind, str], tuple[str, ...]] = {}
    for feature in features:
        for scenario in feature.scenarios:
            for step in scenario.steps:
                literals = _literals(step.text, scenario)
                steps.setdefault((step.kind, _pattern(literals)), literals)
    ordered = [(*step, len(literals) - 1) for step, literals in sorted(steps.items(), key=lambda row: _width(row[1]))]
    told = [
        _function(kind, _guarded(pattern, [later for other, later, _ in ordered[number:] if other == kind]), number, values)
        for number, (kind, pattern, values) in enumerate(ordered, 1)
    ]
    return _HEAD + "\n".join(told)


def _width(literals: tuple[str, ...]) -> tuple[bool, int, int]:
    """Order steps as behave needs them, which takes the first that matches: plain ones, then those with the most text of their own."""
    length = len("".join(literals))
    return len(literals) > 1, -length if len(literals) > 1 else length, len(literals)


def _guarded(pattern: str, later: list[str]) -> str:
    """Keep a pattern from matching the text of a later one, which behave would refuse as ambiguous."""
    return rf"(?!.*\(\.\*\?\)){pattern}" if any(re.fullmatch(pattern, other) for other in later) else pattern


def _literals(text: str, scenario: Scenario) -> tuple[str, ...]:
    """Cut a step, as the feature file tells it, at the placeholders that are columns of its examples."""
    columns = {one_line(name) for name in scenario.columns}
    told = one_line(text)
    pieces: list[str] = []
    last = 0
    for found in _PLACEHOLDER.finditer(told):
        if found.group(1) in columns:
            pieces.append(told[last : found.start()])
            last = found.end()
    return (*pieces, told[last:])


def _pattern(literals: tuple[str, ...]) -> str:
    """Return the regular expression that matches the step with any of its examples.

    behave matches it against the whole step, and refuses one that ends with a dollar sign, be it escaped.
    """
    return "(.*?)".join(re.escape(piece).replace("\\ ", " ").replace("\\$", "[$]") for piece in literals)


def _function(kind: StepKind, pattern: str, number: int, values: int) -> str:
    """Return one skeleton."""
    parameters = "".join(f", value_{place}" for place in range(1, values + 1))
    return f'\n@{kind}({pattern!r})\ndef step_{number}(context{parameters}):\n    raise NotImplementedError("step {number}")\n'
