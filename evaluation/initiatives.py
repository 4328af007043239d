"""Initiatives that are carried through all six stages: a brief, the sources of its release notes, and what each stage should hold."""

from collections.abc import Sequence
from importlib.resources import files

import yaml
from pydantic import BaseModel, ConfigDict

from errors import Language
from evaluation.briefs import Brief, Groups, read_briefs

STAGES = ("user_stories", "acceptance_criteria", "domain_model", "api_definition", "release_notes", "faq")


class _Closed(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Endpoint(_Closed):
    """An operation that is expected: one of the methods (`PATCH|PUT`), and a path that holds one alternative of each group."""

    method: str
    path: Groups

    @property
    def told(self) -> str:
        """Return it in a few words."""
        return f"{self.method} {'/'.join(group[0] for group in self.path)}"

    def is_served_by(self, method: str, path: str) -> bool:
        """Tell whether an operation is what is expected."""
        plain = path.lower()
        return method.upper() in self.method.split("|") and all(any(word in plain for word in group) for group in self.path)


def unserved(wanted: Sequence[Endpoint], operations: Sequence[tuple[str, str]]) -> tuple[str, ...]:
    """Return the expected operations that none of these, each a method and a path, is."""
    return tuple(one.told for one in wanted if not any(one.is_served_by(method, path) for method, path in operations))


class Initiative(_Closed):
    """What one initiative has beside its brief, and the hand-written outline of its later stages.

    `unrelated` are the tickets that have nothing to do with it; `classes` hold the alternatives of each class's name; `topics`
    what an FAQ should speak of.
    """

    id: str
    tickets: str
    unrelated: tuple[str, ...]
    log: str
    classes: Groups
    endpoints: tuple[Endpoint, ...]
    topics: tuple[Groups, ...]

    @property
    def changes(self) -> str:
        """Return the sources of the release notes, as a person would paste them."""
        return f"{self.tickets.strip()}\n\n{self.log.strip()}\n"

    @property
    def related(self) -> tuple[str, ...]:
        """Return the ids of the tickets that belong to it."""
        ids = [line.partition(",")[0] for line in self.tickets.strip().splitlines()[1:]]
        return tuple(name for name in ids if name not in self.unrelated)


class _Initiatives(_Closed):
    initiatives: tuple[Initiative, ...]


def read_initiatives(language: Language) -> tuple[tuple[Brief, Initiative], ...]:
    """Return the initiatives of a language, each with its brief."""
    told = files("evaluation").joinpath(f"initiatives_{language}.yaml").read_text("utf-8")
    briefs = {brief.id: brief for brief in read_briefs()}
    return tuple((briefs[one.id], one) for one in _Initiatives.model_validate(yaml.safe_load(told)).initiatives)
