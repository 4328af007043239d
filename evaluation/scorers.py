"""What is judged of an answer: whether it reads back, what its references name, what it leaves uncovered."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from pydantic import ValidationError

from errors import Language
from evaluation.coverage import named, unassigned, unspoken
from evaluation.initiatives import Endpoint, unserved
from stages.catalog import CatalogedStage
from stages.declaration import Artifact
from stages.findings import Finding
from stages.material import Material
from stages.user_stories.checks import alike
from stages.user_stories.shape import Story

# Each takes seconds and holds nothing that another notation does not: pictures, and code made by other programs.
_DRAWN_OR_BUILT = frozenset({"docx", "html", "svg", "spring", "django"})
# Text that the model did not write: an item that is missing, or one that we filled in.
NOT_THE_MODELS = frozenset({"unwritten", "filled-in"})


@dataclass(frozen=True)
class Answered:
    """One artifact as it was recorded, with what it was made from."""

    stage: CatalogedStage
    body: Mapping[str, Any]
    findings: tuple[Finding, ...]
    material: Material


def artifact_of(answer: Answered) -> Artifact | None:
    """Return the artifact, or None where it breaks its own schema."""
    try:
        return answer.stage.stage.artifact.model_validate(answer.body)
    except ValidationError:
        return None


def unreadable(answer: Answered, artifact: Artifact) -> tuple[str, ...]:
    """Return the items that do not come back the same from the form in which they are shown, and the notations that fail."""
    language = answer.material.language
    broken = [item.id for item in artifact.items() if not _comes_back(answer, item, language)]
    broken += [finding.item or finding.place for finding in answer.findings if finding.rule == "unreadable"]
    for name, notation in answer.stage.stage.notations.items():
        if name in _DRAWN_OR_BUILT:
            continue
        try:
            notation.render(artifact, language, answer.material.sources)
        except (ValueError, KeyError) as error:
            broken.append(f"{name}: {error}")
    return tuple(dict.fromkeys(broken))


def _comes_back(answer: Answered, item: Any, language: Language) -> bool:
    stage = answer.stage.stage
    try:
        return bool(stage.read_edit(stage.edit(item, language), item, language) == item)
    except ValueError:
        return False


def broken_references(answer: Answered, artifact: Artifact) -> tuple[str, ...]:
    """Return the citations, roles, entities and stories that an artifact names and that were not in hand."""
    material = answer.material
    roles = {*material.roles, *material.all_roles, *material.unlisted_roles}
    known = {
        "sources": {source.key for source in material.sources},
        "role": roles,
        "entities": {*material.entities, *material.unlisted_entities},
    }
    upstream = {item.id for item in material.upstream}
    broken = []
    for item in artifact.items():
        for place, names in known.items():
            said = getattr(item, place, ())
            broken += [f"{item.id} {place} {name}" for name in ((said,) if isinstance(said, str) else said) if name not in names]
        broken += [f"{item.id} rests on {name}" for name in item.rests_on() if name not in upstream]
    return tuple(dict.fromkeys(broken))


def not_the_models(answer: Answered) -> tuple[str, ...]:
    """Return the ids of the items that the model did not write."""
    return tuple(finding.item or finding.place for finding in answer.findings if finding.rule in NOT_THE_MODELS)


def duplicates(artifact: Artifact) -> tuple[str, ...]:
    """Return the pairs of stories that say the same; nothing for other artifacts."""
    stories = [item for item in artifact.items() if isinstance(item, Story)]
    return tuple(f"{one.id}={other.id}" for one, other in combinations(stories, 2) if alike(one, other))


def copied(answer: Answered, artifact: Artifact) -> tuple[str, ...]:
    """Return the places of texts that stand word for word in an example shown to the model, and not in the brief."""
    examples = answer.stage.examples
    shown = {
        text
        for reply in (*(one.reply for one in examples.items), *(one.artifact for one in examples.whole))
        for text in _texts(reply)
    }
    spoken = " ".join([answer.material.brief, *(item.text for item in answer.material.upstream)])
    return tuple(
        f"{item.id} {place}: {text}"
        for item in artifact.items()
        for place, text in item.texts().items()
        if text in shown and text not in spoken
    )


def _texts(value: Any) -> Iterator[str]:
    """Yield every text of a JSON value."""
    if isinstance(value, str):
        yield value
    for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list | tuple) else ():
        yield from _texts(inner)


def rules_broken(findings: Sequence[Finding]) -> dict[str, int]:
    """Return how many findings there are of each rule."""
    return dict(sorted(Counter(finding.rule for finding in findings).items()))


def _actions(answer: Answered, artifact: Artifact, expected: Any) -> tuple[str, ...]:
    """Hold an outline against the wishes."""
    ours = set(not_the_models(answer))
    wishes = [item.want for item in artifact.items() if isinstance(item, Story) and item.id not in ours]
    return tuple(named(groups) for groups in unassigned(expected, wishes, answer.material.language))


def _kinds(answer: Answered, artifact: Artifact, expected: Any) -> tuple[str, ...]:
    """Hold the kinds of scenario that every story needs against those it has."""
    kinds: dict[str, set[str]] = {item.id: set() for item in answer.material.upstream}
    for item in artifact.items():
        kinds.setdefault(getattr(item, "story", ""), set()).add(getattr(item, "kind", ""))
    return tuple(f"{story} {kind}" for story, has in kinds.items() for kind in expected if kind not in has)


def _scenarios(answer: Answered, artifact: Artifact, expected: Any) -> tuple[str, ...]:
    """Hold the number of scenarios that a story needs against those it has."""
    counts = Counter(getattr(item, "story", "") for item in artifact.items())
    return tuple(f"{item.id}: {counts[item.id]}" for item in answer.material.upstream if counts[item.id] < expected)


def _classes(answer: Answered, artifact: Artifact, expected: Any) -> tuple[str, ...]:
    """Hold the expected classes against the names of those that there are, one for each."""
    names = [str(getattr(item, "name", "")) for item in artifact.items()]
    return tuple(named(groups) for groups in unassigned(expected, names, answer.material.language))


def _endpoints(_answer: Answered, artifact: Artifact, expected: Any) -> tuple[str, ...]:
    """Hold the expected operations against methods and paths."""
    operations = [(str(getattr(item, "method", "")), str(getattr(item, "path", ""))) for item in artifact.items()]
    return unserved([Endpoint.model_validate(one) for one in expected], operations)


def _changes(_answer: Answered, artifact: Artifact, expected: Any) -> tuple[str, ...]:
    """Return the changes that no entry cites."""
    return tuple(name for name in expected if name not in _cited(artifact))


def _not_changes(_answer: Answered, artifact: Artifact, expected: Any) -> tuple[str, ...]:
    """Return the changes that an entry cites and none should."""
    return tuple(f"not {name}" for name in expected if name in _cited(artifact))


def _cited(artifact: Artifact) -> frozenset[str]:
    return frozenset(name for item in artifact.items() for name in getattr(item, "changes", ()))


def _topics(answer: Answered, artifact: Artifact, expected: Any) -> tuple[str, ...]:
    """Hold the expected topics against questions and answers."""
    told = [f"{getattr(item, 'question', '')} {getattr(item, 'answer', '')}" for item in artifact.items()]
    return tuple(topic[0][0] for topic in unspoken(expected, told, answer.material.language))


def _open(answer: Answered, artifact: Artifact, expected: Any) -> tuple[str, ...]:
    """Return the topics that have no open entry: what the knowledge does not answer."""
    told = [str(getattr(item, "question", "")) for item in artifact.items() if getattr(item, "status", "") == "open"]
    return tuple(f"open {topic[0][0]}" for topic in unspoken(expected, told, answer.material.language))


# What a case of a stage may expect, by its name in `cases.yaml`; each scorer returns what is missing.
EXPECTATIONS: Mapping[str, Callable[[Answered, Artifact, Any], tuple[str, ...]]] = {
    "actions": _actions,
    "kinds": _kinds,
    "scenarios_a_story": _scenarios,
    "classes": _classes,
    "endpoints": _endpoints,
    "changes": _changes,
    "not_changes": _not_changes,
    "topics": _topics,
    "open": _open,
}
