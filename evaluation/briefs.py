"""The briefs of the evaluation, each with the actions that an analyst finds in it."""

from importlib.resources import files
from typing import Literal

import yaml
from pydantic import BaseModel, ConfigDict

from errors import Language

Kind = Literal["ordinary", "hostile", "meaningless"]
Groups = tuple[tuple[str, ...], ...]


class _Closed(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Action(_Closed):
    """One thing that a brief asks for; a wish covers it when it holds one alternative of every group."""

    name: str
    covered_by: Groups


class Brief(_Closed):
    """What an analyst wrote, and the hand-written outline of it. A meaningless one asks for nothing."""

    id: str
    language: Language
    kind: Kind
    text: str
    actions: tuple[Action, ...]


class _Briefs(_Closed):
    briefs: tuple[Brief, ...]


def read_briefs(file: str = "briefs.yaml") -> tuple[Brief, ...]:
    """Return the briefs of a file of this folder: `briefs.yaml`, or `held_out.yaml`, which no rule was written after."""
    return _Briefs.model_validate(yaml.safe_load(files("evaluation").joinpath(file).read_text("utf-8"))).briefs
