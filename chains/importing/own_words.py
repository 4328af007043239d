"""What an artifact is judged by that no brief was asked for, such as an imported one: its own words, since a person wrote them."""

from collections.abc import Iterable
from dataclasses import replace

from stages.declaration import Artifact, Stage
from stages.material import Material


def with_own_words(material: Material, stage: Stage, artifact: Artifact, text: str = "") -> Material:
    """Return the material with the artifact's own words, and a `text` beside them, in the place of the brief.

    The roles and entities that its items name count as named by the person: the glossary may not know them.
    """
    words = [stage.told(item, material.language) for item in artifact.items()]
    roles = [getattr(item, "role", "") for item in artifact.items()]
    entities = [name for item in artifact.items() for name in getattr(item, "entities", ())]
    official = {*material.roles, *material.all_roles}
    return replace(
        material,
        brief="\n".join(part for part in (*words, text) if part),
        unlisted_roles=_with(material.unlisted_roles, (name for name in roles if name not in official)),
        unlisted_entities=_with(material.unlisted_entities, (name for name in entities if name not in material.entities)),
    )


def _with(names: tuple[str, ...], more: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*names, *(name for name in more if isinstance(name, str) and name))))
