"""Every stage there is: found by its folder, judged at the start."""

import difflib
import importlib
import pkgutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from typing import Any, TypeVar, cast

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

import stages
from errors import ConfigurationError, Language, NothingThere
from stages.declaration import Stage
from stages.notations import all_notations
from stages.prompt import FILES, Prompt, read_prompt

_Shape = TypeVar("_Shape", bound=BaseModel)


class _Closed(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class WholeExample(_Closed):
    """A brief and the whole artifact that answers it; `upstream` are the sentences it rests on."""

    language: Language
    brief: str
    artifact: dict[str, Any]
    upstream: tuple[str, ...] = ()


class ItemExample(_Closed):
    """One entry of an outline and the reply that fills it; `near` holds further words by which it is like another entry."""

    language: Language
    entry: str
    near: str = ""
    about: dict[str, tuple[str, ...]] = {}
    reply: dict[str, Any]


class OutlineExample(_Closed):
    """A brief and the outline that takes it apart."""

    language: Language
    brief: str
    reply: dict[str, Any]


class Starter(_Closed):
    """A realistic brief that a person may begin with."""

    language: Language
    label: str
    brief: str


class Examples(_Closed):
    """What `examples.yaml` holds: examples shown to the model, starters and clarifying questions shown to the person."""

    whole: tuple[WholeExample, ...]
    outlines: tuple[OutlineExample, ...] = ()
    items: tuple[ItemExample, ...]
    starters: tuple[Starter, ...]
    questions: dict[Language, tuple[str, ...]]


class Case(_Closed):
    """A brief for the evaluation, never shown to the model, and what is expected of its answer."""

    id: str
    language: Language
    brief: str
    upstream: tuple[str, ...] = ()
    expect: dict[str, Any]


@dataclass(frozen=True)
class CatalogedStage:
    """A stage with its name (its folder's), all its notations (the common ones too), its prompts, examples and cases."""

    name: str
    stage: Stage
    prompts: Mapping[Language, Prompt]
    examples: Examples
    cases: tuple[Case, ...]


class Catalog:
    """The stages by name."""

    def __init__(self, found: Mapping[str, CatalogedStage]) -> None:
        self._stages = dict(found)

    def __iter__(self) -> Iterator[CatalogedStage]:
        """Yield the stages in the order of the life cycle."""
        return iter(sorted(self._stages.values(), key=lambda one: (one.stage.place, one.name)))

    def stage(self, name: str) -> CatalogedStage:
        """Return the stage of this name.

        Raises BriefError naming the nearest where there is none.
        """
        if name in self._stages:
            return self._stages[name]
        near = difflib.get_close_matches(name, self._stages, n=1)
        known = ", ".join(one.name for one in self)
        hint = f"Did you mean {near[0]}?" if near else f"There are: {known}."
        hint_zh = f"您是想说 {near[0]} 吗？" if near else f"现有：{known}。"
        raise NothingThere(f"There is no stage {name[:60]!r}. {hint}", f"没有名为 {name[:60]!r} 的阶段。{hint_zh}")

    def next_of(self, name: str) -> tuple[CatalogedStage, ...]:
        """Return the stages that may rest on this one, the next along the life cycle first."""
        place = self._stages[name].stage.place if name in self._stages else 0
        resting = [one for one in self if name in one.stage.upstream]
        return tuple(sorted(resting, key=lambda one: (one.stage.place < place, one.stage.place)))


@cache
def catalog() -> Catalog:
    """Find every stage's folder and judge it.

    Raises ConfigurationError naming the stage and the file that is unsound.
    """
    folders = [module.name for module in pkgutil.iter_modules(stages.__path__) if module.ispkg]
    found = {name: read_stage(name, f"stages.{name}") for name in folders}
    for one in found.values():
        for upstream in one.stage.upstream:
            if upstream not in found:
                raise ConfigurationError(f"stages/{one.name}/stage.py: there is no stage {upstream!r} to rest on.")
    return Catalog(found)


def read_stage(name: str, package: str) -> CatalogedStage:
    """Read one stage's folder.

    Raises ConfigurationError naming the file that is missing or unsound.
    """
    declared = _stage(name, package)
    stage = replace(declared, notations=all_notations(declared))
    prompts = {language: read_prompt(f"stages/{name}/{file}", _text(name, package, file)) for language, file in FILES.items()}
    examples = _read(Examples, name, package, "examples.yaml")
    cases = tuple(_read(_Cases, name, package, "cases.yaml").cases)
    for number, example in enumerate(examples.whole, 1):
        try:
            stage.artifact.model_validate(example.artifact)
        except ValidationError as error:
            raise ConfigurationError(f"stages/{name}/examples.yaml: whole example {number} breaks its schema: {error}") from error
    shown = {_plain(example.brief, *example.upstream) for example in examples.whole}
    shown |= {_plain(outline.brief) for outline in examples.outlines} | {_plain(item.entry) for item in examples.items}
    for case in cases:
        if _plain(case.brief, *case.upstream) in shown:
            raise ConfigurationError(f"stages/{name}/cases.yaml: the case {case.id} repeats an example.")
    return CatalogedStage(name, stage, prompts, examples, cases)


def _stage(name: str, package: str) -> Stage:
    try:
        return cast(Stage, importlib.import_module(f"{package}.stage").STAGE)
    except ModuleNotFoundError as error:
        if error.name != f"{package}.stage":
            raise
        raise ConfigurationError(f"stages/{name}/stage.py is missing.") from error
    except AttributeError as error:
        raise ConfigurationError(f"stages/{name}/stage.py declares no STAGE.") from error


class _Cases(_Closed):
    cases: list[Case]


def _read(shape: type[_Shape], name: str, package: str, file: str) -> _Shape:
    try:
        return shape.model_validate(yaml.safe_load(_text(name, package, file)))
    except (yaml.YAMLError, ValidationError) as error:
        raise ConfigurationError(f"stages/{name}/{file} is unsound: {error}") from error


def _text(name: str, package: str, file: str) -> str:
    try:
        return files(package).joinpath(file).read_text("utf-8")
    except FileNotFoundError as error:
        raise ConfigurationError(f"stages/{name}/{file} is missing.") from error
    except UnicodeDecodeError as error:
        raise ConfigurationError(f"stages/{name}/{file} is no UTF-8 text.") from error


def _plain(*texts: str) -> str:
    return " ".join(" ".join(texts).casefold().split())
