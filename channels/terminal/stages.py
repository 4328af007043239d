"""The stages as a list for people and for scripts."""

import json
import textwrap

from errors import Language
from stages.catalog import CatalogedStage, catalog

_WIDTH = 96


def stages_text(language: Language) -> str:
    """Return the stages with what each does. Raises ConfigurationError where one is unsound."""
    return "\n\n".join(_stage_text(one, language) for one in catalog())


def stages_json() -> str:
    """Return the stages as a JSON list, with their words in both languages."""
    return json.dumps([_stage_row(one) for one in catalog()], ensure_ascii=False, indent=2)


def _stage_text(one: CatalogedStage, language: Language) -> str:
    stage = one.stage
    facts = [f"Phase: {stage.phase}"]
    facts += [f"Rests on: {', '.join(stage.upstream)}"] if stage.upstream else []
    following = [after.name for after in catalog().next_of(one.name)]
    facts += [f"Next: {', '.join(following)}"] if following else []
    facts += [f"Exports: {', '.join(stage.notations)}"]
    about = textwrap.wrap(stage.about[language], _WIDTH - 2)
    return "\n".join([f"{one.name} · {stage.title[language]}", *(f"  {line}" for line in [*about, *facts])])


def _stage_row(one: CatalogedStage) -> dict[str, object]:
    stage = one.stage
    return {
        "name": one.name,
        "phase": stage.phase,
        "title": dict(stage.title),
        "about": dict(stage.about),
        "upstream": stage.upstream,
        "next": [after.name for after in catalog().next_of(one.name)],
        "exports": list(stage.notations),
        "starters": [starter.model_dump() for starter in one.examples.starters],
    }
