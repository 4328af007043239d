"""How far an artifact covers the hand-written outline of its stage; the same for ours and for that of a bare model."""

import re
from collections.abc import Callable, Mapping
from typing import Any

from evaluation.briefs import Brief
from evaluation.coverage import assigned, named, unassigned, unspoken
from evaluation.initiatives import Initiative, unserved

Json = dict[str, Any]
KINDS = frozenset({"positive", "negative", "boundary"})


def missed(stage: str, body: Json, brief: Brief, initiative: Initiative) -> tuple[int, tuple[str, ...]]:
    """Return how many points the outline of a stage has, and those that the body does not cover.

    The points of the stories and criteria are the brief's actions.
    """
    return _OUTLINES[stage](body, brief, initiative)


def _stories(body: Json, brief: Brief, _initiative: Initiative) -> tuple[int, tuple[str, ...]]:
    wishes = [str(story.get("want", "")) for story in body.get("stories", ())]
    places = assigned([action.covered_by for action in brief.actions], wishes, brief.language)
    return len(places), tuple(action.name for action, place in zip(brief.actions, places, strict=True) if place is None)


def _criteria(body: Json, brief: Brief, _initiative: Initiative) -> tuple[int, tuple[str, ...]]:
    """An action is covered where its story has a positive, a negative and a boundary scenario."""
    stories = body.get("stories", ())
    places = assigned([action.covered_by for action in brief.actions], [str(one["text"]) for one in stories], brief.language)
    kinds: dict[str, set[str]] = {}
    for scenario in body.get("scenarios", ()):
        kinds.setdefault(scenario["story"], set()).add(scenario["kind"])

    tested = [place is not None and kinds.get(stories[place]["id"], set()) >= KINDS for place in places]
    return len(tested), tuple(action.name for action, held in zip(brief.actions, tested, strict=True) if not held)


def _classes(body: Json, brief: Brief, initiative: Initiative) -> tuple[int, tuple[str, ...]]:
    names = [str(one.get("name", "")) for one in body.get("classes", ())]
    wanted = [(alternatives,) for alternatives in initiative.classes]
    return len(wanted), tuple(named(groups) for groups in unassigned(wanted, names, brief.language))


def _endpoints(body: Json, _brief: Brief, initiative: Initiative) -> tuple[int, tuple[str, ...]]:
    operations = [(str(one.get("method", "")), str(one.get("path", ""))) for one in body.get("operations", ())]
    return len(initiative.endpoints), unserved(initiative.endpoints, operations)


def _notes(body: Json, _brief: Brief, initiative: Initiative) -> tuple[int, tuple[str, ...]]:
    cited = {name for entry in body.get("entries", ()) for name in entry.get("changes", ())}
    cited |= {found for entry in body.get("entries", ()) for found in re.findall(r"[A-Z]+-\d+", str(entry.get("text", "")))}
    return len(initiative.related), tuple(name for name in initiative.related if name not in cited)


def _topics(body: Json, brief: Brief, initiative: Initiative) -> tuple[int, tuple[str, ...]]:
    told = [f"{entry.get('question', '')} {entry.get('answer', '')}" for entry in body.get("entries", ())]
    return len(initiative.topics), tuple(named(topic) for topic in unspoken(initiative.topics, told, brief.language))


_OUTLINES: Mapping[str, Callable[[Json, Brief, Initiative], tuple[int, tuple[str, ...]]]] = {
    "user_stories": _stories,
    "acceptance_criteria": _criteria,
    "domain_model": _classes,
    "api_definition": _endpoints,
    "release_notes": _notes,
    "faq": _topics,
}
