"""Step skeletons for behave: every step of the feature files gets a function to be filled in, so that a dry run finds each."""

import re
from collections.abc import Iterable

from formats.gherkin import Feature, StepKind

_HEAD = '''"""Step skeletons written by Stagecraft; fill in the bodies."""

from behave import given, then, use_step_matcher, when

use_step_matcher("re")

'''
_PLACEHOLDER = re.compile(r"<([^<>]+)>")


def render_steps(features: Iterable[Feature]) -> str:
    """Return a Python module with one function for each different step of the features."""
    patterns: dict[tuple[StepKind, str], int] = {}
    for feature in features:
        for scenario in feature.scenarios:
            for step in scenario.steps:
                patterns.setdefault((step.kind, _pattern(step.text, scenario.columns)), len(_used(step.text, scenario.columns)))
    # behave refuses a step that an earlier pattern already matches, so that patterns with placeholders come last, the widest at the end.
    ordered = sorted(patterns.items(), key=lambda row: (row[1] > 0, -len(row[0][1]) if row[1] else 0))
    return _HEAD + "\n".join(_function(*step, number, values) for number, (step, values) in enumerate(ordered, 1))


def _used(text: str, columns: tuple[str, ...]) -> list[str]:
    """Return the placeholders of a step that are columns of its examples."""
    return [name for name in _PLACEHOLDER.findall(text) if name in columns]


def _pattern(text: str, columns: tuple[str, ...]) -> str:
    """Return the regular expression that matches the step with any of its examples."""
    parts: list[str] = []
    last = 0
    for found in _PLACEHOLDER.finditer(text):
        if found.group(1) in columns:
            parts += [re.escape(text[last : found.start()]), "(.+?)"]
            last = found.end()
    return "".join([*parts, re.escape(text[last:])])


def _function(kind: StepKind, pattern: str, number: int, values: int) -> str:
    """Return one skeleton."""
    parameters = "".join(f", value_{place}" for place in range(1, values + 1))
    return f'\n@{kind}({pattern!r})\ndef step_{number}(context{parameters}):\n    raise NotImplementedError("step {number}")\n'
