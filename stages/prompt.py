"""Prompts as prose that an analyst can edit: one file a language, in parts, filled in strictly."""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from jinja2 import Environment, StrictUndefined, Template, TemplateError, meta

from errors import ConfigurationError, Language

PARTS = ("Rules", "Short rules", "Whole", "Outline", "Item", "Mend")
# What a part may speak of. `Rules` never changes from one request to the next, so that the endpoint's prefix cache serves it.
VARIABLES: Mapping[str, frozenset[str]] = {
    "Rules": frozenset(),
    "Short rules": frozenset(),
    "Whole": frozenset({"brief", "terms", "sources", "upstream", "fence", "roles"}),
    "Outline": frozenset({"brief", "terms", "fence"}),
    "Item": frozenset({"brief", "terms", "sources", "upstream", "fence", "entry"}),
    "Mend": frozenset({"findings", "draft"}),
}
FILES: Mapping[Language, str] = {"en": "prompt.md", "zh": "prompt.zh.md"}


@dataclass(frozen=True)
class Prompt:
    """The prompt of one stage in one language; `digest` is the sha256 of its file."""

    parts: Mapping[str, str]
    digest: str

    def text(self, part: str, values: Mapping[str, Any]) -> str:
        """Return a part, filled in."""
        return _template(self.parts[part]).render(values).strip()


@cache
def _template(text: str) -> Template:
    """Compile a part once: it costs 3 to 6 ms, and an answer fills in the same part many times."""
    # What is filled in is a prompt, never HTML.
    environment = Environment(undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, autoescape=False)  # noqa: S701
    return environment.from_string(text)


def read_prompt(name: str, text: str) -> Prompt:
    """Read a prompt file, its parts under level-one headings (`# Rules`, `# Short rules` for a model too small to follow
    the long ones, `# Whole`, `# Outline`, `# Item`, `# Mend`).

    Raises ConfigurationError, naming the file, where a part is missing or unknown, or speaks of a variable that is never given.
    """
    pieces = re.split(r"(?m)^# (.+?)\s*$", text)
    if len(set(pieces[1::2])) < len(pieces[1::2]):
        raise ConfigurationError(f"{name}: a part stands there twice.")
    parts = {heading: body.strip() for heading, body in zip(pieces[1::2], pieces[2::2], strict=True)}
    for part in PARTS:
        if part not in parts:
            raise ConfigurationError(f"{name}: the part '# {part}' is missing.")
    if pieces[0].strip():
        raise ConfigurationError(f"{name}: the first lines stand in no part; begin with '# {PARTS[0]}'.")
    for heading, body in parts.items():
        if heading not in VARIABLES:
            raise ConfigurationError(f"{name}: '# {heading}' is no part of a prompt; there are {', '.join(PARTS)}.")
        _refuse_unknown_variables(name, heading, body)
    return Prompt(parts, hashlib.sha256(text.encode()).hexdigest())


def _refuse_unknown_variables(name: str, part: str, body: str) -> None:
    """Refuse a template that speaks of what it is not given."""
    try:
        used = meta.find_undeclared_variables(Environment(autoescape=True).parse(body))
    except TemplateError as error:
        raise ConfigurationError(f"{name}: '# {part}' is no sound template: {error}") from error
    unknown = used - VARIABLES[part]
    if unknown:
        raise ConfigurationError(
            f"{name}: '# {part}' speaks of {sorted(unknown)[0]}; it is given {sorted(VARIABLES[part]) or 'nothing'}."
        )
