"""How far an artifact covers the hand-written outline of its stage; the same for ours and for that of a bare model."""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from errors import Language
from evaluation.briefs import Brief, Groups
from evaluation.coverage import assigned, covers
from evaluation.initiatives import Initiative

Json = dict[str, Any]
KINDS = frozenset({"positive", "negative", "boundary"})


def missed(
    stage: str, body: Json, brief: Brief, initiative: Initiative, upstream: Mapping[str, Json]
) -> tuple[int, tuple[str, ...]]:
    """Return how many points the outline of a stage has, and those that the body does not cover.

    `upstream` holds the bodies of the stages before, by name; the points of the stories and criteria are the brief's actions.
    """
    return _OUTLINES[stage](body, brief, initiative, upstream)


def _stories(body: Json, brief: Brief, _initiative: Initiative, _upstream: Mapping[str, Json]) -> tuple[int, tuple[str, ...]]:
    wishes = [str(story.get("want", "")) for story in body.get("stories", ())]
    places = assigned([action.covered_by for action in brief.actions], wishes, brief.language)
    return len(places), tuple(action.name for action, place in zip(brief.actions, places, strict=True) if place is None)


def _criteria(body: Json, brief: Brief, _initiative: Initiative, _upstream: Mapping[str, Json]) -> tuple[int, tuple[str, ...]]:
    """An action is covered where its story has a positive, a negative and a boundary scenario."""
    stories = body.get("stories", ())
    places = assigned([action.covered_by for action in brief.actions], [str(one["text"]) for one in stories], brief.language)
    kinds: dict[str, set[str]] = {}
    for scenario in body.get("scenarios", ()):
        kinds.setdefault(scenario["story"], set()).add(scenario["kind"])

    tested = [place is not None and kinds.get(stories[place]["id"], set()) >= KINDS for place in places]
    return len(tested), tuple(action.name for action, held in zip(brief.actions, tested, strict=True) if not held)


def _classes(body: Json, brief: Brief, initiative: Initiative, _upstream: Mapping[str, Json]) -> tuple[int, tuple[str, ...]]:
    names = [str(one.get("name", "")) for one in body.get("classes", ())]
    places = assigned([(alternatives,) for alternatives in initiative.classes], names, brief.language)
    pairs = zip(initiative.classes, places, strict=True)
    return len(places), tuple(alternatives[0] for alternatives, place in pairs if place is None)


def _endpoints(body: Json, _brief: Brief, initiative: Initiative, _upstream: Mapping[str, Json]) -> tuple[int, tuple[str, ...]]:
    operations = [(str(one.get("method", "")), str(one.get("path", ""))) for one in body.get("operations", ())]
    wanted = initiative.endpoints
    lacking = [one.told for one in wanted if not any(one.is_served_by(method, path) for method, path in operations)]
    return len(wanted), tuple(lacking)


def _notes(body: Json, _brief: Brief, initiative: Initiative, _upstream: Mapping[str, Json]) -> tuple[int, tuple[str, ...]]:
    cited = {name for entry in body.get("entries", ()) for name in entry.get("changes", ())}
    cited |= {found for entry in body.get("entries", ()) for found in re.findall(r"[A-Z]+-\d+", str(entry.get("text", "")))}
    return len(initiative.related), tuple(name for name in initiative.related if name not in cited)


def _topics(body: Json, brief: Brief, initiative: Initiative, _upstream: Mapping[str, Json]) -> tuple[int, tuple[str, ...]]:
    told = [f"{entry.get('question', '')} {entry.get('answer', '')}" for entry in body.get("entries", ())]
    lacking = [_name(topic) for topic in initiative.topics if not any(_speaks(text, topic, brief.language) for text in told)]
    return len(initiative.topics), tuple(lacking)


def _speaks(text: str, topic: Groups, language: Language) -> bool:
    return covers(text, topic, language)


def _name(groups: Sequence[Sequence[str]]) -> str:
    return " + ".join(group[0] for group in groups)


_OUTLINES: Mapping[str, Callable[[Json, Brief, Initiative, Mapping[str, Json]], tuple[int, tuple[str, ...]]]] = {
    "user_stories": _stories,
    "acceptance_criteria": _criteria,
    "domain_model": _classes,
    "api_definition": _endpoints,
    "release_notes": _notes,
    "faq": _topics,
}
